"""How does a person note what they did at another carrier, and keep what shows it?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tojimari.platform.acting import Refused
from tojimari.portal.forms_guided import BlockedForm, DoneForm, ExtendForm
from tojimari.portal.guided_access import guided_page
from tojimari.rules.calendar import day_end
from tojimari.terminations.guided import actions, evidence, pictures
from tojimari.terminations.guided.models import EvidenceKind, GuidedCase
from tojimari.terminations.guided.queries import StepView, case_view
from tojimari.terminations.reasons import refusal_text

_SECOND = timedelta(seconds=1)


@guided_page
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, case: GuidedCase, number: int) -> HttpResponse:
    """One step: what to do, and a form for each thing that can be said of it."""
    deed = _DEEDS.get(request.POST.get("deed", ""))
    if request.method == "POST" and deed is not None:
        return deed(request, case, number)
    return _page(request, case, number)


def _page(request: HttpRequest, case: GuidedCase, number: int, **forms: Any) -> HttpResponse:
    view = case_view(case, timezone.now())
    found: StepView | None = next((one for one in view.steps if one.row.number == number), None)
    if found is None:
        raise Http404
    told = {
        "case": case,
        "view": view,
        "step": found,
        "zone": case.zone,
        "done_form": DoneForm(),
        "extend_form": ExtendForm(),
        "blocked_form": BlockedForm(),
    }
    return render(request, "portal/guided_step.html", told | forms)


def _done(request: HttpRequest, case: GuidedCase, number: int) -> HttpResponse:
    """Keep what was given, and note the step as done; "add" keeps more evidence and changes nothing else."""
    form, now = DoneForm(request.POST, request.FILES), timezone.now()
    if not form.is_valid():
        return _page(request, case, number, done_form=form)
    if not _kept(case, number, form):
        return _page(request, case, number, done_form=form)
    if request.POST.get("deed") == "done":
        try:
            actions.mark_done(case, number, done_at=form.moment(now), at=now)
        except Refused as refused:
            form.add_error("done_on", refusal_text(refused))
            return _page(request, case, number, done_form=form)
        return redirect("portal:guided_case", case.reference)
    return redirect("portal:guided_step", case.reference, number)


def _kept(case: GuidedCase, number: int, form: DoneForm) -> bool:
    """Keep each piece; a refusal stands next to its field, and what could be kept is kept."""
    now, given = timezone.now(), form.cleaned_data
    for name, kind in (("receipt_number", EvidenceKind.RECEIPT_NUMBER), ("mail", EvidenceKind.MAIL)):
        if given[name]:
            try:
                evidence.add_text(case, number, kind, given[name], at=now)
            except Refused as refused:
                form.add_error(name, refusal_text(refused))
    picture: UploadedFile[Any] | None = given["picture"]
    if picture is not None:
        try:
            if (picture.size or 0) > pictures.MOST_BYTES:
                raise Refused("guided.picture_too_large", most=pictures.MOST_BYTES // 1024 // 1024)
            evidence.add_picture(case, number, picture.read(), at=now)
        except Refused as refused:
            form.add_error("picture", refusal_text(refused))
    return form.is_valid()


def _extend(request: HttpRequest, case: GuidedCase, number: int) -> HttpResponse:
    form = ExtendForm(request.POST)
    if form.is_valid():
        try:
            actions.extend(case, number, to=day_end(form.cleaned_data["to"]) - _SECOND, at=timezone.now())
            return redirect("portal:guided_case", case.reference)
        except Refused as refused:
            form.add_error("to", refusal_text(refused))
    return _page(request, case, number, extend_form=form)


def _block(request: HttpRequest, case: GuidedCase, number: int) -> HttpResponse:
    form = BlockedForm(request.POST)
    if not form.is_valid():
        return _page(request, case, number, blocked_form=form)
    return _plain(request, case, number, lambda at: actions.block(case, number, why=form.cleaned_data["why"], at=at))


def _not_needed(request: HttpRequest, case: GuidedCase, number: int) -> HttpResponse:
    return _plain(request, case, number, lambda at: actions.mark_not_needed(case, number, at=at))


def _open_again(request: HttpRequest, case: GuidedCase, number: int) -> HttpResponse:
    return _plain(request, case, number, lambda at: actions.open_again(case, number, at=at))


def _plain(request: HttpRequest, case: GuidedCase, number: int, deed: Any) -> HttpResponse:
    try:
        deed(timezone.now())
    except Refused as refused:
        messages.error(request, refusal_text(refused))
    return redirect("portal:guided_case", case.reference)


_DEEDS = {
    "done": _done,
    "add": _done,
    "extend": _extend,
    "block": _block,
    "not_needed": _not_needed,
    "open_again": _open_again,
}


@guided_page
@require_safe
def picture(request: HttpRequest, case: GuidedCase, evidence_id: int) -> HttpResponse:
    """One picture, as it is kept."""
    found = evidence.picture(case, evidence_id)
    if found is None:
        raise Http404
    response = HttpResponse(found, content_type=pictures.MEDIA_TYPE)
    response["Content-Disposition"] = "inline"
    return response


@guided_page
@require_POST
def remove(request: HttpRequest, case: GuidedCase, evidence_id: int) -> HttpResponse:
    """Remove one piece of evidence for good."""
    evidence.remove(case, evidence_id)
    back = request.POST.get("step", "")
    if back.isdecimal():
        return redirect("portal:guided_step", case.reference, int(back))
    return redirect("portal:guided_charged", case.reference)
