"""How does a person have themselves reminded, and what do they do when they are charged after the end?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, override
from django.views.decorators.http import require_http_methods

from tojimari.guide.letters import Charge, ComplaintFacts, Contract, Evidence, Sender, complaint
from tojimari.guide.words.offices import offices
from tojimari.platform.acting import Refused
from tojimari.platform.typesetting import NotDrawn, can_draw
from tojimari.portal.forms_guided import ChargeForm, ComplainForm, EmailCodeForm, EmailForm
from tojimari.portal.guided_access import guided_page
from tojimari.portal.views.letters import pdf_response
from tojimari.rules.calendar import jst_date
from tojimari.rules.masking import masked_email
from tojimari.terminations.guided import evidence, reminding
from tojimari.terminations.guided.models import EvidenceKind, GuidedCase
from tojimari.terminations.guided.queries import CaseView, case_view, email_of
from tojimari.terminations.guided.words import EVIDENCE
from tojimari.terminations.reasons import refusal_text

_OF_CONTRACT = ("carrier_address", "plan", "number", "customer", "made_on")
_BINDING = "guided_binding"


@guided_page
@require_http_methods(["GET", "HEAD", "POST"])
def reminders(request: HttpRequest, case: GuidedCase) -> HttpResponse:
    """Give an address and confirm it by a code; or remove it."""
    now, form, code_form = timezone.now(), EmailForm(), EmailCodeForm()
    deed = request.POST.get("deed", "")
    if deed == "remove":
        reminding.drop_email(case, at=now)
        return redirect("portal:guided_reminders", case.reference)
    if deed == "ask":
        form = EmailForm(request.POST)
        if form.is_valid() and _asked(request, case, form):
            return redirect("portal:guided_reminders", case.reference)
    if deed == "confirm":
        code_form = EmailCodeForm(request.POST)
        if code_form.is_valid() and _confirmed(request, case, code_form):
            return redirect("portal:guided_case", case.reference)
    told = {
        "case": case,
        "form": form,
        "code_form": code_form,
        "address": masked_email(email_of(case)) if case.email else "",
        "possible": case.host_id is not None,
    }
    return render(request, "portal/guided_reminders.html", told)


def _asked(request: HttpRequest, case: GuidedCase, form: EmailForm) -> bool:
    request.session.setdefault(_BINDING, request.session.session_key or "")
    try:
        reminding.ask_for_email(
            case,
            form.cleaned_data["email"],
            language=get_language() or "ja",
            binding=request.session[_BINDING],
            internet=request.META.get("REMOTE_ADDR", ""),
            at=timezone.now(),
        )
    except Refused as refused:
        form.add_error("email", refusal_text(refused))
        return False
    return True


def _confirmed(request: HttpRequest, case: GuidedCase, form: EmailCodeForm) -> bool:
    try:
        right = reminding.confirm_email(
            case, form.cleaned_data["code"], binding=request.session.get(_BINDING, ""), at=timezone.now()
        )
    except Refused as refused:
        form.add_error("code", refusal_text(refused))
        return False
    if not right:
        form.add_error("code", refusal_text(Refused("code.wrong")))
    return right


@guided_page
@require_http_methods(["GET", "HEAD", "POST"])
def charged(request: HttpRequest, case: GuidedCase) -> HttpResponse:
    """Note what was charged after the end; the letter follows from it."""
    form = ChargeForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            evidence.add_charge(case, evidence.Charge(given["on"], given["yen"], given["what"]), at=timezone.now())
            return redirect("portal:guided_charged", case.reference)
        except Refused as refused:
            form.add_error("yen", refusal_text(refused))
    view = case_view(case, timezone.now())
    return render(request, "portal/guided_charged.html", {"case": case, "view": view, "form": form})


@guided_page
@require_http_methods(["GET", "HEAD", "POST"])
def complain(request: HttpRequest, case: GuidedCase) -> HttpResponse:
    """The complaint to the carrier with everything that the plan knows. Who writes is typed here, and not kept."""
    view, form, shape = case_view(case, timezone.now()), ComplainForm(request.POST or None), request.POST.get("as", "")
    told: dict[str, Any] = {"case": case, "view": view, "form": form, "can_draw": can_draw(), "offices": offices()}
    if form.is_valid() and shape != "form":
        facts = complaint_facts(view)
        typed = form.cleaned_data
        about = replace(facts.contract, **{name: typed[name] for name in _OF_CONTRACT})
        letter = complaint(replace(facts, sender=form.sender(), contract=about))
        try:
            if shape == "pdf":
                return pdf_response(letter, "complaint", translated=False)
        except NotDrawn:
            told["undrawn"] = True
        told["letter"] = letter
    return render(request, "portal/guided_complaint.html", told)


def complaint_facts(view: CaseView) -> ComplaintFacts:
    """Return what a complaint rests on: the steps that were done, their evidence, and the charges. In Japanese.

    Which end the carrier named is not known here, so the letter says when it was asked, and claims no end.
    """
    done = [step for step in view.steps if step.row.done_at is not None]
    asked = next((step.row.done_at for step in done if step.planned is not None and step.planned.closing_id), None)
    numbers = [piece.text for step in view.steps for piece in step.pieces if piece.kind == EvidenceKind.RECEIPT_NUMBER]
    with override("ja"):
        kept = [
            Evidence(f"{step.title('ja')}：{EVIDENCE.get(piece.kind, piece.kind)}", piece.sha256)
            for step in view.steps
            for piece in step.pieces
            if piece.kind != EvidenceKind.NOTE
        ]
    return ComplaintFacts(
        sender=Sender(name=""),
        contract=Contract(carrier=view.facts.name.ja if view.facts is not None else view.case.carrier_key),
        dated=jst_date(timezone.now()),
        asked_on=jst_date(asked) if asked is not None else None,
        receipt=numbers[0] if numbers else "",
        charges=[Charge(one.charge.on, one.charge.yen, one.charge.what) for one in view.charges if one.charge],
        evidence=kept,
    )
