"""Is what a line will cost, if nothing is done, what its plan says and no more?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tojimari.lines.models import Bill, Line, Plan, Service
from tojimari.money.forecast import Forecast, forecast

TODAY = date(2026, 11, 22)


def look_ahead(
    *bills: Bill,
    today: date = TODAY,
    line: dict[str, Any] | None = None,
    services: Sequence[Service] = (),
    **plan: Any,
) -> Forecast:
    made = Plan(**({"monthly_fee_yen": 1078} | plan))
    return forecast(Line(plan=made, **(line or {})), made, bills, today=today, services=services)


def an_option(yen: int | None, **more: Any) -> Service:
    return Service(kind="option", monthly_fee_yen=yen, **more)


def test_a_plan_with_a_fixed_fee_costs_it_each_month_for_a_year() -> None:
    ahead = look_ahead()
    assert [month.month for month in ahead.months][::11] == [date(2026, 11, 1), date(2027, 10, 1)]
    assert (ahead.low_yen, ahead.high_yen, ahead.lapses_yen) == (12 * 1078, 12 * 1078, 0)
    assert not ahead.by_use


def test_a_month_that_is_billed_costs_nothing_new_and_other_bills_change_nothing() -> None:
    now = Bill(month=date(2026, 11, 1), amount_yen=1078, due_on=date(2026, 12, 31))
    old = Bill(month=date(2026, 9, 1), amount_yen=999, due_on=date(2026, 10, 31))
    ahead = look_ahead(now, old)
    assert ahead.months[0].billed
    assert ahead.high_yen == 11 * 1078


def test_options_are_added_to_each_month_that_is_not_billed() -> None:
    services = [an_option(550), an_option(330, lives_on=True), an_option(None), an_option(110, state="terminated")]
    billed = Bill(month=date(2026, 11, 1), amount_yen=1958, due_on=date(2026, 12, 31))
    ahead = look_ahead(billed, services=services)
    assert {month.options_yen for month in ahead.months[1:]} == {880}
    assert (ahead.plan_yen, ahead.options_yen, ahead.high_yen) == (11 * 1078, 11 * 880, 11 * 1958)
    assert ahead.goes_on_yen == 330
    by_use = look_ahead(services=services, final_month_policy="usage_tier")
    assert (by_use.low_yen, by_use.added_yen, by_use.high_yen) == (12 * 880, 12 * 1078, 12 * 1958)


def test_of_a_prepaid_line_that_is_over_only_the_options_of_their_own_go_on() -> None:
    services = [an_option(550), an_option(330, lives_on=True)]
    ahead = look_ahead(services=services, prepaid=True, line={"valid_until": date(2026, 12, 31), "balance_yen": 1500})
    assert [month.high_yen for month in ahead.months] == [880, 880] + [330] * 10
    assert ahead.highest_yen == 880 + 1500  # one bar on top of the other


def test_a_plan_by_use_is_a_range() -> None:
    ahead = look_ahead(final_month_policy="usage_tier", monthly_fee_yen=3278)
    assert (ahead.low_yen, ahead.high_yen) == (0, 12 * 3278)
    assert {month.added_yen for month in ahead.months} == {3278}
    assert ahead.by_use


@pytest.mark.parametrize(("until", "at"), [(date(2026, 11, 22), 0), (date(2026, 12, 31), 1), (date(2027, 10, 1), 11)])
def test_a_prepaid_line_costs_nothing_and_its_balance_lapses_with_its_validity(until: date, at: int) -> None:
    ahead = look_ahead(prepaid=True, line={"valid_until": until, "balance_yen": 1500})
    assert ahead.high_yen == 0
    assert [month.lapses_yen for month in ahead.months] == [0] * at + [1500] + [0] * (11 - at)
    assert [month.over for month in ahead.months] == [False] * (at + 1) + [True] * (11 - at)
    assert ahead.highest_yen == 1500


def test_a_validity_that_is_over_lapses_nothing_more() -> None:
    ahead = look_ahead(prepaid=True, line={"valid_until": date(2026, 11, 21), "balance_yen": 1500})
    assert ahead.lapses_yen == 0
    assert all(month.over for month in ahead.months)


def test_a_prepaid_line_without_an_end_lapses_nothing() -> None:
    ahead = look_ahead(prepaid=True, line={"balance_yen": 1500})
    assert (ahead.high_yen, ahead.lapses_yen) == (0, 0)


@given(
    st.dates(date(2020, 1, 1), date(2040, 12, 31)),
    st.integers(0, 20_000),
    st.sampled_from(["full_month", "daily_prorata", "usage_tier"]),
)
def test_twelve_months_follow_each_other_and_add_up(today: date, fee: int, policy: str) -> None:
    ahead = look_ahead(today=today, monthly_fee_yen=fee, final_month_policy=policy)
    numbers = [month.month.year * 12 + month.month.month for month in ahead.months]
    assert numbers == list(range(today.year * 12 + today.month, today.year * 12 + today.month + 12))
    assert all(0 <= month.low_yen <= month.high_yen == fee for month in ahead.months)
    assert ahead.low_yen + sum(month.added_yen for month in ahead.months) == ahead.high_yen
