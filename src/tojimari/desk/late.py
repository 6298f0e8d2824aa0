"""What do staff do with a request that came in while the system was down, and that nobody could be asked to confirm?

They see what was typed, by when, and where to write; they reach the person, make sure who they are, and take the
request in with its time, refuse it with a reason that has a way on, or note what they did. Each of the three ends it,
and what was typed is wiped with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from tojimari.counter.words import METHODS
from tojimari.desk.access import Right, Staff, staff_page
from tojimari.desk.looks import shows
from tojimari.desk.searching import line_named
from tojimari.lines.models import Line
from tojimari.platform.acting import Refused
from tojimari.terminations.access import late_wish_for_staff
from tojimari.terminations.late import WAITING, answered, note_of
from tojimari.terminations.late_by_staff import Found, found, refuse, take_in_for
from tojimari.terminations.late_words import REFUSALS
from tojimari.terminations.models import LateWish
from tojimari.terminations.queries import late_wishes_for_staff
from tojimari.terminations.reasons import refusal_text

_MOST = 50


class TakeInForm(forms.Form):
    """Which line is meant, and how the person proved to be its subscriber. What is enough, the rooms below decide."""

    wanted = forms.CharField(
        label=_("Phone number, ICCID or order number of the line"),
        max_length=64,
        error_messages={"required": _("Type or scan one of them.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    method = forms.ChoiceField(
        label=_("How did they prove who they are?"), choices=[("", "–"), *METHODS.items()], required=False
    )


@staff_page(Right.CALL)
@require_http_methods(["GET", "HEAD", "POST"])
def late(request: HttpRequest, staff: Staff) -> HttpResponse:
    """The list, oldest first; a note under one of them ends it."""
    refusal = ""
    if request.method == "POST":
        wish = late_wish_for_staff(staff.carrier.pk, request.POST.get("reference", ""))
        try:
            answered(wish=wish, note=request.POST.get("note", ""), acting=staff.acting, at=timezone.now())
        except Refused as refused:
            refusal = refused.code
        else:
            return redirect("desk:late")
    facts = {"staff": staff, "waiting": late_wishes_for_staff(staff.carrier.pk)[:_MOST], "refusal_code": refusal}
    return render(request, "desk/late.html", facts, status=409 if refusal else 200)


@staff_page(Right.CALL)
@require_http_methods(["GET", "HEAD", "POST"])
def late_one(request: HttpRequest, staff: Staff, reference: str) -> HttpResponse:
    """One request: find its line, read out day and yen as at its time, and take it in; or refuse it."""
    wish, refusal = late_wish_for_staff(staff.carrier.pk, reference), ""
    if request.method == "POST" and wish.termination is not None:  # sent twice, or a colleague was faster
        return redirect("desk:case", wish.termination.reference)
    if request.method == "POST" and request.POST.get("do") == "refuse":
        try:
            refuse(wish=wish, code=request.POST.get("code", ""), acting=staff.acting, at=timezone.now())
        except Refused as refused:
            refusal = refused.code
        else:
            return redirect("desk:late")
    typed = request.POST if request.method == "POST" and request.POST.get("do") != "refuse" else None
    form, shown = TakeInForm(typed), None
    if form.is_valid():
        try:
            line = _meant(staff, form.cleaned_data["wanted"])
            shown = found(wish, line)
            shows(request, wish.reference, line_id=line.pk)
            if request.POST.get("do") == "take":
                return _take(staff, wish, line, request.POST)
        except Refused as refused:
            field = str(refused.facts.get("field", ""))
            if field in form.fields:
                form.add_error(field, refusal_text(refused))
            else:
                refusal = refused.code
    return _show(request, staff, wish, form, shown, refusal)


def _meant(staff: Staff, wanted: str) -> Line:
    """The line that was typed. Raises `Refused`: `line.unknown`, or as `line_named`."""
    line = line_named(staff, wanted, at=timezone.now())
    if line is None:
        raise Refused("line.unknown", field="wanted")
    return line


def _take(staff: Staff, wish: LateWish, line: Line, given: Mapping[str, str]) -> HttpResponse:
    case = take_in_for(
        wish=wish,
        line=line,
        method=given.get("method", ""),
        seen=given.get("seen", ""),
        acting=staff.acting,
        at=timezone.now(),
    )
    return redirect("desk:case", case.reference)


def _show(
    request: HttpRequest, staff: Staff, wish: LateWish, form: TakeInForm, shown: Found | None, refusal: str
) -> HttpResponse:
    now = timezone.now()
    facts: dict[str, Any] = {
        "staff": staff,
        "wish": wish,
        "note": note_of(wish),
        "waits": wish.state in WAITING,
        "form": form,
        "shown": shown,
        "knows": staff.may(Right.FIND),
        "past": shown is not None and shown.end.ends_at <= now,
        "refusals": [(code, text) for code, (text, _way_on) in REFUSALS.items()],
        "refusal_code": refusal,
    }
    return render(request, "desk/late_one.html", facts, status=409 if refusal else 200)
