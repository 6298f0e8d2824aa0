"""How does an agent book the caller's visit to a shop, while they are still on the phone?"""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tojimari.counter.models import Shop
from tojimari.counter.queries import Wish, booked_visit, shops_near
from tojimari.counter.times import free_days, taken
from tojimari.desk.access import Right, Staff, call_for_staff, staff_page
from tojimari.desk.calls import Stage, stage_of
from tojimari.desk.looks import shows
from tojimari.platform.acting import Refused
from tojimari.terminations import visits
from tojimari.terminations.access import case_for_staff
from tojimari.terminations.models import Termination
from tojimari.terminations.reasons import refusal_text

_DAYS = 3
"""How many days with free times are read out for a shop."""


@staff_page(Right.CALL)
@require_http_methods(["GET", "HEAD", "POST"])
def call_visit(request: HttpRequest, staff: Staff, reference: str) -> HttpResponse:
    """The shops nearest to where the caller says they are, and the free times of the one they choose.

    Where that is comes by POST: it must stand in no address.
    """
    call, now = call_for_staff(staff, reference), timezone.now()
    if stage_of(call, now) != Stage.DONE:
        return redirect("desk:call", call.reference)
    case = case_for_staff(staff.carrier.pk, call.case_reference)
    if not visits.needs_visit(case):
        return redirect("desk:call", call.reference)
    where = request.POST.get("where", "")[:64]
    found = shops_near(staff.carrier.pk, Wish(text=where), at=now)
    chosen, refusal = _chosen(request, staff.carrier.pk), ""
    if request.method == "POST" and request.POST.get("do") != "near":
        try:
            _book(request, staff, case, chosen, now)
        except Refused as refused:
            refusal = refusal_text(refused)
        else:
            return redirect("desk:call", call.reference)
    shows(request, call.reference, case.reference)
    facts = {
        "staff": staff,
        "call": call,
        "case": case,
        "booked": booked_visit(case.pk),
        "where": where,
        "found": found,
        "chosen": chosen,
        "days": list(free_days(chosen, now, taken([chosen], now)[chosen.pk]))[:_DAYS] if chosen is not None else [],
        "refusal": refusal,
        "now": now,
    }
    return render(request, "desk/call_visit.html", facts, status=409 if refusal else 200)


def _chosen(request: HttpRequest, carrier_id: int) -> Shop | None:
    code = request.POST.get("shop") or request.GET.get("shop", "")
    if not code:
        return None
    shop = Shop.objects.filter(carrier_id=carrier_id, code=code, active=True).first()
    if shop is None:
        raise Http404
    return shop


def _book(request: HttpRequest, staff: Staff, case: Termination, shop: Shop | None, at: datetime) -> None:
    """Book the time, or move the visit to it. A time that is no time is one that the shop does not offer."""
    try:
        starts_at = datetime.fromisoformat(request.POST.get("starts_at", ""))
    except ValueError:
        raise Refused("visit.closed") from None
    if shop is None or starts_at.utcoffset() is None:
        raise Refused("visit.closed")
    verb = visits.move if booked_visit(case.pk) is not None else visits.book
    verb(case=case, shop=shop, starts_at=starts_at, acting=staff.acting, at=at)
