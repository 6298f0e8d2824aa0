"""How is a line put back at the elements that were told to bar it?

After a withdrawal, when an early stop is undone, and when one of several elements cannot bar: then the others must not
keep half a closed line. Each element that was told gets a step "restore", in the reverse order of the bars; those go
before everything else that waits. What an element puts back is what "inspect" recorded there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from tojimari.platform.acting import SYSTEM
from tojimari.platform.work import AT, sibling, verb_of
from tojimari.terminations.engine import early
from tojimari.terminations.engine.cases import Case, Cases
from tojimari.terminations.models import Actor, Step, StepState

BAR, RESTORE = "bar", "restore"
OF_BAR = Q(name=BAR) | Q(name__startswith=BAR + AT)
OF_RESTORE = Q(name=RESTORE) | Q(name__startswith=RESTORE + AT)
TO_COME = (StepState.WAITING, *early.PRESENT)


def bars_told(case_id: int) -> list[Step]:
    """Return the bars of a case that an element was told, or may have been; the last one first.

    What waits for a person's hand has not been.
    """
    told = Step.objects.filter(OF_BAR, termination_id=case_id, attempts__gt=0).exclude(state=StepState.BY_HAND)
    return list(told.order_by("-number"))


def add(case: Case, bars: Sequence[Step], *, open_at: datetime | None = None) -> None:
    """Add a step for each of these bars that puts its element back. With `open_at` the first of them is open then."""
    last = Step.objects.filter(termination_id=case.id).order_by("-number").values_list("number", flat=True)[0]
    Step.objects.bulk_create(
        Step(
            carrier_id=case.carrier_id,
            termination_id=case.id,
            number=last + place,
            name=sibling(bar.name, RESTORE),
            actor=Actor.SYSTEM,
            lane=bar.lane,
            state=StepState.OPEN if first and open_at is not None else StepState.WAITING,
            due_at=open_at if first else None,
        )
        for place, bar in enumerate(bars, 1)
        for first in (place == 1,)
    )


def after_failure(step: str, cases: Cases, stuck: Sequence[Case], *, at: datetime) -> None:
    """Put back what was touched of cases in which `step` is stuck, if that is before the point of no return.

    An element that is alone, or the first of all, has touched nothing elsewhere: it keeps what it holds, as "bar"
    promises, until a person has looked.
    """
    if verb_of(step) not in early.BEFORE_THE_END:
        return
    for case in stuck:
        if case.withdrawing:
            continue
        told = bars_told(case.id)
        if any(bar.state == StepState.DONE for bar in told):
            # What is stuck itself may have done a part: it is put back last, should that be stuck as well.
            told.sort(key=lambda bar: bar.state == StepState.STUCK)
            add(case, told, open_at=at)
            cases.note(case, "line.put_back", actor=SYSTEM, at=at)


def after_restore(cases: Cases, done: Sequence[Case], at: datetime) -> None:
    """When the last element has put the line back: it is on again, or its steps wait for a person's look."""
    for case in done:
        steps = Step.objects.filter(termination_id=case.id)
        if case.withdrawing or steps.filter(OF_RESTORE, state__in=TO_COME).exists():
            continue
        if _stuck(case).exists():
            early.begin_again(early.early_of(case.id))
        else:
            early.on_again(cases, [case], at)


def going_on(moved: Sequence[Case]) -> list[Case]:
    """Return those of the cases, whose restore is done, that have a next step: one that is stuck has none."""
    stuck = set(_stuck(*moved).values_list("termination_id", flat=True)) if moved else set()
    more = Step.objects.filter(OF_RESTORE, termination_id__in=stuck, state=StepState.WAITING)
    waiting = set(more.values_list("termination_id", flat=True))
    return [case for case in moved if case.withdrawing or case.id not in stuck or case.id in waiting]


def under_way(case: Case) -> bool:
    """Whether an element is still to put the line back."""
    return Step.objects.filter(OF_RESTORE, termination_id=case.id, state__in=TO_COME).exists()


def begin_again(stuck: Step) -> bool:
    """Let all elements begin anew when the stuck one is to be tried again and the others were put back; else False."""
    before = Step.objects.filter(termination_id=stuck.termination_id, number__lt=stuck.number, state=StepState.WAITING)
    if not before.exists():
        return False
    Step.objects.filter(pk=stuck.pk).update(state=StepState.WAITING, due_at=None, **early.FRESH)
    return True


def _stuck(*cases: Case) -> QuerySet[Step]:
    return Step.objects.filter(termination_id__in=[case.id for case in cases], state=StepState.STUCK).exclude(
        OF_RESTORE
    )
