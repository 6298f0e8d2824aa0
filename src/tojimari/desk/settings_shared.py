"""What do all pages of settings have in common? A preview that must be seen before a change counts, and the history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.http import HttpRequest

from tojimari.lines.changes import history
from tojimari.lines.models import Carrier, Change
from tojimari.terminations.own_procedures import difference

HISTORY = 50
"""How many changes of a setting a page shows, the newest first."""

CHECK, SAVE, BACK = "check", "save", "back"
"""What a form asks for: to look at a change, to let it count, to go back to the standard."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One change, with the lines that differ."""

    change: Change
    lines: list[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants of a page of settings."""

    do: str  # empty: only to look
    seen: int  # the newest change that they had before them, 0 for none
    shown: str  # the print of the change whose preview they had before them

    def confirms(self, after: str) -> bool:
        """Whether this very change is to count, and its preview was shown before."""
        return self.do in (SAVE, BACK) and self.shown == print_of(after)


def asked(request: HttpRequest) -> Asked:
    """Read what is wanted from a request."""
    if request.method != "POST":
        return Asked("", 0, "")
    do = request.POST.get("do", CHECK)
    return Asked(
        do if do in (CHECK, SAVE, BACK) else CHECK, number(request.POST.get("seen", "")), request.POST.get("shown", "")
    )


def print_of(text: str) -> str:
    """Return a short print of a change, to know it again when it is confirmed."""
    return sha256(text.encode()).hexdigest()[:32]


def number(text: str) -> int:
    """Return a whole number as a form sends it back, 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def past(carrier: Carrier, setting: str, readable: Callable[[str], str] = str) -> dict[str, Any]:
    """Return what a page shows of a setting's history. `readable` makes each state a text to be compared."""
    changes = list(history(carrier.pk, setting)[:HISTORY])
    return {
        "changes": [Changed(one, difference(readable(one.before), readable(one.after))) for one in changes],
        "seen": changes[0].pk if changes else 0,
    }


def change_shown(before: str, after: str) -> dict[str, Any]:
    """Return what the preview of a change says of it."""
    return {"difference": difference(before, after), "shown": print_of(after)}
