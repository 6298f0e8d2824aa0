"""When is something under maintenance? Windows of a week in Japan time, such as "Sun 02:00-05:00".

Japan has no summer time, so a window is as long every week.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tojimari.rules.calendar import JST

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DAILY = "daily"
_FORM = re.compile(r"(?P<day>[A-Za-z]+) (?P<from>\d\d:\d\d)-(?P<to>\d\d:\d\d)")
_DAY = timedelta(days=1)
_MINUTES_OF_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Window:
    """A time of the week, in Japan: from `begins` on `day` for `minutes`. `day` is 0 for Monday, None for every day."""

    day: int | None
    begins: int  # minutes after midnight
    minutes: int

    def end_of_present(self, at: datetime) -> datetime | None:
        """The instant (aware) at which the window that `at` lies in is over; None when it lies in none."""
        here = at.astimezone(JST)
        midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
        for day in (midnight, midnight - _DAY):  # one that began yesterday may go on until today
            if self.day is not None and day.weekday() != self.day:
                continue
            begins = day + timedelta(minutes=self.begins)
            ends = begins + timedelta(minutes=self.minutes)
            if begins <= here < ends:
                return ends
        return None


def parse(text: str) -> Window:
    """Read "Sun 02:00-05:00" or "daily 23:30-00:30" (across midnight). Raises ValueError in words for the operator."""
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise ValueError(f'{text!r} is no window; write it like "Sun 02:00-05:00" or "daily 23:30-00:30"')
    day = found["day"].capitalize()
    if day not in DAYS and day != DAILY.capitalize():
        raise ValueError(f"{text!r} names no day; write one of {', '.join(DAYS)} or {DAILY}")
    begins, ends = _minutes(found["from"], text), _minutes(found["to"], text)
    if begins == _MINUTES_OF_A_DAY:
        raise ValueError(f"{text!r} begins at 24:00; write 00:00 of the next day")
    if begins == ends:
        raise ValueError(f"{text!r} ends when it begins")
    minutes = ends - begins if ends > begins else ends - begins + _MINUTES_OF_A_DAY
    return Window(DAYS.index(day) if day in DAYS else None, begins, minutes)


def _minutes(clock: str, text: str) -> int:
    hours, minutes = (int(part) for part in clock.split(":"))
    total = hours * 60 + minutes
    if minutes > 59 or total > _MINUTES_OF_A_DAY:
        raise ValueError(f"{text!r}: there is no {clock} on a clock")
    return total


def under_maintenance_until(windows: Iterable[Window], at: datetime) -> datetime | None:
    """The instant at which it is over, of all windows that follow on each other; None when `at` lies in none.

    Windows that leave no gap in a week give the instant a week from `at`: then it is never over, and looked at again.
    """
    windows, last = tuple(windows), at + timedelta(days=7)
    until = None
    while True:
        ends = [end for window in windows if (end := window.end_of_present(until or at)) is not None]
        if not ends:
            return until
        until = max(ends)
        if until >= last:
            return last
