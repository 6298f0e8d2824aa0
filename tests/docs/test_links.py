"""Does every link lead somewhere, and does the project speak of itself alone?"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest

from tests.docs import reading

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)

LARGEST = 120_000
"""Bytes of the largest picture."""

# Brackets keep this file from finding itself.
FORBIDDEN = re.compile(
    r"pythonhoste[d]|pyp[i]\.org|registry\.npmj[s]|de[b]\.debian\.org|\bsandbo[x]|/wor[k]/|DESIG[N]\.md|\bissu[e] #?\d"
    r"|\bhelpe[r] session|\bAI-generate[d]",
    re.IGNORECASE,
)


def _anchor(heading: str) -> str:
    """The name that Markdown viewers give a heading."""
    plain = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
    kept = (char for char in plain if char in "-_ " or unicodedata.category(char)[0] in "LNM")
    return "".join(kept).replace(" ", "-")


def _anchors(page: Path) -> set[str]:
    return {_anchor(heading) for heading in _HEADING.findall(reading.without_fences(page.read_text("utf-8")))}


def _broken(page: Path) -> list[str]:
    broken = []
    for target in _LINK.findall(reading.without_fences(page.read_text("utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        place = (page.parent / path).resolve() if path else page
        missing = not place.exists() or reading.ROOT not in place.parents
        if missing or (anchor and anchor not in _anchors(place)):
            broken.append(target)
    return broken


@pytest.mark.parametrize("page", reading.documents(), ids=reading.name)
def test_links_inside_lead_somewhere(page: Path) -> None:
    assert _broken(page) == []


@pytest.mark.parametrize("page", reading.documents(), ids=reading.name)
def test_speaks_of_the_project_alone(page: Path) -> None:
    assert FORBIDDEN.findall(page.read_text("utf-8")) == []


def test_every_page_is_reached_from_the_readme() -> None:
    reached, ways = set(), [reading.ROOT / "README.md"]
    while ways:
        page = ways.pop()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        for target in _LINK.findall(reading.without_fences(page.read_text("utf-8"))):
            place = (page.parent / target.partition("#")[0]).resolve()
            if place.is_file():
                ways.append(place)
    assert [reading.name(page) for page in reading.documents() if page not in reached] == []


def test_pictures_are_small_and_shown() -> None:
    pictures = list((reading.ROOT / "docs/images").glob("*.png"))
    shown = "".join(page.read_text("utf-8") for page in reading.documents())
    assert pictures
    assert [picture.name for picture in pictures if f"images/{picture.name})" not in shown] == []
    assert [picture.name for picture in pictures if picture.stat().st_size > LARGEST] == []


@pytest.mark.parametrize("readme", ["README.ja.md", "README.zh-Hans.md"])
def test_the_short_readmes_name_the_same_commands_and_pictures(readme: str) -> None:
    told = reading.text(readme)
    for wanted in ("make run", "make test", "http://127.0.0.1:8000", "tojimari-demo", "docs/images/", "README.md"):
        assert wanted in told
