"""Which pages does the desk have? What waits, one step, one case, and how to find it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from tojimari.codes.help import open_requests
from tojimari.counter.words import AUTHORITIES
from tojimari.desk import words
from tojimari.desk.access import (
    Right,
    Staff,
    cases_elsewhere,
    doable,
    knows,
    names_of,
    staff_page,
    waits,
)
from tojimari.desk.forms import FindForm, form_for
from tojimari.desk.looks import shows
from tojimari.desk.promises import Waiting, with_promises
from tojimari.desk.searching import line_named
from tojimari.lines.models import Line
from tojimari.money.queries import waiting as money_waiting
from tojimari.platform.acting import Refused
from tojimari.proofs.models import Event
from tojimari.rules.calendar import jst_date
from tojimari.terminations import actions, trying_now
from tojimari.terminations.access import case_for_staff, step_for_staff
from tojimari.terminations.afterwards import afterwards
from tojimari.terminations.handed_over import name_of, stand_in_of
from tojimari.terminations.judging import STEP as REVIEW
from tojimari.terminations.models import (
    OPEN_STATES,
    Actor,
    CaseState,
    Step,
    StepState,
    Termination,
)
from tojimari.terminations.queries import case_view, history, waiting_for_staff
from tojimari.terminations.reasons import refusal_text
from tojimari.terminations.references import normalised
from tojimari.terminations.staff_notes import notes_of
from tojimari.terminations.words import HOLDS, REJECTIONS

_MOST = 200
"""How many waiting steps the first page lists; the oldest come first, so nothing is hidden for long."""


@dataclass(frozen=True, slots=True)
class Group:
    """Waiting steps of one sort."""

    key: str
    name: words.Text
    waiting: list[Waiting]
    late: bool


def _may_do(staff: Staff, step: Step) -> bool:
    return step.pk in doable(staff, [step], timezone.now())


def _groups(steps: Iterable[Step], at: datetime) -> list[Group]:
    """Sort waiting steps by what is to be done, each sort oldest first, the sort with the oldest one on top."""
    sorts: dict[str, list[Waiting]] = {}
    for waiting in with_promises(steps):
        state, name = waiting.step.state, waiting.step.name
        sorts.setdefault(state if state in (StepState.BY_HAND, StepState.STUCK) else name, []).append(waiting)
    return [
        Group(key, words.GROUPS.get(key, key), found, any(waiting.is_late(at) for waiting in found))
        for key, found in sorts.items()
    ]


@staff_page(Right.SEE)
@require_safe
def home(request: HttpRequest, staff: Staff) -> HttpResponse:
    """What waits for this person, and how much waits for colleagues."""
    now = timezone.now()
    waiting = list(waiting_for_staff(staff.carrier.pk)[:_MOST])
    may_do = doable(staff, waiting, now)
    mine = [step for step in waiting if step.pk in may_do]
    asking = open_requests(staff.carrier.pk) if staff.may(Right.HELP) else []
    facts = {"staff": staff, "groups": _groups(mine, now), "elsewhere": len(waiting) - len(mine), "now": now}
    money = money_waiting(staff.carrier.pk, jst_date(now)) if staff.may(Right.MONEY) else None
    return render(request, "desk/home.html", facts | {"asking": asking, "money": money})


@staff_page(Right.SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Find a case by its reference, or the cases of a line by anything that names the line.

    By POST, so that no number ever stands in an address or a log of addresses. Who may not see who people are is led
    to a call, where the caller shows it first.
    """
    form, by_line = FindForm(request.POST or None), staff.may(Right.FIND)
    found: list[Termination] | None = None
    line: Line | None = None
    if not by_line:
        form.fields["wanted"].label = _("Reference")
    if form.is_valid():
        wanted = form.cleaned_data["wanted"]
        cases = Termination.objects.filter(carrier=staff.carrier).order_by("-requested_at")
        found = list(cases.filter(reference=normalised(wanted)))
        if not found and by_line:
            try:
                line = line_named(staff, wanted, at=timezone.now())
            except Refused as refused:
                form.add_error("wanted", refusal_text(refused))
            found = list(cases.filter(line=line)) if line is not None else []
        shows(request, *(case.reference for case in found), line_id=line.pk if line is not None else None)
    if form.errors:
        found = None
    facts = {"staff": staff, "form": form, "found": found, "line": line, "by_line": by_line}
    return render(request, "desk/find.html", facts, status=409 if form.errors else 200)


def _names(events: Iterable[Event]) -> dict[str, str]:
    """Names of the members of staff who stand in a history, by their key."""
    return names_of(event.actor for event in events)


def _show_case(request: HttpRequest, staff: Staff, case: Termination, *, refusal: str = "") -> HttpResponse:
    view, events = case_view(case), list(history(case))
    running = case.state in (CaseState.ACKNOWLEDGED, CaseState.IN_PROGRESS)
    facts = {
        "staff": staff,
        "case": case,
        "view": view,
        "history": events,
        "notes": notes_of(case.pk),
        "names": _names(events),
        "acted": _acted(case),
        "left": afterwards(case, at=timezone.now()),
        "knows": knows(staff, case, timezone.now()),
        "may_do_current": view.current is not None and waits(view.current) and _may_do(staff, view.current),
        "may_mend": staff.may(Right.MEND),
        "delayed": set(
            trying_now.delayed(staff.carrier.pk, at=timezone.now())
            .filter(termination=case)
            .values_list("pk", flat=True)
        ),
        "may_hold": running and staff.may(Right.MEND),
        "may_resume": case.state == CaseState.HELD and staff.may(Right.MEND),
        "may_reject": case.state in OPEN_STATES and view.may_withdraw and staff.may(Right.REVIEW),
        "holds": list(HOLDS.items()),
        "rejections": list(REJECTIONS.items()),
        "refusal_code": refusal,
    }
    return render(request, "desk/case.html", facts, status=409 if refusal else 200)


def _acted(case: Termination) -> tuple[str, words.Text] | None:
    """Who acted for the customer at the counter, and by which paper; the name is empty once it is erased."""
    found = stand_in_of(case)
    return (name_of(found), AUTHORITIES.get(found.authority, found.authority)) if found is not None else None


@staff_page(Right.SEE)
@require_safe
def case(request: HttpRequest, staff: Staff, reference: str) -> HttpResponse:
    """One case with its steps, what the element answered, and its whole history."""
    return _show_case(request, staff, case_for_staff(staff.carrier.pk, reference))


@staff_page(Right.SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, staff: Staff, step_id: int) -> HttpResponse:
    """One step: what to do, and the form that completes it. What was typed stays when it is refused."""
    it = step_for_staff(staff.carrier.pk, step_id)
    case = it.termination
    may_do = waits(it) and _may_do(staff, it)
    if may_do and it.name == REVIEW and it.actor == Actor.STAFF and request.method != "POST":
        return redirect("desk:review", it.pk)
    by_hand = it.actor == Actor.SYSTEM
    form, refusal = None, ""
    if may_do:
        form = form_for(it, request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                actions.complete_step(step=it, given=form.given(), acting=staff.acting, at=timezone.now())
            except Refused as refused:
                if not form.take(refused):
                    refusal = refused.code
            else:
                return redirect("desk:case", case.reference)
    elif request.method == "POST":
        refusal = "step.not_its_turn"
    facts = {
        "staff": staff,
        "step": it,
        "case": case,
        "form": form,
        "by_hand": by_hand,
        "notes": notes_of(case.pk),
        "knows": knows(staff, case, timezone.now()),
        "explanation": words.HOW_TO.get(it.name),
        "button": words.BUTTONS.get("by_hand" if by_hand else it.name),
        "elsewhere": not may_do and bool(cases_elsewhere(staff, [it.termination_id], timezone.now())),
        "may_mend": staff.may(Right.MEND),
        "refusal_code": refusal,
    }
    return render(request, "desk/step.html", facts, status=409 if refusal else 200)


def _act(
    request: HttpRequest, staff: Staff, case: Termination, deed: Callable[..., None], **given: Any
) -> HttpResponse:
    """Do one thing to a case and show the case; a refusal is shown on it."""
    try:
        deed(acting=staff.acting, at=timezone.now(), **given)
    except Refused as refused:
        return _show_case(request, staff, case_for_staff(staff.carrier.pk, case.reference), refusal=refused.code)
    return redirect("desk:case", case.reference)


@staff_page(Right.MEND)
@require_POST
def hold(request: HttpRequest, staff: Staff, reference: str) -> HttpResponse:
    """Stop a case where it stands, with a reason from the list."""
    case, code = case_for_staff(staff.carrier.pk, reference), request.POST.get("code", "")
    if code not in HOLDS:
        return _show_case(request, staff, case, refusal="termination.unknown_reason")
    return _act(request, staff, case, actions.hold, termination=case, code=code)


@staff_page(Right.MEND)
@require_POST
def resume(request: HttpRequest, staff: Staff, reference: str) -> HttpResponse:
    """Let a held case go on."""
    case = case_for_staff(staff.carrier.pk, reference)
    return _act(request, staff, case, actions.resume, termination=case)


@staff_page(Right.REVIEW)
@require_POST
def reject(request: HttpRequest, staff: Staff, reference: str) -> HttpResponse:
    """Do not accept a case, with a reason that the customer is told."""
    case, code = case_for_staff(staff.carrier.pk, reference), request.POST.get("code", "")
    return _act(request, staff, case, actions.reject, termination=case, code=code)


@staff_page(Right.MEND)
@require_POST
def retry(request: HttpRequest, staff: Staff, step_id: int) -> HttpResponse:
    """Let the system try a stuck step again."""
    step = step_for_staff(staff.carrier.pk, step_id)
    return _act(request, staff, step.termination, actions.retry, step=step)


@staff_page(Right.MEND)
@require_POST
def try_now(request: HttpRequest, staff: Staff, step_id: int) -> HttpResponse:
    """Let a step that waits for its next try be tried now."""
    step = step_for_staff(staff.carrier.pk, step_id)
    return _act(request, staff, step.termination, trying_now.try_now, step=step)
