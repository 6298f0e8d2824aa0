"""Do charges for use stop on the day on which a line is switched off, and go on when it is on again?"""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.utils.translation import gettext, override

from tests.cast import MakeLine
from tests.terminations.play import CLERK, PERSON, Clock, ask, work
from tojimari.lines.models import Line
from tojimari.messages.models import Message
from tojimari.money.models import FinalBill
from tojimari.network.seed import seed
from tojimari.platform.acting import Refused
from tojimari.proofs.models import Event
from tojimari.terminations import actions, final_bills
from tojimari.terminations.models import Termination

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_worker")]


@pytest.fixture
def line(make_line: MakeLine) -> Line:
    """A line on the simulated network."""
    made = make_line(email="someone@mail.example")
    seed([made.target])
    return made


def stop(case: Termination, clock: Clock) -> None:
    actions.stop_early(termination=case, acting=PERSON, at=clock.now)


def billed(case: Termination, used_on: date, at: datetime) -> str:
    """Bill 330 yen of late use of a day; return the code where that is refused."""
    try:
        final_bills.bill_late_use(
            bill=FinalBill.objects.get(case_id=case.pk),
            source=f"TAP-{used_on}",
            text_code="charge.late_roaming",
            amount_yen=330,
            used_on=used_on,
            acting=CLERK,
            at=at,
        )
    except Refused as refused:
        return refused.code
    return ""


def test_charges_stop_on_the_day_on_which_the_line_is_switched_off(line: Line, clock: Clock) -> None:
    case = ask(line, clock, effective="month-end")
    stop(case, clock)
    work(clock, forward=False)
    stopped = Event.objects.get(case_id=case.pk, name="line.off_early")
    assert stopped.data["last_day_of_use"] == "2026-11-20"
    told = Message.objects.get(case_id=case.pk, key__startswith="off_early")
    with override(told.language):
        assert gettext("Nothing that is used after today is charged.") in told.body
    work(clock)
    case.refresh_from_db()
    assert case.state == "completed"
    assert billed(case, date(2026, 11, 20), clock.now) == "", "used before it was switched off"
    assert billed(case, date(2026, 11, 21), clock.now) == "money.used_after_stop"
    assert billed(case, date(2026, 12, 1), clock.now) == "money.used_after_end"


def test_after_a_line_was_on_again_its_use_is_charged_until_the_end(line: Line, clock: Clock) -> None:
    case = ask(line, clock, effective="month-end")
    stop(case, clock)
    work(clock, forward=False)
    actions.start_again(termination=case, acting=PERSON, at=clock.now)
    work(clock)
    case.refresh_from_db()
    assert case.state == "completed"
    assert billed(case, date(2026, 11, 29), clock.now) == ""
