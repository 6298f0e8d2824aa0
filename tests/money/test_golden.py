"""Does a quote say what a person reckons by hand, and can no end be made to cost what the law does not let it?"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tojimari.lines.models import Bill, Carrier, Line, LineMoney, Plan, Subscriber
from tojimari.lines.paying import WaysToPay
from tojimari.money import words
from tojimari.money.quotes import quote, until_the_end_yen
from tojimari.rules.calendar import day_end, month_end

CASES: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("golden.toml").read_text("utf-8"))["case"]


def a_quote(
    requested_at: datetime,
    ends_at: datetime,
    *,
    plan: Mapping[str, Any] | None = None,
    line: Mapping[str, Any] | None = None,
    said: Mapping[str, Any] | None = None,
    bills: list[Mapping[str, Any]] | None = None,
    designated: bool = False,
    corporate: bool = False,
    options_yen: int = 0,
    paying: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Quote a line that is in no database."""
    terms: dict[str, Any] = {"monthly_fee_yen": 2970} | dict(plan or {})
    terms["tiers"] = [[None if edge == -1 else edge, fee] for edge, fee in terms.get("tiers", [])]
    facts: dict[str, Any] = {"contract_on": date(2024, 4, 1)} | dict(line or {})
    owner = Subscriber(corporate=corporate)
    return quote(
        Line(carrier=Carrier(designated=designated), subscriber=owner, **facts),
        Plan(**terms),
        [Bill(**one) for one in bills or []],
        requested_at=requested_at,
        ends_at=ends_at,
        options_yen=options_yen,
        said=LineMoney(**said) if said else None,
        paying=WaysToPay(**paying) if paying else None,
    )


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_reckoned_by_hand(case: dict[str, Any]) -> None:
    optional = {key: case[key] for key in ("plan", "line", "said", "bills", "designated", "corporate") if key in case}
    found = a_quote(case["requested_at"], case["ends_at"], paying=case.get("terms"), **optional)
    assert [[one["text_code"], one["amount_yen"]] for one in found["lines"]] == case["rows"]
    assert [[one["text_code"], one["amount_yen"]] for one in found["apart"]] == case.get("apart", [])
    assert found["total_yen"] == case["total_yen"]
    assert sum(one["tax_yen"] for one in found["tax"]) == case["tax_yen"]
    assert {name: found[name] for name in case.get("paying", {})} == case.get("paying", {})


def test_an_end_whose_day_to_pay_nobody_knows_yet_is_quoted_all_the_same_and_names_no_day() -> None:
    """The holidays of 2028 are not official: no day is guessed, and no end is refused for it."""
    found = a_quote(datetime(2027, 12, 1, tzinfo=UTC), day_end(date(2027, 12, 2)))
    assert (found["total_yen"], found["pay_days"], found["pay_not_before"]) == (2970, 30, None)


instants = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - made aware
yen = st.integers(0, 30_000)
policies = st.sampled_from(["full_month", "daily_prorata", "usage_tier"])
rounding = st.sampled_from(["down", "up", "half_up"])
moneys = st.fixed_dictionaries(
    {},
    optional={
        "usage_yen": yen,
        "deposit_yen": yen,
        "installation_left_yen": yen,
        "installation_month_yen": st.integers(0, 2000),
        "paid_in_advance_yen": yen,
        "started_on": st.just(date(2026, 6, 1)),
        "documents_on": st.dates(date(2026, 1, 1), date(2028, 12, 31)),
    },
)
plans = st.fixed_dictionaries(
    {"monthly_fee_yen": yen, "final_month_policy": policies, "rounding": rounding, "penalty_yen": yen},
    optional={"early_exit": st.just("initial_cancellation"), "contract_cost_yen": yen},
)


@given(instants, st.integers(0, 400), plans, moneys, st.booleans(), yen)
def test_a_total_is_the_sum_of_rows_that_all_name_their_basis(
    at: datetime, days: int, plan: dict[str, Any], said: dict[str, Any], designated: bool, options: int
) -> None:
    found = a_quote(at, at + timedelta(days=days), plan=plan, said=said, designated=designated, options_yen=options)
    assert found["total_yen"] == sum(one["amount_yen"] for one in found["lines"])
    for one in found["lines"]:
        assert one["legal_basis"]
        assert one["text_code"] in words.CHARGES
        assert (one["amount_yen"] >= 0) or one["code"] == "refund"
        assert one.get("rounding", "down") in words.ROUNDINGS
    assert {one["text_code"] for one in found["apart"]} <= set(words.APART)


@given(instants, plans, moneys, st.booleans())
def test_the_penalty_of_a_consumer_is_never_above_a_month_nor_any_in_the_first_days(
    at: datetime, plan: dict[str, Any], said: dict[str, Any], designated: bool
) -> None:
    found = a_quote(at, at, plan=plan, said=said, designated=designated)
    asked = sum(one["amount_yen"] for one in found["lines"] if one["code"] == "penalty")
    assert asked <= min(plan["monthly_fee_yen"], 1100 if designated else plan["monthly_fee_yen"])
    if found["early_exit"]:
        assert asked == 0
        assert {one["code"] for one in found["lines"]} <= {"usage", "works", "contract_cost", "refund"}


@given(instants, st.integers(0, 300), st.integers(0, 100), plans, yen)
def test_a_later_end_never_costs_less_with_the_bills_before_it(
    at: datetime, days: int, more: int, plan: dict[str, Any], options: int
) -> None:
    """Two ends of one request, at 24:00 in Japan: the later one has every day of the earlier one and some more."""
    today = (at + timedelta(hours=9)).date()
    sooner, later = (day_end(today + timedelta(days=count)) for count in (days, days + more))
    one, other = (a_quote(at, end, plan=plan, options_yen=options) for end in (sooner, later))
    assert until_the_end_yen(one) <= until_the_end_yen(other)


@given(st.integers(0, 150), st.integers(0, 60), plans, st.sets(st.integers(1, 8)), st.booleans())
def test_a_later_end_never_costs_less_where_months_were_billed_in_advance(
    days: int, more: int, plan: dict[str, Any], months: set[int], paid: bool
) -> None:
    at = datetime(2027, 1, 15, 3, 0, tzinfo=UTC)
    billed: list[Mapping[str, Any]] = [
        {
            "month": date(2027, one, 1),
            "amount_yen": plan["monthly_fee_yen"],
            "paid_on": date(2027, 1, 1) if paid else None,
        }
        for one in sorted(months)
    ]
    sooner, later = (day_end(date(2027, 1, 15) + timedelta(days=count)) for count in (days, days + more))
    plan |= {"final_month_policy": "full_month"} if plan["final_month_policy"] == "usage_tier" else {}
    one, other = (a_quote(at, end, plan=plan, bills=billed) for end in (sooner, later))
    assert until_the_end_yen(one) <= until_the_end_yen(other)
    assert one["total_yen"] == sum(row["amount_yen"] for row in one["lines"])


@given(st.dates(date(2026, 1, 1), date(2028, 12, 31)), plans)
def test_every_instant_of_a_day_in_japan_costs_the_same(day: date, plan: dict[str, Any]) -> None:
    """23:59:59 is still that day, on the 31st, in February and at the end of a year; Japan has no summer time."""
    for last in (day, month_end(day), date(day.year, 12, 31), date(day.year, 2, 28)):
        end = day_end(last)
        first, noon, latest = (
            a_quote(at, at, plan=plan)
            for at in (end - timedelta(hours=24), end - timedelta(hours=12), end - timedelta(seconds=1))
        )
        assert first == noon == latest == a_quote(end - timedelta(hours=12), end, plan=plan)
        assert first["last_day"] == last.isoformat()
