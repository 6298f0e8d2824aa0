"""How long is each kind of record kept after a closure, why, and from when may it be deleted?

The rows are data with a source. A period begins with the day after its starting event (民法 140), and ends as 民法 143
says; so the identity record of a contract that ended on 2026-11-30 may go on 2029-12-01.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from tojimari.platform.acting import Refused
from tojimari.rules.calendar import add_months, day_start, jst_date
from tojimari.rules.figures import figure
from tojimari.rules.packaged import table


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time; the parts add up. All zero: the record may go at once."""

    months: int = 0
    days: int = 0
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class Retention:
    """One kind of record."""

    item: str
    starts: str  # the event from which the period runs
    fixed: Period
    figure: str  # the dated figure that gives the period instead of `fixed`, or empty
    within_days: int | None  # the latest deletion, counted from the start; None where it goes as soon as it may
    for_ever: bool  # holds no personal data and is kept for the life of the resource
    at_closure: str  # restrict | delete | age_out | keep
    basis: str
    source: str

    def period(self, on: date) -> Period:
        """Return the period for an event on this day. Raises FigureNotKnown where no figure covers the day."""
        if not self.figure:
            return self.fixed
        found = figure(self.figure, on)
        match found.unit:
            case "years":
                return Period(months=12 * found.value)
            case "days":
                return Period(days=found.value)
            case "seconds":
                return Period(seconds=found.value)
        raise ValueError(f"figure {found.name} is in {found.unit}, which is no length of time")


@cache
def retentions() -> dict[str, Retention]:
    """Return every row by its item. Do not change the answer: callers share it."""
    return {
        row["item"]: Retention(
            item=row["item"],
            starts=row["starts"],
            fixed=Period(row.get("years", 0) * 12 + row.get("months", 0), row.get("days", 0)),
            figure=row.get("figure", ""),
            within_days=row.get("within_days"),
            for_ever=row.get("for_ever", False),
            at_closure=row["at_closure"],
            basis=row["basis"],
            source=row["source"],
        )
        for row in table("retention")["retention"]
    }


def retention(item: str) -> Retention:
    """Return the row of an item. Refuses with `retention.unknown`: what has no row must not be deleted by guess."""
    try:
        return retentions()[item]
    except KeyError:
        raise Refused("retention.unknown", item=item) from None


def deletable_from(item: str, started_on: date) -> date | None:
    """Return the first day on which the record may be deleted, or None if it is kept.

    A period of seconds counts as none here; use `deletable_at` where they matter.
    """
    row = retention(item)
    if row.for_ever:
        return None
    period = row.period(started_on)
    if not period.months and not period.days:
        return started_on
    return add_months(started_on + timedelta(days=1), period.months) + timedelta(days=period.days)


def deletable_at(item: str, started_at: datetime) -> datetime | None:
    """Return the first instant, in UTC, at which the record may be deleted, or None if it is kept.

    Periods of days and longer end with a day in Japan; shorter ones run from the instant itself.
    """
    started_on = jst_date(started_at)
    first = deletable_from(item, started_on)
    if first is None:
        return None
    if first > started_on:
        return day_start(first)
    return started_at + timedelta(seconds=retention(item).period(started_on).seconds)


def due_until(item: str, today: date) -> date | None:
    """Return the last day of a starting event whose record may be deleted today; None if it is kept for ever.

    The other way round than `deletable_from`, for a question to a table. Raises FigureNotKnown as that does.
    """
    row = retention(item)
    if row.for_ever:
        return None
    period = row.period(today)
    day = add_months(today, -period.months) - timedelta(days=period.days)
    while _is_due(item, day + timedelta(days=1), today):
        day += timedelta(days=1)
    while not _is_due(item, day, today):
        day -= timedelta(days=1)
    return day


def _is_due(item: str, started_on: date, today: date) -> bool:
    first = deletable_from(item, started_on)
    return first is not None and first <= today
