"""How does a person follow a case: its receipt, where it stands, taking it back, and the certificate at its end?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tojimari.lines.queries import email_of
from tojimari.platform.acting import Refused
from tojimari.portal.receipts import masked_email, receipt_file
from tojimari.portal.visitor import Visitor, case_page
from tojimari.proofs.models import Certificate
from tojimari.proofs.queries import bundle
from tojimari.rules.calendar import add_business_days, day_end, jst_date
from tojimari.terminations import actions, procedures
from tojimari.terminations.models import Actor, Step, StepState, Termination
from tojimari.terminations.procedures import ProcedureSpec
from tojimari.terminations.queries import CaseView, case_view


def _facts(case: Termination) -> dict[str, Any]:
    """What every page about a case shows."""
    view, procedure = case_view(case), procedures.spec(case.procedure)
    coming = _coming(view)
    return {
        "case": case,
        "view": view,
        "coming": coming,
        "review_by": _review_by(coming, procedure) if coming is not None and coming.name == "review" else None,
        "papers": next((step.papers for step in procedure.steps if step.name == "papers"), ()),
        "now": timezone.now(),
    }


def _coming(view: CaseView) -> Step | None:
    """The step that the person is to hear of: what waits now, or the visit or review that follows in a moment."""
    now = view.current
    if now is None or now.name != "settle":
        return now
    after = (step for step in view.steps if step.number > now.number and step.state == StepState.WAITING)
    following = next(after, None)
    return following if following is not None and following.actor == Actor.STAFF else now


def _review_by(step: Step, procedure: ProcedureSpec) -> datetime | None:
    """The end of the business day by which the review is promised."""
    days = procedure.step("review").promise_business_days
    return day_end(add_business_days(jst_date(step.due_at or timezone.now()), days)) if days else None


@case_page
@require_safe
def case(request: HttpRequest, who: Visitor, case: Termination) -> HttpResponse:
    """Where the case stands: steps, who must act, by when."""
    return render(request, "portal/case.html", _facts(case))


@case_page
@require_safe
def case_now(request: HttpRequest, who: Visitor, case: Termination) -> HttpResponse:
    """The changing part of the status page alone, for the script that keeps it fresh."""
    return render(request, "portal/case_now.html", _facts(case))


@case_page
@require_safe
def receipt(request: HttpRequest, who: Visitor, case: Termination) -> HttpResponse:
    """The receipt. Its mail was put down together with the case."""
    return render(request, "portal/receipt.html", _facts(case) | {"email": masked_email(email_of(who.subscriber_id))})


@case_page
@require_safe
def receipt_as_file(request: HttpRequest, who: Visitor, case: Termination) -> HttpResponse:
    """The receipt as a file to keep."""
    return _download(receipt_file(case), f"receipt-{case.reference}.json")


@case_page
@require_safe
def certificate(request: HttpRequest, who: Visitor, case: Termination) -> HttpResponse:
    """The certificate with the history that it signs; "not found" until there is one."""
    try:
        return _download(bundle(case.reference), f"certificate-{case.reference}.json")
    except Certificate.DoesNotExist:
        raise Http404 from None


def _download(content: dict[str, Any], name: str) -> HttpResponse:
    response = JsonResponse(content, json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@case_page
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, who: Visitor, case: Termination) -> HttpResponse:
    """Take the request back: one page, one button."""
    refused_code = ""
    if request.method == "POST":
        try:
            actions.withdraw(termination=case, acting=who.acting, at=timezone.now())
        except Refused as refused:
            refused_code = refused.code
        else:
            return redirect("portal:case", case.reference)
    facts = _facts(case) | {"refusal_code": refused_code}
    return render(request, "portal/withdraw.html", facts, status=409 if refused_code else 200)
