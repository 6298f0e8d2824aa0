"""Does every yen that comes in, goes back or is billed late leave its trace, once, and the first bill as it was?"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from tests.cast import MakeLine
from tests.terminations.play import CLERK, START, Clock, ask, assert_closed_exactly_once, work
from tojimari.lines.models import Bill, Line, LineMoney, Plan, Subscriber
from tojimari.lines.paying import WaysToPay, set_ways_to_pay
from tojimari.messages.models import Message
from tojimari.money.actions import Ended
from tojimari.money.actions import bill as make
from tojimari.money.models import FinalBill, Incoming, PaidTo, Refund, Supplement, Way
from tojimari.money.queries import balance, open_refunds, unpaid_bills, waiting
from tojimari.platform.acting import Refused
from tojimari.proofs.models import Event
from tojimari.rules.packaged import table
from tojimari.terminations import final_bills, settling
from tojimari.terminations.models import Termination

pytestmark = pytest.mark.usefixtures("as_worker")

AFTER = START + timedelta(days=3)
TODAY = date(2026, 11, 23)


@pytest.fixture
def bill(tanaka_line: Line) -> FinalBill:
    """Tanaka's line has ended: 1,078 yen of October and 1,078 of November."""
    return ended(tanaka_line)


def ended(line: Line) -> FinalBill:
    clock = Clock()
    case = ask(line, clock)
    work(clock)
    return FinalBill.objects.get(case_id=case.pk)


def take(bill: FinalBill, yen: int, number: str = "T-1", **changed: Any) -> Incoming:
    given: dict[str, Any] = {"amount_yen": yen, "received_on": TODAY, "way": Way.TRANSFER, "number": number} | changed
    return final_bills.take_in(bill=bill, acting=CLERK, at=AFTER, **given)


def late(bill: FinalBill, yen: int, source: str = "TAP-1", *, days: int = 3, **changed: Any) -> Supplement:
    given: dict[str, Any] = {"text_code": "charge.late_roaming", "used_on": date(2026, 11, 19)} | changed
    return final_bills.bill_late_use(
        bill=bill, source=source, amount_yen=yen, acting=CLERK, at=START + timedelta(days=days), **given
    )


def names(bill: FinalBill) -> list[str]:
    return list(Event.objects.filter(case_id=bill.case_id).order_by("number").values_list("name", flat=True))


def test_the_bill_is_what_was_quoted_and_says_until_when_it_is_provisional(bill: FinalBill, clock: Clock) -> None:
    assert (bill.total_yen, bill.provisional_until, bill.settled_at) == (2156, date(2027, 1, 4), None)
    assert bill.tax == [{"percent": 10, "of_yen": 2156, "tax_yen": 196}]
    assert final_bills.bill_named(bill.carrier_id, final_bills.payment_number(bill)) == bill
    assert final_bills.bill_named(bill.carrier_id, bill.reference.lower()) == bill
    for wrong in ("RF00 0000 0001", "TJ-0000-0000-0000", ""):
        with pytest.raises(Refused, match=r"money\.no_bill"):
            final_bills.bill_named(bill.carrier_id, wrong)


def test_money_that_came_counts_once_and_a_part_of_it_is_seen(bill: FinalBill) -> None:
    assert take(bill, 1000) == take(bill, 1000)
    assert balance(bill).left_yen == 1156
    assert [(found.pk, stands.left_yen) for found, stands in unpaid_bills(bill.carrier_id, most=9)] == [(bill.pk, 1156)]
    take(bill, 1156, "T-2")
    assert (balance(bill).left_yen, unpaid_bills(bill.carrier_id, most=9), Refund.objects.count()) == (0, [], 0)
    assert names(bill).count("bill.money_came") == 2


def test_one_number_is_no_other_money(bill: FinalBill, make_line: MakeLine) -> None:
    take(bill, 1000)
    for other, yen in ((bill, 1001), (ended(make_line()), 1000)):
        with pytest.raises(Refused, match=r"money\.number_taken"):
            take(other, yen)
    assert Incoming.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"amount_yen": 0}, "money.amount"),
        ({"amount_yen": -5}, "money.amount"),
        ({"received_on": TODAY + timedelta(days=1)}, "money.day"),
        ({"number": "  "}, "money.number_missing"),
    ],
)
def test_money_that_cannot_be_is_refused(bill: FinalBill, changed: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused, match=code.replace(".", r"\.")):
        take(bill, 1000, **changed)
    assert not Incoming.objects.exists()


def test_what_comes_in_beyond_the_bill_goes_back_and_nobody_forgets_it(bill: FinalBill) -> None:
    take(bill, 3000)
    (refund,) = open_refunds(bill.carrier_id)
    assert (refund.amount_yen, refund.due_on) == (844, date(2026, 12, 7))
    assert balance(bill).left_yen == 0
    december = START.replace(month=12, day=7)
    assert [final_bills.nag(at=december + timedelta(hours=hours)) for hours in (0, 24, 25, 48)] == [0, 1, 0, 1]
    assert names(bill).count("refund.overdue") == 2
    with pytest.raises(Refused, match=r"money\.number_missing"):
        final_bills.pay_back(refund=refund, number="", to=PaidTo.JAPAN, acting=CLERK, at=AFTER)
    for _ in range(2):
        final_bills.pay_back(refund=refund, number="B-9", to=PaidTo.JAPAN, acting=CLERK, at=AFTER)
    with pytest.raises(Refused, match=r"money\.paid_back"):
        final_bills.pay_back(refund=refund, number="B-10", to=PaidTo.JAPAN, acting=CLERK, at=AFTER)
    refund.refresh_from_db()
    assert (refund.paid_by, refund.paid_number) == (str(CLERK), "B-9")
    assert not open_refunds(bill.carrier_id).exists()
    assert names(bill).count("refund.paid") == 1
    assert_closed_exactly_once(Termination.objects.get(pk=bill.case_id))


def test_a_refund_is_paid_by_somebody_or_not_at_all(bill: FinalBill) -> None:
    take(bill, 3000)
    with pytest.raises(IntegrityError), transaction.atomic():
        Refund.objects.update(paid_at=AFTER)


@pytest.mark.parametrize(
    "changed",
    [
        "UPDATE money_refund SET amount_yen = 1",
        "UPDATE money_refund SET due_on = due_on + 1",
        "UPDATE money_refund SET paid_number = 'B-2'",
        "DELETE FROM money_refund",
        "UPDATE money_incoming SET amount_yen = 1",
        "DELETE FROM money_incoming",
        "UPDATE money_finalbill SET total_yen = 1",
        """UPDATE money_finalbill SET issuer = '{}'""",
        "UPDATE money_supplement SET amount_yen = 1",
        "UPDATE money_supplement SET due_on = due_on + 1",
        "DELETE FROM money_supplement",
    ],
)
def test_the_database_keeps_what_money_rests_on(bill: FinalBill, changed: str) -> None:
    late(bill, 550)
    take(bill, 3000)
    final_bills.pay_back(refund=Refund.objects.get(), number="B-1", to=PaidTo.JAPAN, acting=CLERK, at=AFTER)
    with (
        pytest.raises(IntegrityError, match="are kept as they are"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(changed)


def test_a_bill_says_until_when_it_is_to_be_paid_and_waits_until_it_is(bill: FinalBill, make_line: MakeLine) -> None:
    assert (bill.due_on, bill.paid_up_at, balance(bill).due_on) == (date(2026, 12, 21), None, date(2026, 12, 21))
    take(bill, 2156)
    bill.refresh_from_db()
    assert (bill.paid_up_at, balance(bill).due_on) == (AFTER, None)
    late(bill, 550, days=40)
    bill.refresh_from_db()
    assert (bill.paid_up_at, balance(bill).due_on) == (None, date(2027, 1, 29))
    assert [found.pk for found, _ in unpaid_bills(bill.carrier_id, most=9)] == [bill.pk]
    set_ways_to_pay(carrier=bill.carrier, wanted=WaysToPay(days=14), seen=0, acting=CLERK, at=START)
    other = ended(make_line())
    # the 5th of December is a Saturday
    assert (other.due_on, balance(other).due_on) == (date(2026, 12, 7), date(2026, 12, 7))
    assert [found.pk for found, _ in unpaid_bills(bill.carrier_id, most=9)] == [other.pk, bill.pk]
    nothing = ended(make_line(plan=Plan.objects.get(code="travel-30")))
    assert (nothing.total_yen, nothing.due_on, nothing.paid_up_at) == (0, None, nothing.issued_at)


def test_the_days_to_pay_are_those_that_were_confirmed_whatever_the_carrier_says_later(
    make_line: MakeLine, clock: Clock
) -> None:
    line = make_line()
    case = ask(line, clock, effective="month-end")
    assert (case.quote["pay_days"], case.quote["pay_not_before"]) == (30, "2026-12-30")
    set_ways_to_pay(carrier=line.carrier, wanted=WaysToPay(days=7), seen=0, acting=CLERK, at=START)
    work(clock)
    found = FinalBill.objects.get(case_id=case.pk)
    assert found.due_on == date(2027, 1, 4), "made on 2 December, so 1 January, on which banks are closed"
    later = late(found, 550, days=15)
    assert later.due_on == date(2026, 12, 14), "seven days from the 5th are a Saturday"


def test_a_bill_whose_day_nobody_knows_yet_is_made_and_names_none(make_line: MakeLine) -> None:
    line, clock = make_line(), Clock(START.replace(year=2027, month=12, day=8))
    case = ask(line, clock)
    work(clock)
    found = FinalBill.objects.get(case_id=case.pk)
    assert (found.total_yen, found.due_on, balance(found).left_yen) == (1078, None, 1078)
    assert [one.pk for one, _ in unpaid_bills(line.carrier_id, most=9)] == [found.pk]


def test_such_a_bill_gets_its_day_once_the_holidays_are_official_and_nobody_is_late_before(
    make_line: MakeLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    december = START.replace(year=2027, month=12, day=8)
    line, clock = make_line(), Clock(december)
    ask(line, clock)
    work(clock)
    found = FinalBill.objects.get()
    beside = late(found, 550, days=(december - START).days + 6, used_on=december.date())
    assert (found.due_on, beside.due_on, final_bills.name_days(at=clock.now)) == (None, None, 0)
    set_ways_to_pay(carrier=line.carrier, wanted=WaysToPay(days=7), seen=0, acting=CLERK, at=START)
    monkeypatch.setitem(table("calendar")["holidays"], "last_year", 2028)
    when = december.replace(year=2028, month=1, day=4)
    assert [final_bills.name_days(at=when) for _ in range(2)] == [1, 0]
    found.refresh_from_db()
    beside.refresh_from_db()
    # 30 days from the bill, as was confirmed, are Saturday, 8 January, before a holiday; 7 from being told, the 11th
    assert (found.due_on, beside.due_on) == (date(2028, 1, 11), date(2028, 1, 11))
    assert names(found)[-1] == "bill.day_named"
    assert waiting(found.carrier_id, date(2028, 1, 11)).bills_overdue == 0


def overdue(bill: FinalBill, day: date) -> int:
    return waiting(bill.carrier_id, day).bills_overdue


def test_a_bill_is_overdue_from_the_day_after_its_day_and_a_supplement_from_its_own(
    bill: FinalBill, make_line: MakeLine
) -> None:
    assert bill.due_on == date(2026, 12, 21)
    assert [overdue(bill, date(2026, 12, day)) for day in (21, 22)] == [0, 1]
    late(bill, 550, days=40)  # of 30 December, to be paid by 29 January
    assert overdue(bill, date(2026, 12, 30)) == 1, "the bill itself is not paid"
    take(bill, 2156)
    assert [overdue(bill, date(2027, 1, day)) for day in (29, 30)] == [0, 1]
    take(bill, 550, "T-2")
    assert overdue(bill, date(2027, 2, 28)) == 0
    nothing = ended(make_line(plan=Plan.objects.get(code="travel-30")))
    FinalBill.objects.filter(pk=nothing.pk).update(provisional_until=date(2027, 1, 4), settled_at=None)
    nothing.refresh_from_db()
    late(nothing, 330, "TAP-2", days=40)
    assert [overdue(nothing, date(2027, 1, day)) for day in (29, 30)] == [0, 1]


def test_counting_what_waits_takes_few_queries(
    bill: FinalBill, make_line: MakeLine, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ended(make_line())
    with django_assert_num_queries(3):
        found = waiting(bill.carrier_id, date(2027, 3, 1))
    assert (found.refunds, found.refunds_overdue, found.bills_overdue) == (0, 0, 2)
    assert not waiting(bill.carrier_id, date(2026, 12, 1))


def test_a_month_after_the_end_that_is_paid_all_the_same_comes_back(make_line: MakeLine) -> None:
    """The bill of December came before the person asked to leave in November; it is paid before or after the end."""
    for before in (True, False):
        line, clock = make_line(), Clock()
        december = Bill.objects.create(
            carrier_id=line.carrier_id, line=line, month=date(2026, 12, 1), amount_yen=1078, due_on=date(2026, 11, 30)
        )
        case = ask(line, clock)
        assert case.quote["total_yen"] == 1078, "November alone"
        if not before:
            work(clock)
        paid = settling.pay_by_transfer(bill_id=december.pk, on=TODAY, acting=CLERK, at=AFTER)
        work(clock)
        assert paid == december
        found = FinalBill.objects.get(case_id=case.pk)
        assert balance(found).left_yen == 0, "it is set against November"


def reader(make_line: MakeLine) -> Line:
    """A line of somebody who reads English mails."""
    line = make_line(email="someone@mail.example")
    Subscriber.objects.filter(pk=line.subscriber_id).update(language="en")
    return line


def told(line: Line) -> str:
    return Message.objects.get(case_id=FinalBill.objects.get(line=line).case_id, key="closed").body


def test_the_confirmation_says_the_day_of_the_bill_and_what_is_left_after_the_counter(make_line: MakeLine) -> None:
    line, clock = reader(make_line), Clock()
    Bill.objects.create(
        carrier_id=line.carrier_id, line=line, month=date(2026, 10, 1), amount_yen=1500, due_on=date(2026, 11, 30)
    )
    case = ask(line, clock)
    settling.pay(case=case, receipt_number="R-1", acting=CLERK, at=START)
    work(clock)
    found = FinalBill.objects.get(case_id=case.pk)
    assert (found.due_on, balance(found).left_yen) == (date(2026, 12, 21), 1078)
    assert "Please pay 1,078 yen (tax included) by Dec 21, 2026 (Japan time)." in told(line)
    evidence = case.steps.get(name="final_bill").evidence
    assert (evidence["left_yen"], evidence["due_on"], "refunds" in evidence) == (1078, "2026-12-21", False)


def test_the_confirmation_of_a_refund_says_when_it_comes(make_line: MakeLine) -> None:
    line = reader(make_line)
    LineMoney.objects.create(carrier_id=line.carrier_id, line=line, deposit_yen=3000)
    clock = Clock()
    ask(line, clock)
    work(clock)
    refund = open_refunds(line.carrier_id).get()
    assert (
        f"We pay back 1,922 yen (tax included), on Dec {refund.due_on.day}, 2026 (Japan time) at the latest."
        in told(line)
    )


def test_a_deposit_above_the_bill_is_a_refund_from_the_first_moment(make_line: MakeLine) -> None:
    line = make_line()
    LineMoney.objects.create(carrier_id=line.carrier_id, line=line, deposit_yen=3000)
    found = ended(line)
    assert found.total_yen == -1922
    assert [(one.cause, one.amount_yen) for one in open_refunds(line.carrier_id)] == [("bill", 1922)]
    assert balance(found).left_yen == 0


def test_what_was_paid_at_the_counter_goes_back_with_the_deposit(tanaka_line: Line) -> None:
    LineMoney.objects.create(carrier_id=tanaka_line.carrier_id, line=tanaka_line, deposit_yen=3000)
    clock = Clock()
    case = ask(tanaka_line, clock, channel="portal", effective="month-end")
    settling.pay(case=case, receipt_number="R-1", acting=CLERK, at=START)
    case.refresh_from_db()
    found = make([Ended(case.carrier_id, case.pk, case.reference, case.line_id, case.quote)], at=AFTER)[case.pk]
    assert found.total_yen == 1078 + 1078 - 3000
    assert [one.amount_yen for one in open_refunds(case.carrier_id)] == [3000 - 1078]
    assert balance(found).left_yen == 0


def test_in_the_first_days_what_was_paid_comes_back(tanaka_line: Line) -> None:
    Plan.objects.filter(pk=tanaka_line.plan_id).update(early_exit="initial_cancellation", contract_cost_yen=3850)
    LineMoney.objects.create(
        carrier_id=tanaka_line.carrier_id,
        line=tanaka_line,
        started_on=date(2026, 11, 18),
        documents_on=date(2026, 11, 18),
        paid_in_advance_yen=5000,
    )
    Bill.objects.update(paid_on=date(2026, 11, 1))
    found = ended(tanaka_line)
    # 3 of 30 days of 1,078 are 107; the contract's cost 3,300; 1,078 and 5,000 were paid
    assert found.total_yen == 107 + 3300 - 1078 - 5000
    assert open_refunds(found.carrier_id).get().amount_yen == 2671


def test_late_use_makes_a_bill_beside_and_leaves_the_first_one(bill: FinalBill) -> None:
    lines, total = bill.lines, bill.total_yen
    assert late(bill, 550) == late(bill, 550, days=80)  # a file that comes twice, the second time too late
    bill.refresh_from_db()
    assert (bill.lines, bill.total_yen) == (lines, total)
    assert (balance(bill).asked_yen, balance(bill).left_yen) == (2706, 2706)
    assert names(bill).count("bill.supplemented") == 1
    with pytest.raises(Refused, match=r"money\.number_taken"):
        late(bill, 551)


@pytest.mark.parametrize(
    ("yen", "changed", "code"),
    [
        (550, {"used_on": date(2026, 11, 21)}, "money.used_after_end"),
        (0, {}, "money.amount"),
        (-5, {}, "money.amount"),
        (5, {"text_code": "charge.correction"}, "money.amount"),
        (5, {"text_code": "charge.penalty"}, "money.late_use"),
        (550, {"days": 46}, "money.bill_is_final"),
    ],
)
def test_use_that_may_not_be_billed_is_refused(bill: FinalBill, yen: int, changed: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused, match=code.replace(".", r"\.")):
        late(bill, yen, **changed)
    assert not Supplement.objects.exists()


def test_a_correction_gives_money_back_even_when_the_bill_is_final(bill: FinalBill) -> None:
    take(bill, 2156)
    late(bill, -200, "fix-1", days=200, text_code="charge.correction")
    assert open_refunds(bill.carrier_id).get().amount_yen == 200


def test_a_bill_is_final_on_the_day_after_its_last_day_in_japan(bill: FinalBill, make_line: MakeLine) -> None:
    prepaid = ended(make_line(plan=Plan.objects.get(code="travel-30")))
    assert (prepaid.provisional_until, prepaid.settled_at) == (None, prepaid.issued_at)
    last = START.replace(year=2027, month=1, day=4, hour=14, minute=59, second=59)
    assert late(bill, 550, days=45).amount_yen == 550
    assert [final_bills.settle_due(at=last + timedelta(seconds=more)) for more in (0, 1, 2)] == [0, 1, 0]
    bill.refresh_from_db()
    assert bill.settled_at == last + timedelta(seconds=1)
    assert names(bill).count("bill.settled") == 1
    assert_closed_exactly_once(Termination.objects.get(pk=bill.case_id))


def test_a_bill_of_before_that_is_paid_after_the_end_is_money_for_the_final_bill(
    bill: FinalBill, tanaka_line: Line
) -> None:
    october = Bill.objects.get(line=tanaka_line)
    assert settling.pay_by_transfer(bill_id=october.pk, on=TODAY, acting=CLERK, at=AFTER) == october
    assert balance(bill).left_yen == 1078
    assert settling.pay_by_transfer(bill_id=october.pk, on=TODAY, acting=CLERK, at=AFTER) is None
