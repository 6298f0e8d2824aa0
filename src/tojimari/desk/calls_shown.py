"""What does the page of a call show at each stage, and what is read aloud there in two languages?"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import get_language, get_language_info, override

from tojimari.codes.models import HelpRequest
from tojimari.counter.queries import booked_visit
from tojimari.desk import calls, calls_words
from tojimari.desk.access import Staff, doable
from tojimari.desk.calls import Stage
from tojimari.desk.calls_words import Said
from tojimari.desk.models import Call
from tojimari.lines.models import Line, ServiceKind, ServiceState
from tojimari.lines.queries import email_of, line_view
from tojimari.messages.costs import yen
from tojimari.messages.texts import end_moment, moment
from tojimari.network.routing import bar_by_themselves, lanes_for
from tojimari.platform.acting import Refused
from tojimari.rules.masking import last4
from tojimari.terminations import procedures, visits
from tojimari.terminations.access import case_for_staff
from tojimari.terminations.ends import EndDate
from tojimari.terminations.intake import kind_of
from tojimari.terminations.queries import Offer, case_view, cases_of_subscriber, end_date, offer, why_not

LINE = "line"
ROAMING = str(ServiceKind.ROAMING)


def end_of(call: Call, effective: str, at: datetime) -> EndDate:
    """Return the end that was chosen, with its yen as they are now. Raises `Refused`."""
    return end_date(_line(call), call.scope or LINE, effective, at)


def seen(end: EndDate) -> str:
    """What was read aloud before the caller agreed: the last day and the sum."""
    return f"{end.quote.get('last_day', '')} {end.quote.get('total_yen', 0)}"


def facts_of(call: Call, stage: Stage, at: datetime) -> dict[str, Any]:
    """Return what is said at a stage: in the caller's language, and in the reader's own where that is another."""
    theirs = _spoken(call, stage, at, call.language)
    own = get_language() or "ja"
    return {
        "theirs": theirs,
        "own": _spoken(call, stage, at, own) if own != call.language else [],
        "asks_theirs": _questions(call, stage),
    }


def _questions(call: Call, stage: Stage) -> list[tuple[str, str]]:
    """The questions as the caller hears them, by name."""
    if stage != Stage.QUESTIONS:
        return []
    with override(call.language):
        return [(key, str(calls_words.QUESTIONS[key])) for key in calls.asked(call)]


def _spoken(call: Call, stage: Stage, at: datetime, language: str) -> list[str]:
    with override(language):
        return calls_words.script(stage, _said(call, stage, at, language))


def _said(call: Call, stage: Stage, at: datetime, language: str) -> Said:
    """What the sentences of a stage name, in one language. Nothing of the caller before they are known."""
    said = Said(carrier=call.carrier.name(language), scope=call.scope)
    if call.help_reference:
        plea = HelpRequest.objects.get(carrier_id=call.carrier_id, reference=call.help_reference)
        said = replace(said, help_reference=plea.reference, help_by=end_moment(plea.promised_by, language))
    match stage:
        case Stage.CODE:
            to = next((way.shown for way in calls.ways_of(call) if way.by == call.code_by), "")
            return replace(said, code_to=to)
        case Stage.ENDS | Stage.CONFIRM:
            return _of_line(call, _line(call), said, stage, at, language)
        case Stage.DONE:
            return _of_case(call, said, language)
    return said


def _of_line(call: Call, line: Line, said: Said, stage: Stage, at: datetime, language: str) -> Said:
    steps = _steps(line, call.scope)
    said = replace(
        said,
        kind=line.kind,
        number=last4(line.msisdn or line.iccid),
        has_visit="visit" in steps,
        has_review="review" in steps,
        by_hand=not bar_by_themselves(lanes_for(line.carrier.elements, line.kind, call.scope)),
    )
    if stage == Stage.ENDS:
        ends = offer(line, LINE, at).ends
        return replace(said, ends=[(end_moment(one.ends_at, language), _sum(one)) for one in ends])
    end = end_of(call, call.effective, at)
    return replace(said, end=end_moment(end.ends_at, language), yen=_sum(end))


def _of_case(call: Call, said: Said, language: str) -> Said:
    case = case_for_staff(call.carrier_id, call.case_reference)
    visit = booked_visit(case.pk)
    return replace(
        said,
        scope=case.scope,
        kind=case.line.kind,
        reference=case.reference,
        has_visit=visits.needs_visit(case),
        by_mail=bool(email_of(case.subscriber_id)),
        visit=f"{moment(visit.starts_at, language)}, {visit.shop.name(language)}" if visit is not None else "",
    )


def stage_facts(call: Call, stage: Stage, staff: Staff, at: datetime) -> dict[str, Any]:
    """Return what the page shows besides what is said."""
    match stage:
        case Stage.LINE:
            return {"lines": calls.lines_of(call)}
        case Stage.SHUT:
            return {"why_shut": calls.why_shut(call, at)}
        case Stage.SEE:
            return _seen(call, at)
        case Stage.ENDS:
            return {"offer": _offer(call, at), "line": call.line}
        case Stage.CONFIRM:
            end = end_of(call, call.effective, at)
            return {"end": end, "seen": seen(end), "line": call.line}
        case Stage.DONE:
            return _case(call, staff, at)
        case Stage.OVER:
            return {"language": get_language_info(call.language)["name_local"]}
    return {}


def _seen(call: Call, at: datetime) -> dict[str, Any]:
    """What the caller sees of their line and cases, and what may be ended."""
    line = _line(call)
    view = line_view(line)
    roaming = view.service(ROAMING)
    shut = {scope: why_not(line, scope, at) for scope in (LINE, ROAMING)}
    has_roaming = roaming is not None and roaming.state == ServiceState.ACTIVE
    return {
        "line": line,
        "view": view,
        "cases": list(cases_of_subscriber(line.subscriber_id)[:10]),
        "others": [one for one in calls.lines_of(call) if one.pk != line.pk],
        "may_roaming": has_roaming and shut[ROAMING] is None,
        "may_close": shut[LINE] is None,
        "why_not": shut[LINE],
    }


def _offer(call: Call, at: datetime) -> Offer:
    return offer(_line(call), LINE, at)


def _case(call: Call, staff: Staff, at: datetime) -> dict[str, Any]:
    """The case that the call is at, and the step that waits for this very person, if there is one."""
    case = case_for_staff(call.carrier_id, call.case_reference)
    current = case_view(case).current
    mine = current if current is not None and current.pk in doable(staff, [current], at) else None
    return {
        "case": case,
        "step": mine if mine is not None and (mine.state == "by_hand" or mine.actor == "staff") else None,
        "needs_visit": visits.needs_visit(case),
        "visit": booked_visit(case.pk),
    }


def _steps(line: Line, scope: str) -> set[str]:
    spec = procedures.spec(procedures.read(line.carrier, kind_of(line, scope)))
    return {step.name for step in spec.steps}


def _sum(end: EndDate) -> str:
    return yen(int(end.quote.get("total_yen", 0)))


def _line(call: Call) -> Line:
    """The line of a call, which a call has from the search on."""
    if call.line is None:
        raise Refused("call.other_step")
    return call.line
