"""What does it cost, to the yen, and who says so?

An amount is named only where it follows from a stated fact and from what the person says they pay. Otherwise it is
`Unknown`, with the question for the carrier.
"""

from __future__ import annotations

from dataclasses import dataclass

from tojimari.guide.say import Say, Unknown


@dataclass(frozen=True, slots=True)
class Yen:
    """An amount including tax, and why it is this one. `sources` are keys of `CarrierFacts.sources`."""

    amount: int
    basis: Say
    sources: tuple[str, ...]
    up_to: bool = False
    """True: the most that may be asked for, perhaps less or nothing."""


Cost = Yen | Unknown
