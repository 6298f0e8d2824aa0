"""How does data become a PDF? Typeset by typst with the fonts of this machine, when somebody asks.

The data go in as JSON and are shown as text; no letter of them is ever read as a program. Nothing is written to disk or
fetched. A machine without a Japanese font draws nothing: `can_draw` says so before anybody is promised a file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from threading import Lock
from typing import Any

import structlog
import typst

log = structlog.get_logger(__name__)

SERIF = ("Noto Serif CJK JP", "Noto Serif JP", "Hiragino Mincho ProN", "Yu Mincho", "IPAexMincho")
SANS = ("Noto Sans CJK JP", "Noto Sans JP", "Hiragino Sans", "Yu Gothic", "IPAexGothic")
"""Fonts with Japanese letters, the best first. The first ones are free (SIL Open Font License 1.1)."""

JAPANESE = (*SERIF, *SANS)

READERS: dict[str, tuple[str, str | None, tuple[str, ...]]] = {
    "en": ("en", None, ("Noto Sans CJK JP", "Noto Sans JP")),
    "zh-hans": ("zh", "CN", ("Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei")),
    "zh-hant": ("zh", "TW", ("Noto Sans CJK TC", "Noto Sans TC", "PingFang TC", "Microsoft JhengHei")),
}
"""Language, region and fonts of text for a reader of another language than Japanese, by language of the house."""

_NO_GLYPH = "could not be displayed with font"
"""How typst says that no font has a letter."""

_drawing = Lock()
"""typst does not say that it may draw in two threads at once, so it never does here. A file takes milliseconds."""


class NotDrawn(ValueError):
    """No font of this machine has a letter that is needed, for instance one of a name."""


@cache
def fonts() -> typst.Fonts:
    """The fonts of this machine, looked for once in a process."""
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=False)


@cache
def _families() -> frozenset[str]:
    return frozenset(fonts().families())


def can_draw() -> bool:
    """Say whether this machine has a font for Japanese letters."""
    return not _families().isdisjoint(JAPANESE)


def there(wanted: Sequence[str]) -> list[str]:
    """Those of the fonts that are on this machine, so that typst has nothing to warn of."""
    return [font for font in wanted if font in _families()]


def draw(template: bytes, name: str, data: Mapping[str, Any], standards: Sequence[typst.PDFStandard]) -> bytes:
    """Return `data` as PDF, drawn by the typst program `template`, which reads it as JSON from `sys.inputs` by `name`.

    The same data give the same bytes with the same version and fonts. Raises `NotDrawn`.
    """
    if not can_draw():
        raise NotDrawn
    text = json.dumps(data, ensure_ascii=False)
    with _drawing:
        compiler = typst.Compiler(template, font_paths=fonts(), ignore_system_fonts=True)
        try:
            drawn = compiler.compile(format="pdf", pdf_standards=list(standards), sys_inputs={name: text})
        except typst.TypstError as error:
            # An archival file must not show an empty box for a letter, so typst refuses. What was typed is not logged.
            if _NO_GLYPH not in error.message:
                raise
            log.warning("not drawn: no font for some of it", what=name)
            raise NotDrawn from None
    if not isinstance(drawn, bytes):
        raise TypeError("typst gives one file for a PDF")
    return drawn
