"""Which kind of line suits whom: a physical SIM, an eSIM, or roaming on the line from home?

A small table and no more: it weighs how long somebody stays, what their phone can do, and how hard each kind is to
leave. It sells nothing; every answer carries its reasons, and the other kinds stay on the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """As the procedures call them."""

    ESIM = "esim"
    PHYSICAL_SIM = "physical_sim"
    ROAMING = "roaming"


class Stay(StrEnum):
    FIRST_VISIT = "first_visit"
    CHANGING_PHONES = "changing_phones"
    BUSINESS = "business"  # in and out of several countries
    LONG = "long"  # lives, works or studies here


class Phone(StrEnum):
    ESIM = "esim"
    NO_ESIM = "no_esim"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    NO_TRIP_TO_A_SHOP = "no_trip_to_a_shop"  # an eSIM is closed from anywhere
    PHONE_TAKES_ESIM = "phone_takes_esim"
    PHONE_WITHOUT_ESIM = "phone_without_esim"
    LOOK_FIRST = "look_first"  # whether the phone takes an eSIM must be looked up first
    CARD_MOVES = "card_moves"  # a card is put from one phone into the next by hand
    ONE_NUMBER = "one_number"  # the number from home works in each country
    NOTHING_TO_CLOSE = "nothing_to_close"  # roaming ends at once and leaves no contract here
    LOCAL_NUMBER = "local_number"  # banks and offices here ask for a number of this country
    SHOP_NEARBY = "shop_nearby"  # who lives here can go to a shop


@dataclass(frozen=True, slots=True)
class Suggestion:
    kind: Kind
    reasons: tuple[Reason, ...]


def suggest(stay: Stay, phone: Phone) -> Suggestion:
    """Return the kind that suits best and why. Never fails: each pair of answers has its row."""
    by_phone = {
        Phone.ESIM: Reason.PHONE_TAKES_ESIM,
        Phone.NO_ESIM: Reason.PHONE_WITHOUT_ESIM,
        Phone.UNKNOWN: Reason.LOOK_FIRST,
    }[phone]
    match stay:
        case Stay.BUSINESS:
            return Suggestion(Kind.ROAMING, (Reason.ONE_NUMBER, Reason.NOTHING_TO_CLOSE))
        case Stay.FIRST_VISIT if phone is Phone.NO_ESIM:  # a card would have to be brought back to a shop
            return Suggestion(Kind.ROAMING, (by_phone, Reason.NOTHING_TO_CLOSE))
        case Stay.FIRST_VISIT:
            return Suggestion(Kind.ESIM, (by_phone, Reason.NO_TRIP_TO_A_SHOP))
        case Stay.CHANGING_PHONES:
            return Suggestion(Kind.PHYSICAL_SIM, (Reason.CARD_MOVES,))
        case Stay.LONG if phone is Phone.ESIM:
            return Suggestion(Kind.ESIM, (Reason.LOCAL_NUMBER, by_phone, Reason.NO_TRIP_TO_A_SHOP))
    return Suggestion(Kind.PHYSICAL_SIM, (Reason.LOCAL_NUMBER, by_phone, Reason.SHOP_NEARBY))
