"""How does a reviewer get through the queue: the oldest first, on one screen each, and the next one at once?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tojimari.desk.access import Right, Staff, names_of, staff_page
from tojimari.desk.promises import Waiting, with_promises
from tojimari.lines.queries import email_of
from tojimari.platform.acting import Refused
from tojimari.rules.calendar import day_end, jst_date
from tojimari.terminations import actions, reviewing
from tojimari.terminations.access import step_for_staff
from tojimari.terminations.judging import STEP, judged
from tojimari.terminations.models import Actor, Step, StepState
from tojimari.terminations.review_words import OWN, QUESTIONS, found
from tojimari.terminations.staff_notes import notes_of
from tojimari.terminations.stuck import handover_of, note_of
from tojimari.terminations.words import REJECTIONS

_MOST = 200
"""How many the queue lists; the oldest come first, so nothing is hidden for long."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the queue."""

    waiting: Waiting
    findings: list[str]
    answered: bool
    approved_once: bool
    taken_by: str  # a colleague's key, "staff:7"; empty when it is free
    mine: bool
    """Whether this person may decide: not what they approved already, when two people must."""

    @property
    def step(self) -> Step:
        return self.waiting.step


def queue(steps: Iterable[Step], staff: Staff, at: datetime) -> list[Entry]:
    """Return reviews with what a reviewer chooses by. Six queries, whatever the number of reviews."""
    waiting = with_promises(steps)
    rules = judged([one.step.termination_id for one in waiting])
    asked = reviewing.answered_steps([one.step.pk for one in waiting])
    entries = []
    for one in waiting:
        step, judgement = one.step, rules[one.step.termination_id].judgement
        approvals = step.evidence.get("approvals", [])
        entries.append(
            Entry(
                waiting=one,
                findings=[found(finding.as_evidence) for finding in judgement.findings],
                answered=step.pk in asked,
                approved_once=bool(approvals),
                taken_by=step.lease_owner if reviewing.taken_by_another(step, staff.acting, at) else "",
                mine=not any(approval["by"] == str(staff.acting) for approval in approvals),
            )
        )
    return entries


@staff_page(Right.REVIEW)
@require_safe
def reviews(request: HttpRequest, staff: Staff) -> HttpResponse:
    """The queue: what waits for reviewers, and what waits for an answer of its subscriber."""
    now = timezone.now()
    entries = queue(reviewing.waiting(staff.carrier.pk)[:_MOST], staff, now)
    today = day_end(jst_date(now))
    late = sum(entry.waiting.is_late(now) for entry in entries)
    facts = {
        "staff": staff,
        "now": now,
        "today": today,
        "entries": entries,
        "late": late,
        "due_today": sum(entry.waiting.is_due_by(today) for entry in entries) - late,
        "asked": list(reviewing.with_the_subscriber(staff.carrier.pk)[:_MOST]),
        "names": names_of(entry.taken_by for entry in entries),
    }
    return render(request, "desk/reviews.html", facts)


@staff_page(Right.REVIEW)
@require_POST
def review_next(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Take the review that waits longest, and open it."""
    return _next(staff)


def _next(staff: Staff) -> HttpResponse:
    step = reviewing.take_next(carrier_id=staff.carrier.pk, acting=staff.acting, at=timezone.now())
    return redirect("desk:review", step.pk) if step is not None else redirect("desk:reviews")


def _review(staff: Staff, step_id: int) -> Step:
    step = step_for_staff(staff.carrier.pk, step_id)
    if step.name != STEP:
        raise Http404
    return step


@staff_page(Right.REVIEW)
@require_POST
def review_take(request: HttpRequest, staff: Staff, step_id: int) -> HttpResponse:
    """Take this review, and open it. When a colleague was faster its page says so."""
    step = _review(staff, step_id)
    try:
        reviewing.take(step=step, acting=staff.acting, at=timezone.now())
    except Refused as refused:
        return _show(request, staff, step, refusal=refused.code)
    return redirect("desk:review", step.pk)


@staff_page(Right.REVIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, staff: Staff, step_id: int) -> HttpResponse:
    """One request: what was found and said, and three ways on. After a decision the next one opens."""
    step = _review(staff, step_id)
    if request.method != "POST":
        return _show(request, staff, step)
    try:
        said = _decide(step, staff, request.POST)
    except Refused as refused:
        return _show(request, staff, _review(staff, step_id), refusal=refused.code, typed=request.POST)
    messages.success(request, said % {"reference": step.termination.reference})
    return _next(staff)


def _decide(step: Step, staff: Staff, given: Mapping[str, str]) -> str:
    """Do what was chosen, and return what is said of it. Raises `Refused`."""
    acting, at, case = staff.acting, timezone.now(), step.termination
    match given.get("do"):
        case "approve":
            shown = {"approved": "yes", "note": given.get("note", ""), "seen": given.get("seen", "")}
            actions.complete_step(step=step, given=shown, acting=acting, at=at)
            step.refresh_from_db(fields=("state",))
            if step.state != StepState.DONE:
                return _("You have approved %(reference)s. A colleague must approve it too.")
            return _("Approved: %(reference)s")
        case "ask":
            code, text = given.get("question", ""), given.get("text", "")
            reviewing.ask_back(step=step, code=code, text=text, acting=acting, at=at)
            return _("The customer was asked: %(reference)s")
        case "refuse":
            if reviewing.taken_by_another(step, acting, at):
                raise Refused("review.taken")
            actions.reject(termination=case, code=given.get("code", ""), acting=acting, at=at)
            return _("Not accepted, and the customer was told why: %(reference)s")
        case "stop_waiting":
            reviewing.stop_waiting(step=step, acting=acting, at=at)
            return _("It waits for staff again: %(reference)s")
    raise Refused("step.not_its_turn")


def _show(
    request: HttpRequest, staff: Staff, step: Step, *, refusal: str = "", typed: Mapping[str, str] | None = None
) -> HttpResponse:
    now, look = timezone.now(), reviewing.look(step)
    taken = reviewing.taken_by_another(step, staff.acting, now)
    open_for_staff = step.state == StepState.OPEN and step.actor == Actor.STAFF and step.termination.is_open
    approved_by_me = any(approval["by"] == str(staff.acting) for approval in look.approvals)
    handover = handover_of(step)
    actors = [step.lease_owner, *(one.question.answered_by for one in look.asked)]
    actors += [one.question.asked_by for one in look.asked] + ([handover.given_by] if handover else [])
    facts: dict[str, Any] = {
        "staff": staff,
        "now": now,
        "step": step,
        "case": step.termination,
        "look": look,
        "notes": notes_of(step.termination_id),
        "evidence": look.judged.evidence,
        "waiting": with_promises([step])[0],
        "today": day_end(jst_date(now)),
        "taken": taken and open_for_staff,
        "may_decide": open_for_staff and not taken,
        "may_approve": not (approved_by_me and look.judged.judgement.two_people),
        "asked_now": step.state == StepState.OPEN and step.actor == Actor.SUBSCRIBER,
        "reached": bool(email_of(step.termination.subscriber_id)),
        "questions": [*QUESTIONS.items(), (OWN, _("In my own words, written below"))],
        "rejections": list(REJECTIONS.items()),
        "handover": {"note": note_of(handover), "by": handover.given_by} if handover else None,
        "names": names_of(actors),
        "typed": typed or {},
        "refusal_code": refusal,
    }
    return render(request, "desk/review.html", facts, status=409 if refusal else 200)
