"""How does the administrator say how unpaid bills can be paid, and see what customers will be shown?"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tojimari.desk.access import Right, Staff, staff_page
from tojimari.desk.settings_shared import asked, change_shown, past
from tojimari.lines.paying import (
    LONGEST,
    LONGEST_TERM,
    PAYING,
    SHORTEST_TERM,
    WaysToPay,
    check_ways,
    percent,
    set_ways_to_pay,
    ways_to_pay,
)
from tojimari.platform.acting import Refused
from tojimari.rules.calendar import jst_date
from tojimari.rules.figures import value
from tojimari.terminations.reasons import refusal_text

CLASH = "settings.changed"
"""The refusal that is about no field."""


@staff_page(Right.SETTINGS, personal=False)
@require_http_methods(["GET", "HEAD", "POST"])
def paying(request: HttpRequest, staff: Staff) -> HttpResponse:
    """The ways to pay; nothing counts before its preview was seen."""
    carrier, wanted, refused_as = staff.carrier, asked(request), None
    now = ways_to_pay(carrier.pk)
    typed = _typed(request) if wanted.do else now
    found = now
    try:
        found = check_ways(typed, jst_date(timezone.now()))
        if wanted.confirms(found.kept):
            changed = set_ways_to_pay(
                carrier=carrier, wanted=typed, seen=wanted.seen, acting=staff.acting, at=timezone.now()
            )
            messages.success(request, _("Saved.") if changed is not None else _("Nothing was changed."))
            return redirect("desk:settings_paying")
    except Refused as refused:
        refused_as = refused
    clash = refused_as is not None and refused_as.code == CLASH
    facts = {
        "staff": staff,
        "typed": typed,
        "typed_days": _typed_days(request) if wanted.do else (now.days or ""),
        "typed_late": _typed_late(request) if wanted.do else _percent(now.late_per_mille),
        "most_late": percent(value("late_interest_cap_per_mille", jst_date(timezone.now()))),
        "longest": LONGEST,
        "least_days": SHORTEST_TERM,
        "most_days": LONGEST_TERM,
        "usual_days": value("payment_days", jst_date(timezone.now())),
        "found": found,
        "checked": bool(wanted.do) and not clash,
        "problems": refused_as is not None and not clash,
        "problem": refusal_text(refused_as) if refused_as is not None and not clash else "",
        "problem_at": refused_as.facts.get("field", "") if refused_as is not None else "",
        "refusal_code": CLASH if clash else "",
        **change_shown(now.kept, found.kept),
        **past(carrier, PAYING),
    }
    return render(request, "desk/settings_paying.html", facts, status=409 if clash else 200)


def _typed(request: HttpRequest) -> WaysToPay:
    """The form as it was sent; more than a page of text is cut, and refused for its length all the same."""
    return WaysToPay(
        shop=bool(request.POST.get("shop")),
        slip=bool(request.POST.get("slip")),
        bank=request.POST.get("bank", "")[:2000],
        days=_whole(_typed_days(request)),
        late_per_mille=_per_mille(_typed_late(request)),
    )


def _typed_days(request: HttpRequest) -> str:
    return request.POST.get("days", "").strip()[:10]


def _whole(typed: str) -> int | None:
    """Return what was typed as a number, None for nothing; what is no number is 0, and refused as such."""
    if not typed:
        return None
    return int(typed) if typed.isascii() and typed.isdigit() else 0


def _typed_late(request: HttpRequest) -> str:
    return request.POST.get("late", "").strip()[:10]


def _percent(per_mille: int | None) -> str:
    return "" if per_mille is None else percent(per_mille)


def _per_mille(typed: str) -> int | None:
    """Return "14.6" as 146, None for nothing; what is no percentage with at most one decimal is 0, and refused."""
    if not typed:
        return None
    whole, _point, tenth = typed.partition(".")
    digits = whole + (tenth or "0")
    right = whole and len(tenth) <= 1 and digits.isascii() and digits.isdigit()
    return int(digits) if right else 0
