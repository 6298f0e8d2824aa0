"""Does the exchange with the HLR look exactly as the files in `transcripts/osmohlr/` tell an operator?

Each file is one situation: what is given, which step runs, what is sent (>) and must come back (<), what the visited
networks hear, and the outcome. A star stands for what differs from run to run.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from tests.support.hlr import Hlr, Visited, batch, target, wait_until
from tojimari.network.elements.osmohlr import gsup
from tojimari.platform.work import Evidence, Target

pytestmark = pytest.mark.hlr

FOLDER = Path(__file__).parent / "transcripts" / "osmohlr"
WORDS = {gsup.INSERT_DATA: "Insert Subscriber Data", gsup.DELETE_DATA: "Delete Subscriber Data"}
INSPECTED: Mapping[str, Evidence] = {"inspect": {"known": True, "nam_cs": True, "nam_ps": True}}

Given = Callable[[Hlr, Target], object]


def nothing(_hlr: Hlr, _line: Target) -> None:
    """A subscriber with keys, switched on, whose phone is off."""


def switched_off_silently(hlr: Hlr, line: Target) -> None:
    for domain in ("cs", "ps"):
        hlr.ctrl(f"SET subscriber.by-imsi-{line.imsi}.{domain}-enabled 0")


def barred(hlr: Hlr, line: Target) -> None:
    hlr.element.bar(batch(line))


def removed(hlr: Hlr, line: Target) -> None:
    barred(hlr, line)
    hlr.element.remove(batch(line))


# file -> (step, attached phone, what was before, evidence of earlier steps)
SITUATIONS: dict[str, tuple[str, bool, Given, Mapping[str, Evidence]]] = {
    "inspect": ("inspect", True, nothing, {}),
    "inspect_ghost": ("inspect", False, nothing, {}),
    "bar_nobody_attached": ("bar", False, nothing, {}),
    "bar_attached": ("bar", True, nothing, {}),
    "bar_half_done": ("bar", True, switched_off_silently, {}),
    "restore": ("restore", False, barred, INSPECTED),
    "remove": ("remove", False, barred, {}),
    "remove_twice": ("remove", False, removed, {}),
    "prove_removed": ("prove", False, removed, {"remove": {}}),
    "prove_barred": ("prove", False, barred, {}),
}


def as_text(hlr: Hlr, name: str) -> list[str]:
    """Run the situation and write down what happened, in the form of the files."""
    step, attached, given, earlier = SITUATIONS[name]
    ghost = name == "inspect_ghost"
    line = target(90_000_000) if ghost else hlr.new()
    with ExitStack() as stack:
        networks: tuple[Visited, ...] = stack.enter_context(hlr.visited(line)) if attached else ()
        given(hlr, line)
        for network in networks:
            network.heard.clear()
        (outcome,) = getattr(hlr.element, step)(batch(line, name=step, earlier=earlier))
        if outcome.evidence.get("detach") == "told":
            for network in networks:
                wait_until(partial(network.has_heard, 2), "both messages")
        heard = [f"{network.name} hears {WORDS[message.kind]}" for network in networks for message in network.heard]
    lines = []
    for entry in outcome.evidence["exchange"]:
        lines.append(f"{entry['port']} > {entry['sent']}")
        lines += [f"{entry['port']} < {part.strip()}" for part in entry["back"].split("\n")]
    facts = {k: v for k, v in outcome.evidence.items() if k not in ("exchange", "element", "address", "simulated")}
    return [*lines, *heard, f"{outcome.result.value} {outcome.code}".strip(), *(f"{k}: {v}" for k, v in facts.items())]


def expected(name: str) -> list[str]:
    text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    return [line.rstrip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


def test_every_transcript_is_played() -> None:
    assert {file.stem for file in FOLDER.glob("*.txt")} == set(SITUATIONS)


@pytest.mark.parametrize("name", SITUATIONS)
def test_the_exchange_is_as_written(hlr: Hlr, name: str) -> None:
    happened = [line.rstrip() for line in as_text(hlr, name)]
    written = expected(name)
    assert len(happened) == len(written), "\n".join(happened)
    for got, want in zip(happened, written, strict=True):
        assert fnmatch.fnmatchcase(got, want.replace("[", "[[]")), "\n".join(happened)
