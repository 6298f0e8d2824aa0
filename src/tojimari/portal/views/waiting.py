"""How does a person wait for a time that is not free yet, and take or refuse it when it is?

All three are one tap, and change what a seat is held for: who came by the link of a mail answers a code first.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from tojimari.counter.access import shop_of_carrier
from tojimari.platform.acting import Refused
from tojimari.portal.forms_visit import TimeForm, WaitForm
from tojimari.portal.proving import code_first, must_prove
from tojimari.portal.views.visits import show_times
from tojimari.portal.visitor import Visitor, case_page
from tojimari.terminations import visits, waiting
from tojimari.terminations.models import Termination
from tojimari.terminations.reasons import refusal_text


@case_page
@require_POST
def visit_wait(request: HttpRequest, who: Visitor, case: Termination, shop: str) -> HttpResponse:
    """Go on the waiting list of a shop for some days; what is wrong with them is said beside."""
    chosen, now = shop_of_carrier(case.carrier_id, shop), timezone.now()
    if not visits.needs_visit(case):
        return redirect("portal:case", case.reference)
    form = WaitForm(request.POST)
    if form.is_valid():
        days: dict[str, Any] = form.cleaned_data
        if must_prove(who, now):
            after = reverse("portal:visit_times", args=[case.reference, chosen.code])
            kept = urlencode({name: day.isoformat() for name, day in days.items()})
            return code_first(request, case, after=f"{after}?{kept}", at=now)
        try:
            waiting.wait(case=case, shop=chosen, acting=who.acting, at=now, **days)
        except Refused as refused:
            form.add_error("until", refusal_text(refused))
        else:
            return redirect("portal:visit_shops", case.reference)
    return show_times(request, who, case, chosen, TimeForm(None), now, wait_form=form, status=409)


@case_page
@require_POST
def visit_offer(request: HttpRequest, who: Visitor, case: Termination) -> HttpResponse:
    """Take the time that is held, or leave the list. Either twice is the same as once."""
    now, case_itself = timezone.now(), reverse("portal:case", args=[case.reference])
    if must_prove(who, now):
        return code_first(request, case, after=case_itself, at=now)
    if request.POST.get("do") != "take":
        waiting.leave(case=case, acting=who.acting, at=now)
        return redirect(case_itself)
    try:
        visits.take(case=case, acting=who.acting, at=now)
    except Refused as refused:
        messages.error(request, refusal_text(refused))
        return redirect(case_itself)
    return redirect("portal:book", case.reference)
