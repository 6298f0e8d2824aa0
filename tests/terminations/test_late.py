"""Is a wish that was kept while the database was away taken in exactly once, whenever the worker is killed?"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from tests.terminations.play import in_a_child
from tojimari.lines.models import Carrier, Line
from tojimari.messages.models import Message
from tojimari.platform.acting import Acting, Refused, Role
from tojimari.platform.spool import Spool
from tojimari.terminations import late
from tojimari.terminations.models import LateState, LateWish, Termination

ASKED_AT = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)  # noon in Japan on the last day of the month
BACK_AT = ASKED_AT + timedelta(days=3)
REFERENCE = "TJ-7K3M-9QXA-4C2T"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_worker")]


@pytest.fixture
def kept(tmp_path: Path, tabi: Carrier, sim_line: Line) -> Spool:
    """A spool with one wish of Wang's for his physical SIM."""
    Carrier.objects.filter(pk=tabi.pk).update(hosts=["tabi.example"])
    spool = Spool(tmp_path / "spool", secret="a secret of the installation")
    wish = {
        "host": "tabi.example:443",
        "origin": "https://tabi.example",
        "typed": sim_line.msisdn,
        "scope": "line",
        "effective": "month-end",
        "email": "Wang@mail.example",
        "language": "zh-hans",
    }
    spool.keep(REFERENCE, wish, at=ASKED_AT, address="192.0.2.1")
    return spool


def _die(before: bool, deed: Callable[..., Any]) -> Callable[..., Any]:
    def deadly(*args: Any, **named: Any) -> Any:
        if not before:
            deed(*args, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    return deadly


@pytest.mark.django_db(transaction=True)  # the killed process is another one: it sees only what is committed
@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize("point", ["write", "mail", "commit", "remove"])
def test_killed_at_any_step_it_is_taken_in_once(kept: Spool, tmp_path: Path, point: str, *, before: bool) -> None:
    places: dict[str, tuple[Any, str]] = {
        "write": (type(LateWish.objects), "create"),
        "mail": (late, "put"),
        "commit": (BaseDatabaseWrapper, "_commit"),
        "remove": (Spool, "done"),
    }

    def killed() -> None:
        owner, name = places[point]
        setattr(owner, name, _die(before, getattr(owner, name)))
        late.take_in(at=BACK_AT, kept=kept)

    child = in_a_child(killed, tmp_path / "told")
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), (tmp_path / "told").read_text()
    late.take_in(at=BACK_AT, kept=kept)
    wish = LateWish.objects.get()
    assert (wish.reference, wish.asked_at, wish.state) == (REFERENCE, ASKED_AT, LateState.OFFERED)
    assert Message.objects.filter(reference=REFERENCE).count() == 1
    assert list(kept.waiting()) == []


def test_the_mail_leads_to_the_page_that_confirms_and_says_nothing_of_the_line(kept: Spool, sim_line: Line) -> None:
    late.take_in(at=BACK_AT, kept=kept)
    message = Message.objects.get(reference=REFERENCE)
    assert (message.to, message.language) == ("Wang@mail.example", "zh-hans")
    assert f"https://tabi.example/late/{REFERENCE}/" in message.body
    assert sim_line.msisdn[-4:] not in message.body
    assert LateWish.objects.get().typed == ""


def confirm(wish: LateWish, at: datetime = BACK_AT) -> Termination:
    return late.confirm(
        wish=wish,
        shown_yen=late.end_of(wish).quote.get("total_yen", 0),
        acting=Acting(Role.SUBSCRIBER, str(wish.subscriber_id)),
        at=at,
        language="zh-hans",
        proof={"method": "code"},
    )


@pytest.fixture
def wish(kept: Spool) -> LateWish:
    late.take_in(at=BACK_AT, kept=kept)
    return LateWish.objects.select_related("line__plan", "line__carrier", "carrier").get()


def test_the_end_follows_from_the_time_of_the_wish(wish: LateWish) -> None:
    case = confirm(wish)
    assert case.requested_at == ASKED_AT
    assert case.ends_at == datetime(2026, 11, 30, 15, tzinfo=UTC)
    wish.refresh_from_db()
    assert (wish.state, wish.termination, wish.email) == (LateState.CONFIRMED, case, "")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"state": LateState.EXPIRED}, "late.not_this"),
        ({"state": LateState.ANSWERED}, "late.not_this"),
        ({"asked_at": BACK_AT - timedelta(days=30, seconds=1)}, "late.too_old"),
        ({"asked_at": BACK_AT + timedelta(seconds=1)}, "late.not_this"),
    ],
)
def test_a_time_is_taken_from_a_living_wish_alone(wish: LateWish, changed: dict[str, Any], code: str) -> None:
    LateWish.objects.filter(pk=wish.pk).update(**changed)
    wish.refresh_from_db(fields=["asked_at", "state"])
    with pytest.raises(Refused) as refused:
        confirm(wish)
    assert refused.value.code == code
    assert not Termination.objects.exists()


def test_a_wish_of_somebody_else_brings_no_earlier_time(wish: LateWish, tanaka_line: Line) -> None:
    LateWish.objects.filter(pk=wish.pk).update(subscriber=tanaka_line.subscriber_id)
    with pytest.raises(Refused, match="not_this"):
        confirm(wish)


def test_a_wish_is_used_once_even_when_its_case_was_taken_back(wish: LateWish) -> None:
    confirm(wish)
    Termination.objects.update(state="cancelled")
    Line.objects.update(state="active")
    with pytest.raises(Refused, match="not_this"):
        confirm(wish)


def test_what_nobody_confirms_is_let_go_and_wiped(wish: LateWish) -> None:
    assert late.expire(at=ASKED_AT + timedelta(days=30)) == 0
    assert late.expire(at=ASKED_AT + timedelta(days=30, seconds=1)) == 1
    wish.refresh_from_db()
    assert (wish.state, wish.email) == (LateState.EXPIRED, "")


@pytest.mark.django_db(transaction=True)  # tables are changed
def test_what_was_noted_before_notes_were_sealed_is_sealed_by_the_upgrade(tabi: Carrier) -> None:
    try:
        call_command("migrate", "terminations", "0012_repairs", verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO terminations_latewish (carrier_id, reference, asked_at, taken_in_at, scope, effective,"
                " language, email, typed, state, note, answered_by, code)"
                " VALUES (%s, %s, now(), now(), 'line', 'earliest', 'ja', '', '', 'answered', 'Called.', '', '')",
                [tabi.pk, REFERENCE],
            )
    finally:
        call_command("migrate", "terminations", verbosity=0)
    wish = LateWish.objects.get()
    assert (late.note_of(wish), b"Called" in bytes(wish.note)) == ("Called.", False)
