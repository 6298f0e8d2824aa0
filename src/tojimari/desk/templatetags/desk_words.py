"""How do the pages of the desk write roles, actors and evidence?"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info, gettext

from tojimari.counter.models import Shop
from tojimari.counter.words import VISIT_STATES
from tojimari.desk import calls_words, words
from tojimari.desk.access import Right, Staff
from tojimari.money.words import PAID_TO
from tojimari.rules.calendar import JST
from tojimari.terminations import review_words as review
from tojimari.terminations.models import Actor, Step
from tojimari.terminations.staff_notes import KEY as NOTE
from tojimari.terminations.words import CASE_KINDS

register = template.Library()

_SHOWN_APART = {"exchange", "attested_by", "note", NOTE, "findings", "not_known", "approvals", "decided_by"}


@register.filter
def role_name(role: str) -> words.Text:
    """What a member of staff is there for."""
    return words.ROLES.get(role, role)


@register.filter
def desk_actor(actor: str) -> words.Text:
    """Who must act, as staff see it."""
    return words.ACTORS.get(actor, actor)


@register.filter
def desk_step(step: Step) -> words.Text:
    """What a step is called where staff do it; empty for a step that is not theirs."""
    return words.STEPS.get(step.name, "") if step.actor == Actor.STAFF else ""


@register.filter
def origin_name(origin: str) -> words.Text:
    """Where a procedure comes from."""
    return words.ORIGINS.get(origin, origin)


@register.filter
def trouble_name(trouble: str) -> words.Text:
    """What is the matter with a step that does not get on."""
    return words.TROUBLES.get(trouble, trouble)


@register.filter
def finding_text(finding: Mapping[str, Any]) -> str:
    """One finding of the carrier's review rule."""
    return review.found(finding)


@register.filter
def rule_texts(rule: Mapping[str, Any]) -> list[str]:
    """What a review rule looks for."""
    return review.looked_for(rule)


@register.filter
def unknown_texts(codes: object) -> list[str]:
    """What a review rule could not look at."""
    return review.not_known(codes)


@register.filter
def language_name(language: str) -> str:
    """A language as its own speakers call it."""
    return str(get_language_info(language.lower())["name_local"])


@register.filter
def language_tag(language: str) -> str:
    """A language as browsers and screen readers want it (BCP 47)."""
    first, _, script = language.partition("-")
    return f"{first}-{script.title()}" if script else first


@register.filter
def shop_called(shop: Shop) -> str:
    """What a shop is called."""
    return shop.name(get_language() or "ja")


@register.filter
def visitor_status(status: str) -> words.Text:
    """Where a visitor of today stands."""
    return VISIT_STATES.get(status, status)


@register.filter
def hour_in_japan(moment: datetime) -> str:
    """A time of a day in Japan: "14:20"."""
    return f"{moment.astimezone(JST):%H:%M}"


@register.filter
def case_kind(kind: str) -> words.Text:
    """What a case ends."""
    return CASE_KINDS.get(kind, kind)


@register.filter
def who(actor: str, names: Mapping[str, str]) -> str:
    """Who did something: the name of a member of staff, or what part of the house it was."""
    role, _, key = actor.partition(":")
    return names.get(key, gettext("Staff")) if role == "staff" else str(words.ACTORS.get(role, actor))


@register.simple_tag
def evidence(found: Mapping[str, Any], notes: Mapping[str, str] | None = None) -> SafeString:
    """What a step found: sentences first, then each fact as it is kept, then the talk with the element line by line.

    `notes` is what staff noted at the steps, by digest.
    """
    sentences = format_html_join("", "<li>{}</li>", ((text,) for text in words.findings(found, notes or {})))
    facts = format_html_join(
        "",
        "<dt class='mono'>{}</dt><dd>{}</dd>",
        ((key, _plain(value)) for key, value in found.items() if key not in _SHOWN_APART and value not in ("", [], {})),
    )
    talk = "\n".join(_line(entry) for entry in found.get("exchange", ()))
    return format_html(
        "{}{}{}",
        format_html("<ul>{}</ul>", sentences) if sentences else "",
        format_html("<dl class='facts plain'>{}</dl>", facts) if facts else "",
        format_html("<pre lang='en'>{}</pre>", talk) if talk else "",
    )


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _line(entry: Any) -> str:
    if not isinstance(entry, Mapping):
        return str(entry)
    rest = {"at", "port", "sent", "back", "trouble"} - set(entry)
    if rest - {"trouble"}:
        return _plain(dict(entry))
    answer = entry.get("trouble") or entry["back"]
    return f"{entry['at']}  {entry['port']}\n  > {entry['sent']}\n  < {answer}"


@register.filter
def noted(found: Mapping[str, Any], notes: Mapping[str, str]) -> str:
    """What staff noted with an approval; empty where they noted nothing, or it is erased."""
    return notes.get(str(found.get(NOTE)), "")


@register.filter
def page_name(page: str) -> words.Text:
    """What a page of the desk is called; its short name where it has no other."""
    return words.PAGES.get(page, page)


@register.filter
def agent(staff_id: int, names: Mapping[str, str]) -> str:
    """Who took a call."""
    return names.get(str(staff_id), f"#{staff_id}")


@register.filter
def call_outcome(outcome: str) -> words.Text:
    """What came of a call."""
    return calls_words.OUTCOMES.get(outcome, outcome)


@register.filter
def nth(items: Sequence[object], index: int) -> object:
    """One of a list, by its place."""
    return items[index]


@register.filter
def allowed(right: str, staff: Staff) -> bool:
    """Whether a member of staff holds a right, by its name."""
    return staff.may(Right(right))


@register.filter
def paid_to_name(paid_to: str) -> words.Text:
    """Where a refund went."""
    return PAID_TO[paid_to]
