"""Can somebody be reached exactly when the hours that a source names say so, and is nothing added to them?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tojimari.rules.calendar import JST
from tojimari.rules.hours import ALWAYS, Hours, Opens, Said, clock_minutes, new_year_days, weekday_numbers

WORKDAYS, EVERY_DAY = frozenset(range(5)), frozenset(range(7))
NINE_TO_SIX = (Opens(9 * 60, 18 * 60, WORKDAYS),)
OFFICE = Hours(NINE_TO_SIX, holidays_open=False, new_year_closed=((12, 29), (1, 3)))


def tokyo(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=JST)


def test_the_last_minute_is_the_one_before_it_closes() -> None:
    shop = Hours((Opens(10 * 60, 19 * 60, EVERY_DAY),), holidays_open=True, new_year_open=True)

    assert shop.last(tokyo(2027, 2, 1)).sure == tokyo(2027, 1, 31, 19)
    assert shop.at(tokyo(2027, 1, 31, 18, 59)) is Said.OPEN
    assert shop.at(tokyo(2027, 1, 31, 19)) is Said.CLOSED


def test_a_cutoff_while_it_is_open_stays_as_it_is() -> None:
    assert OFFICE.last(tokyo(2026, 11, 30, 17)).sure == tokyo(2026, 11, 30, 17)


def test_before_it_opens_the_day_before_is_the_last_one() -> None:
    assert OFFICE.last(tokyo(2026, 12, 2, 9)).sure == tokyo(2026, 12, 1, 18)


@pytest.mark.parametrize(
    ("cutoff", "last"),
    [
        (tokyo(2026, 11, 30), tokyo(2026, 11, 27, 18)),  # a Sunday ends: Friday
        (tokyo(2027, 5, 6), tokyo(2027, 4, 30, 18)),  # Golden Week: 3, 4 and 5 May, and the weekend before
        (tokyo(2027, 1, 4, 9), tokyo(2026, 12, 28, 18)),  # New Year
        (tokyo(2026, 9, 24), tokyo(2026, 9, 18, 18)),  # 21 to 23 September 2026: three days in a row
        (tokyo(2026, 11, 24), tokyo(2026, 11, 20, 18)),  # 勤労感謝の日 on a Monday
    ],
)
def test_weekends_holidays_and_new_year_are_passed_over(cutoff: datetime, last: datetime) -> None:
    assert OFFICE.last(cutoff).sure == last


def test_what_a_source_does_not_say_of_holidays_is_not_sure() -> None:
    silent = Hours(NINE_TO_SIX)

    found = silent.last(tokyo(2026, 11, 24))

    assert found.sure == tokyo(2026, 11, 20, 18)
    assert found.perhaps == tokyo(2026, 11, 23, 18)
    assert silent.at(tokyo(2026, 11, 23, 12)) is Said.NOT_SAID
    assert silent.at(tokyo(2026, 12, 29, 12)) is Said.NOT_SAID
    assert silent.at(tokyo(2026, 11, 22, 12)) is Said.CLOSED


def test_without_days_the_clock_counts_and_no_moment_is_sure() -> None:
    found = Hours((Opens(9 * 60, 20 * 60),)).last(tokyo(2026, 12, 1))

    assert found.sure is None
    assert found.perhaps == tokyo(2026, 11, 30, 20)


def test_a_year_whose_holidays_are_not_official_is_not_promised() -> None:
    assert OFFICE.at(tokyo(2035, 6, 4, 12)) is Said.NOT_SAID
    assert Hours(NINE_TO_SIX, holidays_open=True, new_year_open=True).at(tokyo(2035, 6, 4, 12)) is Said.OPEN


def test_open_at_new_year_says_nothing_of_other_holidays() -> None:
    hours = Hours((Opens(9 * 60, 18 * 60, EVERY_DAY),), new_year_open=True)

    assert hours.at(tokyo(2027, 1, 1, 12)) is Said.OPEN
    assert hours.at(tokyo(2026, 11, 23, 12)) is Said.NOT_SAID


def test_day_and_night_has_no_last_hour() -> None:
    assert ALWAYS.last(tokyo(2027, 1, 1)).sure == tokyo(2027, 1, 1)
    assert ALWAYS.next_change(tokyo(2027, 1, 1)) is None


def test_when_it_opens_next_and_when_it_closes() -> None:
    assert OFFICE.next_change(tokyo(2026, 12, 28, 17)) == tokyo(2026, 12, 28, 18)
    assert OFFICE.next_change(tokyo(2026, 12, 28, 18)) == tokyo(2027, 1, 4, 9)
    assert Hours((Opens(9 * 60, 20 * 60),)).next_change(tokyo(2026, 12, 28, 18)) is None


def test_a_night_shift_is_one_time_of_being_open() -> None:
    night = Hours(
        (Opens(0, 120, EVERY_DAY), Opens(22 * 60, 24 * 60, EVERY_DAY)), holidays_open=True, new_year_open=True
    )

    assert night.next_change(tokyo(2026, 11, 30, 23)) == tokyo(2026, 12, 1, 2)


def test_never_open_has_no_last_moment() -> None:
    assert Hours(()).last(tokyo(2026, 12, 1)).sure is None


@pytest.mark.parametrize("text", ["9:00", "24:01", "25:00", "0900", "09:60", "９:00"])
def test_what_is_no_clock_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="time of day"):
        clock_minutes(text)


@pytest.mark.parametrize("text", ["12-32/01-03", "06-29/07-03", "01-03/12-29", "12-01/01-10", "12-29"])
def test_what_are_no_days_around_new_year_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"day|month|New Year"):
        new_year_days(text)


def test_clocks_days_and_new_year_are_read() -> None:
    assert clock_minutes("24:00") == 1440
    assert weekday_numbers(("mon", "sun")) == {0, 6}
    assert new_year_days("12-31/12-31") == ((12, 31), (12, 31))
    assert new_year_days("01-01/01-03") == ((1, 1), (1, 3))


spans = st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda each: each[0] < each[1])
some_days = st.none() | st.frozensets(st.integers(0, 6), min_size=1)
weeks = st.lists(
    st.builds(lambda span, days: Opens(span[0], span[1], days), spans, some_days),
    min_size=1,
    max_size=3,
)
some_hours = st.builds(
    Hours,
    weeks.map(tuple),
    holidays_open=st.none() | st.booleans(),
    new_year_closed=st.none() | st.just(((12, 29), (1, 3))) | st.just(((12, 31), (1, 1))),
    new_year_open=st.booleans(),
)
instants = st.integers(0, 3 * 365 * 1440).map(lambda minutes: tokyo(2025, 1, 1) + timedelta(minutes=minutes))
MINUTE = timedelta(minutes=1)


@settings(max_examples=150)
@given(some_hours, instants)
def test_the_last_minute_is_open_and_not_after_the_cutoff_and_none_between_is_surely_open(
    hours: Hours, cutoff: datetime
) -> None:
    found = hours.last(cutoff)
    if found.sure is not None:
        assert found.sure <= cutoff
        assert hours.at(found.sure - MINUTE) is Said.OPEN
        minutes = min(int((cutoff - found.sure) / MINUTE), 3000)
        assert all(hours.at(found.sure + each * MINUTE) is not Said.OPEN for each in range(0, minutes, 13))
    if found.perhaps is not None:
        assert (found.sure or found.perhaps) <= found.perhaps <= cutoff
        assert hours.at(found.perhaps - MINUTE) is not Said.CLOSED


@settings(max_examples=100)
@given(some_hours, instants)
def test_the_next_change_changes_what_is_said(hours: Hours, at: datetime) -> None:
    change = hours.next_change(at)
    if change is not None:
        assert change > at
        assert change.tzinfo is UTC
        assert hours.at(change) is not hours.at(at)
        assert hours.at(change - MINUTE) is hours.at(at)


def test_days_are_days_of_japan() -> None:
    sunday = Hours((Opens(0, 1440, frozenset({6})),), holidays_open=True, new_year_open=True)
    assert date(2026, 11, 29).weekday() == 6
    assert sunday.at(datetime(2026, 11, 28, 15, tzinfo=UTC)) is Said.OPEN
    assert sunday.at(datetime(2026, 11, 28, 14, 59, tzinfo=UTC)) is Said.CLOSED
