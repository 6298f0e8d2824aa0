"""Does it take two people to end a file of lines, and is it written down who they were?"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from tests.cast import MakeLine
from tojimari.cli import CommandError, terminate
from tojimari.desk.models import Membership
from tojimari.lines.actions import add_carrier
from tojimari.lines.models import Carrier, Line, Plan
from tojimari.platform.acting import SYSTEM, Acting, Refused, Role
from tojimari.platform.config import config
from tojimari.terminations.file_wishes import decide
from tojimari.terminations.models import FileWish, Termination

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_worker")]

LEAD, OTHER = "lead@demo.example", "other@demo.example"


@pytest.fixture
def demo() -> Carrier:
    carrier = add_carrier(slug="demo", name_ja="旅", name_en="Tabi", acting=SYSTEM)
    Plan.objects.create(carrier=carrier, code="standard", name="S", monthly_fee_yen=550)
    for email, role in ((LEAD, "lead"), (OTHER, "admin"), ("clerk@demo.example", "clerk")):
        user = User.objects.create_user(email, email, "x")
        Membership.objects.create(carrier=carrier, user=user, role=role)
    return carrier


@pytest.fixture
def line(demo: Carrier, make_line: MakeLine) -> Line:
    return make_line(carrier=demo)


def person(email: str) -> Acting:
    return Acting(Role.STAFF, str(User.objects.get(email=email).pk), email)


def run(file: Path, *options: str, reason: str = "the plan ends") -> int:
    parser = argparse.ArgumentParser()
    terminate.add_arguments(parser)
    words = [str(file), "--carrier", "demo", "--effective", "now", "--reason", reason, *options]
    return terminate.run(parser.parse_args(words))


@pytest.fixture
def file(tmp_path: Path, line: Line) -> Path:
    path = tmp_path / "leaving.csv"
    path.write_text(f"iccid\n{line.iccid}\n", encoding="utf-8")
    return path


def test_nothing_ends_before_another_person_has_confirmed(
    file: Path, line: Line, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(file, "--by", LEAD) == 1
    wish = FileWish.objects.get()
    told = capsys.readouterr().out
    assert wish.reference in told
    assert "run the same command again" in told
    sorts = wish.plan.pop("sorts")
    assert wish.plan == {"rows": 1, "cases": 1, "known": 0, "refused": 0, "yen": 550, "for_staff": {}}
    assert [step["step"] for step in sorts[0]["steps"]] == ["inspect", "bar", "remove", "prove"]
    assert run(file, "--by", LEAD) == 1, "asking again changes nothing"
    assert FileWish.objects.count() == 1
    assert not Termination.objects.exists()

    decide(wish=wish, confirm=True, acting=person(OTHER), at=datetime.now(UTC))
    assert run(file, "--by", LEAD) == 0
    case = Termination.objects.get()
    assert case.line == line
    assert case.requested_by == f"carrier:file-{wish.digest[:16]}-{wish.reference}"
    wish.refresh_from_db()
    assert (wish.asked_by, wish.decided_by) == (str(person(LEAD)), str(person(OTHER)))
    assert run(file, "--by", LEAD) == 0, "what was confirmed can be run again after an interruption"
    assert FileWish.objects.count() == 1


def test_nobody_confirms_their_own_wish_and_the_database_insists(file: Path) -> None:
    run(file, "--by", LEAD)
    wish = FileWish.objects.get()
    with pytest.raises(Refused, match=r"file\.own_wish"):
        decide(wish=wish, confirm=True, acting=person(LEAD), at=datetime.now(UTC))
    for second in ("", wish.asked_by):
        with pytest.raises(IntegrityError, match="file_wish_takes_two"), transaction.atomic():
            FileWish.objects.update(confirmed=True, decided_by=second)


def test_a_file_that_was_changed_or_another_reason_needs_another_yes(file: Path, make_line: MakeLine) -> None:
    run(file, "--by", LEAD)
    decide(wish=FileWish.objects.get(), confirm=True, acting=person(OTHER), at=datetime.now(UTC))
    assert run(file, "--by", LEAD, reason="something else") == 1
    with file.open("a", encoding="utf-8") as more:
        more.write(f"{make_line().iccid}\n")
    assert run(file, "--by", LEAD) == 1
    assert not Termination.objects.exists()


def test_a_wish_that_was_turned_down_is_asked_anew(file: Path) -> None:
    run(file, "--by", LEAD)
    decide(wish=FileWish.objects.get(), confirm=False, acting=person(OTHER), at=datetime.now(UTC))
    with pytest.raises(Refused, match=r"file\.decided"):
        decide(wish=FileWish.objects.get(), confirm=True, acting=person(OTHER), at=datetime.now(UTC))
    assert run(file, "--by", LEAD) == 1
    assert FileWish.objects.count() == 2


def test_a_yes_is_good_for_a_week_and_so_is_a_wish(file: Path) -> None:
    begin = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
    with time_machine.travel(begin, tick=False) as clock:
        run(file, "--by", LEAD)
        clock.shift(timedelta(days=7))
        with pytest.raises(Refused, match=r"file\.lapsed"):
            decide(wish=FileWish.objects.get(), confirm=True, acting=person(OTHER), at=datetime.now(UTC))
        run(file, "--by", LEAD)
        wish = FileWish.objects.get(confirmed=None)
        decide(wish=wish, confirm=True, acting=person(OTHER), at=datetime.now(UTC))
        clock.shift(timedelta(days=7))
        assert run(file, "--by", LEAD) == 1
    assert not Termination.objects.exists()


@pytest.mark.parametrize("who", ["clerk@demo.example", "nobody@demo.example"])
def test_only_who_may_ask_asks(file: Path, who: str) -> None:
    with pytest.raises(CommandError, match="may not end files of lines"):
        run(file, "--by", who)
    assert not FileWish.objects.exists()


def test_without_a_name_nothing_is_asked(file: Path) -> None:
    with pytest.raises(CommandError, match="takes two people"):
        run(file)


def test_one_person_alone_only_where_that_is_allowed_and_it_is_written_down(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = config().model_copy(update={"demo": False})
    monkeypatch.setattr(terminate, "config", lambda: settings)
    with pytest.raises(CommandError, match="TOJIMARI_FILES_ALONE"):
        run(file, "--alone")
    assert not Termination.objects.exists()
    settings = settings.model_copy(update={"files_alone": True})
    assert run(file, "--alone") == 0
    wish = FileWish.objects.get()
    assert wish.alone
    assert wish.asked_by.startswith("shell:")
    assert Termination.objects.get().requested_by.endswith(wish.reference)


def test_what_one_did_alone_lets_nobody_run_it_as_two(file: Path) -> None:
    assert run(file, "--alone", "--no-wait") == 0
    assert run(file, "--by", LEAD) == 1
