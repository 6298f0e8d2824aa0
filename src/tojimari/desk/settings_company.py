"""How does the administrator say which company issues the papers, and for how long numbers rest?"""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tojimari.desk.access import Right, Staff, staff_page
from tojimari.desk.settings_shared import asked, change_shown, past
from tojimari.lines.company import COMPANY, LONGEST, Company, check_company, set_company
from tojimari.platform.acting import Refused
from tojimari.rules.calendar import jst_date
from tojimari.rules.figures import value
from tojimari.rules.identifiers.invoice import is_of_company
from tojimari.rules.quarantine import bounds
from tojimari.terminations.reasons import refusal_text

FIELDS = ("legal_name", "registration", "invoice_number", "rest_days")
"""The refusal `settings.changed` is about none of them."""


@staff_page(Right.SETTINGS, personal=False)
@require_http_methods(["GET", "HEAD", "POST"])
def company(request: HttpRequest, staff: Staff) -> HttpResponse:
    """The company and the rest of its numbers; nothing counts before its preview was seen."""
    carrier, wanted, at, refusal = staff.carrier, asked(request), timezone.now(), ""
    now = Company.of(carrier)
    typed = _typed(request) if wanted.do else _shown(now)
    found, wrong = check_company(_read(typed), at=at) if wanted.do else (now, {})
    if not wrong and wanted.confirms(found.kept):
        try:
            changed = set_company(carrier=carrier, wanted=found, seen=wanted.seen, acting=staff.acting, at=at)
        except Refused as refused:
            refusal = refused.code
        else:
            messages.success(request, _("Saved.") if changed is not None else _("Nothing was changed."))
            return redirect("desk:settings_company")
    facts = {
        "staff": staff,
        "typed": typed,
        "longest": LONGEST,
        "checked": bool(wanted.do) and not refusal,
        "problems": bool(wrong),
        "doubtful": bool(found.invoice_number) and not is_of_company(found.invoice_number),
        "wrong": {name: refusal_text(one) for name, one in wrong.items()},
        "refusal_code": refusal,
        **_bounds(at),
        **change_shown(now.kept, found.kept),
        **past(carrier, COMPANY),
    }
    return render(request, "desk/settings_company.html", facts, status=409 if refusal else 200)


def _bounds(at: datetime) -> dict[str, int]:
    """What the page says of the days: the fewest, the most, and what the house has."""
    today = jst_date(at)
    least, most = bounds(today)
    return {"least_days": least, "most_days": most, "usual_days": value("quarantine_days", today)}


def _typed(request: HttpRequest) -> dict[str, str]:
    """The form as it was sent; what is much too long is cut, and refused for its length all the same."""
    return {name: request.POST.get(name, "").strip()[: LONGEST + 1] for name in FIELDS}


def _shown(now: Company) -> dict[str, str]:
    days = "" if now.rest_days is None else str(now.rest_days)
    return dict(zip(FIELDS, (now.legal_name, now.registration, now.invoice_number, days), strict=True))


def _read(typed: dict[str, str]) -> Company:
    """Return what was typed; days that are no number are 0, and refused as such."""
    days = typed["rest_days"]
    whole = int(days) if days.isascii() and days.isdigit() and len(days) < 6 else 0
    return Company(typed["legal_name"], typed["registration"], typed["invoice_number"], whole if days else None)
