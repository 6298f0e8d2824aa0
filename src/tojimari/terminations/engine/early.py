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
from tojimari.network.routing import bar_by_themselves
from tojimari.platform.acting import SYSTEM
from tojimari.platform.work import verb_of
from tojimari.terminations import letters
from tojimari.terminations.engine.cases import Case, Cases
from tojimari.terminations.models import Step, StepState
from tojimari.terminations.procedures import ProcedureSpec
from tojimari.terminations.procedures import spec as spec_of

BAR = "bar"
BEFORE_THE_END = ("inspect", BAR)
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

    steps: Sequence[Step]  # from "inspect" to "bar", at all elements
    after: Step
    restores: Sequence[Step]
    waited_by_procedure: frozenset[str]  # steps that wait for the end as long as nobody asks for an early stop

    @property
    def bars(self) -> Sequence[Step]:
        return [step for step in self.steps if verb_of(step.name) == BAR]

    @property
    def asked(self) -> bool:
        """Whether the case does not wait for the end although its procedure would."""
        return any(verb_of(step.name) in self.waited_by_procedure and not step.when_effective for step in self.steps)

    @property
    def possible(self) -> bool:
        """Whether a step still waits for the end that need not, on elements that act by themselves."""
        waits = any(step.when_effective and step.state in NOT_BEGUN for step in self.steps)
        return waits and bar_by_themselves(bar.lane for bar in self.bars)

    @property
    def off(self) -> bool:
        """Whether the network has switched the line off."""
        return all(bar.state == StepState.DONE for bar in self.bars)

    @property
    def being_restored(self) -> bool:
        return any(step.state in (StepState.WAITING, *PRESENT) for step in self.restores)


def early(steps: Sequence[Step], spec: ProcedureSpec) -> Early:
    """Find in the steps of a case, in their order, those that an early stop is about."""
    first = next(place for place, step in enumerate(steps) if verb_of(step.name) == BEFORE_THE_END[0])
    last = next(place for place, step in enumerate(steps) if step.name == BAR)  # the last of all bars
    restores = [step for step in steps if verb_of(step.name) == "restore"]
    chosen = steps[first : last + 1]
    after = steps[last + 1]
    waited = frozenset(verb_of(one.name) for one in (*chosen, after) if spec.step(one.name).when_effective)
    return Early(chosen, after, restores, waited)


def offered_by(spec: ProcedureSpec, lanes: Sequence[str]) -> bool:
    """Whether a case of this procedure on these elements could be stopped before its end."""
    return bar_by_themselves(lanes) and any(spec.step(name).when_effective for name in BEFORE_THE_END)


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
        waits = verb_of(step.name) in found.waited_by_procedure
        Step.objects.filter(pk=step.pk).update(state=StepState.WAITING, when_effective=waits, due_at=None, **FRESH)
    waits = verb_of(found.after.name) in found.waited_by_procedure
    Step.objects.filter(pk=found.after.pk).update(state=StepState.WAITING, when_effective=waits, due_at=None)
    return had_its_turn


def make_way(found: Early) -> bool:
    """Let everything wait that could overtake a restore; False when the end was a moment faster."""
    ahead = [step.pk for step in (*found.bars, found.after)]
    kept = Step.objects.filter(pk__in=ahead, state__in=(StepState.OPEN, StepState.STUCK))
    kept.update(state=StepState.WAITING, due_at=None)
    return not Step.objects.filter(pk=found.after.pk).exclude(state=StepState.WAITING).exists()


def begin_again(found: Early) -> None:
    """Let all steps up to the bars wait to be done anew, but those that are stuck: a person looks at these first."""
    others = [step.pk for step in found.steps if step.state != StepState.STUCK]
    Step.objects.filter(pk__in=others).update(state=StepState.WAITING, due_at=None, **FRESH)


def on_again(cases: Cases, done: Sequence[Case], at: datetime) -> None:
    """After the last "restore" of cases that go on: their lines are as before the stop."""
    ids = [case.line_id for case in done]
    lines.mark_active(ids)  # the number is on again ...
    lines.mark_pending(ids)  # ... and the line still ends on its day
    for case in done:
        undo(early_of(case.id))
        cases.note(case, "line.on_again", actor=SYSTEM, at=at)
        letters.on_again(case.id, at=at)


def early_of(case_id: int) -> Early:
    """Read the steps of a case, with the procedure that it began with. One query."""
    steps = list(
        Step.objects.filter(termination_id=case_id).select_related("termination__procedure").order_by("number")
    )
    return early(steps, spec_of(steps[0].termination.procedure))
