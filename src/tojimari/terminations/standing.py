"""Who is late with a case, we or nobody? What a person sees of promises, and of a step of ours that is overdue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from tojimari.platform.work import verb_of
from tojimari.rules.calendar import add_business_days, day_end, jst_date
from tojimari.terminations.models import Actor, CaseState, Step, StepState
from tojimari.terminations.procedures import ProcedureSpec
from tojimari.terminations.queries import CaseView

AT_THE_COUNTER = frozenset({"visit", "papers", "form", "return_sim"})
"""Steps that staff record, and that wait for the person to come."""

A_WHILE = timedelta(hours=1)
"""How long the system may take over a step before it counts as late."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is to happen next, by when. `is_late` is only ever said of what we are to do."""

    step: Step | None
    by: datetime | None
    is_late: bool = False


def standing(view: CaseView, procedure: ProcedureSpec, at: datetime) -> Standing:
    """Return by when the step that a case waits for is to be done. No query.

    A promise of staff ends a business day in Japan. A visit is best before the end of the contract. A step of the
    system has its turn when the one before is done and the contract's end, where it waits for that, has come; however
    often it was tried since, it is late from then on.
    """
    step = coming(view)
    if step is None or view.case.state == CaseState.HELD or step.actor == Actor.SUBSCRIBER:  # our clock stands still
        return Standing(step, None)
    if step.name in AT_THE_COUNTER:
        return Standing(step, view.case.ends_at if at < view.case.ends_at else None)
    if step.actor == Actor.SYSTEM:
        turn = _turn(view, step)
        return Standing(step, turn, at > turn + A_WHILE) if turn is not None else Standing(step, None)
    days = next((one.promise_business_days for one in procedure.steps if one.name == step.name), 0)
    if not days:
        return Standing(step, None)
    by = day_end(add_business_days(jst_date(step.due_at or at), days))
    return Standing(step, by, at > by)


def coming(view: CaseView) -> Step | None:
    """The step that the person is to hear of: what waits now, or the visit or review that follows in a moment."""
    now = view.current
    if now is None or now.name != "settle":
        return now
    after = (step for step in view.steps if step.number > now.number and step.state == StepState.WAITING)
    following = next(after, None)
    return following if following is not None and following.actor == Actor.STAFF else now


def _turn(view: CaseView, step: Step) -> datetime | None:
    """When a step of the system had, or has, its turn."""
    done = [one.done_at for one in view.steps if one.number < step.number and one.done_at is not None]
    began = max(done, default=view.case.requested_at) + timedelta(seconds=step.wait_seconds)
    if verb_of(step.name) == "restore":  # it stands last, and is about what came before it in time
        return step.due_at
    return max(began, view.case.ends_at) if step.when_effective else began
