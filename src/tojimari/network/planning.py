"""What exactly would be sent to an element, if a step were done now?

Nothing is sent to find out. An element has a verb `plan` for it, made from the same functions that send; identifiers
are masked as in evidence. What depends on an answer that is not there yet bears a note.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol, runtime_checkable

from tojimari.network.elements import element
from tojimari.platform.work import Work


@dataclass(frozen=True, slots=True)
class Order:
    """One command that would be sent. Without `sent` it is what a person does; `note` is a code of `words.NOTES`."""

    port: str = ""
    sent: str = ""
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@runtime_checkable
class Plans(Protocol):
    """An element that can say beforehand what it would send."""

    def plan(self, work: Work) -> Sequence[Order]:
        """What `work.name` would send for this line, in order, reading included. Empty: nothing. Sends nothing."""


def orders(lane: str, work: Work) -> list[Order] | None:
    """What the element of this name would send; None where it cannot say so beforehand, or is not there."""
    try:
        asked = element(lane)
    except (LookupError, ValueError):  # ValueError: its settings are no good
        return None
    return list(asked.plan(work)) if isinstance(asked, Plans) else None
