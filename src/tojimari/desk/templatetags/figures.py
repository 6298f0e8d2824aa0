"""How do the pages of the overview write a number, a month and a length of time?"""

from __future__ import annotations

from datetime import date

from babel.dates import format_skeleton
from django import template
from django.utils.translation import get_language, ngettext

register = template.Library()

_LOCALES = {"ja": "ja", "en": "en", "zh-hans": "zh_Hans", "zh-hant": "zh_Hant"}


@register.filter
def number(value: int) -> str:
    """A number with its thousands apart: "12,345"."""
    return f"{value:,}"


@register.filter
def month_of(value: date) -> str:
    """A month with its year: "Nov 2026", 2026年11月."""
    return format_skeleton("yMMM", value, locale=_LOCALES.get(get_language() or "ja", "en"))


@register.filter
def duration(hours: int) -> str:
    """A number of hours as it is counted: hours up to two days, whole days beyond."""
    if hours <= 48:
        return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}
    return ngettext("%(count)s day", "%(count)s days", hours // 24) % {"count": hours // 24}
