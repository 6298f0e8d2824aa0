"""How does a person choose a shop and a time, and move or cancel it just as easily?

Where somebody is comes by POST, serves for one list and is neither kept nor logged. What was chosen is checked again
when it is booked; what cannot be had any more is said, and the other times are shown beside.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tojimari.counter.access import shop_of_carrier
from tojimari.counter.models import Shop, Visit
from tojimari.counter.queries import booked_visit, shops_near
from tojimari.counter.times import Day, bookable_days, free_days, taken
from tojimari.platform.acting import Refused
from tojimari.portal import words
from tojimari.portal.calendars import calendar_file, visit_event
from tojimari.portal.forms_visit import NearForm, TimeForm, WaitForm
from tojimari.portal.proving import code_first, must_prove
from tojimari.portal.visitor import Visitor, case_page
from tojimari.rules.calendar import jst_date
from tojimari.terminations import visits
from tojimari.terminations.models import Termination

_TIMES_MOST = 40
"""How many times are shown before "later days", so that the page stays light on a phone; a day is never cut."""


@case_page
@require_safe
def visit(request: HttpRequest, who: Visitor, case: Termination) -> HttpResponse:
    """The booked visit: when, where, what to bring, its code. Without one, the way to the shops."""
    found = booked_visit(case.pk)
    if found is None:
        return redirect("portal:visit_shops" if visits.needs_visit(case) else "portal:case", case.reference)
    now = timezone.now()
    facts = {"case": case, "visit": found, "papers": visits.papers_of(case), "now": now}
    return render(request, "portal/visit.html", facts | {"must_prove": must_prove(who, now)})


@case_page
@require_http_methods(["GET", "HEAD", "POST"])
def visit_shops(request: HttpRequest, who: Visitor, case: Termination) -> HttpResponse:
    """The shops, nearest first. Where the person is comes by POST: it must stand in no address."""
    if not visits.needs_visit(case):
        return redirect("portal:case", case.reference)
    form = NearForm(request.POST if request.method == "POST" else None)
    everything = "everything" in request.POST
    wish, now = form.wish(), timezone.now()
    facts = {
        "case": case,
        "form": form,
        "wish": wish,
        "found": shops_near(case.carrier_id, wish, at=now, everything=everything),
        "booked": booked_visit(case.pk),
        "now": now,
    }
    return render(request, "portal/visit_shops.html", facts)


@case_page
@require_http_methods(["GET", "HEAD", "POST"])
def visit_times(request: HttpRequest, who: Visitor, case: Termination, shop: str) -> HttpResponse:
    """The free times of a shop, by day; choosing one books it, or moves the visit that is booked."""
    chosen, now = shop_of_carrier(case.carrier_id, shop), timezone.now()
    if not visits.needs_visit(case):
        return redirect("portal:case", case.reference)
    form, refusal = TimeForm(request.POST if request.method == "POST" else None), ""
    if form.is_valid():
        if must_prove(who, now):
            return code_first(request, case, after=_kept(case, chosen, form.cleaned_data["starts_at"]), at=now)
        try:
            _book(request, who, case, chosen, form.cleaned_data["starts_at"], now)
        except Refused as refused:
            refusal = refused.code
        else:
            return redirect("portal:book", case.reference)
    return show_times(request, who, case, chosen, form, now, refusal=refusal, status=409 if refusal else 200)


def _kept(case: Termination, shop: Shop, starts_at: datetime) -> str:
    """The page of a shop's times from this time's day on, with the time chosen already."""
    choice = {"from": jst_date(starts_at).isoformat(), "time": starts_at.isoformat()}
    return f"{reverse('portal:visit_times', args=[case.reference, shop.code])}?{urlencode(choice)}"


def _book(
    request: HttpRequest, who: Visitor, case: Termination, shop: Shop, starts_at: datetime, now: datetime
) -> None:
    """Move the visit that the page showed; otherwise book. A visit that another window booked is not moved unseen."""
    known = booked_visit(case.pk)
    moving = known is not None and request.POST.get("instead_of") == str(known.pk)
    verb = visits.move if moving else visits.book
    verb(case=case, shop=shop, starts_at=starts_at, acting=who.acting, at=now)


def show_times(
    request: HttpRequest,
    who: Visitor,
    case: Termination,
    shop: Shop,
    form: TimeForm,
    now: datetime,
    *,
    refusal: str = "",
    wait_form: WaitForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show the free times of a shop, and below them the way onto its waiting list."""
    days = list(free_days(shop, now, taken([shop], now)[shop.pk]))
    shown, later = _page(days, _day_of(request.GET.get("from", "")))
    booked = booked_visit(case.pk)
    facts: dict[str, Any] = {
        "case": case,
        "shop": shop,
        "days": shown,
        "later": later,
        "is_first": not days or not shown or shown[0] is days[0],
        "form": form,
        "chosen": form.chosen or request.GET.get("time", ""),
        "booked": booked,
        "refusal_code": refusal,
        "must_prove": must_prove(who, now),
        "wait_form": wait_form or WaitForm(None),
        "waits_kept": "since" in request.GET,
        "bookable": bookable_days(now),
        "wait_days": _wait_days(request, days, booked, now),
        "now": now,
    }
    return render(request, "portal/visit_times.html", facts, status=status)


def _wait_days(
    request: HttpRequest, days: Sequence[Day], booked: Visit | None, now: datetime
) -> list[tuple[str, str, date]]:
    """The two days to wait between, with their labels: as they were sent, else those before the first free time."""
    bookable = bookable_days(now)
    last = jst_date(booked.starts_at) if booked is not None else bookable[-1]
    if days and days[0].day <= last:
        last = max(bookable[0], days[0].day - timedelta(days=1))
    sent = request.POST or request.GET
    since, until = (_day_of(sent.get(name, "")) for name in ("since", "until"))
    return [("since", gettext("From"), since or bookable[0]), ("until", gettext("Until"), until or last)]


def _page(days: Sequence[Day], since: date | None) -> tuple[list[Day], date | None]:
    """The days to show from one on, and the day with which the next page begins."""
    rest = [day for day in days if since is None or day.day >= since]
    shown: list[Day] = []
    for day in rest:
        if shown and sum(len(one.times) for one in shown) + len(day.times) > _TIMES_MOST:
            return shown, day.day
        shown.append(day)
    return shown, None


def _day_of(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@case_page
@require_POST
def visit_cancel(request: HttpRequest, who: Visitor, case: Termination) -> HttpResponse:
    """Cancel the visit: one tap, as booking is. Cancelling twice is the same as once."""
    now = timezone.now()
    if booked_visit(case.pk) is not None and must_prove(who, now):
        return code_first(request, case, after=reverse("portal:book", args=[case.reference]), at=now)
    try:
        visits.cancel(case=case, acting=who.acting, at=now)
    except Refused as refused:
        if refused.code != "visit.none":
            raise
    return redirect("portal:case", case.reference)


@case_page
@require_safe
def visit_calendar(request: HttpRequest, who: Visitor, case: Termination) -> HttpResponse:
    """The visit as a file for the person's own calendar; "not found" while none is booked."""
    found = booked_visit(case.pk)
    if found is None:
        raise Http404
    event = visit_event(found, bring(case), at=timezone.now())
    answer = HttpResponse(calendar_file([event]), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="visit-{case.reference}.ics"'
    return answer


def bring(case: Termination) -> list[str]:
    """What the person brings, in the language of now."""
    papers = [str(words.PAPERS.get(paper, paper)) for paper in visits.papers_of(case)]
    return [*papers, gettext("The SIM card. We take it back.")]
