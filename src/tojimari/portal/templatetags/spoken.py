"""How do pages show a Japanese sentence with its readings, and a text of the directory in the reader's language?"""

from __future__ import annotations

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from tojimari.guide.facts import Text
from tojimari.guide.words.spoken import Spoken

register = template.Library()


@register.filter
def with_readings(sentence: Spoken) -> SafeString:
    """The sentence with the reading over each word in kanji, in brackets where a browser cannot put it there."""
    pieces = [
        format_html("<ruby>{}<rp>(</rp><rt>{}</rt><rp>)</rp></ruby>", text, reading) if reading else text
        for text, reading in sentence.pieces
    ]
    return format_html_join("", "{}", ((piece,) for piece in pieces))


@register.filter
def for_reader(text: Text | None) -> str:
    """A text of the directory in the reader's language."""
    return text.into(get_language() or "ja") if text is not None else ""
