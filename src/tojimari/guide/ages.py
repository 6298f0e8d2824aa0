"""How old is what a source says?

Dates of sources are as exact as the source: a day, a month or a year. Old is what nobody has read again for a year.
"""

from __future__ import annotations

import calendar
import re
from datetime import date

from tojimari.guide.facts import Source

_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", re.ASCII)


def first_day(text: str) -> date | None:
    """Return the first day that "2026-06-06", "2026-06" or "2026" can mean; None where it is no date."""
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        return None


def last_day(text: str) -> date | None:
    """Return the last day that it can mean; None where it is no date."""
    begins = first_day(text)
    if begins is None or text.count("-") == 2:
        return begins
    if "-" not in text:
        return begins.replace(month=12, day=31)
    return begins.replace(day=calendar.monthrange(begins.year, begins.month)[1])


def is_old(source: Source, today: date) -> bool:
    """Say whether it was read more than twelve months ago. `today` is a day in Japan."""
    read = last_day(source.read_on)
    if read is None:
        return True
    leap = (read.month, read.day) == (2, 29)
    return today > (read.replace(year=read.year + 1, day=28) if leap else read.replace(year=read.year + 1))
