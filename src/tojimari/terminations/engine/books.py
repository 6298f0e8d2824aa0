"""What do the carrier's books say of a line after a step? This is where a line becomes terminated, and only here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from tojimari.counter import actions as counter
from tojimari.lines import actions as lines
from tojimari.lines.models import ServiceKind
from tojimari.platform.acting import SYSTEM
from tojimari.platform.work import verb_of
from tojimari.rules.calendar import jst_date
from tojimari.terminations import letters
from tojimari.terminations.engine import early, putting_back
from tojimari.terminations.engine.cases import Case, Cases
from tojimari.terminations.models import CaseState

LINE = "line"  # the scope of a case that ends the whole line


def after(step: str, cases: Cases, done: Sequence[Case], *, at: datetime) -> None:
    """Bring the books in line with a step that is done for these cases."""
    write = putting_back.after_restore if verb_of(step) == putting_back.RESTORE else _AFTER.get(step)
    if write is not None and done:
        write(cases, done, at)


def given_back(cases: Cases, case: Case, *, at: datetime, state: CaseState = CaseState.CANCELLED) -> None:
    """End a case that was taken back, or rejected: the books are as they were before."""
    case.finish(state, at)
    if case.scope == LINE:
        lines.mark_active([case.line_id])
    else:
        lines.mark_service_active([case.line_id], kind=ServiceKind(case.scope))
    if state == CaseState.CANCELLED:
        cases.note(case, "termination.withdrawn", actor=SYSTEM, at=at)
    counter.cancel_of_case(case.id, at=at)
    letters.given_back(case.id, state, case.code, at=at)


def _came(cases: Cases, done: Sequence[Case], at: datetime) -> None:
    """The person stood at the counter: an appointment that they had was kept."""
    counter.arrived((case.id for case in done), at=at)


def _barred(cases: Cases, done: Sequence[Case], at: datetime) -> None:
    """From now on nothing is sent to the number and it is nobody's login."""
    whole = [case for case in done if case.scope == LINE]
    lines.mark_number_off([case.line_id for case in whole], at=at)
    for case in whole:
        if at < case.ends_at and early.early_of(case.id).asked:
            cases.note(case, "line.off_early", actor=SYSTEM, at=at, last_day_of_use=jst_date(at).isoformat())
            letters.off_early(case.id, at=at)


def _proved(cases: Cases, done: Sequence[Case], at: datetime) -> None:
    """The network rejects the line, or a named member of staff attested it: now it may be called terminated."""
    ends = {case.line_id: case.ends_at for case in done if case.scope == LINE}
    if ends:
        lines.mark_terminated(ends, at=at, ended_at=ends)
    for case in done:
        if case.scope != LINE:
            lines.end_service([case.line_id], kind=ServiceKind(case.scope), ended_at=case.ends_at)
        name = "line.terminated" if case.scope == LINE else "service.terminated"
        cases.note(case, name, actor=SYSTEM, at=at, scope=case.scope)


_AFTER: dict[str, Callable[[Cases, Sequence[Case], datetime], None]] = {
    "visit": _came,
    "bar": _barred,
    "prove": _proved,
}
