"""Who waits for a time that is free, who is asked next, and until when is a seat held for them?

A seat that comes free is held as a visit of its own, so the database lets nobody else have it. Only one person is asked
at a time; what they do not take before the deadline goes to the next. The caller holds the lock of the case.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import QuerySet

from tojimari.counter.models import ON_THE_LIST, Shop, Visit, VisitState, WaitingPlace, WaitingState, new_code
from tojimari.counter.queries import booked_visit
from tojimari.counter.times import AHEAD, bookable_days, free_days, free_seat, taken
from tojimari.platform.acting import Acting, Refused
from tojimari.platform.database.bulk import insert_new
from tojimari.rules.calendar import at_jst, jst, jst_date

OFFER_LIVES = timedelta(hours=3)
"""How long somebody may think about an offer that reaches them by day."""
ANSWER_AT_LEAST = timedelta(minutes=30)
"""A time for which less than this would be left to answer is not offered: it stays free for everybody."""
EVENING, MORNING = time(21), time(10)
"""Nobody must answer at night in Japan: what would end between these two ends at the latter."""


def answer_until(starts_at: datetime, at: datetime) -> datetime:
    """Return until when an offer of a time, made at `at`, can be taken; an hour before the visit at the latest."""
    until = at + OFFER_LIVES
    clock, day = jst(until).time(), jst_date(until)
    if clock >= EVENING:
        until = at_jst(day + timedelta(days=1), MORNING)
    elif clock < MORNING:
        until = at_jst(day, MORNING)
    return min(until, starts_at - AHEAD)


@transaction.atomic
def join(
    *,
    shop: Shop,
    case_id: int,
    reference: str,
    language: str,
    since: date,
    until: date,
    acting: Acting,
    at: datetime,
) -> tuple[WaitingPlace, bool]:
    """Put a case on the list of a shop for some days; say also whether that is new. A place elsewhere is given up.

    Raises `Refused`: `waiting.days_wrong` for days that cannot be booked, `waiting.free_now` when a time on one of them
    is free (and earlier than the visit that is booked, if there is one).
    """
    days = bookable_days(at)
    if not days[0] <= since <= until <= days[-1]:
        raise Refused("waiting.days_wrong", field="until")
    known = place_of(case_id)
    if known is not None and (known.shop_id, known.since, known.until) == (shop.pk, since, until):
        return known, False
    place = WaitingPlace(
        carrier_id=shop.carrier_id,
        shop=shop,
        case_id=case_id,
        reference=reference,
        language=language,
        since=since,
        until=until,
        put_by=str(acting),
        created_at=at,
        changed_at=at,
    )
    if fitting(place, booked_visit(case_id), at) is not None:
        raise Refused("waiting.free_now")
    leave([case_id], at=at)
    place.save()
    return place, True


def fitting(place: WaitingPlace, booked: Visit | None, at: datetime) -> datetime | None:
    """Return the first free time that suits a place, earlier than the visit that is booked. One query."""
    for day in free_days(place.shop, at, taken([place.shop], at)[place.shop_id]):
        if not place.since <= day.day <= place.until:
            continue
        for starts_at in day.times:
            if booked is not None and starts_at >= booked.starts_at:
                return None
            if answer_until(starts_at, at) - at >= ANSWER_AT_LEAST:
                return starts_at
    return None


@transaction.atomic
def hold(place_id: int, *, at: datetime) -> Visit | None:
    """Hold a seat for a place that waits, under the shop's lock; None when there is none, or it waits no more."""
    place = WaitingPlace.objects.select_for_update(of=("self",)).select_related("shop").get(pk=place_id)
    if place.state != WaitingState.WAITING:
        return None
    place.shop = shop = Shop.objects.select_for_update(no_key=True).get(pk=place.shop_id)
    starts_at = fitting(place, booked_visit(place.case_id), at)
    seat = free_seat(shop, starts_at, taken([shop], at)[shop.pk]) if starts_at is not None else None
    if starts_at is None or seat is None:
        return None
    row = {
        "carrier_id": shop.carrier_id,
        "shop_id": shop.pk,
        "case_id": place.case_id,
        "reference": place.reference,
        "code": new_code(),
        "starts_at": starts_at,
        "ends_at": starts_at + shop.length,
        "seat": seat,
        "state": VisitState.HELD,
        "language": place.language,
        "booked_by": place.put_by,
        "created_at": at,
        "changed_at": at,
        "called_by": "",
        "held_until": answer_until(starts_at, at),
    }
    new = insert_new(Visit, [row], returning="id")
    if not new:
        return None
    place.offer_id, place.state, place.changed_at = new[0], WaitingState.OFFERED, at
    place.save(update_fields=["offer", "state", "changed_at"])
    return Visit.objects.select_related("shop").get(pk=new[0])


def leave(case_ids: Iterable[int], *, at: datetime, state: WaitingState = WaitingState.LEFT) -> None:
    """Take cases off the list, whichever they are on; a seat that is held for one of them is free at once."""
    ids = list(case_ids)
    Visit.objects.filter(case_id__in=ids, state=VisitState.HELD).update(state=VisitState.CANCELLED, changed_at=at)
    WaitingPlace.objects.filter(case_id__in=ids, state__in=ON_THE_LIST).update(state=state, changed_at=at)


def taken_up(case_id: int, *, at: datetime) -> None:
    """Note that what was offered to a case has been booked."""
    WaitingPlace.objects.filter(case_id=case_id, state=WaitingState.OFFERED).update(
        state=WaitingState.TAKEN, changed_at=at
    )


def place_of(case_id: int) -> WaitingPlace | None:
    """Return the place that a case has on a list, with its shop and the seat that is held for it. One query."""
    places = WaitingPlace.objects.filter(case_id=case_id, state__in=ON_THE_LIST)
    return places.select_related("shop", "offer").first()


def offer_of(case_id: int) -> Visit | None:
    """Return the seat that is held for a case. One query."""
    return Visit.objects.select_related("shop").filter(case_id=case_id, state=VisitState.HELD).first()


def list_of(shop: Shop) -> QuerySet[WaitingPlace]:
    """Return who waits for a time at a shop, the next one first. One query."""
    places = WaitingPlace.objects.filter(shop=shop, state__in=ON_THE_LIST)
    return places.select_related("shop", "offer").order_by("pk")


def might_get_one(at: datetime, shop_id: int | None = None) -> Iterator[WaitingPlace]:
    """Yield the places that wait while their shop has a free time on a day of theirs, in the order of the list.

    A guess without locks, which keeps the many places quiet for which there is nothing; `hold` decides. The seats of a
    shop are counted anew after each place that was yielded.
    """
    waiting = WaitingPlace.objects.filter(state=WaitingState.WAITING, **({"shop_id": shop_id} if shop_id else {}))
    held: dict[int, list[Visit]] = {}
    for place in waiting.select_related("shop").order_by("pk"):
        if place.shop_id not in held:
            held |= taken([place.shop], at)
        days = free_days(place.shop, at, held[place.shop_id])
        if any(place.since <= day.day <= place.until for day in days):
            yield place
            del held[place.shop_id]


def not_answered(at: datetime) -> QuerySet[WaitingPlace]:
    """Return the places whose offer was not taken in time. One query."""
    late = WaitingPlace.objects.filter(state=WaitingState.OFFERED, offer__held_until__lte=at)
    return late.select_related("shop", "offer").order_by("pk")


def in_vain(at: datetime) -> QuerySet[WaitingPlace]:
    """Return the places whose last day is over, or that nobody can reach any more today. One query."""
    over = WaitingPlace.objects.filter(state=WaitingState.WAITING, until__lt=jst_date(at + AHEAD))
    return over.select_related("shop").order_by("pk")
