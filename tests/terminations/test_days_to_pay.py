"""Is each part of a bill asked for until its own day, and is a day that is named later told to the person?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.cast import MakeLine
from tests.terminations.play import CLERK, START, Clock, ask, show, work
from tests.terminations.test_final_bills import ended, late, overdue, take
from tojimari.lines.models import Line, LineMoney
from tojimari.messages.models import Message
from tojimari.money.models import FinalBill
from tojimari.money.queries import balance
from tojimari.rules.packaged import table
from tojimari.terminations import bill_letters, final_bills, unreached
from tojimari.terminations.engine.cases import Cases
from tojimari.terminations.models import Termination

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


def test_a_day_that_is_named_later_is_mailed_once_also_when_the_tick_was_killed(
    make_line: MakeLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    december = START.replace(year=2027, month=12, day=8)
    line, clock = make_line(email="sato@mail.example"), Clock(december)
    case = ask(line, clock)
    work(clock)
    Termination.objects.update(language="en")
    monkeypatch.setitem(table("calendar")["holidays"], "last_year", 2028)
    when = december.replace(year=2028, month=1, day=4)

    def killed(self: Cases) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(Cases, "save", killed)
        with pytest.raises(KeyboardInterrupt):
            final_bills.name_days(at=when)
    assert told(case, "day_named") == []
    assert [final_bills.name_days(at=when) for _ in range(2)] == [1, 0]
    (mail,) = told(case, "day_named")
    assert (mail.key, mail.kind, mail.created_at) == ("day_named 2028-01-11", "email", when)
    assert "Please pay 1,078 yen (tax included) by Jan 11, 2028 (Japan time)." in mail.body


def told(case: Termination, what: str) -> list[Message]:
    return list(Message.objects.filter(case_id=case.pk, key__startswith=what).order_by("pk"))


def test_who_has_no_address_waits_for_staff_and_what_a_carrier_closed_itself_does_not(make_line: MakeLine) -> None:
    """By SMS it comes only where another number is on; the number of the line that has ended is off."""
    clock = Clock()
    for channel, keys in (("file", []), ("portal", ["billed_beside"])):
        case = ask(make_line(kind="esim"), clock, channel=channel, effective="month-end")
        if channel == "portal":
            work(clock, forward=False)
            show(case, "review", clock, approved="yes")
        work(clock)
        late(FinalBill.objects.get(case_id=case.pk), 550, channel, days=40)
        bill_letters.billed_beside(at=START + timedelta(days=40, hours=1))
        assert [one.key.split()[0] for one in told(case, "billed_beside")] == keys
        if keys:
            unreached.find_other_ways(at=START + timedelta(days=40, hours=1))
            assert [one.seen_to_by for one in told(case, "billed_beside")] == [unreached.FOR_STAFF]


def test_what_was_billed_beside_a_bill_is_told_in_one_mail_and_what_comes_later_in_another(bill: FinalBill) -> None:
    case, at = Termination.objects.get(), START + timedelta(days=3)
    assert bill_letters.billed_beside(at=at) == 0
    for number in range(3):
        late(bill, 100, f"TAP-{number}")
    late(bill, -30, "N-1", text_code="charge.correction")
    assert [bill_letters.billed_beside(at=at) for _ in range(2)] == [1, 0]
    late(bill, 550, "TAP-9")
    assert [bill_letters.billed_beside(at=at + timedelta(hours=hour)) for hour in (1, 2)] == [1, 0]
    first, second = (mail.body for mail in told(case, "billed_beside"))
    assert "300" in first
    assert "-30" in first
    assert "550" in second
    assert "-30" not in second
    assert bill_letters.billed_beside(at=at + timedelta(days=60)) == 0
