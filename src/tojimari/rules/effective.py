"""When does the contract end, given when the person asked and what they chose?

The end is an instant: the request itself for "now", otherwise 24:00 in Japan of the last day, which is the first
instant that no longer belongs to the contract. It follows from `requested_at` alone. However long the work afterwards
takes, nothing here looks at another clock, so no delay of the carrier can move the end (電気通信事業法施行規則
22-2-13-2(1)).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tojimari.platform.acting import Refused
from tojimari.rules import cutoffs
from tojimari.rules.calendar import add_business_days, add_months, day_end, jst, jst_date, month_end
from tojimari.rules.cutoffs import Cutoff

LONGEST_BUSINESS_DAYS = 60
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Now:
    """At the instant of the request."""

    def __str__(self) -> str:
        return "now"


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """At the end of the month that the cut-off still allows."""

    def __str__(self) -> str:
        return "month-end"


@dataclass(frozen=True, slots=True)
class OnDate:
    """At the end of a day that the person chose."""

    day: date

    def __str__(self) -> str:
        return self.day.isoformat()


@dataclass(frozen=True, slots=True)
class BusinessDays:
    """At the end of the n-th business day after the day of the request."""

    count: int

    def __str__(self) -> str:
        return f"{self.count}bd"


Effective = Now | MonthEnd | OnDate | BusinessDays


def parse(text: str) -> Effective:
    """Read `now`, `month-end`, `2026-12-31` or `5bd`; `str` of the answer gives the text back.

    Refuses with `effective.unreadable` or `effective.business_days` (not 1 to 60).
    """
    text = text.strip().lower()
    if text == "now":
        return Now()
    if text == "month-end":
        return MonthEnd()
    counted = re.fullmatch(r"([0-9]{1,4})bd", text)
    if counted:
        return BusinessDays(_allowed(int(counted[1])))
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return OnDate(date.fromisoformat(text))
    except ValueError:
        pass  # the right shape but no day of the calendar, such as 2026-02-30: refused below
    raise Refused("effective.unreadable", text=text)


def ends_at(
    effective: Effective, requested_at: datetime, cutoff: Cutoff | None = None, earliest: date | None = None
) -> datetime:
    """Return the instant, aware, at which the contract ends. It is never before `requested_at`.

    `cutoff` is the carrier's, for month ends and chosen dates. `earliest` is the first day the procedure allows, for
    example that of the visit. Cut-offs on renewals and departures are advice and move nothing.

    Refuses a chosen date with `effective.past`, `effective.too_early`, `effective.too_far` (over a year ahead),
    `effective.not_month_end` (the carrier ends lines with a month only) or `effective.cutoff_passed`; `now` before
    `earliest` with `effective.too_early`; business days beyond the known holidays with `calendar.year_not_known`.
    """
    today = jst_date(requested_at)
    match effective:
        case Now():
            _not_before(earliest, today)
            return requested_at
        case MonthEnd():
            last = cutoffs.month_end_for(cutoff, requested_at)
            return day_end(max(last, month_end(earliest)) if earliest else last)
        case OnDate(day=day):
            _check_chosen(day, today, requested_at, cutoff)
            _not_before(earliest, day)
            return day_end(day)
        case BusinessDays(count=count):
            last = add_business_days(today, _allowed(count))
            return day_end(max(last, earliest) if earliest else last)


def last_day(ends: datetime) -> date:
    """Return the effective date: the last day, in Japan, on which the contract still runs."""
    local = jst(ends)
    return local.date() - _DAY if local.time() == time.min else local.date()


def _check_chosen(day: date, today: date, requested_at: datetime, cutoff: Cutoff | None) -> None:
    if day < today:
        raise Refused("effective.past", today=today.isoformat())
    latest = add_months(today, 12)
    if day > latest:
        raise Refused("effective.too_far", latest=latest.isoformat())
    if isinstance(cutoff, cutoffs.MONTHLY) and day != month_end(day):
        raise Refused("effective.not_month_end", nearest=month_end(day).isoformat())
    if isinstance(cutoff, (*cutoffs.MONTHLY, cutoffs.Daily)) and not cutoffs.in_time(cutoff, requested_at, day):
        raise Refused("effective.cutoff_passed", closed_at=jst(cutoffs.closes_at(cutoff, day)).isoformat())


def _not_before(earliest: date | None, day: date) -> None:
    if earliest and day < earliest:
        raise Refused("effective.too_early", earliest=earliest.isoformat())


def _allowed(count: int) -> int:
    if not 1 <= count <= LONGEST_BUSINESS_DAYS:
        raise Refused("effective.business_days", most=LONGEST_BUSINESS_DAYS)
    return count
