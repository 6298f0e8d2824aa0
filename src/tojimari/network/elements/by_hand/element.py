"""Which acts are left to a person, and what counts as proof of them?

For a service such as roaming there is one act: switch it off and end the visit ("bar"). For a whole line there are
two, because it can be put back between them: bar it, and after the hold remove it. The proof is the attestation of
the last act; without one nothing is proved.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tojimari.network.planning import Order
from tojimari.platform.work import Batch, Outcome, Work


class ByHand:
    """An element that is a person."""

    name = "by_hand"
    simulated = False

    def trouble(self) -> str:
        return ""

    def inspect(self, batch: Batch) -> list[Outcome]:
        return [Outcome.done(**_evidence(known=None)) for _ in batch.works]

    def bar(self, batch: Batch) -> list[Outcome]:
        return [_to_a_person("bar") for _ in batch.works]

    def restore(self, batch: Batch) -> list[Outcome]:
        return [_to_a_person("restore") for _ in batch.works]

    def remove(self, batch: Batch) -> list[Outcome]:
        return [_remove(work) for work in batch.works]

    def prove(self, batch: Batch) -> list[Outcome]:
        return [_prove(work) for work in batch.works]

    def look(self, _work: Work) -> Outcome:
        """Nobody can be asked: only a person sees how it stands."""
        return Outcome.done(**_evidence(known=None))

    def plan(self, work: Work) -> Sequence[Order]:
        """What a person would do."""
        acts = ("bar", "restore", "remove") if work.scope == "line" else ("bar", "restore")
        return [Order(note=f"by_hand.{work.name}")] if work.name in acts else []


def _remove(work: Work) -> Outcome:
    if work.scope == "line":
        return _to_a_person("remove")
    return Outcome.done(**_evidence(nothing_to_do=True))  # "bar" has ended the service; the line keeps its record


def _prove(work: Work) -> Outcome:
    act = "remove" if work.scope == "line" else "bar"
    attested_by = work.earlier.get(act, {}).get("attested_by")
    if not attested_by:
        return Outcome.stuck("network.not_attested", **_evidence(act=act))
    return Outcome.done(**_evidence(attested=True, attested_by=attested_by, act=act))


def _to_a_person(step: str) -> Outcome:
    return Outcome.by_hand(f"network.by_hand.{step}", **_evidence())


def _evidence(**facts: Any) -> dict[str, Any]:
    return {"element": ByHand.name, "address": "", "simulated": False, "exchange": [], "by_hand": True, **facts}
