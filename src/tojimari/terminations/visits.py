"""How does a person come to a shop for their case: who may book, and what is written down when they do?

Each verb locks the case first and writes visit, history and mail together. A visit is help for the person and no step
of its own: neither booking nor missing it moves `requested_at` or the end of the contract.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef

from tojimari.counter import actions as counter
from tojimari.counter.models import Shop, Visit, VisitState
from tojimari.counter.queries import EXPECTED, booked_visit
from tojimari.counter.waiting import leave as leave_list
from tojimari.counter.waiting import offer_of, place_of
from tojimari.platform.acting import SYSTEM, Acting, Refused
from tojimari.rules.calendar import JST, day_end, jst_date
from tojimari.terminations import letters
from tojimari.terminations.engine.cases import Case, Cases
from tojimari.terminations.models import Step, Termination
from tojimari.terminations.one_by_one import attempted
from tojimari.terminations.procedures import spec
from tojimari.terminations.standing import AT_THE_COUNTER
from tojimari.terminations.waiting import RUNNING, TO_COME, pass_on, visit_to_come

OVER_MOST = 500
"""How many visits that nobody marked are closed in one go; the next look takes the others."""
AFTER_CLOSING = timedelta(minutes=30)
"""Who is in the shop when it closes is served to the end: visits that are still open are closed this much later."""


def needs_visit(case: Termination) -> bool:
    """Say whether the person still has to come to a shop for this case. One query at most."""
    return case.state in RUNNING and visit_to_come(case.pk)


def at_counter(case_ids: Iterable[int]) -> dict[int, Termination]:
    """Return those running cases for which something is still to be done at the counter, by their id. One query."""
    to_do = Step.objects.filter(termination=OuterRef("pk"), name__in=AT_THE_COUNTER, state__in=TO_COME)
    found = Termination.objects.filter(Exists(to_do), pk__in=list(case_ids), state__in=RUNNING)
    return {case.pk: case for case in found}


def papers_of(case: Termination) -> tuple[str, ...]:
    """Return what the person brings, by the procedure that the case began with."""
    return next((step.papers for step in spec(case.procedure).steps if step.name == "papers"), ())


def book(*, case: Termination, shop: Shop, starts_at: datetime, acting: Acting, at: datetime) -> Visit:
    """Book a visit for a case. Booking the same again is the same as once; what is held for the case is taken.

    Raises `Refused`: `visit.not_now` when the case needs none, or as `counter.actions.book`.
    """
    with transaction.atomic(durable=True):
        cases, locked = _locked(case)
        known = booked_visit(case.pk)
        if known is not None and _is_at(known, shop, starts_at):
            return known
        if known is None and _is_held(case, shop, starts_at, at):
            return _take(cases, locked, case, acting, at)
        visit = counter.book(
            shop=shop,
            case_id=case.pk,
            reference=case.reference,
            starts_at=starts_at,
            language=case.language,
            acting=acting,
            at=at,
        )
        _tell(cases, locked, case, visit, "booked", acting, at)
        freed = _keep_better_offer(visit, at)
    _pass_on(freed, at)
    return visit


def move(*, case: Termination, shop: Shop, starts_at: datetime, acting: Acting, at: datetime) -> Visit:
    """Move a case's visit to another time, perhaps at another shop; its code stays. Twice is the same as once.

    Raises `Refused` with `visit.none` when none is booked, or as `book`; the old time is then kept.
    """
    with transaction.atomic(durable=True):
        cases, locked = _locked(case)
        known = _known(case)
        if _is_at(known, shop, starts_at):
            return known
        if _is_held(case, shop, starts_at, at):
            visit, freed = _take(cases, locked, case, acting, at), []
        else:
            visit = counter.move(visit=known, shop=shop, starts_at=starts_at, acting=acting, at=at)
            _tell(cases, locked, case, visit, "moved", acting, at)
            freed = _keep_better_offer(visit, at)
    _pass_on([known.shop, *freed], at)
    return visit


def take(*, case: Termination, acting: Acting, at: datetime) -> Visit:
    """Book the seat that is held for a case; a visit that is booked already moves there. Twice is the same as once.

    Raises `Refused`: `visit.not_now`, or `visit.offer_over` when the deadline has passed.
    """
    with transaction.atomic(durable=True):
        cases, locked = _locked(case)
        known = booked_visit(case.pk)
        if known is not None and offer_of(case.pk) is None and known.booked_by == str(acting):
            return known
        visit = _take(cases, locked, case, acting, at)
    _pass_on([known.shop] if known is not None else [], at)
    return visit


def cancel(*, case: Termination, acting: Acting, at: datetime) -> None:
    """Cancel a case's visit; the case itself goes on. Raises `Refused` with `visit.none` when none is booked."""
    with transaction.atomic(durable=True):
        cases = Cases([case.pk])
        known = _known(case)
        counter.cancel(visit=known, at=at)
        _tell(cases, cases[case.pk], case, known, "cancelled", acting, at)
    _pass_on([known.shop], at)


def walk_in(*, case: Termination, shop: Shop, acting: Acting, at: datetime) -> Visit:
    """Put a person who stands in the shop into its queue. Twice is the same as once; so is coming with a visit booked.

    Raises `Refused` with `visit.not_now` when the case needs no visit.
    """
    with transaction.atomic(durable=True):
        cases, locked = _locked(case)
        visit = counter.walk_in(
            shop=shop, case_id=case.pk, reference=case.reference, language=case.language, acting=acting, at=at
        )
        if visit.created_at == at:
            cases.note(locked, "visit.walk_in", actor=acting, at=at, shop=shop.code)
            cases.save()
    return visit


def missed(*, case: Termination, visit: Visit, acting: Acting, at: datetime) -> None:
    """Note that nobody came to a visit, and offer the person another one by mail. The case and its dates stand.

    Raises `Refused`: `visit.not_yet`, `visit.none`.
    """
    with transaction.atomic(durable=True):
        cases = Cases([case.pk])
        counter.missed(visit=visit, at=at)
        _tell(cases, cases[case.pk], case, visit, "missed", acting, at)


def close_days(*, at: datetime) -> int:
    """Close each visit that is still open after its shop has closed, and offer the person another; return how many.

    Nobody came, or somebody waited or was called and nothing was noted: they are told which. What needs the counter no
    more is closed without a word. Runs for every carrier, and may run on several machines at once: each visit is told
    of once. Neither `requested_at` nor the end of the contract moves.
    """
    open_ones = Visit.objects.filter(state__in=EXPECTED, starts_at__lt=at - AFTER_CLOSING).order_by("starts_at", "pk")
    over = [visit for visit in open_ones.select_related("shop")[:OVER_MOST] if at >= _closes(visit) + AFTER_CLOSING]
    return sum(attempted(partial(_close, visit, at), tick="close_days", about=visit.reference) for visit in over)


def _closes(visit: Visit) -> datetime:
    """When the shop closes on the day of a visit; at the end of that day where its hours do not say."""
    day = jst_date(visit.starts_at)
    spans = visit.shop.opening.spans(day)
    return max(spans[-1].until, visit.ends_at) if spans else day_end(day)


def _close(visit: Visit, at: datetime) -> bool:
    case = Termination.objects.select_related("line", "carrier", "procedure").get(pk=visit.case_id)
    with transaction.atomic(durable=True):
        cases = Cases([case.pk])
        locked = cases[case.pk]
        visit.refresh_from_db(fields=("state", "called_at"))
        try:
            ended = counter.close(visit=visit, at=at)
        except Refused:
            return False  # moved, cancelled or marked meanwhile
        if locked.state not in RUNNING or not visit_to_come(case.pk):
            return True
        what = "unfinished" if ended == VisitState.UNFINISHED else "missed"
        _tell(cases, locked, case, visit, what, SYSTEM, at)
    return True


def _is_held(case: Termination, shop: Shop, starts_at: datetime, at: datetime) -> bool:
    """Whether this very time is held for the case: then it is free for nobody but them."""
    held = offer_of(case.pk)
    return held is not None and _is_at(held, shop, starts_at) and held.held_until is not None and held.held_until > at


def _take(cases: Cases, locked: Case, case: Termination, acting: Acting, at: datetime) -> Visit:
    visit, moved = counter.take(case_id=case.pk, acting=acting, at=at)
    _tell(cases, locked, case, visit, "moved" if moved else "booked", acting, at)
    return visit


def _keep_better_offer(visit: Visit, at: datetime) -> list[Shop]:
    """Leave the list when nothing on it can be earlier than the visit that was just booked; return what came free."""
    place = place_of(visit.case_id)
    if place is None:
        return []
    first = place.offer.starts_at if place.offer is not None else None
    if jst_date(visit.starts_at) >= place.since and (first is None or first < visit.starts_at):
        return []
    leave_list([visit.case_id], at=at)
    return [place.shop] if place.offer is not None else []


def _pass_on(shops: Iterable[Shop], at: datetime) -> None:
    """What came free goes to whoever waits for it, after this deed has been written down."""
    for shop in {shop.pk: shop for shop in shops}.values():
        pass_on(at=at, shop=shop)


def _locked(case: Termination) -> tuple[Cases, Case]:
    """Lock a case that needs a visit."""
    cases = Cases([case.pk])
    locked = cases[case.pk]
    case.state = locked.state  # what was read before the lock may be old
    if not needs_visit(case):
        raise Refused("visit.not_now")
    return cases, locked


def _known(case: Termination) -> Visit:
    known = booked_visit(case.pk)
    if known is None:
        raise Refused("visit.none")
    return known


def _is_at(visit: Visit, shop: Shop, starts_at: datetime) -> bool:
    return visit.shop_id == shop.pk and visit.starts_at == starts_at


def _tell(cases: Cases, locked: Case, case: Termination, visit: Visit, what: str, acting: Acting, at: datetime) -> None:
    """Note in the history what became of the visit, and write it to the person."""
    starts_at = visit.starts_at.astimezone(JST).isoformat()
    cases.note(locked, f"visit.{what}", actor=acting, at=at, shop=visit.shop.code, starts_at=starts_at)
    letters.visit(case, visit, what, papers_of(case), at=at)
    cases.save()
