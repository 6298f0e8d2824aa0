"""Is what is put down told once, in the right words, and never to somebody else?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from tests.cast import MakeLine
from tests.works import CLAIMED_AT, REJECTED, a_batch, a_work
from tojimari.lines.models import Line, LineState
from tojimari.messages.actions import Letter, numbers_off, put, put_many, wipe_secrets
from tojimari.messages.handlers import tell
from tojimari.messages.models import Message, MessageKind, MessageState
from tojimari.messages.queries import of_case, shown
from tojimari.messages.texts import Written
from tojimari.platform.database.scope import carrier_scope
from tojimari.platform.work import Result

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_worker")]

AT = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)

Make = Callable[..., Letter]


@pytest.fixture
def letter(sim_line: Line) -> Make:
    def make(**changed: Any) -> Letter:
        values = {
            "carrier_id": sim_line.carrier_id,
            "kind": MessageKind.EMAIL,
            "to": "wang@mail.example",
            "written": Written("en", "Hello", "Text\n"),
            "case_id": 1,
            "reference": "TJ-1",
            "key": "receipt",
        }
        return Letter(**values | changed)  # type: ignore[arg-type]  # a dict of mixed values

    return make


def test_a_message_is_a_row_that_waits(letter: Make) -> None:
    message = put(letter(), at=AT)
    assert message.pk
    assert (message.state, message.due_at, message.body) == (MessageState.QUEUED, AT, "Text\n")
    assert list(of_case(1)) == list(shown(message.carrier_id)) == [message]


def test_what_is_rolled_back_is_not_told(letter: Make) -> None:
    with transaction.atomic():
        put(letter(), at=AT)
        transaction.set_rollback(True)
    assert not Message.objects.exists()


def test_the_same_thing_is_told_once_for_a_case(letter: Make) -> None:
    first = put(letter(), at=AT)
    again = put(letter(written=Written("en", "Other", "words")), at=AT + timedelta(hours=1))
    other = put(letter(key="closed"), at=AT)
    assert (again.pk, again.subject) == (first.pk, "Hello")
    assert other.pk != first.pk
    assert Message.objects.count() == 2


def test_messages_without_a_case_may_repeat(letter: Make) -> None:
    one = put(letter(case_id=None, key=""), at=AT)
    two = put(letter(case_id=None, key=""), at=AT)
    assert one.pk != two.pk


def test_of_many_only_the_new_ones_are_put_down(letter: Make) -> None:
    put(letter(case_id=2), at=AT)
    assert put_many([letter(case_id=case) for case in (3, 2, 1)], at=AT) == 2
    messages = [Message.objects.get(case_id=case) for case in (3, 2, 1)]
    assert [message.reference for message in messages] == [letter().reference] * 3
    assert Message.objects.count() == 3


def test_nothing_goes_to_a_number_that_is_off(letter: Make, sim_line: Line) -> None:
    Line.objects.filter(pk=sim_line.pk).update(number_off_at=AT)
    message = put(letter(kind=MessageKind.SMS, to=sim_line.msisdn), at=AT)
    assert (message.state, message.code, message.body) == (MessageState.REFUSED, "message.number_off", "")


def test_a_number_that_somebody_holds_now_is_reached(letter: Make, sim_line: Line, make_line: MakeLine) -> None:
    off = {"state": LineState.TERMINATED, "number_off_at": AT, "ended_at": AT}
    Line.objects.filter(pk=sim_line.pk).update(**off)
    assert numbers_off([sim_line.msisdn]) == {sim_line.msisdn}
    make_line(msisdn=sim_line.msisdn)
    assert numbers_off([sim_line.msisdn]) == set()


def test_a_number_is_off_from_the_moment_it_is_barred_until_it_is_given_back(sim_line: Line) -> None:
    Line.objects.filter(pk=sim_line.pk).update(state=LineState.PENDING_TERMINATE)
    assert numbers_off([sim_line.msisdn]) == set()
    Line.objects.filter(pk=sim_line.pk).update(number_off_at=AT)
    assert numbers_off([sim_line.msisdn]) == {sim_line.msisdn}
    Line.objects.filter(pk=sim_line.pk).update(state=LineState.ACTIVE, number_off_at=None)
    assert numbers_off([sim_line.msisdn]) == set()


def test_a_secret_is_wiped_when_its_time_is_over(letter: Make) -> None:
    secret = put(letter(wipe_at=AT + timedelta(minutes=10)), at=AT)
    plain = put(letter(key="closed"), at=AT)
    assert wipe_secrets(at=AT + timedelta(minutes=9)) == 0
    assert wipe_secrets(at=AT + timedelta(minutes=10)) == 1
    secret.refresh_from_db()
    plain.refresh_from_db()
    assert (secret.body, secret.state, secret.code) == ("", MessageState.FAILED, "message.too_late")
    assert (plain.body, plain.state) == ("Text\n", MessageState.QUEUED)
    assert wipe_secrets(at=AT + timedelta(days=1)) == 0


def test_a_neighbour_sees_no_message(letter: Make, tonari_line: Line) -> None:
    put(letter(), at=AT)
    with carrier_scope(tonari_line.carrier_id):
        assert not Message.objects.exists()


def test_the_subscriber_hears_that_it_is_over_in_their_language(sim_line: Line) -> None:
    work = a_work(sim_line, "tell", language="en", steps={"prove": REJECTED})
    outcome = tell(a_batch(work), "house")[0]
    assert (outcome.result, outcome.evidence) == (Result.DONE, {"told": True, "by": "email"})
    message = Message.objects.get()
    assert (message.to, message.language, message.key) == ("wang@mail.example", "en", "closed")
    assert message.subject == "Your line is closed (TJ-7K3M-9QXA-4C2T)"
    assert "Nov 30, 2026 24:00 (Japan time)" in message.body
    assert "Total: 4,356 yen (tax included)" in message.body
    assert f"…{sim_line.msisdn[-4:]}" in message.body
    assert sim_line.msisdn not in message.body
    assert "simulated" not in message.body


def test_telling_twice_tells_once(sim_line: Line) -> None:
    work = a_work(sim_line, "tell")
    assert tell(a_batch(work), "house") == tell(a_batch(work, at=CLAIMED_AT + timedelta(hours=1)), "house")
    assert Message.objects.count() == 1


def test_without_an_address_nobody_is_told_and_least_of_all_the_number_itself(sim_line: Line, esim_line: Line) -> None:
    works = [a_work(sim_line, "tell", email=""), a_work(esim_line, "tell", case_id=2, reference="TJ-2")]
    first, second = tell(a_batch(*works), "house")
    assert (first.result, first.evidence["told"], second.evidence["told"]) == (Result.DONE, False, True)
    message = Message.objects.get(state=MessageState.QUEUED)
    assert (message.kind, message.case_id) == (MessageKind.EMAIL, 2)
    lost = Message.objects.get(case_id=works[0].case_id)
    assert (lost.kind, lost.to, lost.state, lost.code) == ("email", "", MessageState.FAILED, "message.no_address")


def test_what_a_carrier_closed_by_file_makes_no_task_where_no_address_is_known(sim_line: Line) -> None:
    tell(a_batch(a_work(sim_line, "tell", email="", channel="file")), "house")
    assert not Message.objects.exists()


def test_what_was_simulated_is_told_as_simulated(sim_line: Line) -> None:
    tell(a_batch(a_work(sim_line, "tell", language="en", steps={"prove": {**REJECTED, "simulated": True}})), "house")
    assert "The network is simulated here" in Message.objects.get().body


def test_roaming_is_told_as_roaming(sim_line: Line) -> None:
    tell(a_batch(a_work(sim_line, "tell", language="en", scope="roaming", quote={})), "house")
    message = Message.objects.get()
    assert message.subject.startswith("Roaming is off")
    assert "The line itself goes on." in message.body
    assert "Total" not in message.body
