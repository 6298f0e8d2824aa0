"""How do pages write a moment, a day, an amount or a number?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext

from tojimari.lines.models import Service
from tojimari.platform.work import AT
from tojimari.portal import clocks, words
from tojimari.portal.context import TAGS
from tojimari.rules.effective import last_day
from tojimari.rules.identifiers import payment
from tojimari.terminations.models import Step, Termination
from tojimari.terminations.reasons import reason_text
from tojimari.terminations.words import ACTORS, CASE_STATES, EVENTS, STEP_STATES, STEPS

register = template.Library()

_KANA = re.compile("[\u3041-\u30ff]")


@register.simple_tag(takes_context=True)
def when(context: template.Context, value: datetime | str | None) -> SafeString | str:
    """A moment in Japan time, with the reader's own time beside it where it differs."""
    if not value:
        return ""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return _both(context, moment, clocks.clock(moment))


def _both(context: template.Context, moment: datetime, in_japan: str) -> SafeString:
    """Japan time first and named, then the same moment where the reader is."""
    japan = format_html(
        '<time datetime="{}">{}</time>',
        moment.astimezone(clocks.JAPAN).isoformat(timespec="seconds"),
        pgettext("a moment", "%(time)s (Japan time)") % {"time": in_japan},
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
def language_tag(language: str) -> str:
    """A language as browsers want it: "zh-Hans"."""
    return TAGS.get(language.lower(), language)


@register.simple_tag(takes_context=True)
def end_of(context: template.Context, value: datetime | str | None) -> SafeString | str:
    """The end of a contract. Midnight in Japan is written as 24:00 of the last day, as everybody there reads it."""
    if not value:
        return ""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    local = moment.astimezone(clocks.JAPAN)
    if (local.hour, local.minute, local.second) != (0, 0, 0):
        return when(context, moment)
    written = gettext("%(day)s 24:00") % {"day": clocks.day(last_day(moment))}
    return _both(context, moment, written)


@register.filter
def kind_name(kind: str) -> words.Text:
    """What kind a line is of."""
    return words.LINE_KINDS.get(kind, kind)


@register.filter
def service_and_fee(service: Service) -> str:
    """What a service is called, with what it costs a month where that is more than nothing."""
    name = str(words.SERVICES.get(service.kind, service.kind))
    if not service.monthly_fee_yen:
        return name
    return gettext("%(service)s (%(yen)s a month)") % {"service": name, "yen": yen(service.monthly_fee_yen)}


@register.filter
def services_listed(services: Iterable[Service]) -> str:
    """Services with what they cost, in one row of words."""
    return pgettext("between items of a list", ", ").join(service_and_fee(service) for service in services)


@register.filter
def payment_number(bill_id: int) -> str:
    """By which number the carrier knows a payment for a bill again."""
    return payment.reference(bill_id)


@register.filter
def paper_name(paper: str) -> words.Text:
    """What a paper is called that a person brings."""
    return words.PAPERS.get(paper, paper)


@register.filter
def as_named(name: str) -> SafeString | str:
    """A name that the carrier gave, marked as Japanese where its letters show it, so that it is read aloud as such."""
    return format_html('<span lang="ja">{}</span>', name) if _KANA.search(name) else name


@register.filter
def own_name(name: str) -> SafeString:
    """The name of a carrier within a sentence or heading: neither translated by a browser nor broken in its middle."""
    return format_html('<span translate="no">{}</span>', name)


@register.filter
def end_name(effective: str) -> str:
    """What an end is called that may be chosen."""
    return words.end_name(effective)


@register.filter
def charge_name(charge: dict[str, Any]) -> str:
    """What one line of a quote is for."""
    return words.charge_name(charge)


@register.filter
def case_state(state: str, case: Termination) -> words.Text:
    """Where a case stands. "Closed" is said only of a case that is complete."""
    own = words.ROAMING_CASE_STATES if case.scope != "line" else {}
    return own.get(state) or CASE_STATES.get(state, state)


@register.filter
def step_name(name: str, case: Termination) -> words.Text:
    """What a step is called; turning roaming off has words of its own. One of several elements is named beside it."""
    verb, _, element = name.partition(AT)
    own = words.ROAMING_STEPS if case.scope != "line" else {}
    called = own.get(verb) or STEPS.get(verb, verb)
    return f"{called} ({element})" if element else called


@register.filter
def step_state(state: str) -> words.Text:
    """Where a step stands."""
    return STEP_STATES.get(state, state)


@register.filter
def who_acts(step: Step) -> words.Text:
    """Who must act, as the subscriber sees it: what staff record at a counter is the subscriber's visit."""
    return words.AT_A_SHOP if step.name in words.COUNTER_STEPS else ACTORS.get(step.actor, step.actor)


@register.filter
def event_name(name: str) -> words.Text:
    """What one entry of the history says."""
    return EVENTS.get(name, name)


register.filter("reason_text", reason_text)


@register.filter
def step_class(step: Step) -> str:
    """How a step is drawn. The colour only repeats what its word says."""
    if step.state in ("stuck",):
        return "trouble"
    if step.state in ("open", "claimed", "by_hand", "paused"):
        return "now"
    return {"done": "done", "skipped": "over", "cancelled": "over"}.get(step.state, "later")
