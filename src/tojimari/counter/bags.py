"""Where are the SIM cards that came back, and does their number add up?

A card goes into the open bag of its shop. A bag is counted when it is closed, and again when it is handed over: a count
that differs from our records is taken only with a sentence that explains it. Everything belongs to the caller's
transaction; the shop's lock makes two clerks wait for each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Max

from tojimari.counter.models import Bag, HandOver, ReturnedCard, Shop
from tojimari.platform.acting import Acting, Refused
from tojimari.rules.masking import mask

NOTE_MOST = 500


@dataclass(frozen=True, slots=True)
class Taken:
    """A card that was taken back for a case. `ending` is "…0010", or empty where it cannot be read."""

    carrier_id: int
    case_id: int
    reference: str
    ending: str
    condition: str  # returned | damaged


@dataclass(frozen=True, slots=True)
class Stock:
    """What lies in a shop. `opened` is the bag that cards go into now, None while there is none."""

    opened: Bag | None
    closed: Sequence[Bag]
    hand_overs: Sequence[HandOver]
    loose: Sequence[ReturnedCard]
    """Cards of the carrier that were taken back where no shop was known, and lie in no bag."""

    @property
    def cards(self) -> int:
        """How many cards lie in the shop by our records."""
        return (held(self.opened) if self.opened else 0) + sum(bag.cards or 0 for bag in self.closed)


@dataclass(frozen=True, slots=True)
class Counted:
    """A bag on the list of a hand-over: how many cards of which condition are in it by our records."""

    bag: Bag
    whole: int
    damaged: int


def held(bag: Bag) -> int:
    """How many cards a bag holds by our records. One query for an open bag."""
    return ReturnedCard.objects.filter(bag=bag).count() if bag.cards is None else bag.cards


def stock_of(shop: Shop) -> Stock:
    """Return what lies in a shop, and what left it lately. Five queries at most."""
    bags = list(Bag.objects.filter(shop=shop, hand_over=None).select_related("shop").order_by("number"))
    gone = HandOver.objects.filter(shop=shop).select_related("shop").order_by("-number")[:20]
    loose = ReturnedCard.objects.filter(carrier_id=shop.carrier_id, bag=None).order_by("taken_at")[:100]
    opened = next((bag for bag in bags if bag.closed_at is None), None)
    return Stock(opened, [bag for bag in bags if bag.closed_at is not None], list(gone), list(loose))


def card_of(case_id: int) -> ReturnedCard | None:
    """Return the card that was taken back for a case, with its bag. One query."""
    return ReturnedCard.objects.select_related("bag__shop", "bag__hand_over").filter(case_id=case_id).first()


@transaction.atomic
def take(card: Taken, *, shop: Shop | None, acting: Acting, at: datetime) -> ReturnedCard:
    """Put a returned card down, in the open bag of the shop where one is known. Twice is the same as once."""
    known = card_of(card.case_id)
    if known is not None:
        return known
    return ReturnedCard.objects.create(
        carrier_id=card.carrier_id,
        bag=_open_bag(shop, at) if shop is not None else None,
        case_id=card.case_id,
        reference=card.reference,
        ending=card.ending,
        condition=card.condition,
        taken_at=at,
        taken_by=str(acting),
    )


@transaction.atomic
def bag_loose(*, shop: Shop, at: datetime) -> int:
    """Put every card that lies in no bag into the open bag of a shop; return how many."""
    bag = _open_bag(shop, at)
    return ReturnedCard.objects.filter(carrier_id=shop.carrier_id, bag=None).update(bag=bag)


@transaction.atomic
def close_bag(*, shop: Shop, counted: int, explanation: str, acting: Acting, at: datetime) -> Bag:
    """Close the open bag of a shop after counting it; the next card opens a new one.

    Raises `Refused`: `bag.none` when no bag is open, `bag.empty` when nothing is in it by both counts,
    `bag.differs` when the count differs and nobody says why.
    """
    Shop.objects.select_for_update(no_key=True).get(pk=shop.pk)
    bag = Bag.objects.select_related("shop").filter(shop=shop, closed_at=None).first()
    if bag is None:
        raise Refused("bag.none")
    cards = held(bag)
    if cards == counted == 0:
        raise Refused("bag.empty")
    bag.explanation = _explained(cards, counted, explanation)
    bag.cards, bag.counted, bag.closed_at, bag.closed_by = cards, counted, at, str(acting)
    bag.save()
    return bag


@transaction.atomic
def hand_over(
    *, shop: Shop, numbers: Sequence[int], receiver: str, counted: int, explanation: str, acting: Acting, at: datetime
) -> HandOver:
    """Give closed bags of a shop away to be recycled. Raises `Refused`.

    `bag.none_chosen`; `bag.gone` when one of them is not closed or has left already; `bag.receiver_missing`;
    `bag.differs`.
    """
    Shop.objects.select_for_update(no_key=True).get(pk=shop.pk)
    wanted = set(numbers)
    if not wanted:
        raise Refused("bag.none_chosen")
    bags = list(Bag.objects.filter(shop=shop, number__in=wanted, hand_over=None, closed_at__isnull=False))
    if len(bags) != len(wanted):
        raise Refused("bag.gone")
    if not receiver.strip():
        raise Refused("bag.receiver_missing", field="receiver")
    cards = sum(bag.cards or 0 for bag in bags)
    last = HandOver.objects.filter(shop=shop).aggregate(last=Max("number"))["last"] or 0
    made = HandOver.objects.create(
        carrier_id=shop.carrier_id,
        shop=shop,
        number=last + 1,
        receiver=mask(receiver.strip())[:NOTE_MOST],
        cards=cards,
        counted=counted,
        explanation=_explained(cards, counted, explanation),
        made_at=at,
        made_by=str(acting),
    )
    Bag.objects.filter(pk__in=[bag.pk for bag in bags]).update(hand_over=made)
    return made


def bags_of(made: HandOver) -> list[Counted]:
    """Return the bags of a hand-over. Two queries."""
    bags = list(Bag.objects.filter(hand_over=made).select_related("shop").order_by("number"))
    found = ReturnedCard.objects.filter(bag__in=bags).order_by().values_list("bag_id", "condition")
    counts = {(bag, condition): count for bag, condition, count in found.annotate(count=Count("id"))}
    return [Counted(bag, counts.get((bag.pk, "returned"), 0), counts.get((bag.pk, "damaged"), 0)) for bag in bags]


def _explained(cards: int, counted: int, explanation: str) -> str:
    """Return why the counts differ, or nothing where they do not. Raises `Refused` with `bag.differs`."""
    note = mask(explanation.strip())[:NOTE_MOST]
    if counted != cards and not note:
        raise Refused("bag.differs", field="explanation", cards=cards, counted=counted)
    return note


def _open_bag(shop: Shop, at: datetime) -> Bag:
    """Return the bag that cards go into now, a new one with the next number where none is open."""
    Shop.objects.select_for_update(no_key=True).get(pk=shop.pk)
    bag = Bag.objects.filter(shop=shop, closed_at=None).first()
    if bag is None:
        last = Bag.objects.filter(shop=shop).aggregate(last=Max("number"))["last"] or 0
        bag = Bag.objects.create(carrier_id=shop.carrier_id, shop=shop, number=last + 1, opened_at=at)
    return bag
