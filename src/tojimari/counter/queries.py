"""Which shops are there, how far are they, and who comes when? Reads only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from tojimari.counter.models import Shop, Visit, VisitState
from tojimari.counter.times import free_days, taken
from tojimari.platform.spelled import as_written, in_groups
from tojimari.rules.calendar import day_end, day_start, jst_date
from tojimari.rules.opening import Span
from tojimari.rules.places import kilometres, postcode, shared_digits, station_key
from tojimari.rules.text import plain

EXPECTED = (VisitState.BOOKED, VisitState.WALK_IN)
"""States of a visitor who may still come to the counter."""

RECEIVED = (VisitState.CAME, VisitState.SERVED)
"""States of a visitor who came and was received."""

FIRST = 10
"""How many shops are shown at first. The others are one tap away."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Where the person is, as they told it; all of it empty when they did not. Nothing of this is kept or logged."""

    position: tuple[float, float] | None = None
    text: str = ""  # a station, a postcode, or a part of a shop's name or address


@dataclass(frozen=True, slots=True)
class Near:
    """A shop as the list shows it."""

    shop: Shop
    kilometres: float | None
    """From where the person is; None when they did not tell."""
    open_today: Sequence[Span]
    next_free: datetime | None


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a wish. `matched` is False when nothing fits it, and `shops` are then all of them."""

    shops: Sequence[Near]
    matched: bool
    more: int
    """How many further shops there are."""


def shops_near(carrier_id: int, wish: Wish, *, at: datetime, everything: bool = False) -> Found:
    """Return the carrier's shops, the nearest first; ten of them unless `everything` is asked for. Two queries."""
    shops = list(Shop.objects.filter(carrier_id=carrier_id, active=True).order_by("code"))
    ordered, matched = _ordered(shops, wish)
    shown = ordered if everything else ordered[:FIRST]
    held = taken([shop for shop, _ in shown], at)
    near = [_near(shop, far, at, held[shop.pk]) for shop, far in shown]
    return Found(near, matched, len(ordered) - len(shown))


def _near(shop: Shop, far: float | None, at: datetime, visits: Sequence[Visit]) -> Near:
    first = next(free_days(shop, at, visits), None)
    return Near(shop, far, shop.opening.spans(jst_date(at)), first.times[0] if first else None)


def _ordered(shops: Sequence[Shop], wish: Wish) -> tuple[list[tuple[Shop, float | None]], bool]:
    """Put the shops into order for a wish, and say whether it fitted any of them."""
    if wish.position is not None:
        here = wish.position
        far = [(shop, kilometres(*here, shop.latitude, shop.longitude)) for shop in shops]
        return [(shop, distance) for shop, distance in sorted(far, key=lambda pair: pair[1])], True
    if not wish.text.strip():
        return [(shop, None) for shop in shops], True
    named = _by_postcode(shops, wish.text) if postcode(wish.text) else _by_name(shops, wish.text)
    if not named:
        return [(shop, None) for shop in shops], False
    if postcode(wish.text):
        return [(shop, None) for shop in named], True
    return _around(named, shops), True


def _by_postcode(shops: Sequence[Shop], text: str) -> list[Shop]:
    """The shops whose postcodes begin most like this one; none where not even the first digit is the same."""
    wanted = postcode(text)
    shared = {shop.pk: shared_digits(wanted, shop.postcode) for shop in shops}
    if not any(shared.values()):
        return []
    number = int(wanted.ljust(7, "0"))
    return sorted(shops, key=lambda shop: (-shared[shop.pk], abs(int(shop.postcode) - number)))


def _by_name(shops: Sequence[Shop], text: str) -> list[Shop]:
    """The shops that name this station, or whose own name or address holds the words; stations first."""
    wanted = station_key(text)
    by_station = [shop for shop in shops if wanted in _stations(shop)]
    holding = [shop for shop in shops if shop not in by_station and any(wanted in word for word in _words(shop))]
    return by_station + holding


def _stations(shop: Shop) -> set[str]:
    return {station_key(name) for station in shop.stations for name in station.values()}


def _words(shop: Shop) -> list[str]:
    names = (shop.name_ja, shop.name_en, shop.name_zh_hans, shop.name_zh_hant, shop.address_ja, shop.address_en)
    return [station_key(name) for name in names] + sorted(_stations(shop))


def _around(named: Sequence[Shop], shops: Sequence[Shop]) -> list[tuple[Shop, float | None]]:
    """The shops that were meant, then the others by their distance from the first of them."""
    first = named[0]
    others = sorted(
        (shop for shop in shops if shop not in named),
        key=lambda shop: kilometres(first.latitude, first.longitude, shop.latitude, shop.longitude),
    )
    return [(shop, None) for shop in (*named, *others)]


def booked_visit(case_id: int) -> Visit | None:
    """Return the visit that is booked for a case, with its shop. One query."""
    return Visit.objects.select_related("shop").filter(case_id=case_id, state=VisitState.BOOKED).first()


def has_shops(carrier_id: int) -> bool:
    """Say whether visits can be booked with a carrier at all. One query."""
    return Shop.objects.filter(carrier_id=carrier_id, active=True).exists()


def queued_today(shop: Shop, at: datetime) -> QuerySet[Visit]:
    """Return today's visitors of a shop, with a time or without, in the order of their times. One query."""
    day = jst_date(at)
    return (
        Visit.objects.filter(shop=shop, starts_at__gte=day_start(day), starts_at__lt=day_end(day))
        .filter(state__in=(*EXPECTED, *RECEIVED, VisitState.NO_SHOW, VisitState.UNFINISHED))
        .select_related("shop")
        .order_by("starts_at", "id")
    )


def visit_by_code(carrier_id: int, text: str) -> Visit | None:
    """Return the newest visit of the carrier that this code names, in any spelling. One query at most."""
    wanted = as_written(re.sub("[^0-9A-Za-z]", "", plain(text)))
    if not re.fullmatch("V[0-9A-Z]{8}", wanted):
        return None
    code = f"V-{in_groups(wanted[1:])}"
    return Visit.objects.filter(carrier_id=carrier_id, code=code).select_related("shop").order_by("-id").first()


def shops_named(carrier_id: int, codes: Iterable[str]) -> dict[str, Shop]:
    """Return the carrier's shops of these codes, also those that take no visits any more. One query at most."""
    wanted = {code for code in codes if code}
    if not wanted:
        return {}
    return {shop.code: shop for shop in Shop.objects.filter(carrier_id=carrier_id, code__in=wanted)}


def shop_that_was_visited(case_id: int) -> Shop | None:
    """Return the shop to which the person of a case came last, or is expected. One query."""
    seen = Visit.objects.filter(case_id=case_id, state__in=(*EXPECTED, *RECEIVED))
    visit = seen.select_related("shop").order_by("-id").first()
    return visit.shop if visit is not None else None


def shops_of_carrier(carrier_id: int) -> list[Shop]:
    """Return the carrier's shops that take visits. One query."""
    return list(Shop.objects.filter(carrier_id=carrier_id, active=True).order_by("code"))
