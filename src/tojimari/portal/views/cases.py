"""How does a person follow a case: its receipt, where it stands, its days, and the certificate at its end?

Each page opens to the signed-in subscriber, and to whoever was let in to this one case (`views.find`).
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from tojimari.counter.queries import shops_named
from tojimari.lines.queries import email_of
from tojimari.money.queries import final_bill_of, owed
from tojimari.platform.acting import Refused
from tojimari.portal.case_calendar import calendar_of
from tojimari.portal.proving import code_first, must_prove
from tojimari.portal.receipts import receipt_file
from tojimari.portal.views.bills import settled
from tojimari.portal.visitor import Visitor, case_page
from tojimari.portal.words import PAPERS
from tojimari.proofs.models import Certificate
from tojimari.proofs.queries import bundle
from tojimari.rules.masking import masked_email
from tojimari.terminations import procedures
from tojimari.terminations.models import StepState, Termination
from tojimari.terminations.opening import renew_saved_code, saved_code
from tojimari.terminations.papers import paper_of
from tojimari.terminations.queries import case_view, may_change_end
from tojimari.terminations.reasons import refusal_text
from tojimari.terminations.standing import standing


def _facts(case: Termination) -> dict[str, Any]:
    """What every page about a case shows."""
    view, procedure, now = case_view(case), procedures.spec(case.procedure), timezone.now()
    stands, due = standing(view, procedure, now), owed(case.pk, case.quote)
    return {
        "case": case,
        "view": view,
        "coming": stands.step,
        "standing": stands,
        # Once it is over the page says that we are late, and by how much, in a place of its own.
        "review_by": stands.by
        if stands.step is not None and stands.step.name == "review" and not stands.is_late
        else None,
        "owed": due,
        "paid_at": shops_named(case.carrier_id, [paid.place for paid in due.payments]),
        "papers": next((step.papers for step in procedure.steps if step.name == "papers"), ()),
        "now": now,
    }


def _status(case: Termination) -> dict[str, Any]:
    """What the status page shows besides: whether the last day may be moved, and how it stands with the bill."""
    facts = _facts(case)
    facts["may_change"] = may_change_end(case, facts["now"])
    billed = any(step.name == "final_bill" and step.state == StepState.DONE for step in facts["view"].steps)
    bill = final_bill_of(case.pk) if billed else None
    return facts if bill is None else facts | settled(case, bill)


@case_page
@require_safe
def case(request: HttpRequest, who: Visitor, case: Termination) -> HttpResponse:
    """Where the case stands: steps, who must act, by when."""
    return render(request, "portal/case.html", _status(case))


@case_page
@require_safe
def case_now(request: HttpRequest, who: Visitor, case: Termination) -> HttpResponse:
    """The changing part of the status page alone, for the script that keeps it fresh."""
    return render(request, "portal/case_now.html", _status(case))


@case_page
@require_safe
def receipt(request: HttpRequest, who: Visitor, case: Termination) -> HttpResponse:
    """The receipt. Its mail was put down together with the case."""
    facts = {"email": masked_email(email_of(who.subscriber_id)), "saved_code": _saved_code(who, case)}
    return render(request, "portal/receipt.html", _facts(case) | facts | {"may_renew": not who.only_case})


@case_page
@require_safe
def receipt_as_file(request: HttpRequest, who: Visitor, case: Termination) -> HttpResponse:
    """The receipt as a file to keep, with the saved code as long as that is shown."""
    code = _saved_code(who, case)
    return _download(receipt_file(case) | ({"saved_code": code} if code else {}), f"receipt-{case.reference}.json")


def _saved_code(who: Visitor, case: Termination) -> str:
    """The saved code while it may be seen: never by somebody who was let in to this case alone."""
    return "" if who.only_case else saved_code(case, at=timezone.now())


@case_page
@require_POST
def new_saved_code(request: HttpRequest, who: Visitor, case: Termination) -> HttpResponse:
    """Make a new saved code, for a signed-in subscriber who has just proved to be there."""
    now = timezone.now()
    if who.only_case:
        raise Http404
    if must_prove(who, now):
        return code_first(request, case, after=request.path.replace("saved-code/", "receipt/"), at=now)
    renew_saved_code(case, at=now)
    return redirect("portal:receipt", case.reference)


@case_page
@require_safe
def calendar_file(request: HttpRequest, who: Visitor, case: Termination) -> HttpResponse:
    """The days of the case for the person's own calendar."""
    papers = next((step.papers for step in procedures.spec(case.procedure).steps if step.name == "papers"), ())
    bring = [str(PAPERS.get(paper, paper)) for paper in papers]
    content = calendar_of(case, bring, at=timezone.now())
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{case.reference}.ics"'
    return response


@case_page
@require_safe
def paper(request: HttpRequest, who: Visitor, case: Termination) -> HttpResponse:
    """The certificate as PDF, in Japanese and the language of now; "not found" until there is one."""
    try:
        content = paper_of(case, language=get_language() or "ja")
    except Certificate.DoesNotExist:
        raise Http404 from None
    except Refused as refused:
        messages.error(request, refusal_text(refused))
        return redirect("portal:case", case.reference)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="certificate-{case.reference}.pdf"'
    return response


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
