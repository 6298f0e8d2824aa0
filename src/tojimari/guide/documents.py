"""How does a letter become a PDF? Drawn by typst from data, with the fonts of this machine, when somebody asks.

The file is archival and accessible at once (PDF/A-2a and PDF/UA-1): tagged, with its title and language. The data go in
as JSON and are shown as text; no letter of them is ever read as a program. Nothing is written to disk or fetched.

A machine without a Japanese font draws no letters. `can_draw` says so, and the page to print is then the way.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from threading import Lock
from typing import Any

import structlog
import typst
from django.utils.translation import get_language, gettext

from tojimari.guide.letters import Block, Letter
from tojimari.guide.words import clauses as say

log = structlog.get_logger(__name__)


class NotDrawn(ValueError):
    """No font of this machine has a letter that is needed, for instance one of a name."""


JAPANESE = (
    "Noto Serif CJK JP",
    "Noto Serif JP",
    "Hiragino Mincho ProN",
    "Yu Mincho",
    "IPAexMincho",
    "Noto Sans CJK JP",
    "Noto Sans JP",
    "IPAexGothic",
)
"""Fonts for the letter, the best first. Any of them will do."""

_READERS: dict[str, tuple[str, str | None, tuple[str, ...]]] = {
    "en": ("en", None, ("Noto Sans CJK JP", "Noto Sans JP")),
    "zh-hans": ("zh", "CN", ("Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei")),
    "zh-hant": ("zh", "TW", ("Noto Sans CJK TC", "Noto Sans TC", "PingFang TC", "Microsoft JhengHei")),
}
"""Language, region and fonts of the page with the translation, by language of the house."""

STANDARDS: tuple[typst.PDFStandard, ...] = ("a-2a", "ua-1")

_NO_GLYPH = "could not be displayed with font"
"""How typst says that no font has a letter."""

_drawing = Lock()
"""typst does not say that it may draw in two threads at once, so it never does here. A letter takes milliseconds."""


@cache
def _fonts() -> typst.Fonts:
    """The fonts of this machine, looked for once in a process."""
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=False)


def can_draw() -> bool:
    """Say whether this machine has a font for Japanese letters."""
    return not set(JAPANESE).isdisjoint(_fonts().families())


def pdf(letter: Letter, *, translated: bool = False) -> bytes:
    """Return the letter as PDF, A4. `translated`: with a last page in the active language, marked as not to be sent.

    Raises `NotDrawn`.
    """
    if not can_draw():
        raise NotDrawn
    data = json.dumps(_data(letter, translated=translated), ensure_ascii=False)
    source = files("tojimari.guide.words").joinpath("letter.typ").read_bytes()
    with _drawing:
        compiler = typst.Compiler(source, font_paths=_fonts(), ignore_system_fonts=True)
        try:
            drawn = compiler.compile(format="pdf", pdf_standards=list(STANDARDS), sys_inputs={"letter": data})
        except typst.TypstError as error:
            # An archival file must not show an empty box for a letter, so typst refuses. What was typed is not logged.
            if _NO_GLYPH not in error.message:
                raise
            log.warning("letter not drawn: no font for some of it")
            raise NotDrawn from None
    if not isinstance(drawn, bytes):
        raise TypeError("typst gives one file for a PDF")
    return drawn


def _data(letter: Letter, *, translated: bool) -> dict[str, Any]:
    language = get_language() or "ja"
    return {
        "title": letter.title.ja,
        "author": letter.sender.name,
        "fonts": _there(JAPANESE),
        "day": [letter.dated.year, letter.dated.month, letter.dated.day],
        "dated": letter.dated_ja,
        "to": letter.to,
        "sender": letter.from_lines,
        "signature": say.SENDER["signature"] if letter.signed else "",
        "body": [_block(block, ja=True) for block in letter.body],
        "farewell": letter.farewell,
        "below": say.BELOW,
        "heads": [head.ja for head in say.HEADS],
        "rows": [(row.label.ja, row.value.ja) for row in letter.rows],
        "end": say.END,
        "translation": _translation(letter, language) if translated and language in _READERS else None,
    }


def _block(block: Block, *, ja: bool) -> dict[str, Any]:
    return {
        "numbered": block.numbered,
        "parts": [part.ja if ja else part.meaning for part in block.parts],
        "between": "" if ja else " ",
    }


def _translation(letter: Letter, language: str) -> dict[str, Any]:
    lang, region, fonts = _READERS[language]
    return {
        "lang": lang,
        "region": region,
        "fonts": _there((*fonts, *JAPANESE)),
        "note": gettext("Translation, for you only. It is not part of the letter: do not send this page."),
        "title": letter.title.meaning,
        "body": [_block(block, ja=False) for block in letter.body],
        "heads": [str(head.meaning) for head in say.HEADS],
        "rows": [(row.label.meaning, row.value.meaning) for row in letter.rows],
    }


def _there(fonts: Sequence[str]) -> list[str]:
    """Those of the fonts that are on this machine, so that typst has nothing to warn of."""
    have = set(_fonts().families())
    return [font for font in fonts if font in have]
