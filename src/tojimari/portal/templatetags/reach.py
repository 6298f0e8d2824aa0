"""How do pages show at which numbers people answer?"""

from __future__ import annotations

from collections.abc import Sequence

from django import template

from tojimari.counter.words import LANGUAGES
from tojimari.lines.models import Carrier
from tojimari.lines.reach import Hotline, hotlines
from tojimari.lines.reach_words import FROM, Text

register = template.Library()


@register.simple_tag
def hotlines_of(carrier: Carrier) -> list[Hotline]:
    """A carrier's hotlines, the main one first. One query."""
    return hotlines(carrier)


@register.filter
def from_name(called_from: str) -> Text:
    """From where a number can be called."""
    return FROM.get(called_from, called_from)


@register.filter
def spoken_names(languages: Sequence[str]) -> str:
    """Languages, each as its own speakers call it; Chinese once, however many ways of writing it there are."""
    return ", ".join(dict.fromkeys(LANGUAGES.get(language, language) for language in languages))
