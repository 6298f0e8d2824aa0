"""Is the price of leaving never more than the law allows, to the yen?"""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tojimari.platform.acting import Refused
from tojimari.rules.charges import (
    Charge,
    ChargeCode,
    FinalMonth,
    Rounding,
    Tier,
    divided,
    early_exit_cost,
    final_month,
    given_back,
    penalty,
    penalty_cap,
    refuse_beyond_early_exit,
    tax_within,
)

ENDS = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("fee", "contracted_on", "designated", "corporate", "cap"),
    [
        (2970, date(2022, 7, 1), True, False, 1100),
        (2970, date(2022, 7, 1), False, False, 2970),
        (990, date(2022, 7, 1), True, False, 990),
        (990, date(2022, 7, 1), False, False, 990),
        (2970, date(2022, 7, 1), False, True, None),
        (2970, date(2022, 7, 1), True, True, None),
        (2970, date(2022, 6, 30), False, False, None),
        (2970, date(2022, 6, 30), True, False, 1100),
        (2970, date(2019, 9, 30), True, False, None),
    ],
)
def test_the_cap_follows_carrier_customer_and_day_of_contract(
    fee: int, contracted_on: date, designated: bool, corporate: bool, cap: int | None
) -> None:
    found = penalty_cap(fee, contracted_on=contracted_on, ends_on=ENDS, designated=designated, corporate=corporate)
    assert (found.amount_yen if found else None) == cap


def test_a_penalty_is_cut_to_the_cap_and_names_its_basis() -> None:
    cap = penalty_cap(2970, contracted_on=date(2025, 1, 1), ends_on=ENDS, designated=True, corporate=False)
    assert penalty(10450, cap) == Charge(
        ChargeCode.PENALTY, 1100, "電気通信事業法 27-3, 電気通信事業法施行規則 22-2-17"
    )
    assert penalty(1000, cap) == Charge(ChargeCode.PENALTY, 1000, "contract terms")
    assert penalty(10450, None).amount_yen == 10450


@pytest.mark.parametrize(
    ("last_day", "started_on", "expected"),
    [
        (date(2026, 11, 30), None, 2970),
        (date(2026, 11, 22), None, 2178),
        (date(2026, 11, 1), None, 99),
        (date(2027, 2, 13), None, 1378),  # 1378.92...: the fraction is dropped
        (date(2026, 11, 22), date(2026, 11, 20), 297),
        (date(2026, 11, 22), date(2026, 12, 1), 0),
    ],
)
def test_a_month_by_the_day_counts_the_last_day(last_day: date, started_on: date | None, expected: int) -> None:
    charge = final_month(FinalMonth.DAILY_PRORATA, last_day, monthly_fee_yen=2970, started_on=started_on)
    assert charge == Charge(ChargeCode.USAGE, expected, "contract terms", "down")


def test_a_full_month_and_a_prepaid_plan() -> None:
    assert final_month(FinalMonth.FULL_MONTH, date(2026, 11, 1), monthly_fee_yen=2970).amount_yen == 2970
    assert final_month(FinalMonth.PREPAID_NONE, date(2026, 11, 1), monthly_fee_yen=2970).amount_yen == 0


@pytest.mark.parametrize(("used_mb", "expected"), [(0, 1078), (3072, 1078), (3073, 2178), (20480, 2178), (20481, 3278)])
def test_a_plan_by_data_bands_includes_the_band_s_edge(used_mb: int, expected: int) -> None:
    tiers = [Tier(3072, 1078), Tier(20480, 2178), Tier(None, 3278)]
    assert final_month(FinalMonth.USAGE_TIER, ENDS, tiers=tiers, used_mb=used_mb).amount_yen == expected


def test_data_beyond_the_last_band_is_refused_and_not_free() -> None:
    with pytest.raises(Refused) as caught:
        final_month(FinalMonth.USAGE_TIER, ENDS, tiers=[Tier(1024, 500)], used_mb=1025)
    assert caught.value.code == "charge.no_tier"


def test_initial_cancellation_allows_no_penalty() -> None:
    allowed = [
        Charge(code, 100, "電気通信事業法 26-3(3)")
        for code in (ChargeCode.USAGE, ChargeCode.WORKS, ChargeCode.CONTRACT_COST, ChargeCode.LATE_INTEREST)
    ]
    refuse_beyond_early_exit(allowed)
    for code in (ChargeCode.PENALTY, ChargeCode.OTHER):
        with pytest.raises(Refused) as caught:
            refuse_beyond_early_exit([*allowed, Charge(code, 1, "contract terms")])
        assert caught.value.facts == {"charge": code.value}


@pytest.mark.parametrize(
    ("amount", "parts", "down", "up", "half_up"),
    [(100, 3, 33, 34, 33), (200, 3, 66, 67, 67), (5, 2, 2, 3, 3), (6, 3, 2, 2, 2), (0, 31, 0, 0, 0)],
)
def test_a_fraction_of_a_yen_goes_where_the_plan_says(
    amount: int, parts: int, down: int, up: int, half_up: int
) -> None:
    assert [divided(amount, parts, way) for way in Rounding] == [down, up, half_up]


@pytest.mark.parametrize(("amount", "tax"), [(1100, 100), (1099, 99), (0, 0), (-1100, -100), (-1099, -99)])
def test_the_tax_within_an_amount_is_the_same_for_what_is_given_back(amount: int, tax: int) -> None:
    assert tax_within(amount, 10) == tax


def test_the_cost_of_making_a_contract_is_cut_to_its_cap_and_works_without_a_known_cap_cost_nothing() -> None:
    assert early_exit_cost(ChargeCode.CONTRACT_COST, 3850, on=ENDS).amount_yen == 3300
    assert early_exit_cost(ChargeCode.CONTRACT_COST, 2200, on=ENDS).amount_yen == 2200
    assert early_exit_cost(ChargeCode.WORKS, 22000, on=ENDS).amount_yen == 0
    assert early_exit_cost(ChargeCode.CONTRACT_COST, 3850, on=date(2019, 9, 30)).amount_yen == 0


def test_what_is_given_back_is_below_zero_and_allowed_in_the_first_days() -> None:
    back = given_back(5000, "contract terms")
    assert (back.code, back.amount_yen) == (ChargeCode.REFUND, -5000)
    refuse_beyond_early_exit([back])


@given(st.integers(0, 20000), st.integers(0, 50000), st.booleans())
def test_no_consumer_ever_pays_more_than_a_month(fee: int, agreed: int, designated: bool) -> None:
    cap = penalty_cap(fee, contracted_on=date(2024, 4, 1), ends_on=ENDS, designated=designated, corporate=False)
    assert penalty(agreed, cap).amount_yen <= min(fee, agreed)


@given(st.integers(0, 20000), st.dates(date(2024, 1, 1), date(2027, 12, 31)))
def test_a_month_by_the_day_never_costs_more_than_the_month(fee: int, last_day: date) -> None:
    by_day = final_month(FinalMonth.DAILY_PRORATA, last_day, monthly_fee_yen=fee).amount_yen
    assert 0 <= by_day <= fee
