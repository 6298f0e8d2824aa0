"""How is a talk with an element held against a file that an operator can read?

Such a file has what is sent (>) and must come back (<), then the outcome and what the evidence says. A star stands for
what differs from run to run, lines that begin with # are for people.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable
from pathlib import Path

from tojimari.platform.work import Outcome

ABOUT_THE_ELEMENT = ("exchange", "element", "address", "simulated")


def as_text(outcome: Outcome) -> list[str]:
    """One step as the files have it."""
    lines = []
    for said in outcome.evidence["exchange"]:
        lines += [f"{said['port']} > {said['sent']}", f"{said['port']} < {said['back']}"]
    facts = [f"{key}: {value}" for key, value in outcome.evidence.items() if key not in ABOUT_THE_ELEMENT]
    return [line.rstrip() for line in (*lines, f"{outcome.result.value} {outcome.code}", *facts)]


def assert_as_written(outcomes: Iterable[Outcome], path: Path) -> None:
    """Steps, one after the other, are as the file says."""
    happened = [line for outcome in outcomes for line in as_text(outcome)]
    text = path.read_text(encoding="utf-8").splitlines()
    written = [line.rstrip() for line in text if line.strip() and not line.startswith("#")]
    assert len(happened) == len(written), "\n".join(happened)
    for got, want in zip(happened, written, strict=True):
        assert fnmatch.fnmatchcase(got, want.replace("[", "[[]")), "\n".join(happened)
