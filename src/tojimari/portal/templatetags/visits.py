"""How do pages show a shop, a time to choose, and the code of a visit?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import segno
from django import template
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from tojimari.counter.models import Shop
from tojimari.counter.queries import Near, booked_visit, has_shops
from tojimari.counter.waiting import place_of
from tojimari.counter.words import LANGUAGES
from tojimari.portal import clocks
from tojimari.portal.context import TAGS
from tojimari.rules.opening import Span
from tojimari.terminations.models import Actor, Step, Termination
from tojimari.terminations.standing import AT_THE_COUNTER
from tojimari.terminations.visits import needs_visit

register = template.Library()


@register.filter
def shop_name(shop: Shop) -> str:
    """What a shop is called."""
    return shop.name(get_language() or "ja")


@register.filter
def shop_address(shop: Shop) -> str:
    """Where it is, to be read or to be shown to a driver."""
    return shop.address(get_language() or "ja")


@register.filter
def shop_station(shop: Shop) -> str:
    """The nearest station."""
    return shop.station(get_language() or "ja")


@register.filter
def spoken(shop: Shop) -> SafeString:
    """Which languages are spoken there, each named in itself and once."""
    names = {LANGUAGES.get(language, language): TAGS.get(language, language) for language in reversed(shop.languages)}
    return format_html_join(" · ", '<span lang="{}">{}</span>', [(tag, name) for name, tag in reversed(names.items())])


@register.filter
def distance(near: Near) -> str:
    """How far a shop is, or nothing where that is not known. Nobody walks straight, so it is rounded."""
    if near.kilometres is None:
        return ""
    far = f"{near.kilometres:.1f}" if near.kilometres < 10 else f"{near.kilometres:.0f}"
    return gettext("about %(count)s km away") % {"count": far}


@register.filter
def open_hours(spans: list[Span]) -> str:
    """When a shop is open on one day, Japan time: "10:00–13:00, 14:00–19:00"."""
    return ", ".join(f"{_hour(span.since)}–{_end(span)}" for span in spans) or gettext("Closed today")


def _hour(moment: datetime) -> str:
    return f"{moment.astimezone(clocks.JAPAN):%H:%M}"


def _end(span: Span) -> str:
    """Midnight at the end of a day is 24:00 to everybody in Japan."""
    end = _hour(span.until)
    return "24:00" if end == "00:00" else end


@register.simple_tag(takes_context=True)
def hour(context: template.Context, moment: datetime) -> SafeString:
    """A time of a day that is named already: Japan's hour, and what it is where the reader is."""
    zone = clocks.reader_zone(context.get("request"))
    if zone is None:
        return format_html("{}", _hour(moment))
    there, here = moment.astimezone(zone), moment.astimezone(clocks.JAPAN)
    written = f"{there:%H:%M}" if there.date() == here.date() else clocks.clock(moment, zone)
    elsewhere = gettext("%(place)s: %(time)s") % {"place": clocks.place_of(zone), "time": written}
    return format_html('{} <small class="elsewhere">{}</small>', _hour(moment), elsewhere)


@register.filter
def named(shops: Mapping[str, Shop], code: str) -> Shop | None:
    """The shop of this code among some, or nothing."""
    return shops.get(code)


@register.filter
def at_counter(step: Step | None) -> bool:
    """Whether a step is done at a counter, where the person shows who they are."""
    return step is not None and step.actor == Actor.STAFF and step.name in AT_THE_COUNTER


@register.simple_tag
def code_as_picture(code: str) -> SafeString:
    """The code as a QR picture, for the scanner at the counter. Drawn here; nothing is fetched."""
    drawn = segno.make_qr(code, error="m").svg_inline(omitsize=True, svgclass="qr", lineclass=None, border=4)
    return mark_safe(drawn)  # noqa: S308 - drawn by the library from letters, digits and dashes


@register.inclusion_tag("portal/visit_of_case.html", takes_context=True)
def visit_of_case(context: template.Context, case: Termination) -> dict[str, object]:
    """The booked visit of a case, or the way to book one where one is needed. Three queries at most."""
    visit = booked_visit(case.pk)
    offered = visit is None and needs_visit(case) and has_shops(case.carrier_id)
    return {
        "case": case,
        "visit": visit,
        "offered": offered,
        "now": context.get("now"),
        "csrf_token": context.get("csrf_token"),
        "request": context.get("request"),
    }


@register.inclusion_tag("portal/waiting_place.html", takes_context=True)
def waiting_of_case(context: template.Context, case: Termination) -> dict[str, object]:
    """The place of a case on a waiting list, with the time that is held for it. Two queries at most."""
    place, now = place_of(case.pk), timezone.now()
    offer = place.offer if place is not None else None
    held = offer if offer is not None and offer.held_until is not None and offer.held_until > now else None
    return {
        "case": case,
        "place": place,
        "held": held,
        "booked": held is not None and booked_visit(case.pk) is not None,
        "csrf_token": context.get("csrf_token"),
        "request": context.get("request"),
    }
