"""What ends may a case have, what does each cost, and how do the steps of a running case follow another one?

Another end is judged as the first one was: by the procedure the case began with, at the instant of the wish. It moves
the end and the yen and nothing else: `requested_at` stays, and so does every step that is done.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from tojimari.lines.models import Line
from tojimari.money.books import Books, books_for_quote
from tojimari.money.quotes import quote
from tojimari.platform.acting import Refused
from tojimari.rules import effective as effective_rules
from tojimari.terminations.engine.cases import Case
from tojimari.terminations.intake import earliest_day
from tojimari.terminations.models import Step, StepState, Termination
from tojimari.terminations.procedures import ELEMENT_LANE, ProcedureSpec, spec

_NOT_BEGUN = (StepState.WAITING, StepState.OPEN)


@dataclass(frozen=True, slots=True)
class EndDate:
    """One end that may be chosen. `effective` is what `request` takes; `ends_at` the instant; `quote` its yen.

    There is no quote where a service alone ends.
    """

    effective: str
    ends_at: datetime
    quote: dict[str, Any]

    def is_end_of(self, case: Termination) -> bool:
        """Whether the case ends so already. "Now" asked for again a second later is the same wish."""
        return self.ends_at == case.ends_at or self.effective == case.effective == "now"


def end_by(
    plan: ProcedureSpec,
    line: Line,
    scope: str,
    effective: str,
    at: datetime,
    books: Books,
    *,
    asked_at: datetime | None = None,
) -> EndDate:
    """Return the end and its yen that `effective` means at `at`, by a procedure and books that were read already.

    `asked_at`: when the end was first asked for, where that was before `at`. Raises `Refused` where it has none.
    One query.
    """
    wish = effective_rules.parse(effective)
    ends_at = effective_rules.ends_at(wish, at, plan.cutoff, earliest_day(plan, at))
    if scope != "line":
        return EndDate(str(wish), ends_at, {})
    yen = quote(
        line,
        line.plan,
        books.bills,
        requested_at=at,
        ends_at=ends_at,
        options_yen=books.options_yen,
        said=books.said,
        asked_at=asked_at,
        paying=books.paying,
    )
    return EndDate(str(wish), ends_at, yen)


def books_of(line: Line, scope: str, at: datetime) -> Books:
    """What a quote needs to know; ending a service alone has none. Four queries or none."""
    return books_for_quote([line.pk], carrier_id=line.carrier_id, at=at)[line.pk] if scope == "line" else Books()


def end_for(case: Termination, effective: str, at: datetime) -> EndDate:
    """Return another end of a case, as `change_end` would fix it. Raises `Refused` where it has none. Four queries."""
    plan = spec(case.procedure)
    wish = effective_rules.parse(effective)
    offered = "date" if isinstance(wish, effective_rules.OnDate) else str(wish)
    if offered not in plan.offer:
        raise Refused("effective.not_offered", offered=", ".join(plan.offer))
    books = books_of(case.line, case.scope, at)
    return end_by(plan, case.line, case.scope, effective, at, books, asked_at=case.requested_at)


def check_movable(case: Case, at: datetime) -> None:
    """Raise `Refused` once the end has come, or a worker has so much as looked at the line in the network.

    The steps are locked for the rest of the transaction: a worker that claims them now skips them, and one that was
    just claiming them is waited for.
    """
    if at >= case.ends_at:
        raise Refused("termination.end_over")
    if any(_has_begun(step) for step in _of_network(case.id).select_for_update()):
        raise Refused("termination.end_fixed")


def begun(case_id: int) -> bool:
    """Say whether a worker has so much as looked at the line of this case in the network. One query."""
    return any(_has_begun(step) for step in _of_network(case_id))


def _of_network(case_id: int) -> QuerySet[Step]:
    return Step.objects.filter(termination_id=case_id, name__in=ELEMENT_LANE).order_by("number")


def _has_begun(step: Step) -> bool:
    return step.state not in _NOT_BEGUN or step.attempts > 0


def move(case: Case, end: EndDate) -> None:
    """Write another end of a locked case, and let the step that waits for it wait for the new one."""
    Termination.objects.filter(pk=case.id).update(effective=end.effective, ends_at=end.ends_at, quote=end.quote)
    case.ends_at = end.ends_at
    for step in Step.objects.filter(termination_id=case.id, state=StepState.OPEN, when_effective=True):
        before = Step.objects.filter(termination_id=case.id, number__lt=step.number, done_at__isnull=False)
        opened = before.order_by("-done_at").values_list("done_at", flat=True).first()
        waited = opened + timedelta(seconds=step.wait_seconds) if opened else end.ends_at
        Step.objects.filter(pk=step.pk).update(due_at=max(waited, end.ends_at))
