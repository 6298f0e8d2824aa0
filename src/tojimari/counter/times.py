"""At which times can somebody come to a shop?

The times follow from the shop's hours; what others hold already is taken away. An hour ahead at least, so that nobody
books a visit they cannot reach, and two weeks at most, so that nobody forgets it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tojimari.counter.models import HOLDS_SEAT, Shop, Visit
from tojimari.rules.calendar import day_end, jst_date

AHEAD = timedelta(hours=1)
DAYS = 14
"""How many days after today can be booked."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a shop with the times that are free on it, as instants in UTC."""

    day: date
    times: Sequence[datetime]


def bookable_days(at: datetime) -> list[date]:
    """Return the days of Japan's calendar for which times can be booked at this instant."""
    today = jst_date(at)
    return [today + timedelta(days=number) for number in range(DAYS + 1)]


def taken(shops: Iterable[Shop], at: datetime) -> dict[int, list[Visit]]:
    """Return the visits that hold seats from now on, by shop. One query for all of them."""
    by_shop: dict[int, list[Visit]] = {shop.pk: [] for shop in shops}
    visits = Visit.objects.filter(
        shop_id__in=by_shop,
        state__in=HOLDS_SEAT,
        starts_at__gt=at - timedelta(days=1),
        starts_at__lt=day_end(bookable_days(at)[-1]),
    )
    for visit in visits.only("shop_id", "seat", "starts_at", "ends_at").order_by("starts_at"):
        by_shop[visit.shop_id].append(visit)
    return by_shop


def free_seat(shop: Shop, starts_at: datetime, visits: Iterable[Visit]) -> int | None:
    """Return a seat that nobody holds at any moment of a visit from `starts_at` on, or None when the shop is full."""
    until = starts_at + shop.length
    held = {visit.seat for visit in visits if visit.starts_at < until and visit.ends_at > starts_at}
    if len(held) >= shop.capacity:
        return None
    return next(seat for seat in range(shop.capacity) if seat not in held)


def offered(shop: Shop, day: date, at: datetime) -> list[datetime]:
    """Return the times of a day that may be booked at this instant if they are free."""
    if not shop.active or day not in bookable_days(at):
        return []
    return [time for time in shop.opening.times(day, shop.slot_minutes) if time >= at + AHEAD]


def free_days(shop: Shop, at: datetime, visits: Sequence[Visit]) -> Iterator[Day]:
    """Yield the days that have a free time, soonest first. No query: `visits` comes from `taken`."""
    for day in bookable_days(at):
        here = [visit for visit in visits if jst_date(visit.starts_at) == day]
        times = [time for time in offered(shop, day, at) if free_seat(shop, time, here) is not None]
        if times:
            yield Day(day, times)
