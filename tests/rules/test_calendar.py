"""Do days, month ends and business days fall as Japan's calendar says?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import jpholiday
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tojimari.rules.calendar import (
    YearNotKnown,
    add_business_days,
    add_months,
    day_end,
    day_start,
    is_bank_day,
    is_business_day,
    is_holiday,
    jst_date,
    month_end,
    payable_until,
)

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
KNOWN = st.dates(date(2024, 1, 1), date(2027, 11, 30))
INSTANTS = st.builds(  # often one second from midnight in Japan, told in any time zone
    lambda day, seconds, zone: (datetime(day.year, day.month, day.day, 15, tzinfo=UTC) + seconds * SECOND).astimezone(
        zone
    ),
    st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    st.sampled_from([-1, 0, 1]) | st.integers(0, 86399),
    st.timezones(),
)


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 5, 1), 1, date(2026, 5, 7)),
        (date(2026, 9, 18), 1, date(2026, 9, 24)),
        (date(2026, 11, 20), 1, date(2026, 11, 24)),
        (date(2026, 12, 25), 1, date(2026, 12, 28)),
        (date(2026, 12, 28), 1, date(2027, 1, 4)),
        (date(2026, 12, 28), 3, date(2027, 1, 6)),
        (date(2027, 3, 19), 1, date(2027, 3, 23)),
    ],
)
def test_counts_business_days_over_golden_week_silver_week_and_new_year(day: date, count: int, expected: date) -> None:
    assert add_business_days(day, count) == expected


@pytest.mark.parametrize("day", [date(2026, 5, 6), date(2026, 9, 22), date(2027, 3, 22)])
def test_substitute_and_sandwiched_holidays_are_known(day: date) -> None:
    assert is_holiday(day)


def test_every_day_of_the_known_years_agrees_with_a_second_library() -> None:
    day, wrong = date(2024, 1, 1), []
    while day.year <= 2027:
        turn_of_year = (day.month, day.day) in {(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)}
        if is_holiday(day) != (day.weekday() >= 5 or jpholiday.is_holiday(day) or turn_of_year):
            wrong.append(day)
        day += DAY
    assert wrong == []


@pytest.mark.parametrize("year", [2023, 2028])
def test_a_year_that_is_not_official_is_an_error_and_no_guess(year: int) -> None:
    with pytest.raises(YearNotKnown) as caught:
        is_business_day(date(year, 6, 3))
    assert (caught.value.code, caught.value.facts) == ("calendar.year_not_known", {"year": year})
    assert str(caught.value) == f"calendar.year_not_known (year={year})"


def test_counting_out_of_the_known_years_is_an_error_too() -> None:
    with pytest.raises(YearNotKnown):
        add_business_days(date(2027, 12, 28), 1)


def test_business_days_are_counted_from_one() -> None:
    with pytest.raises(ValueError, match="from 1"):
        add_business_days(date(2026, 11, 20), 0)


@pytest.mark.parametrize(
    ("day", "moved"),
    [
        (date(2026, 11, 20), date(2026, 11, 20)),  # a Friday stays
        (date(2026, 11, 22), date(2026, 11, 24)),  # a Sunday, and the Monday after it is a holiday
        (date(2026, 11, 28), date(2026, 11, 30)),  # a Saturday: banks are closed
        (date(2026, 5, 2), date(2026, 5, 7)),  # Golden Week: Saturday, Sunday, two holidays, one in lieu of the Sunday
        (date(2026, 5, 6), date(2026, 5, 7)),  # the holiday in lieu itself
        (date(2027, 3, 21), date(2027, 3, 23)),  # an equinox on a Sunday, and the holiday in lieu
        (date(2026, 9, 19), date(2026, 9, 24)),  # silver week, with a day between two holidays
        (date(2026, 12, 29), date(2026, 12, 29)),  # public offices are closed, banks are open
        (date(2026, 12, 31), date(2027, 1, 4)),
        (date(2027, 1, 3), date(2027, 1, 4)),
    ],
)
def test_a_time_to_pay_ends_on_a_day_on_which_banks_are_open(day: date, moved: date) -> None:
    assert payable_until(day) == moved


@given(st.dates(date(2024, 1, 1), date(2027, 12, 26)))
def test_a_day_to_pay_is_never_moved_forward_in_time_nor_over_an_open_day(day: date) -> None:
    moved = payable_until(day)
    assert day <= moved
    assert is_bank_day(moved)
    assert not any(is_bank_day(day + DAY * count) for count in range((moved - day).days))


@pytest.mark.parametrize("day", [date(2027, 12, 31), date(2028, 2, 1)])
def test_a_day_to_pay_in_a_year_that_is_not_official_is_an_error_and_no_guess(day: date) -> None:
    with pytest.raises(YearNotKnown):
        payable_until(day)


@given(KNOWN, KNOWN)
def test_a_later_start_never_gives_an_earlier_business_day(one: date, other: date) -> None:
    first, second = sorted((one, other))
    assert add_business_days(first, 1) <= add_business_days(second, 1)


@given(st.dates(date(2024, 1, 1), date(2027, 6, 30)), st.integers(1, 20), st.integers(1, 20))
def test_counting_in_two_goes_is_counting_in_one(day: date, some: int, more: int) -> None:
    arrived = add_business_days(day, some)
    assert is_business_day(arrived)
    assert add_business_days(arrived, more) == add_business_days(day, some + more)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 11, 30, 14, 59, 59, tzinfo=UTC), date(2026, 11, 30)),
        (datetime(2026, 11, 30, 14, 59, 59, 999999, tzinfo=UTC), date(2026, 11, 30)),
        (datetime(2026, 11, 30, 15, tzinfo=UTC), date(2026, 12, 1)),
        (datetime(2026, 11, 30, 7, tzinfo=timezone(-8 * timedelta(hours=1))), date(2026, 12, 1)),
    ],
)
def test_the_day_changes_at_fifteen_hours_utc(at: datetime, day: date) -> None:
    assert jst_date(at) == day


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a time zone"):
        jst_date(datetime.fromisoformat("2026-11-30T12:00:00"))


@given(INSTANTS)
def test_an_instant_lies_between_the_start_and_the_end_of_its_day(at: datetime) -> None:
    day = jst_date(at)
    assert day_start(day) <= at < day_end(day)
    assert day_end(day) == day_start(day + DAY)
    assert day_end(day).tzinfo is UTC


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_a_month_end_is_followed_by_a_first(day: date) -> None:
    assert (month_end(day) + DAY).day == 1
    assert month_end(day).month == day.month


@pytest.mark.parametrize(
    ("first", "months", "expected"),
    [
        (date(2026, 12, 1), 36, date(2029, 12, 1)),
        (date(2028, 2, 29), 36, date(2031, 3, 1)),
        (date(2026, 8, 31), 6, date(2027, 3, 1)),
        (date(2026, 11, 15), 2, date(2027, 1, 15)),
        (date(2027, 1, 30), 3, date(2027, 4, 30)),
    ],
)
def test_a_period_of_months_ends_as_the_civil_code_says(first: date, months: int, expected: date) -> None:
    assert add_months(first, months) == expected
