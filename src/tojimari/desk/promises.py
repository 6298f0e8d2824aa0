"""By when has the carrier promised to do what waits for its staff?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tojimari.rules.calendar import add_business_days, day_end, jst_date
from tojimari.terminations.models import Step
from tojimari.terminations.procedures import ProcedureSpec, spec


@dataclass(frozen=True, slots=True)
class Waiting:
    """A step that waits for staff. `promised_by` ends a business day in Japan; None where nothing is promised."""

    step: Step
    promised_by: datetime | None

    def is_late(self, at: datetime) -> bool:
        return self.promised_by is not None and self.promised_by < at

    def is_due_by(self, end: datetime) -> bool:
        """Whether it is promised for then or before: shown before the promise is broken, not after."""
        return self.promised_by is not None and self.promised_by <= end


def promised_by(step: Step, procedure: ProcedureSpec) -> datetime | None:
    """The end of the business day on which a step is to be done, counted from the day it came to be open."""
    own = next((one for one in procedure.steps if one.name == step.name), None)
    if own is None or not own.promise_business_days or step.due_at is None:
        return None
    return day_end(add_business_days(jst_date(step.due_at), own.promise_business_days))


def with_promises(steps: Iterable[Step]) -> list[Waiting]:
    """The steps in their order, each with its promise. Each procedure is read once, whatever the number of steps."""
    read: dict[int, ProcedureSpec] = {}
    found = []
    for step in steps:
        procedure = step.termination.procedure
        if procedure.pk not in read:
            read[procedure.pk] = spec(procedure)
        found.append(Waiting(step, promised_by(step, read[procedure.pk])))
    return found
