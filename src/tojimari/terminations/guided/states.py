"""Where does a case at another carrier stand?

Worked out from its steps and the clock each time it is asked, so that it can never be out of date. None of the answers
says that the line is closed: "done" means that the person has done their steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tojimari.terminations.guided.models import GuidedCase, GuidedEnd, GuidedStep


class Stand(StrEnum):
    WAITING = "waiting"  # for the carrier, or for a day before which acting would harm
    YOUR_TURN = "your_turn"
    OVERDUE = "overdue"
    BLOCKED = "blocked"
    DONE = "done"
    ABANDONED = "abandoned"


PERSON = "person"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a case stands. `step` is the one that it hangs on; `until` the moment that matters for it."""

    stand: Stand
    step: GuidedStep | None = None
    until: datetime | None = None


def stand_of(step: GuidedStep, now: datetime) -> Stand:
    """Return how one step stands, whatever stands before it."""
    if step.is_over:
        return Stand.DONE
    if step.blocked_at is not None:
        return Stand.BLOCKED
    if step.due is not None and now > step.due:
        return Stand.OVERDUE
    if step.actor != PERSON or (step.not_before is not None and now < step.not_before):
        return Stand.WAITING
    return Stand.YOUR_TURN


def standing(case: GuidedCase, steps: Sequence[GuidedStep], now: datetime) -> Standing:
    """Return how the case stands. `steps` in their order.

    What is late or blocked counts wherever it stands in the order; else the first step that is not over does.
    """
    if case.ended in (GuidedEnd.GIVEN_UP, GuidedEnd.SILENT):
        return Standing(Stand.ABANDONED)
    left = [step for step in steps if not step.is_over]
    if not left:
        return Standing(Stand.DONE)
    for wanted in (Stand.OVERDUE, Stand.BLOCKED):
        for step in left:
            if stand_of(step, now) == wanted:
                return Standing(wanted, step, step.due)
    first = left[0]
    stand = stand_of(first, now)
    waits = stand == Stand.WAITING and first.not_before is not None and now < first.not_before
    return Standing(stand, first, first.not_before if waits else first.due)


def next_deadline(steps: Sequence[GuidedStep], now: datetime) -> GuidedStep | None:
    """Return the step whose deadline comes first of those that are ahead, or None."""
    ahead = [step for step in steps if not step.is_over and step.due is not None and step.due >= now]
    return min(ahead, key=lambda step: (step.due or now, step.number), default=None)
