"""How does a person come to a shop for their case: who may book, and what is written down when they do?

Each verb locks the case first and writes visit, history and mail together. A visit is help for the person and no step
of its own: neither booking nor missing it moves `requested_at` or the end of the contract.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from tojimari.counter import actions as counter
from tojimari.counter.models import Shop, Visit, VisitState
from tojimari.counter.queries import booked_visit
from tojimari.platform.acting import SYSTEM, Acting, Refused
from tojimari.rules.calendar import JST, day_start, jst_date
from tojimari.terminations import letters
from tojimari.terminations.engine.cases import Case, Cases
from tojimari.terminations.models import CaseState, Step, StepState, Termination
from tojimari.terminations.procedures import spec
from tojimari.terminations.standing import AT_THE_COUNTER

VISIT = "visit"
DAYS_OVER_MOST = 500
"""How many visits that nobody marked are looked at in one go; the next look takes the others."""
_RUNNING = (CaseState.ACKNOWLEDGED, CaseState.IN_PROGRESS)
_TO_COME = (StepState.WAITING, StepState.OPEN)


def needs_visit(case: Termination) -> bool:
    """Say whether the person still has to come to a shop for this case. One query at most."""
    return case.state in _RUNNING and Step.objects.filter(termination=case, name=VISIT, state__in=_TO_COME).exists()


def at_counter(case_ids: Iterable[int]) -> dict[int, Termination]:
    """Return those running cases for which something is still to be done at the counter, by their id. One query."""
    to_do = Step.objects.filter(termination=OuterRef("pk"), name__in=AT_THE_COUNTER, state__in=_TO_COME)
    found = Termination.objects.filter(Exists(to_do), pk__in=list(case_ids), state__in=_RUNNING)
    return {case.pk: case for case in found}


def papers_of(case: Termination) -> tuple[str, ...]:
    """Return what the person brings, by the procedure that the case began with."""
    return next((step.papers for step in spec(case.procedure).steps if step.name == "papers"), ())


def book(*, case: Termination, shop: Shop, starts_at: datetime, acting: Acting, at: datetime) -> Visit:
    """Book a visit for a case. Booking the same again is the same as once.

    Raises `Refused`: `visit.not_now` when the case needs none, or as `counter.actions.book`.
    """
    with transaction.atomic(durable=True):
        cases, locked = _locked(case)
        known = booked_visit(case.pk)
        if known is not None and _is_at(known, shop, starts_at):
            return known
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
        visit = counter.move(visit=known, shop=shop, starts_at=starts_at, acting=acting, at=at)
        _tell(cases, locked, case, visit, "moved", acting, at)
    return visit


def cancel(*, case: Termination, acting: Acting, at: datetime) -> None:
    """Cancel a case's visit; the case itself goes on. Raises `Refused` with `visit.none` when none is booked."""
    with transaction.atomic(durable=True):
        cases = Cases([case.pk])
        known = _known(case)
        counter.cancel(visit=known, at=at)
        _tell(cases, cases[case.pk], case, known, "cancelled", acting, at)


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
    """Note of each visit of a day that is over, and that nobody marked, that nobody came; return how many.

    Runs for every carrier, and may run on several machines at once: each visit is told of once.
    """
    over = Visit.objects.filter(state=VisitState.BOOKED, starts_at__lt=day_start(jst_date(at))).order_by("starts_at")
    count = 0
    for visit in over.select_related("shop")[:DAYS_OVER_MOST]:
        case = Termination.objects.select_related("line", "carrier", "procedure").get(pk=visit.case_id)
        try:
            missed(case=case, visit=visit, acting=SYSTEM, at=at)
        except Refused:
            continue  # moved, cancelled or marked meanwhile
        count += 1
    return count


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
