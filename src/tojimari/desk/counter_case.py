"""How does a prepared visitor get through on one screen: papers, bill, form, card, and the next one?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tojimari.counter.actions import call
from tojimari.counter.bags import card_of
from tojimari.counter.models import Shop, SignedForm, Visit
from tojimari.counter.queries import Wish, booked_visit, queued_today, shops_near
from tojimari.counter.times import free_days, taken
from tojimari.desk.access import Right, Staff, doable, staff_page
from tojimari.desk.at_shop import shop_of, shops_of
from tojimari.desk.counter_form import CounterForm, Progress, bring_on, sections_of
from tojimari.lines.queries import email_of
from tojimari.money.queries import owed
from tojimari.platform.acting import Refused
from tojimari.rules.masking import masked_email
from tojimari.terminations import giving_form, visits
from tojimari.terminations.access import case_for_staff
from tojimari.terminations.closing_form import digest_of, forms_of
from tojimari.terminations.handed_over import signature_of
from tojimari.terminations.models import Termination
from tojimari.terminations.queries import case_view
from tojimari.terminations.reasons import refusal_text

_PLACE_MOST = 100
_DAYS = 3
"""How many days with free times the page of a booking shows for a shop."""


@staff_page(Right.COUNTER)
@require_http_methods(["GET", "HEAD", "POST"])
def counter_case(request: HttpRequest, staff: Staff, reference: str) -> HttpResponse:
    """One screen for a visit: whatever is left for this case, completed by one submit or step by step."""
    case, now = case_for_staff(staff.carrier.pk, reference), timezone.now()
    shop, sections = shop_of(request, staff), sections_of(case)
    due = owed(case.pk, case.quote)
    may = {section.step.pk for section in sections} <= doable(staff, [one.step for one in sections], now)
    typed = request.POST if request.method == "POST" and may else None
    form, progress = CounterForm(sections, due, typed), None
    if form.is_valid() and sections:
        _stand_at_counter(case, shop, staff, now)
        progress = bring_on(case, sections, form, staff=staff, shop=shop, at=now)
        if not progress.stopped:
            return redirect("desk:counter_case", case.reference)
    return _show(request, staff, case, form, shop, progress, may=may)


def _stand_at_counter(case: Termination, shop: Shop | None, staff: Staff, at: datetime) -> None:
    """Whoever is served is in today's list, and was called: also who came without a time."""
    if shop is None or not visits.needs_visit(case):
        return
    try:
        visit = visits.walk_in(case=case, shop=shop, acting=staff.acting, at=at)
    except Refused:
        return  # it needs no visit any more: somebody else was faster, and the steps below say so
    call(visit=visit, acting=staff.acting, at=at)


def _show(
    request: HttpRequest,
    staff: Staff,
    case: Termination,
    form: CounterForm,
    shop: Shop | None,
    progress: Progress | None,
    *,
    may: bool,
) -> HttpResponse:
    case.refresh_from_db(fields=("state", "code"))
    sections, view = sections_of(case), case_view(case)
    facts: dict[str, Any] = {
        "staff": staff,
        "case": case,
        "view": view,
        "shop": shop,
        "sections": [(section, [form[name] for name in section.names if name in form.fields]) for section in sections],
        "form": form,
        "owed": owed(case.pk, case.quote),
        "may": may,
        "asks_name": "name_seen" in form.errors or bool(form.is_bound and form.cleaned_data.get("name_seen")),
        "current": view.current,
        "card": card_of(case.pk),
        "visit": _today(case, shop),
        "forms": forms_of(case),
        "refusal": refusal_text(progress.refused) if progress and progress.refused else "",
        "now": timezone.now(),
    }
    return render(request, "desk/counter_case.html", facts, status=409 if progress else 200)


def _today(case: Termination, shop: Shop | None) -> Visit | None:
    return queued_today(shop, timezone.now()).filter(case_id=case.pk).last() if shop is not None else None


@staff_page(Right.COUNTER)
@require_http_methods(["GET", "HEAD", "POST"])
def counter_paper(request: HttpRequest, staff: Staff, reference: str) -> HttpResponse:
    """The form on paper, in the customer's language and in Japanese, with the signature where there is one.

    It is printed or sent to the customer's own address; either is written down.
    """
    case, now = case_for_staff(staff.carrier.pk, reference), timezone.now()
    printing = request.POST.get("do") == "print"
    if printing:
        giving_form.printed(case=case, acting=staff.acting, at=now)
    elif request.method == "POST":
        if giving_form.mailed(case=case, acting=staff.acting, at=now):
            messages.success(request, _("The form is on its way to the customer."))
        return redirect("desk:counter_paper", case.reference)
    signed = SignedForm.objects.filter(case_id=case.pk).first()
    facts = {
        "staff": staff,
        "case": case,
        "forms": forms_of(case),
        "signed": signed,
        "same_words": signed is None or signed.digest == digest_of(case),
        "strokes": signature_of(signed) if signed is not None else "",
        "printing": printing,
        "email": masked_email(email_of(case.subscriber_id)),
        "now": now,
    }
    return render(request, "desk/counter_paper.html", facts)


@staff_page(Right.COUNTER)
@require_http_methods(["GET", "HEAD", "POST"])
def counter_visit(request: HttpRequest, staff: Staff, reference: str) -> HttpResponse:
    """Book, move or cancel a visit in the customer's place, at the shops that this person works at."""
    case, now = case_for_staff(staff.carrier.pk, reference), timezone.now()
    if not visits.needs_visit(case):
        return redirect("desk:counter_case", case.reference)
    known, refusal = booked_visit(case.pk), ""
    place = request.POST.get("place", "").strip()[:_PLACE_MOST] if request.POST.get("do") == "near" else ""
    shops, fits = _shops_around(staff, place, now)
    chosen = shops[0] if place and fits else _shop_wanted(request, staff, known)
    if request.method == "POST" and request.POST.get("do") != "near":
        try:
            _change(request, staff, case, known, chosen, now)
        except Refused as refused:
            refusal = refusal_text(refused)
        else:
            return redirect("desk:counter_visit", case.reference)
    days = list(free_days(chosen, now, taken([chosen], now)[chosen.pk]))[:_DAYS] if chosen is not None else []
    facts = {
        "staff": staff,
        "case": case,
        "booked": known,
        "chosen": chosen,
        "shops": shops,
        "place": place,
        "fits": fits,
        "days": days,
        "refusal": refusal,
        "now": now,
    }
    return render(request, "desk/counter_visit.html", facts, status=409 if refusal else 200)


def _shops_around(staff: Staff, place: str, at: datetime) -> tuple[list[Shop], bool]:
    """The shops that this person works at, the nearest to a station or postcode first; whether it fits any of them."""
    mine = shops_of(staff)
    if not place:
        return mine, True
    found = shops_near(staff.carrier.pk, Wish(text=place), at=at, everything=True)
    return [near.shop for near in found.shops if near.shop in mine], found.matched and bool(mine)


def _shop_wanted(request: HttpRequest, staff: Staff, known: Visit | None) -> Shop | None:
    code = request.POST.get("shop") or request.GET.get("shop", "")
    named = next((shop for shop in shops_of(staff) if shop.code == code), None)
    if code and named is None:
        raise Http404
    return named or (known.shop if known is not None else shop_of(request, staff))


def _change(
    request: HttpRequest, staff: Staff, case: Termination, known: Visit | None, shop: Shop | None, at: datetime
) -> None:
    """Do what the clerk asked for. A time that is no time is one that the shop does not offer."""
    if request.POST.get("do") == "cancel":
        visits.cancel(case=case, acting=staff.acting, at=at)
        return
    try:
        starts_at = datetime.fromisoformat(request.POST.get("starts_at", ""))
    except ValueError:
        raise Refused("visit.closed") from None
    if shop is None or starts_at.utcoffset() is None:
        raise Refused("visit.closed")
    verb = visits.move if known is not None else visits.book
    verb(case=case, shop=shop, starts_at=starts_at, acting=staff.acting, at=at)
