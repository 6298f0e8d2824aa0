"""What is left when a case is over: the number, the card, the data, the paper, and whom to turn to?

Days come from the certificate, so that the page says what was signed; a case whose certificate says nothing of them
shows none rather than a guess.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tojimari.counter.bags import card_of
from tojimari.counter.models import ReturnedCard
from tojimari.proofs.models import Certificate
from tojimari.proofs.queries import statement
from tojimari.rules.calendar import jst_date
from tojimari.terminations.models import CaseState, Termination


@dataclass(frozen=True, slots=True)
class Kept:
    """One kind of record that stays, as it was signed."""

    item: str
    until: date
    basis: str
    source: str
    assumed: bool


@dataclass(frozen=True, slots=True)
class Card:
    """What became of the SIM card that was given back."""

    taken_at: datetime
    damaged: bool
    bag: str  # what is written on the bag it lies in; empty while it lies in none
    closed_at: datetime | None  # when the bag was closed and counted
    handed_over_at: datetime | None  # when it left the shop to be recycled
    receiver: str


@dataclass(frozen=True, slots=True)
class Afterwards:
    """What is left after the end of a line or service."""

    rests_until: date | None  # the last day on which nobody else can have the number
    free_from: date | None  # the first day on which somebody else may have it
    rest_is_over: bool
    number_stays: bool
    kept: Sequence[Kept]
    card: Card | None
    card_number_shown: bool  # there is a card or profile whose number is never used again

    @property
    def some_assumed(self) -> bool:
        """Whether any day rests on what is not known yet."""
        return any(one.assumed for one in self.kept)


def afterwards(case: Termination, *, at: datetime) -> Afterwards | None:
    """Return what is left of a case that is over, None while it is not. Two queries."""
    if case.state != CaseState.COMPLETED:
        return None
    found = Certificate.objects.filter(case_id=case.pk).first()
    said = statement(found.jws) if found is not None else {}
    number: Mapping[str, Any] = said.get("number") or {}
    free_from = date.fromisoformat(number["free_from"]) if number.get("free_from") else None
    return Afterwards(
        rests_until=date.fromordinal(free_from.toordinal() - 1) if free_from else None,
        free_from=free_from,
        rest_is_over=free_from is not None and free_from <= jst_date(at),
        number_stays=number.get("fate") == "stays",
        kept=[
            Kept(
                one["item"],
                date.fromisoformat(one["until"]),
                one.get("basis", ""),
                one.get("source", ""),
                one.get("assumed") is True,
            )
            for one in said.get("kept", ())
        ],
        card=_card(card_of(case.pk)),
        card_number_shown=case.scope == "line",
    )


def _card(found: ReturnedCard | None) -> Card | None:
    if found is None:
        return None
    bag = found.bag
    gone = bag.hand_over if bag is not None else None
    return Card(
        taken_at=found.taken_at,
        damaged=found.condition == "damaged",
        bag=bag.label if bag is not None else "",
        closed_at=bag.closed_at if bag is not None else None,
        handed_over_at=gone.made_at if gone is not None else None,
        receiver=gone.receiver if gone is not None else "",
    )
