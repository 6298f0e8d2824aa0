"""How do the days of a case come into a person's own calendar? As one .ics file (RFC 5545), without any account.

Each day keeps its UID for ever, so a file that is loaded again after a change of date moves the entry instead of adding
a second one. Times carry the zone of Tokyo with its definition: a phone abroad shows them in its own time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import get_language, gettext
from icalendar import Alarm, Event

from tojimari.counter.queries import booked_visit
from tojimari.portal.calendars import calendar_file, visit_event
from tojimari.portal.context import TAGS
from tojimari.portal.templatetags.show import ending
from tojimari.rules.calendar import JST
from tojimari.terminations.models import Termination

_LAST_HOUR = timedelta(hours=1)
_DAY_BEFORE = timedelta(days=1)


def calendar_of(case: Termination, bring: Sequence[str], *, at: datetime) -> bytes:
    """Return the end of the contract, and the visit if one is booked, in the reader's language. Two queries."""
    events = [_end(case, at)]
    visit = booked_visit(case.pk) if case.is_open else None
    if visit is not None:
        events.append(visit_event(visit, bring, at=at))
    return calendar_file(events)


def _end(case: Termination, at: datetime) -> Event:
    """The last hour of the contract. A whole day would be another day for a phone abroad."""
    title = gettext("Your line ends: %(line)s") if case.scope == "line" else gettext("Roaming ends: %(line)s")
    title %= {"line": ending(case.line.msisdn or case.line.iccid)}
    language = {"LANGUAGE": TAGS.get(get_language() or "ja", "ja")}
    text = [
        gettext("Reference: %(reference)s") % {"reference": case.reference},
        gettext("Before that, move logins that send codes to this number, and back up what you want to keep."),
    ]
    event = Event()
    event.add("uid", f"end-{case.reference}@tojimari")
    event.add("dtstamp", at)
    # A newer file wins over an older one (RFC 5545 3.8.7.4); minutes since the request grow, and fit into an integer.
    event.add("sequence", max(0, int((at - case.requested_at).total_seconds() // 60)))
    event.add("dtstart", max(case.ends_at - _LAST_HOUR, min(case.requested_at, case.ends_at)).astimezone(JST))
    event.add("dtend", case.ends_at.astimezone(JST))
    event.add("summary", title, parameters=language)
    event.add("description", "\n".join(text), parameters=language)
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -_DAY_BEFORE)
    alarm.add("description", title)
    event.add_component(alarm)
    return event
