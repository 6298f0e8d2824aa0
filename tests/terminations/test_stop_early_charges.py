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
from tojimari.proofs.models import Certificate, Event
from tojimari.proofs.queries import statement
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


def begin_again(case: Termination, clock: Clock) -> None:
    actions.start_again(termination=case, acting=PERSON, at=clock.now)
    work(clock, forward=False)


def test_each_stop_has_its_own_days_without_charges(line: Line, clock: Clock) -> None:
    """Off on 20 November, on again on the 23rd, off on the 26th, and so until the end of the month."""
    case = ask(line, clock, effective="month-end")
    stop(case, clock)
    work(clock, forward=False)
    clock.move(days=3)
    begin_again(case, clock)
    clock.move(days=3)
    stop(case, clock)
    work(clock)
    case.refresh_from_db()
    assert case.state == "completed"
    used = [day for day in range(19, 31) if billed(case, date(2026, 11, day), clock.now) == ""]
    assert used == [19, 20, 23, 24, 25, 26]
    assert statement(Certificate.objects.get(case_id=case.pk).jws)["stopped"] == [
        {"last_day_of_use": "2026-11-20", "on_again": "2026-11-23"},
        {"last_day_of_use": "2026-11-26"},
    ]


def test_a_stop_that_was_undone_for_good_is_free_between_and_the_fee_is_that_of_the_contract(
    line: Line, clock: Clock
) -> None:
    case = ask(line, clock, effective="month-end")
    stop(case, clock)
    work(clock, forward=False)
    clock.move(days=3)
    begin_again(case, clock)
    work(clock)
    case.refresh_from_db()
    assert [billed(case, date(2026, 11, day), clock.now) for day in (20, 21, 22, 23, 30)] == [
        *("", "money.used_after_stop", "money.used_after_stop", "", "")
    ]
    assert FinalBill.objects.get(case_id=case.pk).total_yen == case.quote["total_yen"]


def test_a_certificate_of_a_line_that_was_never_stopped_says_nothing_of_it(line: Line, clock: Clock) -> None:
    case = ask(line, clock)
    work(clock)
    assert "stopped" not in statement(Certificate.objects.get(case_id=case.pk).jws)


def test_a_correction_is_possible_for_any_day(line: Line, clock: Clock) -> None:
    case = ask(line, clock, effective="month-end")
    stop(case, clock)
    work(clock)
    made = final_bills.bill_late_use(
        bill=FinalBill.objects.get(case_id=case.pk),
        source="fix-1",
        text_code="charge.correction",
        amount_yen=-100,
        used_on=date(2026, 11, 25),
        acting=CLERK,
        at=clock.now,
    )
    assert made.amount_yen == -100
