"""Who is in the shop today, who is next, and whose case is this that somebody holds up?

One field takes whatever is at hand, typed or from a hand scanner: the code of a visit, its picture, a reference, a
number, a card. What was typed never stands in an address.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tojimari.counter import actions as counter
from tojimari.counter.models import Shop, Visit, VisitState
from tojimari.counter.queries import queued_today, visit_by_code
from tojimari.desk.access import Right, Staff, staff_page
from tojimari.desk.at_shop import choose, shop_of, shops_of
from tojimari.desk.forms import FindForm
from tojimari.desk.looks import shows
from tojimari.lines.access import line_by_identifier
from tojimari.platform.acting import Refused
from tojimari.terminations import visits
from tojimari.terminations.access import case_for_staff
from tojimari.terminations.models import OPEN_STATES, Termination
from tojimari.terminations.reasons import refusal_text
from tojimari.terminations.references import normalised

_REFERENCE = re.compile(r"TJ-?[0-9A-Z]{4}-?[0-9A-Z]{4}-?[0-9A-Z]{4}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Visitor:
    """One visitor of today. `status`: waiting, called, done or no_show."""

    visit: Visit
    case: Termination
    status: str

    @property
    def expected(self) -> bool:
        return self.status in ("waiting", "called")


def visitors(shop: Shop, at: datetime) -> list[Visitor]:
    """Return today's visitors of a shop by their time. Three queries, whatever their number."""
    today = list(queued_today(shop, at))
    ids = [visit.case_id for visit in today]
    to_do = visits.at_counter(ids)
    cases = Termination.objects.select_related("subscriber", "line").in_bulk(ids)
    return [Visitor(visit, cases[visit.case_id], _status(visit, visit.case_id in to_do)) for visit in today]


def _status(visit: Visit, to_do: bool) -> str:
    if visit.state == VisitState.NO_SHOW:
        return "no_show"
    if not to_do:
        return "done"
    return "called" if visit.called_at is not None or visit.state == VisitState.CAME else "waiting"


def cases_meant(staff: Staff, text: str) -> list[Termination]:
    """Return the cases that a code, a reference or anything that names a line means; those that run come first."""
    cases = Termination.objects.filter(carrier=staff.carrier).select_related("subscriber", "line")
    visit = visit_by_code(staff.carrier.pk, text)
    if visit is not None:
        return list(cases.filter(pk=visit.case_id))
    written = _REFERENCE.search(text)
    found = list(cases.filter(reference=normalised(written[0] if written else text)))
    if not found:
        line = line_by_identifier(staff.carrier, text)
        found = list(cases.filter(line=line).order_by("-requested_at")) if line is not None else []
    return [case for case in found if case.state in OPEN_STATES] or found


@staff_page(Right.COUNTER)
@require_http_methods(["GET", "HEAD", "POST"])
def counter_today(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Today's visitors of one shop; find a case, call the next, choose the shop."""
    form, found = FindForm(), None
    match request.POST.get("do", ""):
        case "shop":
            choose(request, staff, request.POST.get("shop", ""))
            return redirect("desk:counter")
        case "next":
            return _call_next(request, staff)
        case "find":
            form = FindForm(request.POST)
            if form.is_valid():
                found = cases_meant(staff, form.cleaned_data["wanted"])
                shows(request, *(case.reference for case in found))
                if len(found) == 1:
                    return redirect("desk:counter_case", found[0].reference)
    return _show_today(request, staff, form, found)


def _show_today(
    request: HttpRequest, staff: Staff, form: FindForm, found: Sequence[Termination] | None
) -> HttpResponse:
    now, shop = timezone.now(), shop_of(request, staff)
    today = visitors(shop, now) if shop is not None else []
    facts: dict[str, Any] = {
        "staff": staff,
        "shop": shop,
        "shops": shops_of(staff),
        "today": today,
        "counts": [(status, sum(one.status == status for one in today)) for status in ("waiting", "called", "done")],
        "form": form,
        "found": found,
        "now": now,
    }
    return render(request, "desk/counter.html", facts)


def _call_next(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Call whoever is next and open their case; two clerks who press at once get two visitors."""
    now, shop = timezone.now(), shop_of(request, staff)
    if shop is None:
        return redirect("desk:counter")
    done = [one.visit.case_id for one in visitors(shop, now) if one.status == "done"]
    visit = counter.call_next(shop=shop, skip=done, acting=staff.acting, at=now)
    if visit is None:
        messages.info(request, _("Nobody waits at the moment."))
        return redirect("desk:counter")
    return redirect("desk:counter_case", visit.reference)


@staff_page(Right.COUNTER)
@require_POST
def counter_queue(request: HttpRequest, staff: Staff, reference: str) -> HttpResponse:
    """Put somebody who came without a time into the queue of the shop."""
    case, shop = case_for_staff(staff.carrier.pk, reference), shop_of(request, staff)
    if shop is None:
        return redirect("desk:counter")
    try:
        visits.walk_in(case=case, shop=shop, acting=staff.acting, at=timezone.now())
    except Refused as refused:
        return _refused(request, refused, "desk:counter_case", reference)
    return redirect("desk:counter")


@staff_page(Right.COUNTER)
@require_POST
def counter_missed(request: HttpRequest, staff: Staff, reference: str) -> HttpResponse:
    """Note that a visitor of today did not come; the person is offered another time by mail."""
    case, shop, now = case_for_staff(staff.carrier.pk, reference), shop_of(request, staff), timezone.now()
    visit = queued_today(shop, now).filter(case_id=case.pk).last() if shop is not None else None
    if visit is not None:
        try:
            visits.missed(case=case, visit=visit, acting=staff.acting, at=now)
        except Refused as refused:
            return _refused(request, refused, "desk:counter")
        messages.success(request, _("Noted. We have offered the customer another time."))
    return redirect("desk:counter")


def _refused(request: HttpRequest, refused: Refused, *where: str) -> HttpResponse:
    """Go back with the reason on the next page."""
    messages.error(request, refusal_text(refused))
    return redirect(*where)
