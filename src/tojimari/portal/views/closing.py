"""How does a person end a line, or its roaming, in two screens?

The first screen says what happens and lets them choose the day; the second shows the line, the day and the yen, and
has the button. What is confirmed is what was shown: if day or yen have changed meanwhile, the second screen is shown
once more. Confirming twice gives the same case.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from tojimari.lines.access import line_of_subscriber
from tojimari.lines.models import Line, ServiceKind
from tojimari.lines.queries import email_of
from tojimari.platform.acting import Refused
from tojimari.portal.forms import EndForm
from tojimari.portal.receipts import masked_email
from tojimari.portal.views.entry import ask_for_fresh_code
from tojimari.portal.visitor import Visitor, subscriber_page
from tojimari.terminations import actions, procedures
from tojimari.terminations.intake import kind_of
from tojimari.terminations.models import Channel, Termination
from tojimari.terminations.queries import EndDate, cases_of_subscriber, end_date, offer
from tojimari.terminations.reasons import refusal_text

LINE = "line"
ROAMING = str(ServiceKind.ROAMING)
_JUST_NOW = timedelta(hours=1)
"""For how long a repeated confirmation still leads to the case that it began, even when that case is over already."""


def papers_for(line: Line) -> tuple[str, ...]:
    """What a person brings to the shop, by the carrier's procedure as it is now."""
    spec = procedures.spec(procedures.current(line.carrier, kind_of(line, LINE)))
    return next((step.papers for step in spec.steps if step.name == "papers"), ())


def _case_of(who: Visitor, line: Line, scope: str, at: datetime) -> Termination | None:
    """The case that ends this already, or did so just now."""
    cases = cases_of_subscriber(who.subscriber_id).filter(line=line, scope=scope)
    return next((case for case in cases if case.is_open or at - case.requested_at < _JUST_NOW), None)


def _open_case_of(who: Visitor, line: Line, scope: str, at: datetime) -> Termination | None:
    case = _case_of(who, line, scope, at)
    return case if case is not None and case.is_open else None


@subscriber_page
@require_safe
def close(request: HttpRequest, who: Visitor, line_id: int) -> HttpResponse:
    """Screen 1: what ends, what does not, and the days that may be chosen, earliest first and none chosen yet."""
    line, now = line_of_subscriber(who.subscriber_id, line_id), timezone.now()
    known = _open_case_of(who, line, LINE, now)
    if known is not None:
        return redirect("portal:case", known.reference)
    return _show_ends(request, line, EndForm(request.GET if "date" in request.GET else None), now)


def _show_ends(request: HttpRequest, line: Line, form: EndForm, at: datetime) -> HttpResponse:
    facts = {"line": line, "offer": offer(line, LINE, at), "papers": papers_for(line), "form": form}
    return render(request, "portal/close.html", facts)


@subscriber_page
@require_safe
def roaming(request: HttpRequest, who: Visitor, line_id: int) -> HttpResponse:
    """Screen 1 for roaming: what ends at once, and that the line stays."""
    line, now = line_of_subscriber(who.subscriber_id, line_id), timezone.now()
    known = _open_case_of(who, line, ROAMING, now)
    if known is not None:
        return redirect("portal:case", known.reference)
    return render(request, "portal/roaming.html", {"line": line})


@subscriber_page
@require_http_methods(["GET", "HEAD", "POST"])
def close_confirm(request: HttpRequest, who: Visitor, line_id: int) -> HttpResponse:
    """Screen 2 for a line."""
    line, now = line_of_subscriber(who.subscriber_id, line_id), timezone.now()
    if request.method == "POST":
        return _confirm(request, who, line, LINE, request.POST.get("effective", ""), now)
    form = EndForm(request.GET)
    if not form.is_valid():
        return _show_ends(request, line, form, now)
    try:
        end = end_date(line, LINE, form.cleaned_data["effective"], now)
    except Refused as refused:
        form.add_error("date" if form.cleaned_data["end"] == "date" else "end", refusal_text(refused))
        return _show_ends(request, line, form, now)
    return _show_confirm(request, who, line, LINE, end, at=now)


@subscriber_page
@require_http_methods(["GET", "HEAD", "POST"])
def roaming_confirm(request: HttpRequest, who: Visitor, line_id: int) -> HttpResponse:
    """Screen 2 for roaming."""
    line, now = line_of_subscriber(who.subscriber_id, line_id), timezone.now()
    if request.method == "POST":
        return _confirm(request, who, line, ROAMING, "now", now)
    return _show_confirm(request, who, line, ROAMING, end_date(line, ROAMING, "now", now), at=now)


def _seen(end: EndDate) -> str:
    """What the person saw before confirming: the last day and the sum."""
    return f"{end.quote.get('last_day', '')} {end.quote.get('total_yen', 0)}"


def _show_confirm(
    request: HttpRequest, who: Visitor, line: Line, scope: str, end: EndDate, *, at: datetime, **more: Any
) -> HttpResponse:
    known = _open_case_of(who, line, scope, at)
    if known is not None:
        return redirect("portal:case", known.reference)
    facts = {
        "line": line,
        "scope": scope,
        "end": end,
        "seen": _seen(end),
        "is_fresh": who.is_fresh(at),
        "email": masked_email(email_of(who.subscriber_id)),
    }
    return render(request, "portal/confirm.html", facts | more)


def _confirm(request: HttpRequest, who: Visitor, line: Line, scope: str, effective: str, at: datetime) -> HttpResponse:
    """Take the request, if what is confirmed is what was shown and the proof is fresh."""
    known = _case_of(who, line, scope, at)
    if known is not None:
        return redirect("portal:receipt", known.reference)
    try:
        end = end_date(line, scope, effective, at)
        if request.POST.get("seen") != _seen(end):
            return _show_confirm(request, who, line, scope, end, at=at, changed=True)
        if not who.is_fresh(at):
            back = "portal:close_confirm" if scope == LINE else "portal:roaming_confirm"
            return ask_for_fresh_code(request, line, back=back, effective=effective, at=at)
        case = actions.request(
            line=line,
            scope=scope,
            effective=effective,
            channel=Channel.PORTAL,
            acting=who.acting,
            at=at,
            language=get_language() or "ja",
            proof={"method": "code", "sent_by": "email", "proved_at": who.proved_at.isoformat()},
            shown_yen=end.quote.get("total_yen", 0),
        )
    except Refused as refused:
        return render(request, "portal/refused.html", {"code": refused.code}, status=409)
    return redirect("portal:receipt", case.reference)
