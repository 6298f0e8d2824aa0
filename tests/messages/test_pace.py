"""Does what is too much for one address wait, and nobody wait behind somebody's file?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from tojimari.lines.models import Carrier
from tojimari.messages import channels, pace
from tojimari.messages.actions import Letter, put_many
from tojimari.messages.delivery import PAUSE, deliver
from tojimari.messages.models import Message, MessageKind, MessageState, Pace
from tojimari.messages.pace import HOUR, drop_full, in_turn, too_many
from tojimari.messages.texts import Written
from tojimari.platform.config import read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_worker")]

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def rows(carrier: Carrier, to: str, count: int, **more: datetime) -> list[Message]:
    written = Written("ja", "解約", "解約")
    put_many([Letter(carrier.pk, MessageKind.EMAIL, to, written, **more)] * count, at=NOW)  # type: ignore[arg-type]  # only wipe_at is given
    return list(Message.objects.filter(carrier=carrier, to=to).order_by("pk"))


def test_an_address_gets_so_many_an_hour_and_the_rest_in_its_time(
    tabi: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "TO_ONE_ADDRESS", 6)
    many, one = rows(tabi, "company@mail.example", 9), rows(tabi, "wang@mail.example", 1)
    assert too_many([*many, *one], at=NOW) == {row.pk for row in many[6:]}
    assert too_many(many[6:], at=NOW) == {row.pk for row in many[6:]}
    assert too_many(many[6:], at=NOW + HOUR / 6) == {row.pk for row in many[7:]}
    assert not too_many(many[7:], at=NOW + HOUR)


def test_a_batch_takes_from_every_carrier_in_turn(tabi: Carrier, tonari: Carrier) -> None:
    file = rows(tabi, "a@mail.example", 5)
    later = rows(tonari, "b@mail.example", 2)
    Message.objects.filter(carrier=tonari).update(due_at=NOW + timedelta(minutes=1))
    at = NOW + timedelta(minutes=2)
    assert in_turn(4, at=at) == [file[0].pk, later[0].pk, file[1].pk, later[1].pk]
    assert in_turn(4, at=NOW) == [row.pk for row in file[:4]]
    assert in_turn(0, at=NOW) == []


def test_a_code_never_waits(tabi: Carrier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "TO_ONE_ADDRESS", 1)
    codes = rows(tabi, "wang@mail.example", 3, wipe_at=NOW + HOUR)
    assert not too_many(codes, at=NOW)


def test_it_takes_one_statement_however_many_there_are(
    tabi: Carrier, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    many = [row for number in range(20) for row in rows(tabi, f"p{number}@mail.example", 2)]
    with django_assert_num_queries(1):
        too_many(many, at=NOW)


def test_no_address_stands_there_and_the_full_are_forgotten(tabi: Carrier) -> None:
    too_many(rows(tabi, "wang@mail.example", 1), at=NOW)
    assert not any("wang" in row.key for row in Pace.objects.all())
    assert drop_full(at=NOW) == 0
    assert drop_full(at=NOW + HOUR) == 1


def test_what_waits_goes_out_later_and_codes_go_first(tabi: Carrier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "TO_ONE_ADDRESS", 2)
    monkeypatch.setattr(channels, "config", lambda: read({"TOJIMARI_DEMO": "true"}))
    rows(tabi, "wang@mail.example", 4)
    Message.objects.update(due_at=datetime.now(UTC))
    rows(tabi, "tanaka@mail.example", 1, wipe_at=datetime.now(UTC) + HOUR)
    assert deliver(1) == 1
    assert Message.objects.get(state=MessageState.SENT).to == "tanaka@mail.example"
    assert deliver() == 2
    waiting = Message.objects.filter(state=MessageState.QUEUED)
    assert [(row.code, row.attempts) for row in waiting] == [("message.too_many", 0)] * 2
    assert all(row.due_at > datetime.now(UTC) + PAUSE - timedelta(minutes=1) for row in waiting)
