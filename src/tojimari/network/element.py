"""What must a network element be able to do to end a line?

Five verbs, each on a whole batch, each safe to run twice. What runs in which order is the procedure's business; what a
verb promises is written here and is the same for every element.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from tojimari.platform.work import Batch, Outcome

BAR_TRIES_FOR_AN_ABSENT_NETWORK = 3
"""So often "bar" waits for a visited network that is away; after that it says honestly that the detach was not seen."""

AWAY = frozenset(
    {
        "network.busy",
        "network.files_missing",
        "network.no_answer",
        "network.not_let_in",
        "network.not_trusted",
        "network.out_of_step",
        "network.refused",
        "network.reset",
        "network.unreachable",
        "profile.files_missing",
        "profile.no_protocol",
        "profile.not_let_in",
        "profile.not_trusted",
    }
)
"""Reason codes that say something of the element, not of a line: it was asked and has not answered."""


class Element(Protocol):
    """A network element that holds lines: an HLR, an HSS, an activation platform, or a person who does it by hand.

    Every method answers one outcome per work, in the order of the batch, and one bad line never harms the others.
    Evidence always names `element`, `address`, `simulated` and `exchange` (what was sent and what came back,
    identifiers masked). No method sleeps: what must wait comes back as "again".
    """

    @property
    def name(self) -> str:
        """The word that carriers' files use for this element."""

    @property
    def simulated(self) -> bool:
        """True when no network stands behind it; every piece of evidence says so too."""

    def trouble(self) -> str:
        """Why it cannot work at present, beginning with a reason code; empty if it can."""

    def inspect(self, batch: Batch) -> list[Outcome]:
        """Record what the element holds, change nothing. `known` is False for a line that is already gone."""

    def bar(self, batch: Batch) -> list[Outcome]:
        """Let nobody attach any more and send away whoever is attached. Reversible.

        `detach` says what became of a phone that was attached: "told" (its network was connected and was sent the
        message), "nobody" (no network had it on record) or "not_seen".
        """

    def restore(self, batch: Batch) -> list[Outcome]:
        """Undo "bar": back to exactly what "inspect" recorded. Only before "remove"."""

    def remove(self, batch: Batch) -> list[Outcome]:
        """Take the secret keys and then the record away. Cannot be undone."""

    def prove(self, batch: Batch) -> list[Outcome]:
        """Try to attach as a visited network would, and read back. Done means: rejected, and not on record."""


Verb = Callable[[Element, Batch], list[Outcome]]
