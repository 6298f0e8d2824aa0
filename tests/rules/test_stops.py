"""Is use charged on exactly the days on which a line was on?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tojimari.rules.stops import Stop, stretches

OFF, ON = False, True


def nov(day: int) -> date:
    return date(2026, 11, day)


def free(switched: list[tuple[date, bool]]) -> list[int]:
    """The days of November 2026 of which no use is charged."""
    found = stretches(switched)
    return [day for day in range(1, 31) if any(stop.covers(nov(day)) for stop in found)]


@pytest.mark.parametrize(
    ("switched", "days"),
    [
        ([], []),
        ([(nov(20), OFF)], [*range(21, 31)]),
        ([(nov(10), OFF), (nov(13), ON)], [11, 12]),
        ([(nov(10), OFF), (nov(13), ON), (nov(20), OFF)], [11, 12, *range(21, 31)]),
        ([(nov(3), OFF), (nov(6), ON), (nov(10), OFF), (nov(13), ON)], [4, 5, 11, 12]),
        ([(nov(10), OFF), (nov(10), ON)], []),  # off and on within a day: it was used
        ([(nov(10), OFF), (nov(11), ON), (nov(11), OFF), (nov(13), ON)], [12]),
        ([(nov(10), OFF), (nov(12), OFF), (nov(13), ON), (nov(15), ON)], [11, 12]),  # told twice
        ([(nov(5), ON), (nov(28), OFF)], [29, 30]),
    ],
)
def test_the_days_between_each_stop_and_start_are_free(switched: list[tuple[date, bool]], days: list[int]) -> None:
    assert free(switched) == days


@given(st.lists(st.tuples(st.integers(1, 30), st.booleans())))
def test_a_day_is_free_if_it_began_off_and_the_line_was_not_switched_on_in_it(drawn: list[tuple[int, bool]]) -> None:
    switched = [(nov(day), on) for day, on in sorted(drawn, key=lambda one: one[0])]
    for number in range(1, 31):
        before = [on for day, on in switched if day < nov(number)]
        began_off = bool(before) and not before[-1]
        assert (number in free(switched)) == (began_off and (nov(number), ON) not in switched)


@pytest.mark.parametrize("stop", [Stop(nov(10), nov(13)), Stop(nov(20), None)])
def test_what_a_certificate_keeps_is_read_back(stop: Stop) -> None:
    assert Stop.of(stop.kept) == stop
    assert not stop.covers(stop.last_day_of_use)
    assert stop.covers(stop.last_day_of_use + timedelta(days=1))
