"""When is a shop open, and at which times can a visit begin?

Hours are data: for each weekday the spans in which the shop is open, as clock times of Japan, such as
`{"mon": [["10:00", "13:00"], ["14:00", "19:00"]], "sun": []}`. A weekday that is left out is closed. A span ends at
24:00 at the latest; a shop that never closes has the span 00:00 to 24:00 on each day.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tojimari.platform.acting import Refused
from tojimari.rules.calendar import YearNotKnown, day_start, is_national_holiday, jst_date

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""The names of the weekdays in the data, in the order of `date.weekday()`."""

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00", re.ASCII)


@dataclass(frozen=True, slots=True)
class Span:
    """One time of being open, as instants in UTC; the shop is closed from `until` on."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Opening:
    """What decides whether a shop is open. `closed_days` are days of Japan's calendar as ISO 8601 writes them.

    Single days, or from one day to another, both closed; ".." where there is no first or no last one (ISO 8601-2 4.4):
    "2026-12-31", "2026-12-29/2027-01-03", "2027-04-01/.." (closes for good), "../2026-11-30" (not open yet).
    """

    hours: Mapping[str, Any]
    closed_days: frozenset[str] = frozenset()
    closed_on_holidays: bool = False

    def spans(self, day: date) -> list[Span]:
        """Return when the shop is open on a day of Japan's calendar, in order; nothing on a day when it is closed.

        A shop that closes on national holidays is not said to be open in a year whose holidays are not official yet.
        """
        if self._is_closed(day.isoformat()) or (self.closed_on_holidays and _may_be_holiday(day)):
            return []
        start = day_start(day)
        written = self.hours.get(WEEKDAYS[day.weekday()], [])
        return [Span(start + _since_midnight(since), start + _since_midnight(until)) for since, until in written]

    def covers(self, since: datetime, until: datetime) -> bool:
        """Say whether the shop is open all the time between two instants of one day of Japan's calendar."""
        return any(span.since <= since and until <= span.until for span in self.spans(jst_date(since)))

    def _is_closed(self, day: str) -> bool:
        if day in self.closed_days:
            return True
        spans = (entry.split("/") for entry in self.closed_days if "/" in entry)
        return any((first == ".." or first <= day) and (last == ".." or day <= last) for first, last in spans)

    def times(self, day: date, minutes: int) -> list[datetime]:
        """Return when a visit of so many minutes can begin on a day, in UTC; it ends before the shop closes."""
        length = timedelta(minutes=minutes)
        found = []
        for span in self.spans(day):
            at = span.since
            while at + length <= span.until:
                found.append(at.astimezone(UTC))
                at += length
        return found


def check_hours(hours: object) -> None:
    """Check that hours can be read. Raises `Refused` with `shop.hours_wrong`; `weekday` in its facts names the entry.

    Each span ends after it begins, and begins no earlier than the one before it ended.
    """
    if not isinstance(hours, Mapping):
        raise Refused("shop.hours_wrong", weekday="")
    for weekday, spans in hours.items():
        if weekday not in WEEKDAYS or not isinstance(spans, list) or not _in_order(spans):
            raise Refused("shop.hours_wrong", weekday=str(weekday))


def check_closed_days(entries: object) -> None:
    """Check that closed days can be read. Raises `Refused` with `shop.closed_days_wrong`; `entry` names the first."""
    for entry in entries if isinstance(entries, list) else [entries]:
        if not isinstance(entry, str) or not _is_day_or_span(entry):
            raise Refused("shop.closed_days_wrong", entry=str(entry))


def _is_day_or_span(entry: str) -> bool:
    parts = entry.split("/")
    days = [part for part in parts if part != ".."]
    if len(parts) > 2 or not days or (len(parts) == 1 and not _is_day(entry)):
        return False
    return all(map(_is_day, days)) and days == sorted(days)


def _is_day(text: str) -> bool:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _in_order(spans: list[Any]) -> bool:
    before = timedelta(0)
    for span in spans:
        if not (isinstance(span, list) and len(span) == 2 and all(_is_clock(clock) for clock in span)):
            return False
        since, until = map(_since_midnight, span)
        if not before <= since < until:
            return False
        before = until
    return True


def _is_clock(value: object) -> bool:
    return isinstance(value, str) and _CLOCK.fullmatch(value) is not None


def _since_midnight(clock: str) -> timedelta:
    hours, minutes = clock.split(":")
    return timedelta(hours=int(hours), minutes=int(minutes))


def _may_be_holiday(day: date) -> bool:
    try:
        return is_national_holiday(day)
    except YearNotKnown:
        return True
