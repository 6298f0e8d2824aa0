"""How does a person follow their plan at another carrier: open it, see how it stands, plan anew, put aside, delete?"""

from __future__ import annotations

from typing import Any

import structlog
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tojimari.codes.actions import take
from tojimari.guide.directory import carriers
from tojimari.messages.links import opens_guided
from tojimari.platform.acting import Refused
from tojimari.portal import visitor
from tojimari.portal.forms_case import FindCaseForm
from tojimari.portal.guided_access import forget, guided_page, let_in
from tojimari.portal.guided_calendar import calendar_of
from tojimari.terminations.guided import actions
from tojimari.terminations.guided.fence import code_opens, inside
from tojimari.terminations.guided.models import GuidedCase
from tojimari.terminations.guided.queries import answers_of, case_view, code_now, email_of, facts_of, found_case
from tojimari.terminations.guided.record import record_of
from tojimari.terminations.guided.states import next_deadline
from tojimari.terminations.reasons import refusal_text
from tojimari.terminations.references import normalised

log = structlog.get_logger(__name__)

TRIES_FOR_ONE = 10
TRIES_FROM_ADDRESS = 30
"""How often an hour one reference may be tried, and one address may try: as with every saved code."""
_TRIED = "guided.tried_too_often"


@never_cache
@sensitive_variables("code")
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Ask for reference and saved code. A wrong one looks the same whether there is such a plan or not."""
    after = visitor.own_path(request, request.POST.get("next") or request.GET.get("next") or "")
    form = FindCaseForm(request.POST or None)
    if form.is_valid():
        reference, code = form.cleaned_data["reference"], form.cleaned_data["code"]
        try:
            _open(request, reference, code)
        except Refused as refused:
            log.warning("guided.refused", code=refused.code)
            form.add_error("code", refusal_text(refused))
        else:
            own = reverse("portal:guided_case", args=[reference])
            return redirect(after if after.startswith(own) else own)
    return render(request, "portal/guided_find.html", {"form": form, "next": after})


@sensitive_variables("code")
def _open(request: HttpRequest, reference: str, code: str) -> None:
    now = timezone.now()
    take(f"guided:{reference}", TRIES_FOR_ONE, now, refusal=_TRIED)
    take(f"guided tries from:{request.META.get('REMOTE_ADDR', '')}", TRIES_FROM_ADDRESS, now, refusal=_TRIED)
    if not code_opens(reference, code):
        raise Refused("guided.not_opened")
    let_in(request, reference, at=now)


@sensitive_variables("token")
@require_safe
def open_link(request: HttpRequest, reference: str, token: str) -> HttpResponse:
    """Take the link of a reminder, and go on under an address that holds no secret."""
    reference = normalised(reference)
    answer = redirect("portal:guided_find")
    if opens_guided(reference, token):
        with inside(reference):
            there = found_case(reference) is not None
        if there:
            let_in(request, reference, at=timezone.now())
            answer = redirect("portal:guided_case", reference)
        else:
            answer = redirect("portal:guided_gone")
    answer["Referrer-Policy"] = "no-referrer"
    patch_cache_control(answer, no_store=True, private=True)
    return answer


@require_safe
def gone(request: HttpRequest) -> HttpResponse:
    """Say that a plan is gone for good."""
    return render(request, "portal/guided_gone.html")


@guided_page
@require_safe
def case(request: HttpRequest, case: GuidedCase) -> HttpResponse:
    """How the plan stands: what to do now, until when, and everything that was done."""
    now = timezone.now()
    view = case_view(case, now)
    facts: dict[str, Any] = {
        "case": case,
        "view": view,
        "zone": case.zone,
        "saved_code": code_now(case, now),
        "email": email_of(case) if case.email_confirmed_at else "",
        "ahead": next_deadline([step.row for step in view.steps], now),
        "now": now,
    }
    return render(request, "portal/guided_case.html", facts)


@guided_page
@require_http_methods(["GET", "HEAD", "POST"])
def anew(request: HttpRequest, case: GuidedCase) -> HttpResponse:
    """Show what a plan of today from the newest facts would be, and make it so if the person says so."""
    newest = carriers().get(case.carrier_key) or facts_of(case)
    if newest is None:
        return redirect("portal:guided_case", case.reference)
    if request.method == "POST":
        try:
            actions.plan_anew(case, facts=newest, answers=answers_of(case), at=timezone.now())
        except Refused as refused:
            messages.error(request, refusal_text(refused))
        return redirect("portal:guided_case", case.reference)
    return render(request, "portal/guided_anew.html", {"case": case, "view": case_view(case, timezone.now())})


@guided_page
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, case: GuidedCase) -> HttpResponse:
    """Put the plan aside, take it up again, or delete it with everything."""
    wish = request.POST.get("wish", "")
    if wish == "delete":
        actions.delete(case)
        forget(request, case.reference)
        return redirect("portal:guided_gone")
    if wish in ("aside", "again"):
        (actions.give_up if wish == "aside" else actions.take_up_again)(case, at=timezone.now())
        return redirect("portal:guided_case", case.reference)
    return render(request, "portal/guided_end.html", {"case": case})


@guided_page
@require_POST
def leave(request: HttpRequest, case: GuidedCase) -> HttpResponse:
    """Close the plan in this browser; it opens again with its code."""
    forget(request, case.reference)
    messages.success(request, gettext("This browser no longer shows your plan. Your reference and code open it again."))
    return redirect("portal:guided_find")


@guided_page
@require_safe
def record(request: HttpRequest, case: GuidedCase) -> HttpResponse:
    """The record of steps, signed, as a file."""
    now = timezone.now()
    content = record_of(case_view(case, now), at=now)
    response = JsonResponse(content, json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="record-of-steps-{case.reference}.json"'
    return response


@guided_page
@require_safe
def calendar_file(request: HttpRequest, case: GuidedCase, number: int | None = None) -> HttpResponse:
    """Every deadline that is ahead, or that of one step, for the person's own calendar."""
    now = timezone.now()
    view = case_view(case, now)
    steps = [step for step in view.steps if number is None or step.row.number == number]
    name = f"{case.reference}{'' if number is None else f'-{number}'}.ics"
    response = HttpResponse(calendar_of(view, steps, at=now), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
