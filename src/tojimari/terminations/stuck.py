"""Which cases do not get on, and whom were they handed over to?

A step is in trouble when it is stuck, waits to be done by hand, was tried three times and more without an end, or when
staff are late with it. What to do about one are verbs of `actions`, and `hand_over` here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from tojimari.codes.sealed import seal, unseal
from tojimari.platform.acting import Acting, Refused
from tojimari.rules.masking import mask
from tojimari.terminations.engine.cases import Cases
from tojimari.terminations.models import OPEN_STATES, Actor, CaseState, Handover, Step, StepState, Termination

TRIED_OFTEN = 3
"""From so many tries on a person is told; fewer are the usual hiccups of a network. The index says the same."""

NOTE_MOST = 1000


class Trouble(StrEnum):
    """What is the matter with a step, the most pressing first."""

    STUCK = "stuck"
    BY_HAND = "by_hand"
    FAILING = "failing"
    WAITING = "waiting"  # for staff: late or not is for the one who knows the promise


def in_trouble(carrier_id: int) -> QuerySet[Step]:
    """Return the steps that do not get on, and those that wait for staff, the longest waiting first. One query."""
    staff = Q(state=StepState.OPEN, actor=Actor.STAFF)
    failing = Q(state=StepState.OPEN, actor=Actor.SYSTEM, attempts__gte=TRIED_OFTEN) & ~Q(code="")
    found = Step.objects.filter(
        staff | failing | Q(state__in=(StepState.STUCK, StepState.BY_HAND)),
        carrier_id=carrier_id,
        termination__state__in=OPEN_STATES,
    )
    related = ("termination__line", "termination__subscriber", "termination__procedure", "handover")
    return found.select_related(*related).order_by("due_at", "id")


def trouble_of(step: Step) -> Trouble:
    """Return what is the matter with a step that `in_trouble` gave."""
    if step.state in (StepState.STUCK, StepState.BY_HAND):
        return Trouble(step.state)
    return Trouble.FAILING if step.actor == Actor.SYSTEM else Trouble.WAITING


def may_be_taken_back(case_ids: Iterable[int]) -> set[int]:
    """Return those of the cases that are not past the point of no return. One query."""
    cases = Termination.objects.filter(pk__in=set(case_ids), state__in=OPEN_STATES)
    cases = cases.exclude(state=CaseState.WITHDRAWING)
    begun = Step.objects.filter(termination=OuterRef("pk"), no_return=True, attempts__gt=0)
    return set(cases.exclude(Exists(begun)).values_list("pk", flat=True))


def handover_of(step: Step) -> Handover | None:
    """Return to whom a step was handed over, if to anybody."""
    return getattr(step, "handover", None)


def note_of(handover: Handover) -> str:
    """Return the note that was left with a hand-over."""
    return unseal(bytes(handover.note), about=_about(handover.step_id)) or ""


def _about(step_id: int) -> str:
    return f"handover of step {step_id}"


def hand_over(*, step: Step, to: Acting, note: str, acting: Acting, at: datetime) -> None:
    """Give a step to a colleague, with a note for them; the newest hand-over counts. The same twice is as once.

    The caller has made sure that `to` works for this carrier. Raises `Refused`: `handover.note_missing`,
    `step.not_its_turn` when the step is over.
    """
    kept = mask(note.strip())[:NOTE_MOST]
    if not kept:
        raise Refused("handover.note_missing", field="note")
    with transaction.atomic(durable=True):
        cases = Cases([step.termination_id])
        case, now = cases[step.termination_id], Step.objects.select_related("handover").get(pk=step.pk)
        over = (StepState.DONE, StepState.SKIPPED, StepState.CANCELLED, StepState.WAITING)
        if case.finished or now.state in over:
            raise Refused("step.not_its_turn")
        before = handover_of(now)
        if before is not None and before.to == str(to) and note_of(before) == kept:
            return
        fields = {
            "carrier_id": now.carrier_id,
            "to": str(to),
            "note": seal(kept, about=_about(now.pk)),
            "given_by": str(acting),
            "given_at": at,
        }
        Handover.objects.update_or_create(step=now, defaults=fields)
        cases.note(case, "step.handed_over", actor=acting, at=at, step=now.name, to=str(to))
        cases.save()
