"""When does a maintenance window begin and end, in Japan, also across midnight and the end of a week?"""

from __future__ import annotations

from datetime import datetime

import pytest

from tojimari.rules.calendar import JST
from tojimari.rules.windows import parse, under_maintenance_until


def japan(day: int, clock: str) -> datetime:
    """A moment of November 2026; the 22nd is a Sunday."""
    return datetime.fromisoformat(f"2026-11-{day:02d}T{clock}:00").replace(tzinfo=JST)


@pytest.mark.parametrize(
    ("window", "at", "until"),
    [
        ("Sun 02:00-05:00", japan(22, "01:59"), None),
        ("Sun 02:00-05:00", japan(22, "02:00"), japan(22, "05:00")),
        ("Sun 02:00-05:00", japan(22, "04:59"), japan(22, "05:00")),
        ("Sun 02:00-05:00", japan(22, "05:00"), None),
        ("Sun 02:00-05:00", japan(23, "03:00"), None),
        ("Sun 23:00-01:30", japan(23, "01:00"), japan(23, "01:30")),
        ("Sun 23:00-01:30", japan(22, "01:00"), None),  # that is still the night of Saturday
        ("daily 23:30-00:30", japan(24, "00:15"), japan(24, "00:30")),
        ("daily 23:30-00:30", japan(24, "23:45"), japan(25, "00:30")),
        ("sat 00:00-24:00", japan(28, "12:00"), japan(29, "00:00")),
    ],
)
def test_a_window_is_a_time_of_the_week_in_japan(window: str, at: datetime, until: datetime | None) -> None:
    assert parse(window).end_of_present(at) == until


def test_windows_that_follow_on_each_other_end_with_the_last_one() -> None:
    windows = [parse("Sat 23:00-24:00"), parse("Sun 00:00-02:00"), parse("Sun 01:00-03:00")]
    assert under_maintenance_until(windows, japan(21, "23:30")) == japan(22, "03:00")
    assert under_maintenance_until(windows, japan(22, "03:00")) is None


def test_a_maintenance_without_end_is_looked_at_again_after_a_week() -> None:
    always = [parse("daily 00:00-12:00"), parse("daily 12:00-24:00")]
    assert under_maintenance_until(always, japan(22, "10:00")) == japan(29, "10:00")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Sun",
        "02:00-05:00",
        "Son 02:00-05:00",
        "Sun 2:00-5:00",
        "Sun 02:00-02:00",
        "Sun 24:00-02:00",
        "Sun 02:60-05:00",
        "Sun 02:00-24:01",
        "Sun 02:00 - 05:00",
    ],
)
def test_what_is_no_window_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match=r"window|day|begins|clock"):
        parse(text)
