"""Is a shop open when its hours say so, in Japan, and at no other time?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tojimari.platform.acting import Refused
from tojimari.rules.opening import Opening, check_hours

MONDAY, SATURDAY = date(2026, 11, 30), date(2026, 11, 28)
LABOUR_DAY = date(2026, 11, 23)  # a Monday, 勤労感謝の日
HOURS = {"mon": [["10:00", "13:00"], ["14:00", "15:00"]], "tue": [["00:00", "24:00"]]}


def test_times_begin_with_the_span_and_end_before_the_shop_closes() -> None:
    times = Opening(HOURS).times(MONDAY, 40)
    assert [f"{time + timedelta(hours=9):%H:%M}" for time in times] == ["10:00", "10:40", "11:20", "12:00", "14:00"]
    assert all(time.tzinfo is UTC for time in times)


def test_ten_in_the_morning_in_japan_is_one_oclock_utc() -> None:
    assert Opening(HOURS).spans(MONDAY)[0].since == datetime(2026, 11, 30, 1, 0, tzinfo=UTC)


def test_a_shop_that_never_closes_takes_visits_around_the_clock() -> None:
    times = Opening(HOURS).times(date(2026, 12, 1), 60)
    assert len(times) == 24
    assert times[-1] == datetime(2026, 12, 1, 14, 0, tzinfo=UTC)


def test_a_weekday_that_is_left_out_is_closed() -> None:
    assert Opening(HOURS).spans(SATURDAY) == []


def test_a_single_closed_day_is_closed() -> None:
    assert Opening(HOURS, frozenset({"2026-11-30"})).times(MONDAY, 20) == []


def test_a_holiday_closes_only_those_shops_that_say_so() -> None:
    assert Opening(HOURS, closed_on_holidays=True).spans(LABOUR_DAY) == []
    assert Opening(HOURS).spans(LABOUR_DAY) != []
    assert Opening(HOURS, closed_on_holidays=True).spans(MONDAY) != []


def test_a_year_whose_holidays_are_not_official_is_not_promised() -> None:
    day = date(2035, 6, 4)
    assert day.weekday() == 0
    assert Opening(HOURS, closed_on_holidays=True).spans(day) == []
    assert Opening(HOURS).spans(day) != []


@pytest.mark.parametrize("hours", [{}, HOURS, {"sun": []}, {"fri": [["09:00", "24:00"]]}])
def test_hours_that_can_be_read_pass(hours: object) -> None:
    check_hours(hours)


@pytest.mark.parametrize(
    ("hours", "weekday"),
    [
        ([], ""),
        ({"monday": []}, "monday"),
        ({"mon": "10:00-19:00"}, "mon"),
        ({"mon": ["10:00", "19:00"]}, "mon"),
        ({"mon": [["19:00", "10:00"]]}, "mon"),
        ({"mon": [["10:00", "10:00"]]}, "mon"),
        ({"mon": [["10:00", "14:00"], ["13:00", "19:00"]]}, "mon"),
        ({"mon": [["9:00", "19:00"]]}, "mon"),
        ({"mon": [["10:00", "24:01"]]}, "mon"),
        ({"mon": [["10:00", "25:00"]]}, "mon"),
        ({"mon": [["１０:00", "19:00"]]}, "mon"),
        ({"mon": [[10, 19]]}, "mon"),
        ({"tue": [["10:00", "19:00"]], "wed": [["10:00"]]}, "wed"),
    ],
)
def test_hours_that_cannot_be_read_are_refused_by_their_weekday(hours: object, weekday: str) -> None:
    with pytest.raises(Refused) as refused:
        check_hours(hours)
    assert (refused.value.code, refused.value.facts["weekday"]) == ("shop.hours_wrong", weekday)
