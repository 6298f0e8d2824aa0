"""How does a letter become a PDF? Drawn from data (`platform.typesetting`), when somebody asks.

The file is archival and accessible at once (PDF/A-2a and PDF/UA-1): tagged, with its title and language.
A machine without a Japanese font draws no letters; the page to print is then the way.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import typst
from django.utils.translation import get_language, gettext

from tojimari.guide.letters import Block, Letter
from tojimari.guide.words import clauses as say
from tojimari.platform.typesetting import JAPANESE, READERS, draw, there

STANDARDS: tuple[typst.PDFStandard, ...] = ("a-2a", "ua-1")


def pdf(letter: Letter, *, translated: bool = False) -> bytes:
    """Return the letter as PDF, A4. `translated`: with a last page in the active language, marked as not to be sent.

    Raises `NotDrawn`.
    """
    template = files("tojimari.guide.words").joinpath("letter.typ").read_bytes()
    return draw(template, "letter", _data(letter, translated=translated), STANDARDS)


def _data(letter: Letter, *, translated: bool) -> dict[str, Any]:
    language = get_language() or "ja"
    return {
        "title": letter.title.ja,
        "author": letter.sender.name,
        "fonts": there(JAPANESE),
        "day": [letter.dated.year, letter.dated.month, letter.dated.day],
        "dated": letter.dated_ja,
        "to": letter.to,
        "sender": letter.from_lines,
        "signature": say.SENDER["signature"] if letter.signed else "",
        "body": [_block(block, "ja") for block in letter.body],
        "farewell": letter.farewell,
        "below": say.BELOW,
        "heads": [head.ja for head in say.HEADS],
        "rows": [(row.label.ja, row.value.ja) for row in letter.rows],
        "end": say.END,
        "translation": _translation(letter, language) if translated and language in READERS else None,
    }


def _block(block: Block, language: str) -> dict[str, Any]:
    return {
        "numbered": block.numbered,
        "parts": [part.ja if language == "ja" else part.meaning for part in block.parts],
        "between": " " if language == "en" else "",
    }


def _translation(letter: Letter, language: str) -> dict[str, Any]:
    lang, region, fonts = READERS[language]
    return {
        "lang": lang,
        "region": region,
        "fonts": there((*fonts, *JAPANESE)),
        "note": gettext("Translation, for you only. It is not part of the letter: do not send this page."),
        "title": letter.title.meaning,
        "body": [_block(block, language) for block in letter.body],
        "heads": [str(head.meaning) for head in say.HEADS],
        "rows": [(row.label.meaning, row.value.meaning) for row in letter.rows],
    }
