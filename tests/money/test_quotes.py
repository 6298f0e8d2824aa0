"""Is every yen of an ending known beforehand, and the same afterwards?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.cast import MakeLine
from tests.works import CLAIMED_AT, a_batch, a_work
from tojimari.lines.models import Bill, Line, LineMoney, Plan, Service
from tojimari.money import words
from tojimari.money.books import books_for_quote
from tojimari.money.handlers import final_bill, settle
from tojimari.money.models import FinalBill
from tojimari.money.queries import final_bill_of
from tojimari.money.quotes import last_day, quote
from tojimari.platform.database.scope import carrier_scope
from tojimari.platform.work import Result

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_worker")]

NOON = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)  # 12:00 in Japan
MONTH_END = datetime(2026, 11, 30, 15, 0, tzinfo=UTC)  # 24:00 on the 30th in Japan

Quoted = Callable[..., dict[str, Any]]


@pytest.fixture
def quoted(sim_line: Line) -> Quoted:
    """Quote Wang's line on a plan of 3,000 yen, with chosen policy, days and unpaid bills."""

    def make(policy: str, ends_at: datetime, *bills: Bill, contract_on: date = date(2026, 1, 15)) -> dict[str, Any]:
        sim_line.contract_on = contract_on
        plan = Plan(monthly_fee_yen=3000, final_month_policy=policy)
        return quote(sim_line, plan, bills, requested_at=NOON, ends_at=ends_at)

    return make


def amounts(found: dict[str, Any]) -> dict[str, int]:
    return {row["text_code"]: row["amount_yen"] for row in found["lines"]}


@pytest.mark.parametrize(
    ("bound_until", "ends_at", "fee"),
    [
        (date(2026, 12, 1), MONTH_END, 1100),
        (date(2026, 11, 30), MONTH_END, 0),  # the last day is over
        (date(2026, 11, 22), NOON, 1100),  # it is not
        (date(2026, 11, 21), NOON, 0),
    ],
)
def test_who_serves_the_term_pays_no_fee_for_cancelling(
    sim_line: Line, bound_until: date, ends_at: datetime, fee: int
) -> None:
    plan = Plan(monthly_fee_yen=3000, final_month_policy="full_month", penalty_yen=1100)
    said = LineMoney(line=sim_line, bound_until=bound_until)
    found = quote(sim_line, plan, [], requested_at=NOON, ends_at=ends_at, said=said)
    assert amounts(found)["charge.penalty"] == fee


@pytest.mark.parametrize(
    ("policy", "ends_at", "fee"),
    [
        ("full_month", MONTH_END, 3000),
        ("full_month", NOON, 3000),
        ("daily_prorata", MONTH_END, 3000),
        ("daily_prorata", NOON, 2200),  # 22 of 30 days
        ("daily_prorata", datetime(2026, 12, 10, 15, 0, tzinfo=UTC), 967),  # 10 of 31 days, fraction dropped
        ("usage_tier", NOON, 3000),
        ("prepaid_none", MONTH_END, 0),
    ],
)
def test_the_last_month_costs_what_the_plan_says(quoted: Quoted, policy: str, ends_at: datetime, fee: int) -> None:
    found = quoted(policy, ends_at)
    assert amounts(found) == {"charge.final_month": fee, "charge.penalty": 0}
    assert (found["total_yen"], found["currency"], found["tax_included"]) == (fee, "JPY", True)


@pytest.mark.parametrize(
    ("policy", "fee"), [("full_month", 300), ("daily_prorata", 220), ("usage_tier", 300), ("prepaid_none", 300)]
)
def test_options_that_end_with_the_line_stand_in_the_last_month(sim_line: Line, policy: str, fee: int) -> None:
    plan = Plan(monthly_fee_yen=3000, final_month_policy=policy)
    sim_line.contract_on = date(2026, 1, 15)
    found = quote(sim_line, plan, [], requested_at=NOON, ends_at=NOON, options_yen=300)
    assert amounts(found)["charge.final_options"] == fee
    assert found["total_yen"] == sum(amounts(found).values())
    billed = Bill(month=date(2026, 11, 1), amount_yen=3300)
    again = quote(sim_line, plan, [billed], requested_at=NOON, ends_at=NOON, options_yen=300)
    assert "charge.final_options" not in amounts(again)


def test_what_the_books_know_for_a_quote_leaves_out_what_does_not_end_with_the_line(make_line: MakeLine) -> None:
    ends, goes_on, unpriced, over = (make_line(services=("data", "option")) for _ in range(4))
    option = Service.objects.filter(kind="option")
    option.filter(line=ends).update(monthly_fee_yen=550)
    option.filter(line=goes_on).update(monthly_fee_yen=660, lives_on=True)
    option.filter(line=over).update(monthly_fee_yen=770, state="terminated")
    lines = [ends.pk, goes_on.pk, unpriced.pk, over.pk]
    found = books_for_quote(lines, carrier_id=ends.carrier_id, at=NOON)
    assert [books.options_yen for books in found.values()] == [550, 0, 0, 0]


@pytest.mark.parametrize("documents_on", [None, date(2012, 3, 1)])
def test_a_contract_older_than_the_first_days_is_quoted_as_any_other(
    make_line: MakeLine, documents_on: date | None
) -> None:
    line = make_line()
    LineMoney.objects.create(carrier=line.carrier, line=line, started_on=date(2012, 3, 1), documents_on=documents_on)
    Plan.objects.filter(pk=line.plan_id).update(early_exit="initial_cancellation")
    line.plan.refresh_from_db()
    books = books_for_quote([line.pk], carrier_id=line.carrier_id, at=NOON)[line.pk]
    found = quote(line, line.plan, books.bills, requested_at=NOON, ends_at=MONTH_END, said=books.said)
    assert found["early_exit"] is None


def test_a_contract_of_this_month_is_charged_from_its_first_day(quoted: Quoted) -> None:
    assert amounts(quoted("daily_prorata", NOON, contract_on=date(2026, 11, 20)))["charge.final_month"] == 300


def test_unpaid_bills_stand_in_it_month_by_month(quoted: Quoted) -> None:
    bills = [Bill(month=date(2026, month, 1), amount_yen=yen) for month, yen in ((10, 3278), (9, 1100))]
    found = quoted("full_month", MONTH_END, *bills)
    assert [(row["text_code"], row.get("month"), row["amount_yen"]) for row in found["lines"]] == [
        ("charge.unpaid_bill", "2026-09", 1100),
        ("charge.unpaid_bill", "2026-10", 3278),
        ("charge.final_month", "2026-11", 3000),
        ("charge.penalty", None, 0),
    ]
    assert found["total_yen"] == 7378


def test_an_unpaid_bill_keeps_the_tax_of_its_month(quoted: Quoted) -> None:
    months = [date(1997, 3, 1), date(2014, 3, 1), date(2019, 9, 1), date(2026, 9, 1)]
    found = quoted("prepaid_none", MONTH_END, *[Bill(month=month, amount_yen=1000) for month in months])
    assert [row["tax_percent"] for row in found["lines"] if row["text_code"] == "charge.unpaid_bill"] == [3, 5, 8, 10]


def test_a_last_month_that_is_billed_already_is_not_asked_for_twice(quoted: Quoted) -> None:
    found = quoted("full_month", MONTH_END, Bill(month=date(2026, 11, 1), amount_yen=3000))
    assert found["total_yen"] == 3000


def test_every_row_names_its_basis_and_has_its_words(quoted: Quoted) -> None:
    for row in quoted("full_month", MONTH_END, Bill(month=date(2026, 10, 1), amount_yen=1))["lines"]:
        assert row["legal_basis"]
        assert row["code"] in ("usage", "penalty")
        assert row["text_code"] in words.CHARGES


@pytest.mark.parametrize(
    ("ends_at", "day"),
    [
        (MONTH_END, date(2026, 11, 30)),
        (MONTH_END + timedelta(microseconds=1), date(2026, 12, 1)),
        (NOON, date(2026, 11, 22)),
    ],
)
def test_the_last_day_is_the_one_that_ends_at_midnight_in_japan(ends_at: datetime, day: date) -> None:
    assert last_day(requested_at=NOON, ends_at=ends_at) == day


def test_a_request_at_midnight_for_an_end_at_once_is_on_the_new_day() -> None:
    assert last_day(requested_at=MONTH_END, ends_at=MONTH_END) == date(2026, 12, 1)


def test_the_final_bill_has_the_yen_of_the_quote_whatever_happened_since(tanaka_line: Line) -> None:
    bills = list(Bill.objects.filter(line=tanaka_line, paid_on=None))
    asked = quote(tanaka_line, tanaka_line.plan, bills, requested_at=NOON, ends_at=MONTH_END)
    Plan.objects.filter(pk=tanaka_line.plan_id).update(monthly_fee_yen=9999)
    Bill.objects.create(
        carrier_id=tanaka_line.carrier_id, line=tanaka_line, month=date(2026, 9, 1), amount_yen=5000, due_on=NOON
    )
    outcome = final_bill(a_batch(a_work(tanaka_line, "final_bill", quote=asked)), "house")[0]
    said = {"total_yen": 2156, "currency": "JPY", "rows": 3, "left_yen": 2156, "due_on": "2027-01-04"}
    assert (outcome.result, outcome.evidence) == (Result.DONE, said)
    bill = final_bill_of(1)
    assert bill is not None
    assert (bill.lines, bill.total_yen, bill.line_id) == (asked["lines"], asked["total_yen"], tanaka_line.pk)
    assert bill.issued_at == CLAIMED_AT


def test_billing_twice_gives_one_bill(tanaka_line: Line) -> None:
    work = a_work(tanaka_line, "final_bill")
    first = final_bill(a_batch(work), "house")
    second = final_bill(a_batch(work, at=CLAIMED_AT + timedelta(days=1)), "house")
    assert first == second
    assert FinalBill.objects.get().issued_at == CLAIMED_AT


def test_without_a_quote_nothing_is_billed_and_the_others_are(tanaka_line: Line, sim_line: Line) -> None:
    works = [a_work(tanaka_line, "final_bill", quote={}), a_work(sim_line, "final_bill", case_id=2, reference="TJ-2")]
    outcomes = final_bill(a_batch(*works), "house")
    assert [(outcome.result, outcome.code) for outcome in outcomes] == [
        (Result.STUCK, "money.no_quote"),
        (Result.DONE, ""),
    ]
    assert "money.no_quote" in words.REASONS


def test_settling_says_which_unpaid_bills_go_on_the_final_bill(tanaka_line: Line, sim_line: Line) -> None:
    roaming = a_work(sim_line, "settle", scope="roaming", quote={})
    with_debt, without = settle(a_batch(a_work(tanaka_line, "settle"), roaming), "house")
    assert with_debt.evidence == {"on_final_bill": [{"month": "2026-10", "amount_yen": 3278}]}
    assert (without.result, without.evidence) == (Result.DONE, {"on_final_bill": []})


def test_a_neighbour_sees_no_bill(tanaka_line: Line, tonari_line: Line) -> None:
    final_bill(a_batch(a_work(tanaka_line, "final_bill")), "house")
    with carrier_scope(tonari_line.carrier_id):
        assert final_bill_of(1) is None
