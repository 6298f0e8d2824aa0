"""How does a line fall silent before its contract ends, and how is it put back?

Steps are data. To stop early, the steps up to "bar" no longer wait for the end of the contract, and the step after it
does: the line is barred as soon as its turn comes, and removed not before the end. To start again, the line is put
back by the element, and those steps are as they were when the case began. Neither moves a date or a yen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tojimari.lines import actions as lines
from tojimari.network.routing import bars_by_itself
from tojimari.platform.acting import SYSTEM
from tojimari.terminations import letters
from tojimari.terminations.engine.cases import Case, Cases
from tojimari.terminations.models import Actor, Step, StepState
from tojimari.terminations.procedures import ProcedureSpec
from tojimari.terminations.procedures import spec as spec_of

BEFORE_THE_END = ("inspect", "bar")
NOT_BEGUN = (StepState.WAITING, StepState.OPEN)
PRESENT = (StepState.OPEN, StepState.CLAIMED, StepState.PAUSED, StepState.STUCK, StepState.BY_HAND)
FRESH: dict[str, Any] = {
    "attempts": 0,
    "code": "",
    "evidence": {},
    "lease_owner": "",
    "lease_until": None,
    "done_at": None,
    "done_by": "",
}
"""What a step row says before anybody has tried it."""


@dataclass(frozen=True, slots=True)
class Early:
    """The steps of one case that an early stop is about. `after` is the step that then waits for the end."""

    steps: Sequence[Step]  # from "inspect" to "bar"
    after: Step
    restore: Step | None  # the newest one
    waited_by_procedure: frozenset[str]  # steps that wait for the end as long as nobody asks for an early stop

    @property
    def bar(self) -> Step:
        return self.steps[-1]

    @property
    def asked(self) -> bool:
        """Whether the case does not wait for the end although its procedure would."""
        return any(step.name in self.waited_by_procedure and not step.when_effective for step in self.steps)

    @property
    def possible(self) -> bool:
        """Whether a step still waits for the end that need not, on an element that acts by itself."""
        waits = any(step.when_effective and step.state in NOT_BEGUN for step in self.steps)
        return waits and bars_by_itself(self.bar.lane)

    @property
    def off(self) -> bool:
        """Whether the network has switched the line off."""
        return self.bar.state == StepState.DONE

    @property
    def being_restored(self) -> bool:
        return self.restore is not None and self.restore.state in PRESENT


def early(steps: Sequence[Step], spec: ProcedureSpec) -> Early:
    """Find in the steps of a case, in their order, those that an early stop is about."""
    names = [step.name for step in steps]
    first, last = (names.index(name) for name in BEFORE_THE_END)
    restores = [step for step in steps if step.name == "restore"]
    chosen = steps[first : last + 1]
    after = steps[last + 1]
    waited = frozenset(step.name for step in (*chosen, after) if spec.step(step.name).when_effective)
    return Early(chosen, after, restores[-1] if restores else None, waited)


def offered_by(spec: ProcedureSpec, lane: str) -> bool:
    """Whether a case of this procedure on this element could be stopped before its end."""
    return bars_by_itself(lane) and any(spec.step(name).when_effective for name in BEFORE_THE_END)


def stop(found: Early, *, at: datetime) -> None:
    """Let what ends at the end begin now, as soon as the steps of people before it are done."""
    chosen = Step.objects.filter(pk__in=[step.pk for step in found.steps], when_effective=True)
    chosen.filter(state=StepState.OPEN).update(when_effective=False, due_at=at)
    chosen.filter(state=StepState.WAITING).update(when_effective=False)
    Step.objects.filter(pk=found.after.pk).update(when_effective=True)


def undo(found: Early) -> bool:
    """Let the steps wait for the end again; True when one of them had its turn, which must be opened anew."""
    had_its_turn = any(step.state != StepState.WAITING for step in found.steps)
    for step in found.steps:
        waits = step.name in found.waited_by_procedure
        Step.objects.filter(pk=step.pk).update(state=StepState.WAITING, when_effective=waits, due_at=None, **FRESH)
    waits = found.after.name in found.waited_by_procedure
    Step.objects.filter(pk=found.after.pk).update(state=StepState.WAITING, when_effective=waits, due_at=None)
    return had_its_turn


def restore_now(case: Case, found: Early, number: int, *, at: datetime) -> bool:
    """Open the step that puts the line back, before everything that waits; False when the end was a moment faster."""
    kept = Step.objects.filter(pk__in=[found.bar.pk, found.after.pk], state__in=(StepState.OPEN, StepState.STUCK))
    kept.update(state=StepState.WAITING, due_at=None)
    if Step.objects.filter(pk=found.after.pk).exclude(state=StepState.WAITING).exists():
        return False
    Step.objects.create(
        carrier_id=case.carrier_id,
        termination_id=case.id,
        number=number,
        name="restore",
        actor=Actor.SYSTEM,
        lane=found.bar.lane,
        state=StepState.OPEN,
        due_at=at,
    )
    return True


def on_again(cases: Cases, done: Sequence[Case], at: datetime) -> None:
    """After "restore": lines whose case goes on are as before the stop. A case that is taken back ends elsewhere."""
    going_on = [case for case in done if not case.withdrawing]
    if not going_on:
        return
    ids = [case.line_id for case in going_on]
    lines.mark_active(ids)  # the number is on again ...
    lines.mark_pending(ids)  # ... and the line still ends on its day
    for case in going_on:
        undo(early_of(case.id))
        cases.note(case, "line.on_again", actor=SYSTEM, at=at)
        letters.on_again(case.id, at=at)


def early_of(case_id: int) -> Early:
    """Read the steps of a case, with the procedure that it began with. One query."""
    steps = list(
        Step.objects.filter(termination_id=case_id).select_related("termination__procedure").order_by("number")
    )
    return early(steps, spec_of(steps[0].termination.procedure))
