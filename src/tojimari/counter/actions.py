"""What can be done with a visit: book it, move it, cancel it, note that somebody came, or that nobody did?

Every verb belongs to the caller's transaction, in which the caller holds the case's lock. Bookings for one shop wait
for each other, so that each sees the seats of those before it. Should they ever not, the database refuses the second.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from tojimari.counter.models import Shop, Visit, VisitState, new_code
from tojimari.counter.queries import EXPECTED, booked_visit, queued_today
from tojimari.counter.times import AHEAD, DAYS, free_seat, offered, taken
from tojimari.counter.waiting import leave, offer_of, taken_up
from tojimari.lines.models import Carrier
from tojimari.platform.acting import Acting, Refused
from tojimari.platform.database.bulk import insert_new
from tojimari.rules.calendar import day_end, jst_date
from tojimari.rules.opening import check_hours
from tojimari.rules.places import postcode


def put_shop(carrier: Carrier, facts: Mapping[str, Any]) -> Shop:
    """Enter a shop, or change the one with the same code; visits that are booked stay as they are.

    Raises `Refused` with `shop.hours_wrong` or `shop.postcode_wrong`.
    """
    check_hours(facts["hours"])
    digits = postcode(facts["postcode"])
    if len(digits) != 7:
        raise Refused("shop.postcode_wrong")
    values = {**facts, "postcode": digits}
    shop, _ = Shop.objects.update_or_create(carrier=carrier, code=values.pop("code"), defaults=values)
    return shop


@transaction.atomic
def book(
    *, shop: Shop, case_id: int, reference: str, starts_at: datetime, language: str, acting: Acting, at: datetime
) -> Visit:
    """Book a time at a shop for a case. Raises `Refused`.

    `visit.has_one`: the case has a visit already. `visit.past`, `visit.closed`, `visit.taken`: this time cannot be had.
    """
    return _hold(
        shop,
        starts_at,
        at,
        case_id=case_id,
        reference=reference,
        code=new_code(),
        language=language,
        booked_by=str(acting),
    )


@transaction.atomic
def move(*, visit: Visit, shop: Shop, starts_at: datetime, acting: Acting, at: datetime) -> Visit:
    """Give a booked visit up for another time, perhaps at another shop; its code stays. Raises `Refused` as `book`.

    When the new time cannot be had the old one stays.
    """
    _give_up(visit, VisitState.MOVED, at)
    return _hold(
        shop,
        starts_at,
        at,
        case_id=visit.case_id,
        reference=visit.reference,
        code=visit.code,
        language=visit.language,
        booked_by=str(acting),
    )


@transaction.atomic
def take(*, case_id: int, acting: Acting, at: datetime) -> tuple[Visit, bool]:
    """Book the seat that is held for a case; say also whether it takes the place of a visit, which is then given up.

    Raises `Refused` with `visit.offer_over` when none is held any more.
    """
    held = offer_of(case_id)
    if held is None or held.held_until is None or held.held_until <= at:
        raise Refused("visit.offer_over")
    known = booked_visit(case_id)
    if known is not None:
        _give_up(known, VisitState.MOVED, at)
        held.code = known.code
    held.state, held.held_until = VisitState.BOOKED, None
    held.booked_by, held.changed_at = str(acting), at
    held.save(update_fields=["code", "state", "held_until", "booked_by", "changed_at"])
    taken_up(case_id, at=at)
    return held, known is not None


def cancel(*, visit: Visit, at: datetime) -> None:
    """Give a booked visit up; its seat is free at once. Raises `Refused` with `visit.none` when it is not booked."""
    _give_up(visit, VisitState.CANCELLED, at)


def cancel_of_case(case_id: int, *, at: datetime) -> None:
    """Give up whatever visit a case has, because the case does not need it any more."""
    visit = booked_visit(case_id)
    if visit is not None:
        cancel(visit=visit, at=at)
    Visit.objects.filter(case_id=case_id, state=VisitState.WALK_IN).update(state=VisitState.CANCELLED, changed_at=at)
    leave([case_id], at=at)


def arrived(case_ids: Iterable[int], *, at: datetime) -> None:
    """Note that the people of these cases came, to whichever shop, with a visit booked.

    Who came before the day of their visit needs it no more: its seat is free for others. Nor need they wait for one.
    """
    ids = list(case_ids)
    booked = Visit.objects.filter(case_id__in=ids, state=VisitState.BOOKED)
    tomorrow = day_end(jst_date(at))
    booked.filter(starts_at__gte=tomorrow).update(state=VisitState.CANCELLED, changed_at=at)
    booked.filter(starts_at__lt=tomorrow).update(state=VisitState.CAME, changed_at=at)
    Visit.objects.filter(case_id__in=ids, state=VisitState.WALK_IN).update(state=VisitState.SERVED, changed_at=at)
    leave(ids, at=at)


def walk_in(*, shop: Shop, case_id: int, reference: str, language: str, acting: Acting, at: datetime) -> Visit:
    """Put somebody who stands in the shop into its queue; who is in it already, booked or not, stays where they are."""
    known = queued_today(shop, at).filter(case_id=case_id).first()
    if known is not None:
        return known
    return Visit.objects.create(
        carrier_id=shop.carrier_id,
        shop=shop,
        case_id=case_id,
        reference=reference,
        code=new_code(),
        starts_at=at,
        ends_at=at + shop.length,
        seat=0,
        state=VisitState.WALK_IN,
        language=language,
        booked_by=str(acting),
        created_at=at,
        changed_at=at,
    )


SOON = timedelta(minutes=10)
"""Who has a time within this long may be called already."""


@transaction.atomic
def call_next(*, shop: Shop, skip: Iterable[int] = (), acting: Acting, at: datetime) -> Visit | None:
    """Call the next visitor of a shop, by the time they have or came at; None when nobody waits.

    Two clerks who call at once get two visitors. `skip` holds cases that need the counter no more.
    """
    waiting = queued_today(shop, at).filter(state__in=EXPECTED, called_at=None, starts_at__lte=at + SOON)
    waiting = waiting.exclude(case_id__in=list(skip)).select_for_update(of=("self",), skip_locked=True)
    visit = waiting.first()
    if visit is not None:
        call(visit=visit, acting=acting, at=at)
    return visit


def call(*, visit: Visit, acting: Acting, at: datetime) -> None:
    """Note that a visitor was called to the counter. The first call stays."""
    if Visit.objects.filter(pk=visit.pk, called_at=None).update(called_at=at, called_by=str(acting)):
        visit.called_at, visit.called_by = at, str(acting)


def missed(*, visit: Visit, at: datetime) -> None:
    """Note that nobody came. Raises `Refused`: `visit.not_yet` before the time, `visit.none` for one not expected."""
    if at < visit.starts_at:
        raise Refused("visit.not_yet")
    expected = Visit.objects.filter(pk=visit.pk, state__in=EXPECTED)
    if expected.update(state=VisitState.NO_SHOW, changed_at=at) != 1:
        raise Refused("visit.none")


def close(*, visit: Visit, at: datetime) -> VisitState:
    """End an expected visit after its shop has closed: nobody came, or it was begun and not finished.

    Returns which of the two. Raises `Refused` with `visit.none` when somebody else has ended it.
    """
    seen = visit.state == VisitState.WALK_IN or visit.called_at is not None
    state = VisitState.UNFINISHED if seen else VisitState.NO_SHOW
    expected = Visit.objects.filter(pk=visit.pk, state__in=EXPECTED)
    if expected.update(state=state, changed_at=at) != 1:
        raise Refused("visit.none")
    return state


def _give_up(visit: Visit, state: VisitState, at: datetime) -> None:
    """End a booked visit; one whose time is over already was missed, whatever is done with it now."""
    missed = visit.ends_at <= at
    updated = Visit.objects.filter(pk=visit.pk, state=VisitState.BOOKED).update(
        state=VisitState.NO_SHOW if missed else state, changed_at=at
    )
    if updated != 1:
        raise Refused("visit.none")


def _hold(shop: Shop, starts_at: datetime, at: datetime, **visit: Any) -> Visit:
    """Take a free seat under the shop's lock, and put the visit down."""
    shop = Shop.objects.select_for_update(no_key=True).get(pk=shop.pk)
    if booked_visit(visit["case_id"]) is not None:
        raise Refused("visit.has_one")
    if starts_at < at + AHEAD:
        raise Refused("visit.past")
    if starts_at > at + timedelta(days=DAYS + 1) or starts_at not in offered(shop, jst_date(starts_at), at):
        raise Refused("visit.closed")
    seat = free_seat(shop, starts_at, taken([shop], at)[shop.pk])
    if seat is None:
        raise Refused("visit.taken")
    row = {
        **visit,
        "carrier_id": shop.carrier_id,
        "shop_id": shop.pk,
        "starts_at": starts_at,
        "ends_at": starts_at + shop.length,
        "seat": seat,
        "state": VisitState.BOOKED,
        "created_at": at,
        "changed_at": at,
        "called_by": "",
    }
    new = insert_new(Visit, [row], returning="id")
    if not new:
        raise Refused("visit.has_one" if booked_visit(visit["case_id"]) is not None else "visit.taken")
    return Visit.objects.select_related("shop").get(pk=new[0])
