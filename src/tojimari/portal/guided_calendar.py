"""How do the deadlines of a plan at another carrier come into a person's own calendar? As .ics entries (RFC 5545).

Each deadline keeps its UID, so a file that is loaded again after "extended to" moves the entry. The entry ends at the
last minute in which it is in time, and calls a day and three hours before.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import get_language, gettext
from icalendar import Alarm, Event

from tojimari.portal.calendars import calendar_file
from tojimari.portal.context import TAGS
from tojimari.rules.calendar import JST
from tojimari.terminations.guided.queries import CaseView, StepView

_LENGTH = timedelta(minutes=30)
_ALARMS = (timedelta(days=-1), timedelta(hours=-3))


def calendar_of(view: CaseView, steps: Sequence[StepView], *, at: datetime) -> bytes:
    """Return the deadlines of these steps that are not over, in the reader's language."""
    events = [_event(view, step, step.row.due, at) for step in steps if step.row.due and not step.row.is_over]
    return calendar_file(events)


def _event(view: CaseView, step: StepView, due: datetime, at: datetime) -> Event:
    language = get_language() or "ja"
    tag = {"LANGUAGE": TAGS.get(language, "en")}
    carrier = view.facts.name.into(language) if view.facts is not None else view.case.carrier_key
    title = gettext("Do by now: %(step)s (%(carrier)s)") % {"step": step.title(language), "carrier": carrier}
    event = Event()
    event.add("uid", f"guided-{view.case.reference}-{step.row.name}@tojimari")
    event.add("dtstamp", at)
    # A newer file wins over an older one (RFC 5545 3.8.7.4).
    event.add("sequence", max(0, int((at - view.case.kept_at).total_seconds() // 60)))
    event.add("dtstart", (due - _LENGTH).astimezone(JST))
    event.add("dtend", due.astimezone(JST))
    event.add("summary", title, parameters=tag)
    event.add("description", gettext("Reference: %(reference)s") % {"reference": view.case.reference}, parameters=tag)
    event.add("class", "PRIVATE")
    for before in _ALARMS:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", before)
        alarm.add("description", title)
        event.add_component(alarm)
    return event
