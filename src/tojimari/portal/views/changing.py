"""How does a person choose another last day for a case that runs, or take the request back?

Both are as easy as asking was: one page to look at it, one button. What is confirmed is what was shown; who proved too
long ago who they are, or came by the link of a mail, answers a code first and comes back with the choice kept.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tojimari.platform.acting import Refused
from tojimari.portal.proving import code_first, must_prove
from tojimari.portal.visitor import Visitor, case_page
from tojimari.terminations import actions
from tojimari.terminations.end_form import EndForm
from tojimari.terminations.ends import EndDate, end_for
from tojimari.terminations.models import Termination
from tojimari.terminations.queries import case_view, may_change_end, new_ends
from tojimari.terminations.reasons import refusal_text


@case_page
@require_http_methods(["GET", "HEAD", "POST"])
def change_date(request: HttpRequest, who: Visitor, case: Termination) -> HttpResponse:
    """Choose another last day: first the days with their yen, none chosen yet, then the one with its button."""
    now = timezone.now()
    if request.method == "POST":
        return _change(request, who, case, now)
    form = EndForm(request.GET if "end" in request.GET else None)
    if not form.is_valid():
        return _choose(request, case, form, now)
    return _confirm(request, who, case, form, now)


def _choose(request: HttpRequest, case: Termination, form: EndForm, at: datetime, **more: Any) -> HttpResponse:
    possible = may_change_end(case, at)
    facts = {"case": case, "offer": new_ends(case, at), "form": form, "possible": possible}
    return render(request, "portal/change_date.html", facts | more)


def _confirm(request: HttpRequest, who: Visitor, case: Termination, form: EndForm, at: datetime) -> HttpResponse:
    """Show one day with its yen, and the button; what cannot be had is said beside the choice."""
    try:
        end = end_for(case, form.cleaned_data["effective"], at)
    except Refused as refused:
        form.add_error("date" if form.cleaned_data["end"] == "date" else "end", refusal_text(refused))
        return _choose(request, case, form, at)
    return _show(request, who, case, end, at)


def _show(
    request: HttpRequest, who: Visitor, case: Termination, end: EndDate, at: datetime, **more: Any
) -> HttpResponse:
    facts = {"case": case, "end": end, "seen": _seen(end), "must_prove": must_prove(who, at)}
    return render(request, "portal/change_confirm.html", facts | more)


def _change(request: HttpRequest, who: Visitor, case: Termination, at: datetime) -> HttpResponse:
    effective = request.POST.get("effective", "")
    try:
        end = end_for(case, effective, at)
        if request.POST.get("seen") != _seen(end):
            return _show(request, who, case, end, at, changed=True)
        if must_prove(who, at):
            after = f"{reverse('portal:change_date', args=[case.reference])}?{urlencode(_choice(end.effective))}"
            return code_first(request, case, after=after, at=at)
        actions.change_end(
            termination=case,
            effective=end.effective,
            acting=who.acting,
            at=at,
            shown_yen=end.quote.get("total_yen", 0),
        )
    except Refused as refused:
        return _choose(request, case, EndForm(None), at, refusal_code=refused.code)
    return redirect("portal:case", case.reference)


def _choice(effective: str) -> dict[str, str]:
    """The choice as the form sends it."""
    is_day = effective[:1].isdigit() and "-" in effective
    return {"end": "date", "date": effective} if is_day else {"end": effective}


def _seen(end: EndDate) -> str:
    """What the person saw before confirming: the last day and the sum."""
    return f"{end.quote.get('last_day', '')} {end.quote.get('total_yen', 0)}"


@case_page
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, who: Visitor, case: Termination) -> HttpResponse:
    """Take the request back: one page, one button."""
    now, refused_code = timezone.now(), ""
    if request.method == "POST":
        if must_prove(who, now):
            return code_first(request, case, after=reverse("portal:withdraw", args=[case.reference]), at=now)
        try:
            actions.withdraw(termination=case, acting=who.acting, at=now)
        except Refused as refused:
            refused_code = refused.code
        else:
            return redirect("portal:case", case.reference)
    facts = {"case": case, "view": case_view(case), "refusal_code": refused_code, "must_prove": must_prove(who, now)}
    return render(request, "portal/withdraw.html", facts, status=409 if refused_code else 200)
