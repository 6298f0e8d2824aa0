"""How does a seat that came free reach the person who waits for it, and then the next?

Each offer is a mail with a deadline and a seat that is held until then, written together with the history under the
lock of the case. A visit that is cancelled or moved is passed on at once; every minute finds what came free otherwise.
Waiting is help for the person: it moves neither `requested_at` nor the end of the contract.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import partial

from django.db import transaction

from tojimari.counter import waiting as places
from tojimari.counter.models import Shop, Visit, WaitingPlace, WaitingState
from tojimari.platform.acting import SYSTEM, Acting, Refused
from tojimari.rules.calendar import JST
from tojimari.terminations import letters
from tojimari.terminations.engine.cases import Case, Cases
from tojimari.terminations.models import CaseState, Step, StepState, Termination
from tojimari.terminations.one_by_one import attempted

OFFERS_MOST = 200
"""How many offers are made, or ended, in one go; the next look makes the others."""
RUNNING = (CaseState.ACKNOWLEDGED, CaseState.IN_PROGRESS)
TO_COME = (StepState.WAITING, StepState.OPEN)


def visit_to_come(case_id: int) -> bool:
    """Say whether the step "visit" of a case is still to be done. One query."""
    return Step.objects.filter(termination_id=case_id, name="visit", state__in=TO_COME).exists()


def wait(*, case: Termination, shop: Shop, since: date, until: date, acting: Acting, at: datetime) -> WaitingPlace:
    """Put a case on the waiting list of a shop for some days. Twice is the same as once.

    Raises `Refused`: `visit.not_now` when the case needs no visit, or as `counter.waiting.join`.
    """
    with transaction.atomic(durable=True):
        cases = Cases([case.pk])
        locked = cases[case.pk]
        if locked.state not in RUNNING or not visit_to_come(case.pk):
            raise Refused("visit.not_now")
        place, is_new = places.join(
            shop=shop,
            case_id=case.pk,
            reference=case.reference,
            language=case.language,
            since=since,
            until=until,
            acting=acting,
            at=at,
        )
        if is_new:
            days = {"since": since.isoformat(), "until": until.isoformat()}
            cases.note(locked, "visit.waiting", actor=acting, at=at, shop=shop.code, **days)
            cases.save()
    return place


def leave(*, case: Termination, acting: Acting, at: datetime) -> None:
    """Take a case off the waiting list, and give back what was held for it. Twice is the same as once."""
    with transaction.atomic(durable=True):
        cases = Cases([case.pk])
        place = places.place_of(case.pk)
        if place is None:
            return
        places.leave([case.pk], at=at)
        cases.note(cases[case.pk], "visit.unlisted", actor=acting, at=at, shop=place.shop.code)
        cases.save()
    if place.offer is not None:
        pass_on(at=at, shop=place.shop)


def pass_on(*, at: datetime, shop: Shop | None = None) -> int:
    """Offer free times to those who wait for them, the first in line first; return how many offers were made.

    May run anywhere at any time, also at once: each place is asked under the lock of its case, each seat is held under
    the lock of its shop.
    """
    made = 0
    for place in places.might_get_one(at, shop.pk if shop is not None else None):
        made += attempted(partial(_offer, place, at), tick="pass_on", about=place.reference)
        if made == OFFERS_MOST:
            break
    return made


def _offer(place: WaitingPlace, at: datetime) -> bool:
    """Hold a seat for a place, and write to the person; False when there is none, or they need none."""
    with transaction.atomic(durable=True):
        cases = Cases([place.case_id])
        locked = cases[place.case_id]
        if locked.state not in RUNNING or not visit_to_come(place.case_id):
            places.leave([place.case_id], at=at)
            return False
        visit = places.hold(place.pk, at=at)
        if visit is None:
            return False
        _note(cases, locked, "visit.offered", visit, at)
        letters.offer(_case(place), visit, at=at)
        cases.save()
    return True


def end_offers(*, at: datetime) -> int:
    """End what was not answered in time, and the waiting of those whose days are over; return how many were told.

    Runs for every carrier, and may run on several machines at once: each person is told once.
    """
    told = 0
    for place in places.not_answered(at)[:OFFERS_MOST]:
        deed = partial(_end, place, WaitingState.LAPSED, "visit.offer_over", letters.offer_over, at)
        told += attempted(deed, tick="end_offers", about=place.reference)
    for place in places.in_vain(at)[:OFFERS_MOST]:
        deed = partial(_end, place, WaitingState.IN_VAIN, "visit.waited_in_vain", letters.waited_in_vain, at)
        told += attempted(deed, tick="end_offers", about=place.reference)
    return told


def _end(
    place: WaitingPlace,
    state: WaitingState,
    event: str,
    tell: Callable[..., None],
    at: datetime,
) -> bool:
    """End one place under the lock of its case, if nobody has ended or taken it meanwhile."""
    with transaction.atomic(durable=True):
        cases = Cases([place.case_id])
        now = places.place_of(place.case_id)
        if now is None or (now.pk, now.state) != (place.pk, place.state):
            return False
        places.leave([place.case_id], at=at, state=state)
        cases.note(cases[place.case_id], event, actor=SYSTEM, at=at, shop=place.shop.code)
        tell(_case(place), place, at=at)
        cases.save()
    return True


def _case(place: WaitingPlace) -> Termination:
    return Termination.objects.select_related("line", "carrier", "procedure").get(pk=place.case_id)


def _note(cases: Cases, locked: Case, event: str, visit: Visit, at: datetime) -> None:
    starts_at = visit.starts_at.astimezone(JST).isoformat()
    cases.note(locked, event, actor=SYSTEM, at=at, shop=visit.shop.code, starts_at=starts_at)
