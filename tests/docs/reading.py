"""Which documents are there, and what stands in them?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def documents() -> list[Path]:
    """Every page that people read: those at the top and all below docs."""
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def name(path: Path) -> str:
    """A page's name in messages of tests."""
    return str(path.relative_to(ROOT))


def text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def fenced(path: Path) -> Iterator[tuple[str, str]]:
    """The (language, content) of each fenced block."""
    for found in _FENCE.finditer(path.read_text(encoding="utf-8")):
        yield found[1], found[2]


def without_fences(page: str) -> str:
    return _FENCE.sub("", page)
