"""Which page does an agent work through a call on? One page for each call: what to say, and what to enter.

Everything is sent to the page itself; `do` names the deed. What a deed refuses is shown on the page as it stands then,
with what was typed. Before questions and code were right the page shows nothing of the caller but how many lines they
have.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language_info
from django.views.decorators.http import require_http_methods

from tojimari.codes.questions import WRONG_IN_CALL
from tojimari.desk import calls, calls_end, calls_words
from tojimari.desk.access import Right, Staff, call_for_staff, names_of, staff_page
from tojimari.desk.calls import Stage
from tojimari.desk.calls_forms import (
    CallForm,
    CodeForm,
    ConfirmForm,
    EndForm,
    FindForm,
    HelpForm,
    QuestionsForm,
    WayForm,
)
from tojimari.desk.calls_shown import LINE, ROAMING, end_of, facts_of, seen, stage_facts
from tojimari.desk.looks import shows
from tojimari.desk.models import Call
from tojimari.platform.acting import Acting, Refused, Role
from tojimari.terminations.queries import why_not

_LISTED = 50

Typed = Mapping[str, Any]
Deed = Callable[[HttpRequest, Staff, Call, datetime], CallForm | None]
"""Does one thing; returns the form when what was typed cannot be read. Raises `Refused`."""


@staff_page(Right.CALL)
@require_http_methods(["GET", "HEAD", "POST"])
def calls_today(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Begin a call in the caller's language; go on with one that was left; whoever mends sees those of all."""
    now = timezone.now()
    language = request.POST.get("language", "")
    if request.method == "POST" and language in calls_words.LANGUAGES:
        begun = calls.begin(carrier=staff.carrier, language=language, acting=staff.acting, role=str(staff.role), at=now)
        return redirect("desk:call", begun.reference)
    mine = Call.objects.filter(carrier=staff.carrier, ended_at=None).order_by("-began_at")
    if not staff.may(Right.MEND):
        mine = mine.filter(staff_id=staff.user_id)
    live = list(mine[:_LISTED])
    facts = {
        "staff": staff,
        "spoken": [(code, get_language_info(code)["name_local"]) for code in calls_words.LANGUAGES],
        "live": live,
        "names": names_of(str(Acting(Role.STAFF, str(call.staff_id))) for call in live),
    }
    return render(request, "desk/calls.html", facts)


@staff_page(Right.CALL)
@require_http_methods(["GET", "HEAD", "POST"])
def call(request: HttpRequest, staff: Staff, reference: str) -> HttpResponse:
    """One call: what to say next, what to enter, what was chosen."""
    it, now = call_for_staff(staff, reference), timezone.now()
    if request.method != "POST":
        return _show(request, staff, it, now)
    deed, form, refusal = DEEDS.get(request.POST.get("do", "")), None, None
    try:
        if deed is None:
            raise Refused("call.other_step")
        form = deed(request, staff, it, now)
    except Refused as refused:
        refusal = refused
    if form is None and refusal is None:
        return redirect("desk:call", it.reference)
    return _show(request, staff, call_for_staff(staff, reference), now, form=form, refusal=refusal)


def _show(
    request: HttpRequest,
    staff: Staff,
    it: Call,
    at: datetime,
    *,
    form: CallForm | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    """The page at the stage where the call stands; a refusal stands beside its field where the form is still there."""
    stage = calls.stage_of(it, at)
    forms = _forms(it, stage, request, refusal) | ({form.place: form} if form is not None else {})
    shown = facts_of(it, stage, at) | stage_facts(it, stage, staff, at)
    beside = refusal is not None and any(one.take(refusal) for one in forms.values() if one.is_bound)
    if "case" in shown or stage in (Stage.SEE, Stage.ENDS, Stage.CONFIRM):
        shows(request, it.reference, *it.cases, line_id=it.line_id)
    facts = {
        "staff": staff,
        "call": it,
        "stage": stage,
        "steps": [(name, stage in stages) for stages, name in calls_words.STEPS],
        "spoken": [(code, get_language_info(code)["name_local"]) for code in calls_words.LANGUAGES],
        "tries_left": WRONG_IN_CALL - it.wrong,
        "refusal_code": refusal.code if refusal is not None and not beside else "",
        "refusal": refusal,
        "may_open_again": stage == Stage.SHUT and staff.may(Right.MEND),
        "now": at,
    }
    failed = refusal is not None or form is not None
    return render(request, "desk/call.html", facts | shown | forms, status=409 if failed else 200)


def _forms(it: Call, stage: Stage, request: HttpRequest, refusal: Refused | None) -> dict[str, CallForm]:
    """The forms of a stage. What was sent with the deed that was refused stays in its form."""
    done = request.POST.get("do") if refusal is not None else ""

    def typed(deed: str) -> Typed | None:
        return request.POST if done == deed else None

    found: dict[str, CallForm] = {}
    match stage:
        case Stage.FIND:
            found["form"] = FindForm(typed("find"))
        case Stage.QUESTIONS:
            found["form"] = QuestionsForm(calls.asked(it), typed("answer"))
        case Stage.CODE:
            found["form"] = CodeForm(typed("code"))
            found["way_form"] = WayForm(calls.ways_of(it), typed("send"))
        case Stage.ENDS:
            found["form"] = EndForm(typed("end_on"))
        case Stage.CONFIRM:
            found["form"] = ConfirmForm({} if done == "open" else None)  # never ticked beforehand
    if it.proved_at is None and it.ended_at is None:
        found["help_form"] = HelpForm(typed("help"))
    for form in found.values():
        form.is_valid()
    return found


def _find(request: HttpRequest, staff: Staff, it: Call, at: datetime) -> CallForm | None:
    form = FindForm(request.POST)
    if not form.is_valid():
        return form
    calls.find(call=it, wanted=form.cleaned_data["wanted"], acting=staff.acting, at=at)
    return None


def _line(request: HttpRequest, staff: Staff, it: Call, at: datetime) -> None:
    number = request.POST.get("line", "")
    calls.choose(
        call=it, line_id=int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0, at=at
    )


def _answer(request: HttpRequest, staff: Staff, it: Call, at: datetime) -> CallForm | None:
    form = QuestionsForm(calls.asked(it) if it.line is not None else (), request.POST)
    if not form.is_valid():
        return form
    calls.answer(call=it, given=form.cleaned_data, at=at)
    return None


def _send(request: HttpRequest, staff: Staff, it: Call, at: datetime) -> CallForm | None:
    form = WayForm(calls.ways_of(it) if it.line is not None else (), request.POST)
    if not form.is_valid():
        return form
    calls.send_code(call=it, by=form.cleaned_data["by"], at=at)
    return None


def _code(request: HttpRequest, staff: Staff, it: Call, at: datetime) -> CallForm | None:
    form = CodeForm(request.POST)
    if not form.is_valid():
        return form
    calls.check_code(call=it, given=form.cleaned_data["code"], at=at)
    return None


def _scope(request: HttpRequest, staff: Staff, it: Call, at: datetime) -> None:
    """What shall end. What cannot end at all is refused here, with the reason."""
    calls.must_be_at(it, Stage.SEE, at=at)
    scope = request.POST.get("scope", "")
    if scope not in (LINE, ROAMING) or it.line is None:
        raise Refused("call.other_step")
    refused = why_not(it.line, scope, at)
    if refused is not None:
        raise refused
    calls.wish(call=it, scope=scope, effective="now" if scope == ROAMING else "", at=at)


def _end_on(request: HttpRequest, staff: Staff, it: Call, at: datetime) -> CallForm | None:
    calls.must_be_at(it, Stage.ENDS, at=at)
    form = EndForm(request.POST)
    if form.is_valid():
        try:
            end_of(it, form.cleaned_data["effective"], at)
        except Refused as refused:
            field = "date" if form.cleaned_data["end"] == "date" else "end"
            form.take(Refused(refused.code, **(dict(refused.facts) | {"field": field})))
        else:
            calls.wish(call=it, scope=it.scope, effective=form.cleaned_data["effective"], at=at)
            return None
    return form


def _choose_again(request: HttpRequest, staff: Staff, it: Call, at: datetime) -> None:
    """Back to the days, or to what shall end."""
    scope = it.scope if request.POST.get("to") == "ends" and it.scope == LINE else ""
    calls.wish(call=it, scope=scope, effective="", at=at)


def _open(request: HttpRequest, staff: Staff, it: Call, at: datetime) -> None:
    """Open the case, at the day and for the yen that were read aloud, and not without the caller's yes."""
    calls.must_be_at(it, Stage.CONFIRM, at=at)
    if request.POST.get("yes") != "on":
        raise Refused("call.not_yes", field="yes")
    end = end_of(it, it.effective, at)
    if request.POST.get("seen") != seen(end):
        raise Refused("quote.changed", shown_yen=0, total_yen=end.quote.get("total_yen", 0))
    calls.open_case(call=it, shown_yen=end.quote.get("total_yen", 0), acting=staff.acting, at=at)


def _help(request: HttpRequest, staff: Staff, it: Call, at: datetime) -> CallForm | None:
    form = HelpForm(request.POST)
    if not form.is_valid():
        return form
    calls.leave_to_a_person(call=it, name=form.cleaned_data["name"], reach=form.cleaned_data["reach"], at=at)
    return None


def _speak(request: HttpRequest, staff: Staff, it: Call, at: datetime) -> None:
    if request.POST.get("language") in calls_words.LANGUAGES:
        calls.speak(call=it, language=request.POST["language"], at=at)


def _again(request: HttpRequest, staff: Staff, it: Call, at: datetime) -> None:
    calls.search_again(call=it, at=at)


def _ask_again(request: HttpRequest, staff: Staff, it: Call, at: datetime) -> None:
    if not staff.may(Right.MEND):
        raise Refused("call.other_step")
    calls.let_ask_again(call=it, acting=staff.acting, at=at)


def _over(request: HttpRequest, staff: Staff, it: Call, at: datetime) -> None:
    calls_end.end(call=it, at=at)


DEEDS: dict[str, Deed] = {
    "find": _find,
    "line": _line,
    "answer": _answer,
    "send": _send,
    "code": _code,
    "scope": _scope,
    "end_on": _end_on,
    "choose_again": _choose_again,
    "open": _open,
    "help": _help,
    "speak": _speak,
    "again": _again,
    "ask_again": _ask_again,
    "over": _over,
}
"""What can be done in a call, by the name that its form sends."""
