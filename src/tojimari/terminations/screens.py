"""What exactly did the person read before they confirmed?

The words of the screen, as plain text: what a reader sees, line by line, without looks, addresses and hidden fields.
They are kept with the case, and the certificate has their SHA-256, so that "you were told" can be shown to be true, or
not. The version is the digest of the template that made the screen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from html.parser import HTMLParser

from django.template.loader import get_template

from tojimari.terminations.models import ShownScreen

_BLOCKS = {"p", "h1", "h2", "h3", "dt", "dd", "div", "li", "tr", "td", "th", "form", "button", "a", "summary", "label"}
_SILENT = {"script", "style", "template", "nav"}
_PASSING = {"alert", "status"}  # notices that are gone with the next look
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen as it was shown. `language` is a tag of the house, `version` names the template's text."""

    text: str
    language: str
    template: str
    version: str

    @property
    def digest(self) -> str:
        """SHA-256 of the text in UTF-8."""
        return sha256(self.text.encode()).hexdigest()

    def facts(self) -> dict[str, str]:
        """What history and certificate say of it; the words themselves stay with the case."""
        return {
            "sha256": self.digest,
            "language": self.language,
            "template": self.template,
            "version": self.version,
        }


def screen(html: str, *, language: str, template: str) -> Screen:
    """Read a page that `template` made. Only what stands in its `main` counts: menus are the same everywhere."""
    return Screen(words_of(html), language, template, version_of(template))


def keep(shown: Iterable[tuple[Screen | None, int, int]], *, at: datetime) -> None:
    """Keep the words of the screens that were confirmed, each with the ids of its carrier and its case."""
    ShownScreen.objects.bulk_create(
        ShownScreen(carrier_id=carrier_id, case_id=case_id, text=one.text, shown_at=at, **one.facts())
        for one, carrier_id, case_id in shown
        if one is not None
    )


@cache
def version_of(template: str) -> str:
    """Return the start of the SHA-256 of a template's source: another text is another version."""
    return sha256(get_template(template).template.source.encode()).hexdigest()[:16]  # type: ignore[attr-defined]  # Django's own backend has it


def words_of(html: str) -> str:
    """Return what a reader sees in the `main` of a page, one line for each block, with single spaces.

    Menus and passing notices ("the code was right") are no part of it.
    """
    reader = _Words()
    reader.feed(html)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).split("\n"))
    return "\n".join(line for line in lines if line)


class _Words(HTMLParser):
    """Collects the text inside `main`."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._inside = 0
        self._silent = 0  # how deep inside of what is left out

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside += tag == "main"
        if tag not in _VOID and (self._silent or tag in _SILENT or dict(attrs).get("role") in _PASSING):
            self._silent += 1
        if tag in _BLOCKS or tag == "br":
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._inside -= tag == "main"
        self._silent = max(self._silent - (tag not in _VOID), 0)
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if self._inside and not self._silent:
            self.parts.append(data.replace("\n", " "))
