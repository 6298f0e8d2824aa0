"""What happens to a line, and to what is known of its holder, if nothing is done?

Nobody is pushed: the same figures stand there for closing and for not closing, and both ways on look alike.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tojimari.lines.access import line_of_subscriber
from tojimari.lines.models import Line, LineState, ServiceKind
from tojimari.lines.queries import line_view
from tojimari.money.forecast import forecast
from tojimari.money.queries import bills_for_quote
from tojimari.portal.pictures import months_ahead
from tojimari.portal.visitor import Visitor, subscriber_page
from tojimari.privacy.queries import kept_after
from tojimari.rules.assumptions import assumed
from tojimari.rules.calendar import jst_date
from tojimari.terminations.ends import EndDate
from tojimari.terminations.queries import offer


@subscriber_page
@require_safe
def whatif(request: HttpRequest, who: Visitor, line_id: int) -> HttpResponse:
    """A year ahead: yen as a picture and as a table, and which data stay until when, closed or not."""
    line, now = line_of_subscriber(who.subscriber_id, line_id), timezone.now()
    if line.state != LineState.ACTIVE:
        return redirect("portal:lines")  # it is ending or has ended: there is nothing to look ahead to
    return render(request, "portal/whatif.html", _facts(line, now))


def _facts(line: Line, at: datetime) -> dict[str, Any]:
    today, view = jst_date(at), line_view(line)
    ahead = forecast(line, view.plan, bills_for_quote([line.pk], at=at), today=today, services=view.services)
    first_end = next(iter(offer(line, "line", at).ends), None)
    last_day = date.fromisoformat(first_end.quote["last_day"]) if first_end is not None else today
    return {
        "line": line,
        "view": view,
        "ahead": ahead,
        "picture": months_ahead(ahead),
        "services": {service.kind for service in view.running_services},
        "unpriced": any(
            one.kind == ServiceKind.OPTION and one.monthly_fee_yen is None for one in view.running_services
        ),
        "closed_on": last_day,
        "closing_yen": _new_charges(first_end) if first_end is not None else None,
        "kept": kept_after(last_day, carrier_days=line.carrier.rest_days, ported_in=line.ported_in),
        "settled_days": assumed("final_bill_settled_days", today),
    }


def _new_charges(end: EndDate) -> int:
    """What closing on that day charges besides the bills that are owed either way."""
    return sum(row["amount_yen"] for row in end.quote["lines"] if row["text_code"] != "charge.unpaid_bill")
