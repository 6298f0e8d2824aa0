"""Does the person hear of every turn of their case, once, in their language, and nothing more?"""

from __future__ import annotations

import pytest

from tests.cast import MakeLine
from tests.terminations.play import CLERK, PERSON, Clock, ask, work
from tojimari.lines.models import Line
from tojimari.messages.models import Message
from tojimari.terminations import actions
from tojimari.terminations.models import Termination

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_worker")]


def letters(case: Termination) -> list[tuple[str, str, str]]:
    return list(Message.objects.filter(case_id=case.pk).order_by("pk").values_list("key", "to", "language"))


def test_a_person_gets_a_receipt_with_the_case_itself(esim_line: Line, clock: Clock) -> None:
    case = ask(esim_line, clock, effective="month-end", channel="portal")
    assert letters(case) == [("receipt", "wang@mail.example", "zh-hans")]
    message = Message.objects.get(case_id=case.pk)
    assert case.reference in message.body
    assert esim_line.msisdn not in message.body
    ask(esim_line, clock, effective="month-end", channel="portal")
    assert len(letters(case)) == 1


def test_what_the_carrier_ordered_is_told_at_the_end_only(make_line: MakeLine, clock: Clock) -> None:
    case = ask(make_line(email="a@mail.example"), clock)
    assert letters(case) == []
    work(clock)
    assert [key for key, _, _ in letters(case)] == ["closed"]


def test_a_withdrawal_is_confirmed_when_everything_is_as_before(esim_line: Line, clock: Clock) -> None:
    case = ask(esim_line, clock, effective="month-end", channel="portal")
    for _ in range(2):
        actions.withdraw(termination=case, acting=PERSON, at=clock.now)
    assert [key for key, _, _ in letters(case)] == ["receipt", "withdrawn"]


def test_a_rejection_says_why_and_what_to_do(esim_line: Line, clock: Clock) -> None:
    case = ask(esim_line, clock, effective="month-end", channel="portal")
    actions.reject(termination=case, code="rejected.identity", acting=CLERK, at=clock.now)
    assert [key for key, _, _ in letters(case)] == ["receipt", "rejected"]
    body = Message.objects.get(case_id=case.pk, key="rejected").body
    assert "rejected.identity" not in body
    assert "重新" in body or "再次" in body  # ask again, and how


def test_without_an_address_nothing_is_lost_and_the_case_goes_on(make_line: MakeLine, clock: Clock) -> None:
    line = make_line()
    case = ask(line, clock)
    work(clock)
    case.refresh_from_db()
    assert case.state == "completed"
    assert letters(case) == []
    assert case.steps.get(name="tell").evidence == {"told": False, "by": ""}
