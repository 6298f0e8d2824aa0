"""How do pages write what a plan at another carrier says, who says it, and how its steps stand?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, pgettext

from tojimari.guide.ages import is_old
from tojimari.guide.deadlines import Deadline
from tojimari.guide.facts import CarrierFacts, Confidence, LineKind, Text
from tojimari.guide.losses import Cost, Yen
from tojimari.guide.opening import Open
from tojimari.guide.plan import Outcome, Plan, PlannedStep
from tojimari.guide.say import Quoted
from tojimari.guide.words.cards import Wish
from tojimari.portal import clocks, words_directory
from tojimari.portal.templatetags.show import yen
from tojimari.rules.calendar import jst, jst_date
from tojimari.rules.opening import WEEKDAYS
from tojimari.terminations.guided import words
from tojimari.terminations.guided.queries import StepView

register = template.Library()


@register.filter
def in_words(text: Text | None) -> str:
    """A text of the directory in the reader's language."""
    return text.into(get_language() or "ja") if text is not None else ""


@register.filter
def as_exact(text: str) -> str:
    """A date of a source."""
    return clocks.as_exact(text)


@register.filter
def line_kind(kind: str) -> words.Text:
    """What a kind of line is called."""
    return words.LINE_KINDS.get(kind, kind)


@register.filter
def stand_name(stand: str) -> words.Text:
    """Where a plan stands."""
    return words.STANDS.get(stand, stand)


@register.filter
def step_stand(step: StepView) -> words.Text:
    """Where a step stands."""
    return gettext("Not needed") if step.row.not_needed else words.STEP_STANDS.get(step.stand, step.stand)


@register.filter
def step_drawn(step: StepView) -> str:
    """How a step is drawn. The colour only repeats what its word says."""
    return {"done": "done", "overdue": "trouble", "blocked": "trouble", "your_turn": "now"}.get(step.stand, "later")


@register.filter
def step_title(step: StepView) -> str:
    """What a step is called."""
    return step.title(get_language() or "ja")


@register.filter
def evidence_name(kind: str) -> words.Text:
    """What a kind of evidence is called."""
    return words.EVIDENCE.get(kind, kind)


@register.filter
def wanted(step: PlannedStep) -> str:
    """What to keep of a step, in one row of words."""
    return pgettext("between items of a list", ", ").join(str(words.WANTED.get(one, one)) for one in step.evidence)


@register.filter
def act_name(act: str) -> words.Text:
    """What a deadline is for."""
    return words.ACTS.get(act, act)


@register.filter
def is_amount(cost: Cost) -> bool:
    """Whether a cost is known."""
    return isinstance(cost, Yen)


@register.filter
def amount(cost: Cost) -> str:
    """A known cost: "2,970 yen", "up to 1,100 yen"."""
    if not isinstance(cost, Yen):
        return ""
    return gettext("up to %(yen)s") % {"yen": yen(cost.amount)} if cost.up_to else yen(cost.amount)


@register.simple_tag
def fitting_card(made: Plan | None) -> str:
    """Where the card stands that this plan needs at a counter; all cards where none is about it.

    Whoever moves a number, or whose plan has ended, gets no card that asks to close.
    """
    if made is not None and made.outcome in (Outcome.STEPS, Outcome.ASK_CARRIER):
        wish = Wish.ROAMING if made.kind is LineKind.ROAMING else Wish.CLOSE
        return reverse("portal:card", args=[wish])
    return reverse("portal:cards")


@register.simple_tag
def both_clocks(moment: datetime | None, zone: str = "") -> SafeString | str:
    """A moment in Japan time, and on the clock that the person named."""
    if moment is None:
        return ""
    written = format_html(
        '<time datetime="{}">{}</time>',
        moment.astimezone(UTC).isoformat(timespec="seconds"),
        pgettext("a moment", "%(time)s (Japan time)") % {"time": clocks.clock(moment)},
    )
    if not zone or moment.astimezone(ZoneInfo(zone)).utcoffset() == moment.astimezone(clocks.JAPAN).utcoffset():
        return written
    there = gettext("%(place)s: %(time)s") % {
        "place": clocks.place_of(ZoneInfo(zone)),
        "time": clocks.clock(moment, ZoneInfo(zone)),
    }
    return format_html('{} <span class="elsewhere">{}</span>', written, there)


@register.filter
def channel_name(channel: str) -> words_directory.Text:
    """By which channel one asks."""
    return words_directory.CHANNELS.get(channel, channel)


@register.simple_tag
def hours_there(open_hours: Open | None, zone: str) -> str:
    """The hours of a hotline in Japan on the clock that the person named; empty where it is the same, or never closes.

    Where the days of the week would move with the clock, nothing is said: the hours in Japan stand beside.
    """
    hours = open_hours.hours if open_hours is not None and not open_hours.always else None
    there, today = ZoneInfo(zone or "Asia/Tokyo"), jst_date(timezone.now())
    week = (list(hours.of_day(today + timedelta(days=ahead))) for ahead in range(8)) if hours else ()
    spans = [(since.astimezone(there), until.astimezone(there)) for since, until, _ in next(filter(None, week), [])]
    if not spans or spans[0][0].utcoffset() == jst(spans[0][0]).utcoffset():
        return ""
    every_day = hours is not None and all(
        opens.days is None or len(opens.days) == len(WEEKDAYS) for opens in hours.week
    )
    if not every_day and any(jst_date(since) != since.date() for since, _ in spans):
        return ""
    times = pgettext("between items of a list", ", ").join(f"{since:%H:%M}–{until:%H:%M}" for since, until in spans)
    return gettext("%(place)s: %(time)s") % {"place": clocks.place_of(there), "time": times}


@register.filter
def may_still_work(deadline: Deadline) -> bool:
    """Whether it has passed on the safe side only, so that trying at once makes sense."""
    return deadline.may_still_work(timezone.now())


@register.simple_tag
def source_line(facts: CarrierFacts | None, quoted: Quoted) -> SafeString | str:
    """Who says it, when it was read, whether it is the carrier itself, and whether it is weak or old."""
    source = facts.sources.get(quoted.source) if facts is not None else None
    if facts is None or source is None:
        return ""
    who = gettext("The carrier says so") if quoted.published else gettext("People report so")
    marks = [gettext("Weak")] if source.confidence is Confidence.LOW else []
    marks += [gettext("Old")] if is_old(source, jst_date(timezone.now())) else []
    return format_html(
        '<span class="soft">(<a href="{}#source-{}">{}</a> · {} · {}{})</span>',
        reverse("portal:directory_carrier", args=[facts.id]),
        quoted.source,
        gettext("Source"),
        who,
        gettext("read %(day)s") % {"day": clocks.as_exact(source.read_on)},
        format_html_join("", ' · <span class="tag warn">{}</span>', ((mark,) for mark in marks)),
    )


@register.filter
def lookup(mapping: Mapping[str, object], key: str) -> object:
    """What stands under a key, or nothing."""
    return mapping.get(key, "")
