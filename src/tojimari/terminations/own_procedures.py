"""How does a carrier's administrator change a procedure: check it, look at it, keep it, and go back?

The text is kept whole with each change. Cases that run keep the version they began with; a new one counts for cases
that are asked for afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import unified_diff

from django.db import transaction

from tojimari.lines.changes import record
from tojimari.lines.models import Carrier, Change
from tojimari.platform.acting import Acting, Refused
from tojimari.terminations.procedures import (
    BadProcedure,
    Origin,
    ProcedureSpec,
    parse,
    read_text,
    setting,
    shipped,
    source,
)

MOST = 20_000
"""How many characters a procedure may have; the longest that ships has a tenth of it."""

_STEP = re.compile(r"^step ([0-9]+) ")
_TOML_LINE = re.compile(r"\(at line ([0-9]+),")
_KEY = re.compile(r"^(?:unknown key '|)(effective|review|kind)\b")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a text. `line` counts from 1; 0 where it is the whole that is wrong."""

    line: int
    text: str


def plain(text: str) -> str:
    """Return a text as it is kept: one sort of line end, and one at its end. Browsers send others."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip() + "\n" if text.strip() else ""


def check(kind: str, text: str) -> tuple[ProcedureSpec | None, list[Problem]]:
    """Return what a text means, or everything that is wrong with it and in which line."""
    if len(text) > MOST:
        return None, [Problem(0, f"longer than {MOST} characters")]
    try:
        found = parse(read_text(text, kind), kind)
    except BadProcedure as error:
        return None, [Problem(_line_of(problem, text), problem) for problem in error.problems]
    if found.kind != kind:
        return None, [Problem(_find(r"^\s*kind\b", text), f"kind is '{found.kind}': this page is for '{kind}'")]
    return found, []


def difference(before: str, after: str) -> list[str]:
    """Return the lines that differ with three around each, "+" before a new one and "-" before one that goes."""
    lines = unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=3)
    return [line for line in lines if not line.startswith(("---", "+++"))]


def keep(*, carrier: Carrier, kind: str, text: str, seen: int, acting: Acting, at: datetime) -> Change | None:
    """Let a text count from now on; an empty one means what ships with the installation. None: it counts already.

    `seen` is the id of the newest change that the person had before them, 0 for none. Raises `Refused`:
    `procedure.wrong` when it cannot be used, `procedure.file_wins` when a file of the installation decides,
    `settings.changed` when a colleague was first. Nothing is written then.
    """
    after = plain(text)
    if after and check(kind, after)[1]:
        raise Refused("procedure.wrong")
    with transaction.atomic(durable=True):
        now = source(carrier, kind)
        if now.origin == Origin.FILE:
            raise Refused("procedure.file_wins")
        if not after and now.origin == Origin.SHIPPED:
            return None
        before = now.text if now.origin == Origin.DESK else shipped(carrier.slug, kind).text
        return record(
            carrier=carrier, setting=setting(kind), before=before, after=after, seen=seen, acting=acting, at=at
        )


def _line_of(problem: str, text: str) -> int:
    """Return the line that a problem is about, 0 for none."""
    if found := _TOML_LINE.search(problem):
        return int(found[1])
    if found := _STEP.match(problem):
        heads = _lines(r"^\s*\[\[\s*step\s*\]\]", text)
        number = int(found[1])
        return heads[number - 1] if number <= len(heads) else 0
    if found := _KEY.match(problem):
        return _find(rf"^\s*\[?\s*{found[1]}\b", text)
    if found := re.match(r"unknown key '?([\w.-]+)'?", problem):
        return _find(rf"^\s*\[*\s*{re.escape(found[1].rpartition('.')[2])}\b", text)
    return 0


def _find(pattern: str, text: str) -> int:
    lines = _lines(pattern, text)
    return lines[0] if lines else 0


def _lines(pattern: str, text: str) -> Sequence[int]:
    return [number for number, line in enumerate(text.splitlines(), 1) if re.match(pattern, line)]
