"""Does the contract end when it must, whatever the clock of the server says?"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from tojimari.platform.acting import Refused
from tojimari.rules.calendar import JST, day_start, jst_date
from tojimari.rules.cutoffs import BeforeDeparture, BeforeMonthEnd, Cutoff, Daily, DayOfMonth
from tojimari.rules.effective import BusinessDays, Effective, MonthEnd, Now, OnDate, ends_at, last_day, parse

ASKED = datetime(2026, 11, 22, 12, tzinfo=JST)
INSTANTS = st.builds(  # often one second from midnight in Japan
    lambda day, seconds: day_start(day) + timedelta(seconds=seconds),
    st.dates(date(2024, 1, 2), date(2027, 6, 1)),
    st.sampled_from([-1, 0, 1]) | st.integers(0, 86399),
)
CUTOFFS: st.SearchStrategy[Cutoff | None] = st.one_of(
    st.none(),
    st.builds(Daily, st.times()),
    st.builds(DayOfMonth, st.integers(1, 31), st.times()),
    st.builds(BeforeMonthEnd, st.integers(0, 27), st.times()),
)


@pytest.mark.parametrize(
    ("text", "effective"),
    [
        ("now", Now()),
        (" Month-End ", MonthEnd()),
        ("2026-12-31", OnDate(date(2026, 12, 31))),
        ("5bd", BusinessDays(5)),
    ],
)
def test_reads_each_choice_and_writes_it_back(text: str, effective: Effective) -> None:
    assert parse(text) == effective
    assert parse(str(effective)) == effective


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "effective.unreadable"),
        ("tomorrow", "effective.unreadable"),
        ("2026-02-30", "effective.unreadable"),
        ("20261231", "effective.unreadable"),
        ("-1bd", "effective.unreadable"),
        ("0bd", "effective.business_days"),
        ("61bd", "effective.business_days"),
    ],
)
def test_refuses_what_is_no_choice(text: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        parse(text)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("effective", "at", "last"),
    [
        (MonthEnd(), datetime(2026, 11, 30, 14, 59, 59, tzinfo=UTC), date(2026, 11, 30)),
        (MonthEnd(), datetime(2026, 11, 30, 15, 0, 0, tzinfo=UTC), date(2026, 12, 31)),
        (OnDate(date(2026, 11, 30)), datetime(2026, 11, 30, 14, 59, 59, tzinfo=UTC), date(2026, 11, 30)),
        (BusinessDays(1), datetime(2026, 11, 20, 14, 59, 59, tzinfo=UTC), date(2026, 11, 24)),
        (BusinessDays(1), datetime(2026, 11, 24, 15, 0, 0, tzinfo=UTC), date(2026, 11, 26)),
        (BusinessDays(3), datetime(2026, 12, 28, 0, 0, 0, tzinfo=UTC), date(2027, 1, 6)),
    ],
)
def test_the_end_is_midnight_in_japan_after_the_last_day(effective: Effective, at: datetime, last: date) -> None:
    end = ends_at(effective, at)
    assert end == datetime.combine(last + timedelta(days=1), time.min, JST)
    assert last_day(end) == last


def test_now_is_the_instant_of_the_request() -> None:
    assert ends_at(Now(), ASKED) == ASKED
    assert last_day(ASKED) == date(2026, 11, 22)


def test_the_cutoff_moves_a_month_end_and_advice_moves_nothing() -> None:
    late = datetime(2026, 11, 26, tzinfo=JST)
    assert last_day(ends_at(MonthEnd(), late, DayOfMonth(25))) == date(2026, 12, 31)
    assert last_day(ends_at(MonthEnd(), late - timedelta(seconds=1), DayOfMonth(25))) == date(2026, 11, 30)
    assert last_day(ends_at(MonthEnd(), late, BeforeDeparture(10))) == date(2026, 11, 30)
    assert last_day(ends_at(OnDate(date(2026, 11, 27)), late, BeforeDeparture(10))) == date(2026, 11, 27)


def test_month_ends_and_business_days_wait_for_the_earliest_day() -> None:
    visit = date(2026, 12, 3)
    assert last_day(ends_at(MonthEnd(), ASKED, earliest=visit)) == date(2026, 12, 31)
    assert last_day(ends_at(BusinessDays(1), ASKED, earliest=visit)) == visit
    assert last_day(ends_at(BusinessDays(10), ASKED, earliest=date(2026, 11, 24))) == date(2026, 12, 7)


@pytest.mark.parametrize(
    ("effective", "cutoff", "earliest", "code"),
    [
        (OnDate(date(2026, 11, 21)), None, None, "effective.past"),
        (OnDate(date(2027, 11, 23)), None, None, "effective.too_far"),
        (OnDate(date(2026, 11, 23)), None, date(2026, 11, 24), "effective.too_early"),
        (Now(), None, date(2026, 11, 23), "effective.too_early"),
        (OnDate(date(2026, 12, 30)), DayOfMonth(25), None, "effective.not_month_end"),
        (OnDate(date(2026, 11, 30)), DayOfMonth(21), None, "effective.cutoff_passed"),
        (OnDate(date(2026, 11, 22)), Daily(time(12)), None, "effective.cutoff_passed"),
        (BusinessDays(0), None, None, "effective.business_days"),
    ],
)
def test_refuses_a_day_that_cannot_be(
    effective: Effective, cutoff: Cutoff | None, earliest: date | None, code: str
) -> None:
    with pytest.raises(Refused) as caught:
        ends_at(effective, ASKED, cutoff, earliest)
    assert caught.value.code == code


def test_today_and_the_same_day_next_year_can_be_chosen() -> None:
    for day in (date(2026, 11, 22), date(2027, 11, 22)):
        assert last_day(ends_at(OnDate(day), ASKED)) == day


def test_a_missed_cutoff_says_when_it_was() -> None:
    with pytest.raises(Refused) as caught:
        ends_at(OnDate(date(2026, 11, 30)), ASKED, BeforeMonthEnd(9, time(17, 59)))
    assert caught.value.facts == {"closed_at": "2026-11-21T18:00:00+09:00"}


def test_business_days_beyond_the_known_holidays_are_refused() -> None:
    with pytest.raises(Refused) as caught:
        ends_at(BusinessDays(5), datetime(2027, 12, 28, tzinfo=JST))
    assert caught.value.code == "calendar.year_not_known"


@given(
    st.one_of(st.just(Now()), st.just(MonthEnd()), st.builds(BusinessDays, st.integers(1, 60))),
    INSTANTS,
    CUTOFFS,
)
def test_the_end_is_never_before_the_request(effective: Effective, at: datetime, cutoff: Cutoff | None) -> None:
    end = ends_at(effective, at, cutoff)
    assert end >= at
    assert end.utcoffset() is not None
    assert last_day(end) >= jst_date(at) - timedelta(days=1)  # "now" at 0:00 sharp ends the day before


@given(INSTANTS, CUTOFFS, st.integers(-10, 400))
def test_a_chosen_day_is_kept_exactly_or_refused(at: datetime, cutoff: Cutoff | None, ahead: int) -> None:
    day = jst_date(at) + timedelta(days=ahead)
    try:
        end = ends_at(OnDate(day), at, cutoff)
    except Refused:
        event("refused")
    else:
        assert last_day(end) == day
        assert end > at


@given(INSTANTS, INSTANTS, CUTOFFS)
def test_asking_later_never_ends_earlier(one: datetime, other: datetime, cutoff: Cutoff | None) -> None:
    first, second = sorted((one, other))
    assert ends_at(MonthEnd(), first, cutoff) <= ends_at(MonthEnd(), second, cutoff)
