"""What does a face show of a case? Reads only; each function says how many queries it costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from tojimari.lines.models import Line
from tojimari.network.routing import lanes_for
from tojimari.platform.acting import SYSTEM, Refused
from tojimari.platform.work import verb_of
from tojimari.proofs.models import Certificate, Event
from tojimari.rules.calendar import jst_date
from tojimari.terminations import procedures
from tojimari.terminations.actions import PEOPLE_STATES
from tojimari.terminations.ends import EndDate, begun, books_of, end_by, end_for
from tojimari.terminations.engine import early
from tojimari.terminations.intake import Ask, earliest_day, kind_of, preview
from tojimari.terminations.models import (
    OPEN_STATES,
    Actor,
    CaseState,
    Channel,
    LateState,
    LateWish,
    Step,
    StepState,
    Termination,
)


@dataclass(frozen=True, slots=True)
class Offer:
    """The ends that may be chosen, earliest first; `any_date` when one may also name a day from `first_day` on."""

    ends: Sequence[EndDate]
    any_date: bool
    first_day: Any


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as faces show it."""

    case: Termination
    steps: Sequence[Step]
    current: Step | None
    may_withdraw: bool
    withdraw_until: datetime | None  # None while it depends on somebody's act, not on a clock
    certificate_ready: bool
    simulated: bool


def offer(line: Line, scope: str, at: datetime) -> Offer:
    """Return the ends that a subscriber may choose now, with the yen of each. Four queries, and one for each end."""
    plan = procedures.spec(procedures.read(line.carrier, kind_of(line, scope)))
    books = books_of(line, scope, at)
    ends: dict[datetime, EndDate] = {}
    for text in plan.offer:
        if text == "date":
            continue
        try:
            end = end_by(plan, line, scope, text, at, books)
        except Refused:
            continue  # after the cut-off, or before the first day: not offered today
        ends.setdefault(end.ends_at, end)
    first = earliest_day(plan, at) or jst_date(at)
    return Offer([ends[instant] for instant in sorted(ends)], "date" in plan.offer, first)


def end_date(line: Line, scope: str, effective: str, at: datetime) -> EndDate:
    """Return one end with its yen, as `request` would fix it at the same instant. Raises `Refused`. Five queries."""
    plan = procedures.spec(procedures.read(line.carrier, kind_of(line, scope)))
    return end_by(plan, line, scope, effective, at, books_of(line, scope, at))


def new_ends(case: Termination, at: datetime) -> Offer:
    """Return the other ends that a case may have, as `change_end` would fix them now. No ends where none can be had.

    Three queries for each end.
    """
    plan = procedures.spec(case.procedure)
    first = earliest_day(plan, at) or jst_date(at)
    if not may_change_end(case, at):
        return Offer([], False, first)
    found: dict[datetime, EndDate] = {}
    for text in plan.offer:
        if text == "date":
            continue
        try:
            end = end_for(case, text, at)
        except Refused:
            continue
        if end.ends_at != case.ends_at:
            found.setdefault(end.ends_at, end)
    return Offer([found[instant] for instant in sorted(found)], "date" in plan.offer, first)


def may_change_end(case: Termination, at: datetime) -> bool:
    """Say whether the end of a case may still be moved. One query."""
    running = case.state in (CaseState.ACKNOWLEDGED, CaseState.IN_PROGRESS)
    return running and case.scope == "line" and at < case.ends_at and not begun(case.pk)


def case_view(case: Termination) -> CaseView:
    """Return a case with its steps, ready to be shown. Two queries."""
    steps = list(case.steps.order_by("number"))
    current = next(
        (step for step in steps if step.state in (*PEOPLE_STATES, StepState.CLAIMED, StepState.PAUSED)), None
    )
    point = next((step for step in steps if step.no_return), None)
    open_for_withdrawal = case.is_open and case.state != CaseState.WITHDRAWING
    may_withdraw = open_for_withdrawal and (point is None or point.attempts == 0)
    return CaseView(
        case=case,
        steps=_in_time(steps),
        current=current,
        may_withdraw=may_withdraw,
        withdraw_until=_withdraw_until(steps, current, case) if may_withdraw else None,
        certificate_ready=Certificate.objects.filter(case_id=case.pk).exists(),
        simulated=any(step.evidence.get("simulated") for step in steps),
    )


def _in_time(steps: Sequence[Step]) -> Sequence[Step]:
    """Return steps in the order in which a person reads them: "restore", which is numbered last, where it happened.

    It stands before the first step of the network that was not done when the line was put back.
    """
    shown = [step for step in steps if verb_of(step.name) != "restore"]
    network = (place for place, step in enumerate(shown) if verb_of(step.name) == early.BEFORE_THE_END[0])
    first = next(network, len(shown))
    for restore in (step for step in steps if verb_of(step.name) == "restore"):
        places = range(first, len(shown))
        shown.insert(next((place for place in places if _follows(shown[place], restore)), len(shown)), restore)
    return shown


def _follows(step: Step, restore: Step) -> bool:
    return step.done_at is None or (restore.done_at is not None and step.done_at > restore.done_at)


def why_not(line: Line, scope: str, at: datetime) -> Refused | None:
    """Return why nothing can be ended here at all, whichever day is chosen: the line is over, the service is not there.

    None when it can be, or when a case ends it already. Five queries.
    """
    # As a carrier's own order to end it at once: that is free of cut-offs and offers, so only the line itself decides.
    wish = [Ask(line.pk, scope, "now")]
    return preview(wish, carrier=line.carrier, channel=Channel.FILE, acting=SYSTEM, at=at)[0].refused


@dataclass(frozen=True, slots=True)
class EarlyStop:
    """What may be said of stopping data and calls before the contract ends."""

    may_stop: bool
    may_start_again: bool
    asked: bool  # the line is off, or will be as soon as the steps of people before it are done
    off: bool  # the network has switched it off


def early_stop(case: Termination, at: datetime) -> EarlyStop:
    """Return how it stands with an early stop of this case. One query."""
    found = early.early_of(case.pk)
    running = case.state in (CaseState.ACKNOWLEDGED, CaseState.IN_PROGRESS)
    free = running and case.scope == "line" and at < case.ends_at and not found.being_restored
    return EarlyStop(
        may_stop=free and not found.asked and found.possible,
        may_start_again=free and found.asked,
        asked=case.is_open and found.asked,
        off=found.off,
    )


def may_stop_early(case: Termination, at: datetime) -> bool:
    """Whether data and calls of this case's line can be stopped before its contract ends. One query."""
    return early_stop(case, at).may_stop


def offers_early_stop(line: Line, at: datetime, ends_at: datetime | None = None) -> bool:
    """Whether a case begun now could stop data and calls before its end; `ends_at` where the end is known. No query."""
    if ends_at is not None and ends_at <= at:
        return False
    spec = procedures.spec(procedures.read(line.carrier, kind_of(line, "line")))
    return early.offered_by(spec, lanes_for(line.carrier.elements, line.kind, "line"))


def _withdraw_until(steps: Sequence[Step], current: Step | None, case: Termination) -> datetime | None:
    """Return the instant up to which a withdrawal is certain: that of the clock the case waits for now, if any."""
    if current is None or current.actor != Actor.SYSTEM or current.due_at is None:
        return None
    if verb_of(current.name) in ("inspect", "hold"):
        return current.due_at
    return None


def waiting_for_staff(carrier_id: int) -> QuerySet[Step]:
    """Return what waits for staff: their own steps, by-hand work, stuck ones; longest waiting first. One query."""
    theirs = Q(state=StepState.OPEN, actor=Actor.STAFF) | Q(state__in=[StepState.BY_HAND, StepState.STUCK])
    return (
        Step.objects.filter(theirs, carrier_id=carrier_id, termination__state__in=OPEN_STATES)
        .select_related("termination", "termination__line", "termination__subscriber", "termination__procedure")
        .order_by("due_at", "id")
    )


def late_wishes_for_staff(carrier_id: int) -> QuerySet[LateWish]:
    """Return the wishes from an outage that nobody can be asked to confirm, oldest first. One query."""
    return LateWish.objects.filter(carrier_id=carrier_id, state=LateState.REVIEW).order_by("asked_at", "pk")


def cases_of_subscriber(subscriber_id: int) -> QuerySet[Termination]:
    """Return a subscriber's cases, newest first. One query."""
    return (
        Termination.objects.filter(subscriber_id=subscriber_id)
        .select_related("line", "line__plan", "carrier")
        .order_by("-requested_at")
    )


def history(case: Termination) -> QuerySet[Event]:
    """Return the history of a case in order. One query."""
    return Event.objects.filter(case_id=case.pk).order_by("number")
