"""How do staff who know that an element is back have its delayed steps tried at once?

A step that got no answer waits for its next try by itself. Only such a wait is cut short: never the one for the end of
a contract, nor the time in which a line is held. What an element may be asked at once stays with its lane: a step that
is due waits there until there is room.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from tojimari.platform.acting import Acting, Refused
from tojimari.terminations.bell import ring
from tojimari.terminations.engine.cases import Cases
from tojimari.terminations.handlers import HOUSE
from tojimari.terminations.models import OPEN_STATES, Actor, Step, StepState

HOLD = "hold"
_AT_ONCE = 500


def delayed(carrier_id: int, *, at: datetime) -> QuerySet[Step]:
    """Return the steps that were tried in vain and wait for their next try."""
    waits_for_end = Q(when_effective=True, termination__ends_at__gt=at)
    found = Step.objects.filter(
        carrier_id=carrier_id,
        state=StepState.OPEN,
        actor=Actor.SYSTEM,
        attempts__gt=0,
        due_at__gt=at,
        termination__state__in=OPEN_STATES,
    )
    return found.exclude(waits_for_end | Q(code="") | Q(name=HOLD) | Q(name__startswith=f"{HOLD}@"))


def elements_waited_for(carrier_id: int, *, at: datetime) -> Sequence[tuple[str, int]]:
    """Return each element with delayed steps of a carrier, and how many those are. One query."""
    found = delayed(carrier_id, at=at).exclude(lane=HOUSE).order_by("lane")
    return list(found.values_list("lane").annotate(Count("id")))


def try_now(*, step: Step, acting: Acting, at: datetime) -> None:
    """Let a delayed step be tried now. Raises `Refused`: `step.not_stuck` when it waits for nothing any more."""
    with transaction.atomic(durable=True):
        if not _hasten([step], carrier_id=step.carrier_id, acting=acting, at=at):
            raise Refused("step.not_stuck")


def try_element_now(*, carrier_id: int, lane: str, acting: Acting, at: datetime) -> int:
    """Let all delayed steps of a carrier at one element be tried now; return how many there were."""
    hastened, last = 0, 0
    while True:
        with transaction.atomic(durable=True):
            part = list(delayed(carrier_id, at=at).filter(lane=lane, pk__gt=last).order_by("pk")[:_AT_ONCE])
            if not part:
                return hastened
            last = part[-1].pk
            hastened += _hasten(part, carrier_id=carrier_id, acting=acting, at=at)


def _hasten(steps: Sequence[Step], *, carrier_id: int, acting: Acting, at: datetime) -> int:
    """Make those of the steps due that still wait, and note it; what a worker is just taking is its own."""
    cases = Cases({step.termination_id for step in steps})
    waiting = delayed(carrier_id, at=at).filter(pk__in=[step.pk for step in steps])
    mine = list(waiting.select_for_update(of=("self",), skip_locked=True))
    Step.objects.filter(pk__in=[step.pk for step in mine]).update(due_at=at)
    for step in mine:
        cases.note(cases[step.termination_id], "step.retried", actor=acting, at=at, step=step.name)
    cases.save()
    if mine:
        ring()
    return len(mine)
