"""Which day is it in Japan, when does it end, and is the office open?

Every limit of a termination is a day of the Japanese calendar, whatever the clock of the server or of the person says.
Japan keeps UTC+9 without summer time. A day ends at 24:00, which is 15:00 UTC.

Business days serve promises about human work only (a review, a call back). A person's own rights, such as asking or the
first eight days, run on calendar days. The day until which somebody is to pay is a day on which banks are open: nobody
can be late because the bank was closed.
"""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from holidays import country_holidays

from tojimari.platform.acting import Refused
from tojimari.rules.packaged import table

JST = ZoneInfo("Asia/Tokyo")
_DAY = timedelta(days=1)


class YearNotKnown(Refused):
    """The holidays of this year are not official yet.

    The equinox days of a year are fixed by the gazette of the February before, so a later year would be a guess.
    """

    def __init__(self, year: int) -> None:
        super().__init__("calendar.year_not_known", year=year)


def jst(at: datetime) -> datetime:
    """Return the instant on the clocks of Japan. ValueError for a datetime without a time zone."""
    if at.utcoffset() is None:
        raise ValueError(f"a time without a time zone cannot be placed on Japan's calendar: {at.isoformat()}")
    return at.astimezone(JST)


def jst_date(at: datetime) -> date:
    """Return the day on which this instant falls in Japan."""
    return jst(at).date()


def at_jst(day: date, clock: time) -> datetime:
    """Return the instant, in UTC, when the clocks of Japan show `clock` on `day`."""
    return datetime.combine(day, clock, JST).astimezone(UTC)


def day_start(day: date) -> datetime:
    """Return 0:00 of the day in Japan, in UTC."""
    return at_jst(day, time.min)


def day_end(day: date) -> datetime:
    """Return 24:00 of the day in Japan, in UTC: the first instant that no longer belongs to it."""
    return day_start(day + _DAY)


def month_end(day: date) -> date:
    """Return the last day of the month of `day`."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def add_months(first: date, months: int) -> date:
    """Return the first day after a period of `months` that begins with `first` (民法 143).

    The period ends with the day before the corresponding day; where the last month has no such day, with its end, so
    the day returned is then the first of the next month.
    """
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    target = date(year, month + 1, 1)
    last = month_end(target)
    return target.replace(day=first.day) if first.day <= last.day else last + _DAY


def is_holiday(day: date) -> bool:
    """Say whether public offices are closed: 行政機関の休日に関する法律 Art. 1. Raises YearNotKnown."""
    named = _holidays(day.year)
    return day.weekday() >= 5 or day in named or (day.month, day.day) in _TURN_OF_YEAR


def is_national_holiday(day: date) -> bool:
    """Say whether the day is a national holiday (国民の祝日に関する法律 Art. 2, 3). Raises YearNotKnown."""
    return day in _holidays(day.year)


def is_business_day(day: date) -> bool:
    """Say whether public offices are open. Raises YearNotKnown."""
    return not is_holiday(day)


def add_business_days(day: date, count: int) -> date:
    """Return the `count`-th business day after `day`, which itself is never counted (民法 140).

    `count` is at least 1. Raises YearNotKnown when the search leaves the known years.
    """
    if count < 1:
        raise ValueError(f"count business days from 1, not {count}")
    while count:
        day += _DAY
        count -= is_business_day(day)
    return day


def is_bank_day(day: date) -> bool:
    """Say whether banks are open: no Saturday, Sunday, national holiday, nor 31 December to 3 January.

    銀行法 15(1), 銀行法施行令 5(1). They are open on 29 and 30 December, when public offices are not.
    Raises YearNotKnown.
    """
    named = _holidays(day.year)
    return not (day.weekday() >= 5 or day in named or (day.month, day.day) in _BANKS_AT_NEW_YEAR)


def payable_until(day: date) -> date:
    """Return the day on which a time to pay that falls on `day` really ends: the first bank day from `day` on.

    民法 142 moves an end on a Sunday or holiday, where it is the custom not to do business then; what is paid by bank
    is not paid on a Saturday either, so that is moved as well. Raises YearNotKnown when the search leaves the known
    years.
    """
    while not is_bank_day(day):
        day += _DAY
    return day


_BANKS_AT_NEW_YEAR = {(12, 31), (1, 1), (1, 2), (1, 3)}
_TURN_OF_YEAR = {(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)}


def _holidays(year: int) -> frozenset[date]:
    known = table("calendar")["holidays"]
    if not known["first_year"] <= year <= known["last_year"]:
        raise YearNotKnown(year)
    return _named(year)


@cache
def _named(year: int) -> frozenset[date]:
    return frozenset(country_holidays("JP", years=year))
