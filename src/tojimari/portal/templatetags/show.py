"""How do pages write a moment, a day, an amount or a number?"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext

from tojimari.portal import clocks

register = template.Library()


@register.simple_tag(takes_context=True)
def when(context: template.Context, value: datetime | str | None) -> SafeString | str:
    """A moment in Japan time, with the reader's own time beside it where it differs."""
    if not value:
        return ""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    japan = format_html(
        '<time datetime="{}">{}</time>',
        moment.astimezone(clocks.JAPAN).isoformat(timespec="seconds"),
        pgettext("a moment", "%(time)s (Japan time)") % {"time": clocks.clock(moment)},
    )
    zone = clocks.reader_zone(context.get("request"))
    if zone is None:
        return japan
    elsewhere = gettext("%(place)s: %(time)s") % {"place": clocks.place_of(zone), "time": clocks.clock(moment, zone)}
    return format_html('{} <span class="elsewhere">{}</span>', japan, elsewhere)


@register.filter
def day(value: date | datetime | str | None) -> str:
    """A day, Japan time."""
    if not value:
        return ""
    return clocks.day(datetime.fromisoformat(value) if isinstance(value, str) else value)


@register.filter
def yen(value: int | None) -> str:
    """An amount: "1,100 yen", 1,100円, 1,100日元."""
    if value is None:
        return ""
    return gettext("%(amount)s yen") % {"amount": f"{value:,}"}


@register.filter
def ending(identifier: str) -> str:
    """The last four digits of a number or card, in words; nothing more of it is ever shown."""
    return gettext("ending in %(digits)s") % {"digits": identifier[-4:]} if identifier else ""


@register.filter
def lookup(mapping: dict[str, Any], key: str) -> Any:
    """The entry `key` of a mapping."""
    return mapping.get(key)
