"""Who does a step of the system? One table: step name -> the room that does it, and what it must know beforehand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tojimari.messages.handlers import tell
from tojimari.money.handlers import final_bill, settle
from tojimari.network import handlers as network
from tojimari.platform.work import Batch, Outcome
from tojimari.proofs.handlers import certificate
from tojimari.terminations.judging import review

Handle = Callable[[Batch, str], Sequence[Outcome]]

ALL = "*"  # reads every step done before
HOUSE = "house"  # the lane of everything that no element does


@dataclass(frozen=True, slots=True)
class Handler:
    """`reads` names the earlier steps whose evidence `handle` needs; "request" and "chain" are the case itself."""

    handle: Handle
    reads: tuple[str, ...] = ()


def _pass(batch: Batch, lane: str) -> Sequence[Outcome]:
    """A step that is done when its time has come: the hold."""
    return [Outcome.done() for _ in batch.works]


AT_AN_ELEMENT = frozenset({"inspect", "bar", "restore", "remove", "prove"})
"""Steps that a line with several elements has once for each; each reads what was found at its own element."""

HANDLERS: dict[str, Handler] = {
    "settle": Handler(settle, ("request",)),
    "review": Handler(review),
    "inspect": Handler(network.inspect),
    "bar": Handler(network.bar, ("inspect",)),
    "hold": Handler(_pass),
    "restore": Handler(network.restore, ("inspect",)),
    "remove": Handler(network.remove, ("inspect", "bar")),
    "prove": Handler(network.prove, ("inspect", "bar", "remove")),
    "final_bill": Handler(final_bill, ("request",)),
    "tell": Handler(tell, ("request", "return_sim", "prove", "final_bill")),
    "certificate": Handler(certificate, (ALL,)),
}
