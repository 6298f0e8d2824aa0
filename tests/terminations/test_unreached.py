"""Does a message about a case that did not arrive end with the person, or with a colleague who sees to it?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.cast import MakeLine
from tests.terminations.play import Clock, ask
from tojimari.lines.models import ContactPoint, Line, Subscriber
from tojimari.messages import again_texts, channels
from tojimari.messages.actions import Letter, put_many
from tojimari.messages.foreign import with_foreign_links
from tojimari.messages.models import Delivery, Message, MessageKind, MessageState
from tojimari.platform.acting import Acting, Refused, Role
from tojimari.platform.config import read
from tojimari.terminations.models import Termination
from tojimari.terminations.unreached import FOR_STAFF, find_other_ways, for_staff, see_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_worker")]

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
LOST = {"state": MessageState.SENT, "delivery": Delivery.UNDELIVERED}
CLERK = Acting(Role.STAFF, "3", "鈴木 花子")


@pytest.fixture(autouse=True)
def _both_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = read({"TOJIMARI_DEMO": "true"})
    monkeypatch.setattr(channels, "config", lambda: chosen)


@pytest.fixture
def case(esim_line: Line) -> Termination:
    return ask(esim_line, Clock(NOW), scope="line", effective="month-end", channel="portal")


def receipt_of(case: Termination, **changed: Any) -> Message:
    message = Message.objects.get(case_id=case.pk, key="receipt")
    Message.objects.filter(pk=message.pk).update(**changed)
    return message


def contact(of: Subscriber, kind: str, value: str, *, verified: bool = False) -> None:
    ContactPoint.objects.create(
        carrier_id=of.carrier_id, subscriber=of, kind=kind, value=value, verified_at=NOW if verified else None
    )


def newest(case: Termination) -> Message:
    return Message.objects.filter(case_id=case.pk).order_by("-pk")[0]


def test_who_left_no_address_at_all_becomes_a_task_and_who_left_a_number_an_sms(
    case: Termination, make_line: MakeLine
) -> None:
    written = again_texts.by_sms(receipt_of(case), "Tabi")
    letter = Letter(
        case.carrier_id, MessageKind.EMAIL, "", written, case_id=case.pk, reference=case.reference, key="closed"
    )
    ContactPoint.objects.filter(subscriber=case.subscriber).delete()
    Line.objects.filter(subscriber=case.subscriber).update(number_off_at=NOW)
    put_many([letter], at=NOW)
    assert find_other_ways(at=NOW) == 1
    assert [message.key for message in for_staff(case.carrier_id)] == ["closed"]
    contact(case.subscriber, "sms", "818055556666")
    put_many([replace(letter, key="closed again")], at=NOW)
    find_other_ways(at=NOW)
    assert (newest(case).kind, newest(case).to) == (MessageKind.SMS, "818055556666")


@pytest.mark.parametrize("how", [LOST, {"state": "failed"}, {"state": "sent", "delivery": "expired"}])
def test_the_next_address_gets_the_same_words_and_hears_why(case: Termination, how: dict[str, str]) -> None:
    contact(case.subscriber, "email", "second@mail.example")
    lost = receipt_of(case, **how)
    assert find_other_ways(at=NOW) == 1
    again = newest(case)
    assert (again.to, again.kind, again.subject, again.instead_of_id) == (
        "second@mail.example",
        MessageKind.EMAIL,
        lost.subject,
        lost.pk,
    )
    assert again.body.endswith(lost.body)
    assert lost.to not in again.body
    lost.refresh_from_db()
    assert (lost.seen_to_at, lost.seen_to_by) == (NOW, "message")
    assert find_other_ways(at=NOW) == 0


def test_when_no_address_is_left_an_sms_says_that_there_is_something_to_read(case: Termination) -> None:
    contact(case.subscriber, "sms", "819099990001")
    receipt_of(case, **LOST)
    find_other_ways(at=NOW)
    sms = newest(case)
    assert (sms.kind, sms.to) == (MessageKind.SMS, "819099990001")
    assert case.reference in sms.body
    assert "{{case}}" not in sms.body
    assert not with_foreign_links([sms])


def test_the_number_that_ends_comes_last_and_only_while_it_is_on(
    case: Termination, make_line: MakeLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_line(subscriber=case.subscriber)
    seen = []
    Message.objects.filter(case_id=case.pk).exclude(key="receipt").delete()
    receipt_of(case, **LOST)
    while find_other_ways(at=NOW):
        message = newest(case)
        seen.append(message.to)
        Message.objects.filter(pk=message.pk).update(**LOST)
    assert seen[:2] == [other.msisdn, case.line.msisdn]
    assert newest(case).seen_to_by == FOR_STAFF


def test_nothing_is_sent_to_a_number_that_is_off(case: Termination) -> None:
    Line.objects.filter(pk=case.line_id).update(number_off_at=NOW)
    contact(case.subscriber, "sms", case.line.msisdn)
    lost = receipt_of(case, **LOST)
    find_other_ways(at=NOW)
    assert newest(case) == lost
    assert [message.pk for message in for_staff(case.carrier_id)] == [lost.pk]


def test_where_no_sms_can_be_sent_staff_see_to_it(case: Termination, monkeypatch: pytest.MonkeyPatch) -> None:
    mail_only = read({"TOJIMARI_SMTP_HOST": "127.0.0.1"})
    monkeypatch.setattr(channels, "config", lambda: mail_only)
    lost = receipt_of(case, **LOST)
    find_other_ways(at=NOW)
    assert [message.pk for message in for_staff(case.carrier_id)] == [lost.pk]


@pytest.mark.parametrize("how", [{"state": "sent"}, {"state": "queued"}, {"state": "sent", "delivery": "accepted"}])
def test_what_arrived_or_may_still_arrive_is_left_alone(case: Termination, how: dict[str, str]) -> None:
    contact(case.subscriber, "email", "second@mail.example")
    receipt_of(case, **how)
    assert find_other_ways(at=NOW) == 0


def test_what_was_held_back_waits_for_staff(case: Termination) -> None:
    lost = receipt_of(case, state="refused", body="")
    find_other_ways(at=NOW)
    assert [message.pk for message in for_staff(case.carrier_id)] == [lost.pk]


def test_staff_say_what_they_did_once(case: Termination) -> None:
    lost = receipt_of(case, state="refused", body="")
    find_other_ways(at=NOW)
    given: dict[str, Any] = {
        "carrier_id": case.carrier_id,
        "message_id": lost.pk,
        "acting": CLERK,
        "at": NOW + timedelta(hours=1),
    }
    with pytest.raises(Refused, match=r"message\.which_way"):
        see_to(way="prayed", **given)
    with pytest.raises(Refused, match=r"message\.not_waiting"):
        see_to(way="letter", **{**given, "carrier_id": case.carrier_id + 1})
    see_to(way="letter", **given)
    lost.refresh_from_db()
    assert (lost.seen_to_at, lost.seen_to_by) == (NOW + timedelta(hours=1), f"letter {CLERK}")
    assert not for_staff(case.carrier_id).exists()
    with pytest.raises(Refused, match=r"message\.not_waiting"):
        see_to(way="called", **given)
