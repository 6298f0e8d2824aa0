"""How are days and times written for the reader?

Japan time decides, so it always stands first and is named. When the browser told its own zone, the same moment is shown
in it too. The wording follows the reader's language (CLDR patterns).
"""

from __future__ import annotations

from datetime import date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from babel.core import Locale, get_global
from babel.dates import format_skeleton, get_timezone_location
from django.http import HttpRequest
from django.utils.translation import get_language, ngettext

from tojimari.guide.ages import first_day

JAPAN = ZoneInfo("Asia/Tokyo")
_LOCALES = {"ja": "ja", "en": "en", "zh-hans": "zh_Hans", "zh-hant": "zh_Hant"}


@cache
def _zones() -> set[str]:
    """Every zone there is. Asking the system anew walks through a thousand files."""
    return available_timezones()


def locale() -> Locale:
    """The reader's language as CLDR knows it."""
    return Locale.parse(_LOCALES.get(get_language() or "ja", "en"))


def day(value: date | datetime) -> str:
    """A day with its weekday, Japan time: "Mon, Nov 30, 2026"."""
    if isinstance(value, datetime):
        value = value.astimezone(JAPAN).date()
    return format_skeleton("yMMMEd", datetime.combine(value, time(12), JAPAN), locale=locale())


def month(value: date) -> str:
    """A month with its year: "Nov 2026", 2026年11月."""
    return format_skeleton("yMMM", value, locale=locale())


def date_alone(value: date) -> str:
    """A day that only dates something, without its weekday: "Nov 30, 2026"."""
    return format_skeleton("yMMMd", value, locale=locale())


def as_exact(text: str) -> str:
    """A date of a source, as exact as the source: 2026年9月30日 of "2026-09-30", 2026年9月 of "2026-09"."""
    begins = first_day(text)
    if begins is None:
        return ""
    return format_skeleton(("y", "yMMM", "yMMMd")[text.count("-")], begins, locale=locale())


def length(*, months: int = 0, days: int = 0) -> str:
    """A length of time in years where they are whole, else in months, or in days: "7 years", "6 months", "90 days"."""
    if days:
        return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}
    if months % 12:
        return ngettext("%(count)s month", "%(count)s months", months) % {"count": months}
    return ngettext("%(count)s year", "%(count)s years", months // 12) % {"count": months // 12}


def clock(value: datetime, zone: ZoneInfo = JAPAN) -> str:
    """Day and time in `zone`: "Mon, Nov 30, 2026 23:59"."""
    local = value.astimezone(zone)
    return f"{format_skeleton('yMMMEd', local, locale=locale())} {local:%H:%M}"


def reader_zone(request: HttpRequest | None) -> ZoneInfo | None:
    """The zone that the reader's browser told, unless it is Japan's own or no zone at all."""
    name = request.COOKIES.get("zone", "") if request is not None else ""
    name = name.replace("%2F", "/").replace("%2f", "/")
    if name not in _zones():
        return None
    zone = ZoneInfo(name)
    now = datetime.now(JAPAN)
    return None if zone.utcoffset(now) == JAPAN.utcoffset(now) else zone


def place_of(zone: ZoneInfo) -> str:
    """The place after which a zone is named, in the reader's language: "Shanghai", "上海"."""
    known = locale().time_zones
    # CLDR keeps its words for some places under their older name alone, such as Asia/Saigon.
    older = [old for old, new in get_global("zone_aliases").items() if new == zone.key]
    city = next((known[name]["city"] for name in (zone.key, *older) if "city" in known.get(name, {})), "")
    return city or get_timezone_location(zone, locale=locale(), return_city=True)
