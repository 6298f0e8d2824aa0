"""How does the administrator write the carrier's own mails and SMS? Each text and language by itself, with preview."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tojimari.desk.access import Right, Staff, staff_page
from tojimari.desk.settings_shared import BACK, SAVE, Asked, asked, change_shown, past
from tojimari.lines.reach import official_hosts
from tojimari.messages import own_texts
from tojimari.messages.checking import with_check
from tojimari.messages.examples import EXAMPLES, REFERENCE
from tojimari.messages.html import preview as as_page
from tojimari.messages.own_texts import BY_SMS, LANGUAGES, BrokenText, Own, Problem
from tojimari.messages.own_words import TEXTS, Text, problem
from tojimari.messages.segments import segments
from tojimari.messages.texts import Written
from tojimari.platform.acting import Refused

ABOUT_NO_CASE = frozenset({"code_by_sms", "call_code_by_sms"})
"""SMS that bear no line by which they are checked: somebody asked for a code a minute ago."""


@dataclass(frozen=True, slots=True)
class Row:
    """One text in the list, with its languages and whether each is in the carrier's own words."""

    name: str
    label: Text
    languages: list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Placeholder:
    """One thing that is filled in."""

    name: str
    example: str
    needed: bool

    @property
    def braced(self) -> str:
        return "{" + self.name + "}"


@staff_page(Right.SETTINGS, personal=False)
@require_http_methods(["GET", "HEAD"])
def text_list(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Every text, and in which languages the carrier has words of its own."""
    own = own_texts.now_said(staff.carrier.pk)
    rows = [
        Row(name, TEXTS[name], [(language, (name, language) in own) for language in LANGUAGES]) for name in EXAMPLES
    ]
    return render(request, "desk/settings_texts.html", {"staff": staff, "rows": rows})


@staff_page(Right.SETTINGS, personal=False)
@require_http_methods(["GET", "HEAD", "POST"])
def text(request: HttpRequest, staff: Staff, name: str, language: str) -> HttpResponse:
    """One text in one language: what is said now, fields to change it, how it would arrive, and all changes until now.

    Nothing counts before its preview was seen and confirmed, and nothing that is wrong can be saved.
    """
    if name not in EXAMPLES or language not in LANGUAGES:
        raise Http404
    wanted, refusal = asked(request), ""
    typed = Own.typed(request.POST.get("subject", ""), request.POST.get("body", "")) if wanted.do else None
    if wanted.do == BACK:
        typed = own_texts.standard(name, language)
    if typed is not None and wanted.confirms(typed.kept):
        try:
            changed = own_texts.keep(
                carrier=staff.carrier,
                name=name,
                language=language,
                own=None if wanted.do == BACK else typed,
                seen=wanted.seen,
                acting=staff.acting,
                at=timezone.now(),
            )
        except Refused as refused:
            refusal = refused.code
        else:
            messages.success(request, _("Saved.") if changed is not None else _("Nothing was changed."))
            return redirect("desk:settings_text", name, language)
    return _show(request, staff, name, language, wanted, typed, refusal)


def _show(
    request: HttpRequest, staff: Staff, name: str, language: str, wanted: Asked, typed: Own | None, refusal: str
) -> HttpResponse:
    own, standard = own_texts.now_said(staff.carrier.pk).get((name, language)), own_texts.standard(name, language)
    now = own or standard
    text = typed or now
    problems = own_texts.check(name, text, official_hosts(staff.carrier)) if typed is not None else []
    needed = own_texts.needed(name)
    preview = None if problems else _preview(staff, name, language, text)
    facts = {
        "staff": staff,
        "name": name,
        "label": TEXTS[name],
        "language": language,
        "sms": name in BY_SMS,
        "text": text,
        "rows": min(max(text.body.count("\n") + 2, 6 if name in BY_SMS else 14), 40),
        "may_go_back": own is not None,
        "placeholders": [
            Placeholder(hole, example, hole in needed)
            for hole, example in own_texts.facts_of(name, language, staff.carrier).items()
        ],
        "checked": wanted.do != "" and not refusal,
        "deed": BACK if wanted.do == BACK else SAVE,
        "subject_problems": _said(problems, "subject"),
        "body_problems": _said(problems, "body"),
        "problems": problems,
        "preview": preview,
        "page": as_page(preview.body) if preview is not None and name not in BY_SMS else "",
        "cut": segments(_whole(staff, name, preview)) if preview is not None and name in BY_SMS else None,
        "refusal_code": refusal,
        **change_shown(now.kept, text.kept),
        **past(staff.carrier, own_texts.setting(name, language)),
    }
    return render(request, "desk/settings_text.html", facts, status=409 if refusal else 200)


def _preview(staff: Staff, name: str, language: str, text: Own) -> Written | None:
    """How it arrives; nothing for words that do not fit any more, of which the log knows."""
    try:
        return own_texts.shown(staff.carrier, name, language, text)
    except BrokenText:
        return None


def _whole(staff: Staff, name: str, preview: Written) -> str:
    """The SMS with the line by which it is checked, which each one about a case has."""
    return preview.body if name in ABOUT_NO_CASE else with_check(preview.body, staff.carrier, f"{REFERENCE}-0000")


def _said(problems: list[Problem], field: str) -> list[tuple[int, str]]:
    """What is wrong in a field: the row, 0 for the whole field, and the reason."""
    return [(one.row, problem(one)) for one in problems if one.field == field]
