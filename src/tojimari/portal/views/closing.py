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
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from tojimari.counter.queries import has_shops
from tojimari.lines.access import line_of_subscriber
from tojimari.lines.models import Line, ServiceKind
from tojimari.lines.queries import email_of, line_view, unpaid_bills
from tojimari.money.unpaid import are_on_final_bill
from tojimari.network.routing import bar_by_themselves, lanes_for
from tojimari.platform.acting import Refused
from tojimari.portal.views.entry import ask_for_fresh_code
from tojimari.portal.visitor import Visitor, subscriber_page
from tojimari.rules.calendar import jst_date
from tojimari.rules.figures import value
from tojimari.rules.masking import masked_email
from tojimari.terminations import actions, procedures
from tojimari.terminations.end_form import EndForm
from tojimari.terminations.ends import EndDate
from tojimari.terminations.intake import kind_of
from tojimari.terminations.models import Channel, Termination
from tojimari.terminations.queries import (
    cases_of_subscriber,
    end_date,
    may_stop_early,
    offer,
    offers_early_stop,
    why_not,
)
from tojimari.terminations.reasons import refusal_text
from tojimari.terminations.screens import Screen, screen

CONFIRM = "portal/confirm.html"
LINE = "line"
ROAMING = str(ServiceKind.ROAMING)
_JUST_NOW = timedelta(hours=1)
"""For how long a repeated confirmation still leads to the case that it began, even when that case is over already."""


def kind_facts(line: Line) -> dict[str, Any]:
    """What the carrier's procedure, as it is now, asks of a person who ends this kind of line."""
    spec = procedures.spec(procedures.read(line.carrier, kind_of(line, LINE)))
    steps = {step.name: step for step in spec.steps}
    return {
        "papers": steps["papers"].papers if "papers" in steps else (),
        "has_visit": "visit" in steps,
        "has_shops": "visit" in steps and has_shops(line.carrier_id),
        "has_review": "review" in steps,
        "review_days": steps["review"].promise_business_days if "review" in steps else 0,
        "business_days": spec.earliest_business_days,
        "returns_sim": "return_sim" in steps,
    }


def _case_of(who: Visitor, line: Line, scope: str, at: datetime) -> Termination | None:
    """The case that ends this already, or did so just now."""
    cases = cases_of_subscriber(who.subscriber_id).filter(line=line, scope=scope)
    return next((case for case in cases if case.is_open or at - case.requested_at < _JUST_NOW), None)


def _instead(request: HttpRequest, who: Visitor, line: Line, scope: str, at: datetime) -> HttpResponse | None:
    """Where nothing can be chosen any more: the page of the case that goes on, or why there is nothing to end."""
    known = _case_of(who, line, scope, at)
    if known is not None and known.is_open:
        return redirect("portal:case", known.reference)
    refused = why_not(line, scope, at)
    return _refused(request, refused) if refused is not None else None


def _refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    facts = {"code": refused.code, "reference": refused.facts.get("reference", "")}
    return render(request, "portal/refused.html", facts, status=409)


@subscriber_page
@require_safe
def close(request: HttpRequest, who: Visitor, line_id: int) -> HttpResponse:
    """Screen 1: what ends, what does not, and the days that may be chosen, earliest first and none chosen yet."""
    line, now = line_of_subscriber(who.subscriber_id, line_id), timezone.now()
    return _instead(request, who, line, LINE, now) or _show_ends(request, line, _chosen(request), now)


def _chosen(request: HttpRequest) -> EndForm:
    """What was chosen before, for somebody who comes back; nothing for somebody who is new here."""
    return EndForm(request.GET if "end" in request.GET or "date" in request.GET else None)


def _show_ends(request: HttpRequest, line: Line, form: EndForm, at: datetime, *, status: int = 200) -> HttpResponse:
    running = line_view(line).running_services
    facts = {
        "line": line,
        "ending": [service for service in running if not service.lives_on],
        "going_on": [service for service in running if service.lives_on],
        "offer": offer(line, LINE, at),
        "may_stop": offers_early_stop(line, at),
        "stop": _wants_stop(request),
        "form": form,
    }
    return render(request, "portal/close.html", kind_facts(line) | facts, status=status)


def _wants_stop(request: HttpRequest) -> bool:
    """Whether data and calls shall stop now, the contract on its day."""
    return (request.POST or request.GET).get("stop") == "1"


@subscriber_page
@require_safe
def roaming(request: HttpRequest, who: Visitor, line_id: int) -> HttpResponse:
    """Screen 1 for roaming: what ends at once, and that the line stays."""
    line, now = line_of_subscriber(who.subscriber_id, line_id), timezone.now()
    return _instead(request, who, line, ROAMING, now) or render(
        request, "portal/roaming.html", {"line": line, "by_hand": _by_hand(line, ROAMING)}
    )


def _by_hand(line: Line, scope: str) -> bool:
    return not bar_by_themselves(lanes_for(line.carrier.elements, line.kind, scope))


@subscriber_page
@require_http_methods(["GET", "HEAD", "POST"])
def close_confirm(request: HttpRequest, who: Visitor, line_id: int) -> HttpResponse:
    """Screen 2 for a line."""
    line, now = line_of_subscriber(who.subscriber_id, line_id), timezone.now()
    if request.method == "POST":
        return _confirm(request, who, line, LINE, request.POST.get("effective", ""), now)
    instead = _instead(request, who, line, LINE, now)
    if instead is not None:
        return instead
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
    instead = _instead(request, who, line, ROAMING, now)
    return instead or _show_confirm(request, who, line, ROAMING, end_date(line, ROAMING, "now", now), at=now)


def _seen(end: EndDate) -> str:
    """What the person saw before confirming: the last day and the sum."""
    return f"{end.quote.get('last_day', '')} {end.quote.get('total_yen', 0)}"


def _show_confirm(
    request: HttpRequest, who: Visitor, line: Line, scope: str, end: EndDate, *, at: datetime, changed: bool = False
) -> HttpResponse:
    facts = _confirm_facts(request, who, line, scope, end, at) | {"changed": changed}
    shown = _screen(request, who, line, scope, end, at)
    return render(request, CONFIRM, facts | {"shown": shown.digest})


def _screen(request: HttpRequest, who: Visitor, line: Line, scope: str, end: EndDate, at: datetime) -> Screen:
    """The words that screen 2 has at this instant. The page carries their digest, and what is confirmed must have it.

    So the words that are kept are those that the person had before them, even when the page is changed meanwhile.
    """
    facts = _confirm_facts(request, who, line, scope, end, at)
    html = render_to_string(CONFIRM, facts, request)
    return screen(html, language=get_language() or "ja", template=CONFIRM)


def _confirm_facts(
    request: HttpRequest, who: Visitor, line: Line, scope: str, end: EndDate, at: datetime
) -> dict[str, Any]:
    owes = unpaid_bills(line.pk) if scope == LINE else []
    facts = {
        "line": line,
        "scope": scope,
        "owes": owes,
        "owes_at_end": bool(owes) and are_on_final_bill(owes),
        "end": end,
        "seen": _seen(end),
        "stop": scope == LINE and _wants_stop(request) and offers_early_stop(line, at, end.ends_at),
        "is_fresh": who.is_fresh(at),
        "email": masked_email(email_of(who.subscriber_id)),
        "by_hand": _by_hand(line, scope),
    }
    return kind_facts(line) | facts


def _confirm(request: HttpRequest, who: Visitor, line: Line, scope: str, effective: str, at: datetime) -> HttpResponse:
    """Take the request, if what is confirmed is what was shown and the proof is fresh."""
    known = _case_of(who, line, scope, at)
    if known is not None:
        return _receipt(request, who, known, at)
    refused = why_not(line, scope, at)
    if refused is not None:
        return _refused(request, refused)
    try:
        end = end_date(line, scope, effective, at)
    except Refused as gone:
        return _choose_again(request, line, scope, effective, gone, at)
    if request.POST.get("seen") != _seen(end):
        return _show_confirm(request, who, line, scope, end, at=at, changed=True)
    if not who.is_fresh(at):
        back = "portal:close_confirm" if scope == LINE else "portal:roaming_confirm"
        return ask_for_fresh_code(request, line, back=back, effective=effective, at=at, stop=_wants_stop(request))
    shown = _screen(request, who, line, scope, end, at)
    if request.POST.get("shown") != shown.digest:
        return _show_confirm(request, who, line, scope, end, at=at, changed=True)
    try:
        case = _take(who, line, scope, effective, end, shown, at)
    except Refused as gone:
        if gone.code == "quote.changed":
            return _show_confirm(request, who, line, scope, end_date(line, scope, effective, at), at=at, changed=True)
        return _choose_again(request, line, scope, effective, gone, at)
    return _receipt(request, who, case, at)


def _take(
    who: Visitor, line: Line, scope: str, effective: str, end: EndDate, shown: Screen, at: datetime
) -> Termination:
    return actions.request(
        line=line,
        scope=scope,
        effective=effective,
        channel=Channel.PORTAL,
        acting=who.acting,
        at=at,
        language=get_language() or "ja",
        proof=who.proof,
        shown_yen=end.quote.get("total_yen", 0),
        shown=shown,
    )


def _receipt(request: HttpRequest, who: Visitor, case: Termination, at: datetime) -> HttpResponse:
    """Lead to the receipt; before, stop data and calls where that was chosen. Coming here again changes nothing."""
    if _wants_stop(request) and may_stop_early(case, at):
        actions.stop_early(termination=case, acting=who.acting, at=at)
    return redirect("portal:receipt", case.reference)


def _choose_again(
    request: HttpRequest, line: Line, scope: str, effective: str, refused: Refused, at: datetime
) -> HttpResponse:
    """The end that was chosen cannot be had any more: the first screen again, with the reason at the choice."""
    if scope != LINE or not refused.code.startswith("effective."):
        return _refused(request, refused)
    form = EndForm({"end": effective})
    form.is_valid()
    form.add_error("end", refusal_text(refused))
    return _show_ends(request, line, form, at, status=409)


@require_safe
def keep_number(request: HttpRequest) -> HttpResponse:
    """How a number is taken to another carrier, for those who would rather keep it. The figures are of today."""
    today = jst_date(timezone.now())
    facts = {"days": value("mnp_reservation_days", today), "fee_yen": value("mnp_fee_web", today)}
    return render(request, "portal/keep_number.html", facts)
