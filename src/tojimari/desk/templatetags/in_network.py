"""How do the pages of the desk write what an element says, and what would be sent to it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from tojimari.network import words
from tojimari.platform.work import verb_of
from tojimari.terminations.in_network import Fact
from tojimari.terminations.words import STEPS

register = template.Library()


@register.filter
def fact_name(name: str) -> str:
    """What a fact is called; one within another is called after both."""
    head, _, inner = name.partition(".")
    return f"{words.fact(head)} {inner}".strip()


@register.filter
def fact_value(fact: Fact, moment: str) -> str:
    """What was said of a fact at one of the three moments; a dash where nothing was."""
    said: tuple[Any, ...] = getattr(fact, moment)
    return words.value(fact.name, said[0]) if said else "–"


@register.filter
def verb_name(step: str) -> str:
    """What is done at a step, wherever it is done."""
    return str(STEPS.get(verb_of(step), step))


@register.simple_tag
def exchange(said: Sequence[Mapping[str, Any]]) -> SafeString:
    """A talk with an element, line by line, as it is kept."""
    lines = (f"{one['port']} > {one['sent']}\n{one['port']} < {one.get('trouble') or one['back']}" for one in said)
    return format_html("<pre lang='en'>{}</pre>", "\n".join(lines))


@register.simple_tag
def orders(planned: Sequence[Any]) -> SafeString:
    """Commands that would be sent, each with its note."""
    if not planned:
        return format_html("<p class='soft'>{}</p>", gettext("Nothing is sent."))
    return format_html("<ul>{}</ul>", format_html_join("", "<li>{}{}</li>", (_order(one) for one in planned)))


def _order(one: Any) -> tuple[SafeString, SafeString]:
    """A command as the plan has it, or as a file keeps it."""
    known = one if isinstance(one, Mapping) else one.as_json()
    sent = note = SafeString("")
    if known["sent"]:
        sent = format_html("<code lang='en' translate='no'>{} &gt; {}</code> ", known["port"], known["sent"])
    if known["note"]:
        note = format_html("<span class='soft'>{}</span>", words.note(known["note"]))
    return sent, note
