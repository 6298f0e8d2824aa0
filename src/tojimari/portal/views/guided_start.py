"""How does a person get a plan for a line of another carrier? Carrier, kind, at most five questions, and the plan.

Answers travel in forms and rest in the session, never in an address. Nothing is written down before the person says
"keep this plan".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tojimari.codes.actions import take
from tojimari.guide.answers import Answers
from tojimari.guide.directory import carriers
from tojimari.guide.facts import CarrierFacts, LineKind
from tojimari.guide.plan import plan
from tojimari.platform.acting import Refused
from tojimari.portal import clocks
from tojimari.portal.forms_guided import QuestionsForm
from tojimari.portal.guided_access import let_in, opened_now
from tojimari.terminations.guided.actions import Wish, keep
from tojimari.terminations.reasons import refusal_text

log = structlog.get_logger(__name__)

_KEY = "guided_wish"
KEPT_FROM_ADDRESS = 20
"""Plans that one internet address may keep within an hour."""
_LONGEST_QUERY = 60


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Choose the carrier, by name in any language."""
    chosen = request.GET.get("carrier", "")
    if chosen in carriers():
        return redirect("portal:guided_kind", chosen)
    query = request.GET.get("q", "")[:_LONGEST_QUERY].strip()
    rows = [facts for facts in carriers().values() if facts.obsolete is None and _fits(facts, query)]
    return render(request, "portal/guided_start.html", {"rows": rows, "q": query})


def _fits(facts: CarrierFacts, query: str) -> bool:
    names = (facts.id, facts.name.ja, facts.name.en, facts.name.zh_hans, facts.name.zh_hant)
    wanted = _plain(query)
    return not wanted or any(wanted in _plain(name) for name in names)


def _plain(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


@require_safe
def kind(request: HttpRequest, carrier_id: str) -> HttpResponse:
    """Choose the kind of line, where the carrier has several."""
    facts = _facts(carrier_id)
    if facts.obsolete is not None and facts.obsolete.successor in carriers():
        return redirect("portal:guided_kind", facts.obsolete.successor)
    kinds = kinds_of(facts)
    if len(kinds) == 1:
        return redirect("portal:guided_questions", carrier_id, kinds[0])
    return render(request, "portal/guided_kind.html", {"facts": facts, "kinds": kinds})


def kinds_of(facts: CarrierFacts) -> list[LineKind]:
    """Return the kinds of line of which anything is known there; all that one buys where nothing is."""
    known = {line for closing in facts.closing for line in closing.line_kinds}
    return [line for line in LineKind if line in known] or [LineKind.PHYSICAL_SIM, LineKind.ESIM]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, carrier_id: str, line_kind: str) -> HttpResponse:
    """The questions that change the plan, at most five, all of them on one page."""
    facts, chosen = _facts(carrier_id), _kind(carrier_id, line_kind)
    sent = request.POST if request.method == "POST" else None  # sent with everything left out, it is sent all the same
    form = QuestionsForm(facts, chosen, sent, zone=_zone(request))
    if not form.asked or form.is_valid():
        answers = form.answers() if form.asked else Answers()
        request.session[_KEY] = {"carrier": carrier_id, "kind": line_kind, "answers": answers.to_json()}
        return redirect("portal:guided_plan")
    return render(request, "portal/guided_ask.html", {"facts": facts, "kind": chosen, "form": form})


@never_cache
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The plan, before anything of it is kept."""
    found = wish_in(request)
    if found is None:
        return redirect("portal:guided_start")
    return plan_page(request, *found)


def plan_page(
    request: HttpRequest, facts: CarrierFacts, chosen: LineKind, answers: Answers, **more: Any
) -> HttpResponse:
    """Draw a plan."""
    made = plan(facts, chosen, answers, timezone.now())
    told = {"facts": facts, "kind": chosen, "answers": answers, "plan": made, "zone": answers.zone}
    return render(request, "portal/guided_plan.html", told | more, status=more.get("status", 200))


@require_POST
def keep_plan(request: HttpRequest) -> HttpResponse:
    """Keep the plan as a case, and open it in this browser."""
    found, now = wish_in(request), timezone.now()
    if found is None:
        return redirect("portal:guided_start")
    facts, chosen, answers = found
    try:
        take(f"guided from:{request.META.get('REMOTE_ADDR', '')}", KEPT_FROM_ADDRESS, now)
    except Refused:
        refused = Refused("guided.kept_too_often")
        return plan_page(request, facts, chosen, answers, trouble=refusal_text(refused), status=429)
    carrier = getattr(request, "carrier", None)
    host = carrier.pk if carrier is not None else None
    wish = Wish(facts, chosen, answers, get_language() or "ja", answers.zone, host)
    case = keep(wish, at=now)
    let_in(request, case.reference, at=now)
    request.session.pop(_KEY, None)
    log.info("guided.kept", carrier=facts.id, kind=str(chosen))
    return redirect("portal:guided_case", case.reference)


def wish_in(request: HttpRequest) -> tuple[CarrierFacts, LineKind, Answers] | None:
    """Return what was asked for last in this browser, or None."""
    kept: Mapping[str, Any] | None = request.session.get(_KEY)
    if kept is None or kept["carrier"] not in carriers():
        return None
    return carriers()[kept["carrier"]], LineKind(kept["kind"]), Answers.from_json(dict(kept["answers"]))


@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Lead to the plan that is open in this browser, or to where one opens it."""
    opened = list(opened_now(request, at=timezone.now()))
    return redirect("portal:guided_case", opened[-1]) if opened else redirect("portal:guided_find")


def _facts(carrier_id: str) -> CarrierFacts:
    found = carriers().get(carrier_id)
    if found is None:
        raise Http404
    return found


def _kind(carrier_id: str, line_kind: str) -> LineKind:
    chosen = next((one for one in kinds_of(_facts(carrier_id)) if one == line_kind), None)
    if chosen is None:
        raise Http404
    return chosen


def _zone(request: HttpRequest) -> str | None:
    """The clock of the reader's browser; empty: Japan's; None: it told none."""
    if "zone" not in request.COOKIES:
        return None
    zone = clocks.reader_zone(request)
    return zone.key if zone is not None else ""
