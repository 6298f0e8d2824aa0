"""When can somebody be reached whose hours are only known from what a source says, and when for the last time?

A source may say the clock and not the days, or the days and nothing of holidays. What it does not say is neither open
nor closed here but not said (`Said.NOT_SAID`), and a moment at such a time is never called sure. All clocks are those
of Japan.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from tojimari.rules.calendar import YearNotKnown, day_start, is_national_holiday, jst_date
from tojimari.rules.opening import WEEKDAYS

_DAY = timedelta(days=1)
_SEARCHED = 28
"""Days looked through: longer than any row of closed days that a source names."""
_CUSTOMARY = ((12, 29), (1, 3))
"""Days around New Year on which public offices close (行政機関の休日に関する法律 Art. 1), and many others do."""
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00", re.ASCII)
_MONTH_DAYS = re.compile(r"(\d{2})-(\d{2})/(\d{2})-(\d{2})", re.ASCII)
_LONGEST_NEW_YEAR = 14


class Said(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    NOT_SAID = "not_said"


@dataclass(frozen=True, slots=True)
class Opens:
    """From when until when, on which days of the week. Minutes since 0:00; `until` is the first one that is closed."""

    since: int
    until: int
    days: frozenset[int] | None = None
    """As `date.weekday()` counts. None: the source does not say on which days."""


@dataclass(frozen=True, slots=True)
class Hours:
    week: tuple[Opens, ...]
    holidays_open: bool | None = None
    """On national holidays. None: the source does not say."""
    new_year_closed: tuple[tuple[int, int], tuple[int, int]] | None = None
    """The first and the last closed day around New Year, as month and day."""
    new_year_open: bool = False
    """True: the source says that they are open then, too. Neither of the two: it does not say."""

    def of_day(self, day: date) -> Iterator[tuple[datetime, datetime, bool]]:
        """Give the times of a day of Japan's calendar: opening and closing instant (UTC), and whether it is sure."""
        for opens in self.week:
            if opens.days is None or day.weekday() in opens.days:
                said = self._on(day)
                if said is not Said.CLOSED:
                    since, until = (day_start(day) + timedelta(minutes=each) for each in (opens.since, opens.until))
                    yield since, until, said is Said.OPEN and opens.days is not None

    def at(self, instant: datetime) -> Said:
        """Say whether they are open at this instant."""
        found = [sure for since, until, sure in self.of_day(jst_date(instant)) if since <= instant < until]
        if not found:
            return Said.CLOSED
        return Said.OPEN if any(found) else Said.NOT_SAID

    def last(self, before: datetime) -> Last:
        """Return until when they can be reached for the last time at or before an instant that is too late."""
        sure: datetime | None = None
        perhaps: datetime | None = None
        day = jst_date(before)
        for _ in range(_SEARCHED):
            times = [(min(until, before), ok) for since, until, ok in self.of_day(day) if since < before]
            perhaps = perhaps or max((until for until, ok in times if not ok), default=None)
            if sure := max((until for until, ok in times if ok), default=None):
                break
            day -= _DAY
        # What is only perhaps open matters where it is later than what is sure.
        return Last(sure, perhaps if perhaps and (sure is None or perhaps > sure) else None)

    def next_change(self, at: datetime) -> datetime | None:
        """Return when they surely close, if they are open, or surely open, if they are closed; None: not to be said."""
        now = self.at(at)
        if now is Said.NOT_SAID:
            return None
        spans = [span for ahead in range(_SEARCHED) for span in self.of_day(jst_date(at) + ahead * _DAY)]
        if now is Said.OPEN:
            return _joined(spans, at)
        coming = [(since, sure) for since, _, sure in spans if since > at]
        first, sure = min(coming, default=(None, False))
        return first if sure else None

    def _on(self, day: date) -> Said:
        """What is said of holidays and New Year. A year whose holidays are not official yet is not said."""
        if self.new_year_closed and _within(day, *self.new_year_closed):
            return Said.CLOSED
        if not self.new_year_closed and not self.new_year_open and _within(day, *_CUSTOMARY):
            return Said.NOT_SAID
        if self.holidays_open:
            return Said.OPEN
        try:
            holiday = is_national_holiday(day)
        except YearNotKnown:
            return Said.NOT_SAID
        if not holiday or (self.new_year_open and _within(day, *_CUSTOMARY)):
            return Said.OPEN
        return Said.NOT_SAID if self.holidays_open is None else Said.CLOSED


@dataclass(frozen=True, slots=True)
class Last:
    """Instants that are too late, in UTC. `perhaps` is later than `sure`: open then, if what is not said is so."""

    sure: datetime | None
    perhaps: datetime | None


ALWAYS = Hours((Opens(0, 24 * 60, frozenset(range(7))),), holidays_open=True, new_year_open=True)
"""Day and night, every day of the year."""


def clock_minutes(clock: str) -> int:
    """Return the minutes since 0:00 of a clock such as "09:30"; "24:00" ends a day. Raises ValueError."""
    if not _CLOCK.fullmatch(clock):
        raise ValueError(f"no such time of day: {clock!r}, write 09:30")
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def weekday_numbers(names: tuple[str, ...]) -> frozenset[int]:
    """Return weekdays ("mon" to "sun") as `date.weekday()` counts. Raises ValueError for another name."""
    return frozenset(WEEKDAYS.index(name) for name in names)


def new_year_days(text: str) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the first and last closed day of "12-29/01-03". Raises ValueError for other days than around New Year."""
    found = _MONTH_DAYS.fullmatch(text)
    if found is None:
        raise ValueError(f"no days around New Year: {text!r}, write 12-29/01-03")
    first, last = (int(found[1]), int(found[2])), (int(found[3]), int(found[4]))
    begins = date(2000 if first[0] == 12 else 2001, *first)
    ends = date(2001 if last[0] == 1 else 2000, *last)
    if first[0] not in (12, 1) or last[0] not in (12, 1) or not 0 <= (ends - begins).days < _LONGEST_NEW_YEAR:
        raise ValueError(f"no days around New Year: {text!r}, write 12-29/01-03")
    return first, last


def _within(day: date, first: tuple[int, int], last: tuple[int, int]) -> bool:
    here = (day.month, day.day)
    return first <= here <= last if first <= last else here >= first or here <= last


def _joined(spans: list[tuple[datetime, datetime, bool]], at: datetime) -> datetime | None:
    """The end of being open from `at` on; a day that begins when the one before ends is no closing. None: no end."""
    until = at
    while longer := next((span for span in spans if span[0] <= until < span[1]), None):
        if not longer[2]:
            return None
        until = longer[1]
    return until if until < spans[-1][1] else None
