"""Is a bill paid once, and do the yen that were confirmed stay the same yen?"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from tests.cast import MakeLine
from tests.counter.test_at_once import somebody_waits
from tests.terminations.play import CLERK, START, Clock, ask, work
from tojimari.lines import actions as lines
from tojimari.lines.models import Bill, Line, LineMoney, Plan
from tojimari.money import actions as money
from tojimari.money.actions import Ended, bill
from tojimari.money.models import FinalBill, Payment
from tojimari.money.queries import balance, owed
from tojimari.platform.acting import Refused
from tojimari.platform.database.scope import every_carrier
from tojimari.proofs.models import Event
from tojimari.rules.identifiers import payment
from tojimari.terminations import actions, settling
from tojimari.terminations.models import Termination


@pytest.fixture
def case(as_worker: None, tanaka_line: Line) -> Termination:
    """Tanaka's case; a bill of 1,078 yen is unpaid."""
    clock = Clock()
    case = ask(tanaka_line, clock, channel="portal", effective="month-end")
    work(clock, forward=False)
    case.refresh_from_db()
    return case


def pay(case: Termination, number: str = "R-1") -> int:
    return settling.pay(case=case, receipt_number=number, acting=CLERK, at=START)


def test_what_was_paid_is_left_off_and_the_total_stays(case: Termination) -> None:
    total = case.quote["total_yen"]
    assert owed(case.pk, case.quote).unpaid == {"2026-10": 1078}
    assert [pay(case), pay(case, "R-2")] == [1078, 0]
    case.refresh_from_db()
    found = owed(case.pk, case.quote)
    assert case.quote["total_yen"] == total
    assert (found.unpaid, found.paid_yen, found.left_yen, found.receipts) == ({}, 1078, total - 1078, ["R-1"])
    (event,) = Event.objects.filter(case_id=case.pk, name="bills.paid")
    assert (event.data["amount_yen"], event.data["receipt"]) == (1078, "R-1")


def test_a_quote_made_anew_asks_no_more_for_a_paid_bill_and_takes_it_off_once(case: Termination) -> None:
    pay(case)
    before = case.quote["total_yen"]
    fresh = actions.change_end(termination=case, effective="now", acting=CLERK, at=START + timedelta(minutes=1))
    found = owed(fresh.pk, fresh.quote)
    assert fresh.quote["total_yen"] < before
    assert (found.paid_yen, found.left_yen) == (0, fresh.quote["total_yen"])


DECEMBER, NOVEMBER = date(2026, 12, 1), date(2026, 11, 1)


@pytest.mark.parametrize(
    ("month", "plan", "said", "left_yen"),
    [
        (DECEMBER, {}, {}, 3000 - 3000),
        (NOVEMBER, {"final_month_policy": "daily_prorata"}, {}, 2500 - 3000),
        (
            NOVEMBER,
            {"early_exit": "initial_cancellation"},
            {"started_on": date(2026, 11, 16), "documents_on": date(2026, 11, 16)},
            1000 - 3000,
        ),
    ],
    ids=["after the end", "the rest of the last month", "the first days"],
)
def test_what_was_paid_goes_back_once_when_another_end_takes_the_same_bill_off(
    as_worker: None, make_line: MakeLine, month: date, plan: dict[str, Any], said: dict[str, Any], left_yen: int
) -> None:
    line, clock = make_line(contract_on=date(2026, 1, 1)), Clock()
    Plan.objects.filter(pk=line.plan_id).update(monthly_fee_yen=3000, **plan)
    LineMoney.objects.create(carrier_id=line.carrier_id, line=line, **said)
    billed = Bill.objects.create(
        carrier_id=line.carrier_id, line=line, month=month, amount_yen=3000, due_on=date(2026, 11, 30)
    )
    line.refresh_from_db()
    case = ask(line, clock, channel="portal", effective="month-end")
    assert transfer(billed) == billed
    fresh = actions.change_end(termination=case, effective="2026-11-25", acting=CLERK, at=START + timedelta(minutes=1))
    found = owed(fresh.pk, fresh.quote)
    assert (found.paid_yen, found.left_yen) == (0, left_yen)
    made = bill([Ended(fresh.carrier_id, fresh.pk, fresh.reference, line.pk, fresh.quote)], at=START)[fresh.pk]
    assert [one.amount_yen for one in balance(made).refunds] == [-left_yen] * (left_yen < 0)


@pytest.mark.parametrize("before", [True, False], ids=["before the final bill", "after it"])
def test_a_bill_for_the_last_month_that_came_after_the_request_is_not_paid_twice(
    as_worker: None, make_line: MakeLine, before: bool
) -> None:
    line, clock = make_line(), Clock()
    case = ask(line, clock)
    late_bill = Bill.objects.create(
        carrier_id=line.carrier_id, line=line, month=NOVEMBER, amount_yen=1200, due_on=date(2026, 12, 31)
    )
    if not before:
        work(clock)
    assert transfer(late_bill) == late_bill
    work(clock)
    stands = balance(FinalBill.objects.get(case_id=case.pk))
    assert (stands.total_yen, stands.left_yen) == (1078, 0)
    assert [one.amount_yen for one in stands.refunds] == [1200 - 1078]


def test_nothing_is_taken_without_a_receipt_or_once_the_case_is_over(case: Termination) -> None:
    with pytest.raises(Refused, match=r"counter\.receipt_missing"):
        pay(case, " ")
    actions.reject(termination=case, code="rejected.wrong_line", acting=CLERK, at=START)
    with pytest.raises(Refused, match=r"termination\.over"):
        pay(case)
    assert not Payment.objects.exists()
    assert Bill.objects.get(line=case.line).paid_on is None


def transfer(bill: Bill) -> Bill | None:
    return settling.pay_by_transfer(bill_id=bill.pk, on=START.date(), acting=CLERK, at=START)


def test_money_that_came_by_transfer_stands_beside_the_quote_and_counts_once(case: Termination) -> None:
    bill = Bill.objects.get(line=case.line_id)
    assert [transfer(bill), transfer(bill)] == [bill, None]
    found = owed(case.pk, case.quote)
    assert (found.unpaid, found.paid_yen, found.receipts) == ({}, 1078, [payment.reference(bill.pk)])
    assert Event.objects.filter(case_id=case.pk, name="bills.paid").count() == 1


@pytest.mark.usefixtures("as_worker")
def test_without_a_case_a_transfer_pays_the_bill_and_nothing_else(tanaka_line: Line) -> None:
    bill = Bill.objects.get(line=tanaka_line)
    assert transfer(bill) == bill
    bill.refresh_from_db()
    assert (bill.paid_on, Payment.objects.count()) == (START.date(), 0)


def beside(deed: Callable[[], object], first: Callable[[], object]) -> str:
    """Do the first thing, let another worker begin the deed before it is committed, and say how the deed ended."""

    def second() -> str:
        try:
            with every_carrier():
                deed()
        except Refused as refused:
            return refused.code
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            waiting = pool.submit(second)
            while not waiting.done() and not somebody_waits():
                pass
        return waiting.result()


def make_bill(case: Termination) -> None:
    bill([Ended(case.carrier_id, case.pk, case.reference, case.line_id, case.quote)], at=START)


def take_money(case: Termination) -> None:
    bills = lines.pay_bills(case.line_id, {"2026-10": 1078}, on=START.date())
    money.record_payments(case.pk, bills, receipt_number="R-1", place="", acting=CLERK, at=START)


@pytest.mark.django_db(transaction=True)
def test_money_that_is_taken_while_the_final_bill_is_made_counts_or_is_not_taken(case: Termination) -> None:
    case.quote |= {"total_yen": 1078, "lines": [row for row in case.quote["lines"] if row.get("month") == "2026-10"]}
    assert beside(lambda: make_bill(case), first=lambda: take_money(case)) == ""
    made = FinalBill.objects.get(case_id=case.pk)
    assert (made.total_yen, balance(made).left_yen) == (1078, 0)
    assert made.paid_up_at is not None, "nobody asks for it any more"


@pytest.mark.django_db(transaction=True)
def test_no_money_is_taken_for_a_bill_of_before_when_the_final_bill_asks_for_it(case: Termination) -> None:
    assert beside(lambda: pay(case), first=lambda: make_bill(case)) == "termination.over"
    assert not Payment.objects.exists()
    assert Bill.objects.get(line=case.line_id).paid_on is None
