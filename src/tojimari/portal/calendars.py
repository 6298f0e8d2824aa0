"""How does a date get into a person's own calendar? As a file that every calendar reads (RFC 5545)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import get_language, gettext
from icalendar import Alarm, Calendar, Event, vGeo

from tojimari.counter.models import Visit
from tojimari.portal.clocks import JAPAN


def visit_event(visit: Visit, bring: Sequence[str], *, at: datetime) -> Event:
    """Return the entry for a visit. A moved visit replaces the entry before it: the UID is the case's own.

    Times are Japan's, with the zone named. Two hours before, the calendar reminds of it.
    """
    language = get_language() or "ja"
    shop = visit.shop
    event = Event()
    event.add("uid", f"visit-{visit.reference}@tojimari")
    event.add("dtstamp", at)
    # Later bookings of the same case have larger numbers, which is what SEQUENCE asks for.
    event.add("sequence", visit.pk % 2**31)
    event.add("dtstart", visit.starts_at.astimezone(JAPAN))
    event.add("dtend", visit.ends_at.astimezone(JAPAN))
    event.add("summary", gettext("Visit: %(shop)s") % {"shop": shop.name(language)}, {"language": language})
    event.add("location", shop.address(language))
    event.add("geo", vGeo((shop.latitude, shop.longitude)))
    shown = gettext("Show this code at the counter: %(code)s") % {"code": visit.code}
    event.add("description", "\n".join([shown, shop.phone, gettext("Bring:"), *(f"- {paper}" for paper in bring)]))
    event.add_component(_reminder(gettext("Visit: %(shop)s") % {"shop": shop.name(language)}))
    return event


def _reminder(text: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", text)
    alarm.add("trigger", timedelta(hours=-2))
    return alarm


def calendar_file(events: Sequence[Event]) -> bytes:
    """Return a calendar with these entries, and with the rules of the time zones that they name."""
    calendar = Calendar()
    calendar.add("prodid", "-//Tojimari//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for event in events:
        calendar.add_component(event)
    calendar.add_missing_timezones()
    written: bytes = calendar.to_ical()
    return written
