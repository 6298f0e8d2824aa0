"""Is each part of a bill asked for until its own day, and is a day that is named later told to the person?"""

from __future__ import annotations

from datetime import date

import pytest

from tests.cast import MakeLine
from tests.terminations.play import CLERK, START, Clock, ask, work
from tests.terminations.test_final_bills import ended, late, overdue, take
from tojimari.lines.models import Line, LineMoney
from tojimari.money.models import FinalBill
from tojimari.money.queries import balance
from tojimari.terminations import final_bills

pytestmark = pytest.mark.usefixtures("as_worker")


@pytest.fixture
def bill(tanaka_line: Line) -> FinalBill:
    """Of 2,156 yen, to be paid by 21 December."""
    return ended(tanaka_line)


def parts(bill: FinalBill) -> list[tuple[int, date | None]]:
    return [(one.left_yen, one.due_on) for one in balance(bill).parts]


def test_each_part_of_what_is_left_has_its_own_day(bill: FinalBill) -> None:
    late(bill, 550, days=40)
    assert parts(bill) == [(2156, date(2026, 12, 21)), (550, date(2027, 1, 29))]
    take(bill, 2200)
    assert parts(bill) == [(506, date(2027, 1, 29))]


def test_late_use_after_a_correction_was_paid_back_is_due_on_its_own_day(bill: FinalBill) -> None:
    take(bill, 2156)
    late(bill, -200, "N-1", text_code="charge.correction")
    late(bill, 300, days=40)
    assert (balance(bill).left_yen, parts(bill)) == (300, [(300, date(2027, 1, 29))])
    assert overdue(bill, date(2026, 12, 30)) == 0


def test_late_use_beside_a_bill_below_nothing_names_its_day(tanaka_line: Line) -> None:
    LineMoney.objects.create(carrier_id=tanaka_line.carrier_id, line=tanaka_line, deposit_yen=5000)
    below = ended(tanaka_line)
    assert below.total_yen < 0
    late(below, 300, days=40)
    assert (balance(below).left_yen, parts(below)) == (300, [(300, date(2027, 1, 29))])
    assert [overdue(below, date(2027, 1, day)) for day in (29, 30)] == [0, 1]


def test_late_use_of_which_no_day_is_known_is_not_late_because_the_paid_bill_was_due_before(
    make_line: MakeLine,
) -> None:
    """Thirty days from the bill are known in 2027; thirty days from the supplement fall into a year that is not."""
    line, clock = make_line(), Clock(START.replace(year=2027, month=11, day=25))
    ask(line, clock)
    work(clock)
    found = FinalBill.objects.get()
    assert found.due_on == date(2027, 12, 27)
    final_bills.bill_late_use(
        bill=found,
        source="TAP-1",
        text_code="charge.late_use",
        amount_yen=300,
        used_on=date(2027, 11, 25),
        acting=CLERK,
        at=START.replace(year=2027, month=12, day=10),
    )
    assert parts(found) == [(1078, date(2027, 12, 27)), (300, None)]
    assert overdue(found, date(2027, 12, 28)) == 1
    take(found, 1078)
    assert parts(found) == [(300, None)]
    assert overdue(found, date(2027, 12, 28)) == 0
