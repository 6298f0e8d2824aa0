"""Until when must a person ask, so that the line ends on the day they want?

Each carrier has a cut-off of its own: the 25th, 17:59 on the day before month end, 20:00 every day, seven days before
renewal. All are clocks of Japan. A request is in time when it is made before `closes_at`.

A stated time that ends in :59 covers its whole minute (carriers write 17:59 for "before 18:00"); any other stated time
ends at that minute, and no stated time means 24:00.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from tojimari.platform.acting import Refused
from tojimari.rules.calendar import at_jst, day_end, is_business_day, jst_date, month_end

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Daily:
    """To end on a day, ask on that day until `time`."""

    time: time | None


@dataclass(frozen=True, slots=True)
class DayOfMonth:
    """To end with a month, ask until this day of it (its last day where the month is shorter)."""

    day: int
    time: time | None = None


@dataclass(frozen=True, slots=True)
class BeforeMonthEnd:
    """To end with a month, ask until so many days before its last day."""

    days: int
    time: time | None = None


@dataclass(frozen=True, slots=True)
class BusinessDayOfMonth:
    """To end with a month, ask until its n-th business day; -1 is the last one."""

    n: int
    time: time | None = None


@dataclass(frozen=True, slots=True)
class BeforeRenewal:
    """To end with a renewal that does not happen, ask until so many days before the renewal date."""

    days: int
    time: time | None = None


@dataclass(frozen=True, slots=True)
class BeforeDeparture:
    """To have everything settled when leaving Japan, ask until so many days before the departure date."""

    days: int
    time: time | None = None


Cutoff = Daily | DayOfMonth | BeforeMonthEnd | BusinessDayOfMonth | BeforeRenewal | BeforeDeparture
MONTHLY = (DayOfMonth, BeforeMonthEnd, BusinessDayOfMonth)
"""The kinds under which a line ends with a month, and on no other day."""

_KINDS: dict[str, tuple[Callable[..., Cutoff], str, int, int]] = {  # kind -> class, its number, lowest, highest
    "daily": (Daily, "", 0, 0),
    "day_of_month": (DayOfMonth, "day", 1, 31),
    "before_month_end": (BeforeMonthEnd, "days", 0, 27),
    "business_day_of_month": (BusinessDayOfMonth, "n", -15, 15),
    "before_renewal": (BeforeRenewal, "days", 0, 366),
    "before_departure": (BeforeDeparture, "days", 0, 366),
}


def from_toml(row: Mapping[str, Any]) -> Cutoff:
    """Read a cut-off such as `{kind = "before_month_end", days = 1, time = "17:59"}`.

    Refuses with `cutoff.kind`, `cutoff.number`, `cutoff.time` or `cutoff.unknown_key`.
    """
    if row.get("kind") not in _KINDS:
        raise Refused("cutoff.kind", kind=str(row.get("kind")))
    make, name, lowest, highest = _KINDS[row["kind"]]
    unknown = sorted(set(row) - {"kind", "time", name})
    if unknown:
        raise Refused("cutoff.unknown_key", key=unknown[0])
    clock = _clock(row.get("time"))
    if not name:
        return make(clock)
    number = row.get(name)
    if type(number) is not int or not lowest <= number <= highest or (name == "n" and number == 0):
        raise Refused("cutoff.number", key=name, lowest=lowest, highest=highest)
    return make(number, clock)


def to_toml(cutoff: Cutoff) -> dict[str, Any]:
    """Write a cut-off as `from_toml` reads it, in the order in which the keys are documented."""
    kind, name = next((kind, name) for kind, (make, name, *_) in _KINDS.items() if make is type(cutoff))
    number = {name: getattr(cutoff, name)} if name else {}
    clock = {"time": f"{cutoff.time:%H:%M}"} if cutoff.time else {}
    return {"kind": kind} | number | clock


def last_day_to_ask(cutoff: Cutoff, end: date) -> date:
    """Return the last day on which to ask for this end, in Japan.

    `end` is the day on which the line ends; for `BeforeRenewal` the renewal date, for `BeforeDeparture` the day of
    leaving. The monthly kinds look at its month only.
    """
    match cutoff:
        case Daily():
            return end
        case DayOfMonth(day=day):
            return end.replace(day=min(day, month_end(end).day))
        case BeforeMonthEnd(days=days):
            return month_end(end) - days * _DAY
        case BusinessDayOfMonth(n=n):
            return _nth_business_day(end, n)
        case BeforeRenewal(days=days) | BeforeDeparture(days=days):
            return end - days * _DAY


def closes_at(cutoff: Cutoff, end: date) -> datetime:
    """Return the first instant, in UTC, that is too late to ask for this end."""
    day = last_day_to_ask(cutoff, end)
    if cutoff.time is None:
        return day_end(day)
    closes = at_jst(day, cutoff.time)
    return closes + timedelta(minutes=1) if cutoff.time.minute == 59 else closes


def in_time(cutoff: Cutoff, at: datetime, end: date) -> bool:
    """Say whether a request at `at` makes this end."""
    return at < closes_at(cutoff, end)


def month_end_for(cutoff: Cutoff | None, at: datetime) -> date:
    """Return the month end that a request at `at` makes: this month's, or the next one's when the cut-off has passed.

    Renewal and departure say nothing about month ends; under them, as without a cut-off, it is this month's.
    """
    this_month = month_end(jst_date(at))
    if cutoff is None or isinstance(cutoff, BeforeRenewal | BeforeDeparture) or in_time(cutoff, at, this_month):
        return this_month
    return month_end(this_month + _DAY)


def _clock(stated: object) -> time | None:
    if stated is None or stated == "24:00":
        return None
    try:
        clock = time.fromisoformat(stated) if isinstance(stated, str) else None
    except ValueError:
        clock = None
    if clock is None or clock.tzinfo is not None or clock.second or clock.microsecond:
        raise Refused("cutoff.time", time=str(stated))
    return clock


def _nth_business_day(day: date, n: int) -> date:
    first = day.replace(day=1)
    days = [first + i * _DAY for i in range(month_end(day).day)]
    return [each for each in days if is_business_day(each)][n - 1 if n > 0 else n]
