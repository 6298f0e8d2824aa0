"""Is a request in time for the end that the person wants?"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tojimari.platform.acting import Refused
from tojimari.rules.calendar import JST, jst
from tojimari.rules.cutoffs import (
    BeforeDeparture,
    BeforeMonthEnd,
    BeforeRenewal,
    BusinessDayOfMonth,
    Cutoff,
    Daily,
    DayOfMonth,
    closes_at,
    from_toml,
    in_time,
    last_day_to_ask,
    month_end_for,
)

SECOND = timedelta(seconds=1)


def tokyo(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=JST)


@pytest.mark.parametrize(
    ("row", "cutoff"),
    [
        ({"kind": "day_of_month", "day": 25}, DayOfMonth(25)),
        ({"kind": "before_month_end", "days": 1, "time": "17:59"}, BeforeMonthEnd(1, time(17, 59))),
        ({"kind": "before_month_end", "days": 0}, BeforeMonthEnd(0)),
        ({"kind": "daily", "time": "20:00"}, Daily(time(20))),
        ({"kind": "daily", "time": "24:00"}, Daily(None)),
        ({"kind": "business_day_of_month", "n": -3, "time": "17:00"}, BusinessDayOfMonth(-3, time(17))),
        ({"kind": "before_renewal", "days": 7}, BeforeRenewal(7)),
        ({"kind": "before_departure", "days": 10}, BeforeDeparture(10)),
    ],
)
def test_reads_each_kind(row: dict[str, Any], cutoff: Cutoff) -> None:
    assert from_toml(row) == cutoff


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({}, "cutoff.kind"),
        ({"kind": "weekly"}, "cutoff.kind"),
        ({"kind": "day_of_month"}, "cutoff.number"),
        ({"kind": "day_of_month", "day": 0}, "cutoff.number"),
        ({"kind": "day_of_month", "day": 32}, "cutoff.number"),
        ({"kind": "day_of_month", "day": "25"}, "cutoff.number"),
        ({"kind": "day_of_month", "day": True}, "cutoff.number"),
        ({"kind": "business_day_of_month", "n": 0}, "cutoff.number"),
        ({"kind": "daily", "time": "8 pm"}, "cutoff.time"),
        ({"kind": "daily", "time": "20:00:30"}, "cutoff.time"),
        ({"kind": "daily", "time": "20:00+09:00"}, "cutoff.time"),
        ({"kind": "daily", "time": 20}, "cutoff.time"),
        ({"kind": "daily", "days": 1}, "cutoff.unknown_key"),
    ],
)
def test_refuses_what_it_cannot_read(row: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as caught:
        from_toml(row)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("cutoff", "end", "too_late"),
    [
        (DayOfMonth(25), date(2026, 11, 30), tokyo(2026, 11, 26)),
        (DayOfMonth(31), date(2027, 2, 28), tokyo(2027, 3, 1)),
        (BeforeMonthEnd(1, time(17, 59)), date(2026, 11, 30), tokyo(2026, 11, 29, 18)),
        (BeforeMonthEnd(0), date(2026, 11, 30), tokyo(2026, 12, 1)),
        (Daily(time(20)), date(2026, 11, 30), tokyo(2026, 11, 30, 20)),
        (Daily(None), date(2026, 11, 30), tokyo(2026, 12, 1)),
        (BusinessDayOfMonth(1), date(2027, 1, 31), tokyo(2027, 1, 5)),
        (BusinessDayOfMonth(-1, time(17)), date(2026, 12, 31), tokyo(2026, 12, 28, 17)),
        (BeforeRenewal(7), date(2026, 12, 10), tokyo(2026, 12, 4)),
        (BeforeDeparture(10), date(2026, 12, 1), tokyo(2026, 11, 22)),
    ],
)
def test_the_last_second_is_in_time_and_the_next_is_not(cutoff: Cutoff, end: date, too_late: datetime) -> None:
    assert closes_at(cutoff, end) == too_late
    assert in_time(cutoff, too_late - SECOND, end)
    assert not in_time(cutoff, too_late, end)


@pytest.mark.parametrize(
    ("cutoff", "at", "expected"),
    [
        (DayOfMonth(25), tokyo(2026, 11, 25, 23, 59, 59), date(2026, 11, 30)),
        (DayOfMonth(25), tokyo(2026, 11, 26), date(2026, 12, 31)),
        (BeforeMonthEnd(1, time(17, 59)), tokyo(2026, 12, 30, 18), date(2027, 1, 31)),
        (Daily(time(20)), tokyo(2026, 11, 29, 23), date(2026, 11, 30)),
        (Daily(time(20)), tokyo(2026, 11, 30, 20), date(2026, 12, 31)),
        (BeforeRenewal(7), tokyo(2026, 11, 30, 23, 59, 59), date(2026, 11, 30)),
        (None, tokyo(2026, 11, 30, 23, 59, 59), date(2026, 11, 30)),
        (None, tokyo(2026, 12, 1), date(2026, 12, 31)),
    ],
)
def test_a_missed_cutoff_means_the_next_month(cutoff: Cutoff | None, at: datetime, expected: date) -> None:
    assert month_end_for(cutoff, at) == expected


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(1, 31), st.integers(0, 27), st.times())
def test_the_last_day_to_ask_is_in_the_month_that_ends(end: date, day: int, days: int, clock: time) -> None:
    for cutoff in (DayOfMonth(day, clock), BeforeMonthEnd(days, clock), Daily(clock)):
        asked = last_day_to_ask(cutoff, end)
        assert (asked.year, asked.month) == (end.year, end.month)
        assert jst(closes_at(cutoff, end)).date() - asked in (timedelta(0), timedelta(days=1))
