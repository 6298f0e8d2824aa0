"""Where are the returned cards of a shop, and who took which bags away?"""

from __future__ import annotations

import csv
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tojimari.counter import bags
from tojimari.counter.models import HandOver, Shop
from tojimari.desk.access import Right, Staff, names_of, staff_page
from tojimari.desk.at_shop import shop_of, shops_of
from tojimari.platform.acting import Refused
from tojimari.rules.calendar import JST
from tojimari.terminations.reasons import refusal_text


@staff_page(Right.COUNTER, personal=False)
@require_http_methods(["GET", "HEAD", "POST"])
def stock(request: HttpRequest, staff: Staff) -> HttpResponse:
    """The bags of a shop: close the open one after counting, hand closed ones over."""
    shop = shop_of(request, staff)
    if shop is None:
        return redirect("desk:counter")
    refusal = ""
    if request.method == "POST":
        try:
            return _do(request, staff, shop)
        except Refused as refused:
            refusal = refusal_text(refused)
    found = bags.stock_of(shop)
    facts = {
        "staff": staff,
        "shop": shop,
        "stock": found,
        "open_cards": bags.held(found.opened) if found.opened is not None else 0,
        "typed": request.POST,
        "chosen": request.POST.getlist("bag"),
        "refusal": refusal,
    }
    return render(request, "desk/bags.html", facts, status=409 if refusal else 200)


def _do(request: HttpRequest, staff: Staff, shop: Shop) -> HttpResponse:
    """Do what the clerk asked for. Raises `Refused`."""
    given, now = request.POST, timezone.now()
    match given.get("do", ""):
        case "close":
            counted, why = _count(given.get("counted", "")), given.get("explanation", "")
            bag = bags.close_bag(shop=shop, counted=counted, explanation=why, acting=staff.acting, at=now)
            messages.success(request, _("Bag %(bag)s is closed.") % {"bag": bag.label})
        case "loose":
            bags.bag_loose(shop=shop, at=now)
        case "hand_over":
            made = bags.hand_over(
                shop=shop,
                numbers=[int(number) for number in given.getlist("bag") if number.isdecimal()],
                receiver=given.get("receiver", ""),
                counted=_count(given.get("counted", "")),
                explanation=given.get("explanation", ""),
                acting=staff.acting,
                at=now,
            )
            return redirect("desk:hand_over_list", shop.code, made.number)
    return redirect("desk:bags")


def _count(text: str) -> int:
    if not text.strip().isdecimal() or len(text) > 6:
        raise Refused("bag.count_missing", field="counted")
    return int(text)


def _made(staff: Staff, shop: str, number: int) -> HandOver:
    """Return a hand-over of a shop that this person works at; anything else looks like nothing."""
    known = next((one for one in shops_of(staff) if one.code == shop), None)
    made = HandOver.objects.select_related("shop").filter(shop=known, number=number).first() if known else None
    if made is None:
        raise Http404
    return made


@staff_page(Right.COUNTER, personal=False)
@require_safe
def hand_over_list(request: HttpRequest, staff: Staff, shop: str, number: int) -> HttpResponse:
    """The list that goes with the bags, to be printed and signed by both."""
    made = _made(staff, shop, number)
    facts: dict[str, Any] = {
        "staff": staff,
        "made": made,
        "bags": bags.bags_of(made),
        "by": names_of([made.made_by]).get(made.made_by.partition(":")[2], ""),
    }
    return render(request, "desk/hand_over.html", facts)


@staff_page(Right.COUNTER, personal=False)
@require_safe
def hand_over_file(request: HttpRequest, staff: Staff, shop: str, number: int) -> HttpResponse:
    """The same list as CSV, one row a bag, for the books of whoever recycles. Times are Japan's."""
    made = _made(staff, shop, number)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="hand-over-{made.shop.code}-{made.number}.csv"'
    answer.write("\ufeff")  # Excel reads UTF-8 only with this mark
    rows = csv.writer(answer)
    rows.writerow(["hand_over", "handed_over_at", "bag", "closed_at", "cards", "whole", "damaged", "counted", "why"])
    for one in bags.bags_of(made):
        closed = one.bag.closed_at.astimezone(JST).isoformat(timespec="minutes") if one.bag.closed_at else ""
        rows.writerow(
            [
                f"{made.shop.code}-{made.number}",
                made.made_at.astimezone(JST).isoformat(timespec="minutes"),
                one.bag.label,
                closed,
                one.bag.cards,
                one.whole,
                one.damaged,
                one.bag.counted,
                _plain(one.bag.explanation),
            ]
        )
    rows.writerow(["total", "", "", "", made.cards, "", "", made.counted, _plain(made.explanation)])
    return answer


def _plain(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
