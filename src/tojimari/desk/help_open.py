"""How do staff open a case for somebody who asked for help, because no code reaches them?

One page, from the top: find the line and identify the person, let them read out the code that went to their new
address, read out day and yen, open. Where the carrier's rule asks for two people, a colleague does the last of these.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from tojimari.codes.help import closed_requests, written_in
from tojimari.codes.models import HelpRequest, HelpState
from tojimari.counter.papers import fields
from tojimari.counter.words import SHOWN
from tojimari.desk.access import Right, Staff, names_of, staff_page
from tojimari.desk.forms import field_named
from tojimari.desk.looks import shows
from tojimari.desk.searching import line_named
from tojimari.lines.models import Line
from tojimari.platform.acting import Refused
from tojimari.terminations import opened_by_staff
from tojimari.terminations.late import EARLIEST
from tojimari.terminations.opened_by_staff import Prepared
from tojimari.terminations.reasons import refusal_text

_MOST = 200
"""How many closed requests the auditor's page lists; the newest come first."""

ENDS = {
    "earliest": ("line", EARLIEST, _("As early as possible")),
    "month-end": ("line", "month-end", _("At the end of the month")),
    "roaming": ("roaming", "now", _("Only turn roaming off; the line stays")),
}


class PrepareForm(forms.Form):
    """Which line, what shall end, by which papers the person is known, and where else they can be reached."""

    wanted = forms.CharField(
        label=_("Phone number, ICCID or order number of the line"),
        max_length=64,
        error_messages={"required": _("Type or scan one of them.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    end = forms.ChoiceField(
        label=_("What shall end, and when?"),
        choices=[("", "–"), *((key, text) for key, (_scope, _effective, text) in ENDS.items())],
        error_messages={"required": _("Choose when it shall end.")},
    )
    email = forms.CharField(
        label=_("Another e-mail address, at which the person reads mail now"),
        max_length=254,
        error_messages={"required": _("Without an address we cannot write to them.")},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def ask_for(self, line: Line) -> None:
        """Add the papers that this carrier asks for. They are seen, and nothing that is written in them is kept."""
        scope, _effective, _text = ENDS[self.cleaned_data["end"]]
        for name in fields("papers", opened_by_staff.papers_for(line, scope)):
            if name != "note":
                self.fields[name] = field_named(name)

    def take(self, refused: Refused) -> bool:
        """Put a refusal beside the field it names; False when it names none of ours."""
        field = str(refused.facts.get("field", ""))
        if field not in self.fields:
            return False
        self.add_error(field, refusal_text(refused))
        return True


@staff_page(Right.CALL)
@require_http_methods(["GET", "HEAD", "POST"])
def help_open(request: HttpRequest, staff: Staff, reference: str) -> HttpResponse:
    """Prepare, check the address, open: whatever is next for this request."""
    asked = HelpRequest.objects.filter(carrier=staff.carrier, reference=reference).first()
    if asked is None or not staff.may(Right.HELP):
        raise Http404
    form, refusal, wrong = PrepareForm(), "", ""
    if request.method == "POST" and asked.state == HelpState.OPEN:
        form, deed = PrepareForm(request.POST), request.POST.get("do", "")
        try:
            match deed:
                case "code":
                    form = PrepareForm()
                    opened_by_staff.check_address(
                        request=asked, given=request.POST.get("code", ""), acting=staff.acting, at=timezone.now()
                    )
                    return redirect("desk:help_open", reference)
                case "open":
                    form = PrepareForm()
                    return _open(staff, asked, request.POST)
                case _:
                    if _prepared(staff, asked, form):
                        return redirect("desk:help_open", reference)
        except Refused as refused:
            if deed == "code":
                wrong = refusal_text(refused)
            elif not form.is_bound or not form.take(refused):
                refusal = refusal_text(refused)
        asked.refresh_from_db()
    return _show(request, staff, asked, form, refusal=refusal, wrong=wrong)


def _prepared(staff: Staff, asked: HelpRequest, form: PrepareForm) -> bool:
    """Identify the person; False while the form is not whole. Raises `Refused`."""
    if not form.is_valid():
        return False
    line = line_named(staff, form.cleaned_data["wanted"], at=timezone.now())
    if line is None:
        raise Refused("line.unknown", field="wanted")
    form.ask_for(line)
    scope, effective, _text = ENDS[form.cleaned_data["end"]]
    given = {name: str(form.data.get(name, "")) for name in form.fields}
    opened_by_staff.prepare(
        request=asked,
        line=line,
        scope=scope,
        effective=effective,
        email=form.cleaned_data["email"],
        given=given,
        acting=staff.acting,
        at=timezone.now(),
    )
    return True


def _open(staff: Staff, asked: HelpRequest, given: Mapping[str, str]) -> HttpResponse:
    found = opened_by_staff.prepared(asked)
    line = _line(staff, found)
    if line is None:
        raise Refused("help.not_prepared")
    yen = given.get("yen", "")
    case = opened_by_staff.open_case(
        request=asked,
        line=line,
        seen=given.get("seen", ""),
        shown_yen=int(yen) if yen.isascii() and yen.isdecimal() else -1,
        acting=staff.acting,
        at=timezone.now(),
    )
    return redirect("desk:case", case.reference)


def _line(staff: Staff, found: Prepared | None) -> Line | None:
    if found is None:
        return None
    lines = Line.objects.select_related("carrier", "subscriber", "plan")
    return lines.filter(pk=found.line_id, carrier=staff.carrier).first()


def _show(
    request: HttpRequest, staff: Staff, asked: HelpRequest, form: PrepareForm, *, refusal: str, wrong: str
) -> HttpResponse:
    found = opened_by_staff.prepared(asked)
    line, end = _line(staff, found), None
    if line is not None:
        shows(request, asked.reference, line_id=line.pk)
    if found is not None and line is not None and asked.state == HelpState.OPEN:
        try:
            end = opened_by_staff.end_for(asked, line, found)
        except Refused as refused:
            refusal = refusal or refusal_text(refused)
    facts: dict[str, Any] = {
        "staff": staff,
        "asked": asked,
        "written": written_in(asked),
        "form": form,
        "prepared": found,
        "seen": opened_by_staff.print_of(asked),
        "papers": [SHOWN.get(kind, kind) for kind in found.papers] if found is not None else [],
        "line": line,
        "end": end,
        "past": end is not None and end.ends_at <= timezone.now(),
        "mine": asked.prepared_by == str(staff.acting),
        "names": names_of([asked.prepared_by]),
        "refusal": refusal,
        "wrong": wrong,
    }
    return render(request, "desk/help_open.html", facts, status=409 if refusal else 200)


@staff_page(Right.AUDIT, personal=False)
@require_safe
def help_closed(request: HttpRequest, staff: Staff) -> HttpResponse:
    """What became of requests for help: when, by whom, and which case came of it. Nobody's words stand here."""
    rows = list(closed_requests(staff.carrier.pk)[:_MOST])
    names = names_of(actor for one in rows for actor in (one.handled_by, one.prepared_by))
    return render(request, "desk/help_closed.html", {"staff": staff, "rows": rows, "names": names})
