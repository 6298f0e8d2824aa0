"""How does the administrator enter hotlines and official domains, and see what customers will be shown?"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tojimari.counter.words import LANGUAGES as SPOKEN
from tojimari.desk.access import Right, Staff, staff_page
from tojimari.desk.settings_shared import asked, change_shown, past
from tojimari.guide.links import judge
from tojimari.lines import reach
from tojimari.lines.reach import FROM, LANGUAGES, Hotline
from tojimari.lines.reach_words import FROM as FROM_WORDS
from tojimari.platform.acting import Refused
from tojimari.terminations.reasons import refusal_text

SPARE = 2
"""How many empty rows the form for hotlines has."""

CLASHES = ("settings.changed",)
"""Refusals that are about no field."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the form for hotlines, as typed, and what is wrong with it."""

    place: int
    hotline: Hotline
    problem: str


@staff_page(Right.SETTINGS, personal=False)
@require_http_methods(["GET", "HEAD", "POST"])
def domains(request: HttpRequest, staff: Staff) -> HttpResponse:
    """The domains that are the carrier's own besides the portal's names; nothing counts before its preview was seen."""
    carrier, wanted, refused_as = staff.carrier, asked(request), None
    now = "\n".join(reach.domains(carrier.pk))
    typed = request.POST.get("domains", "") if wanted.do else now
    found = now.splitlines()
    try:
        found = reach.check_domains(carrier, typed[:10_000])
        if wanted.confirms("\n".join(found)):
            changed = reach.set_domains(
                carrier=carrier, typed=typed, seen=wanted.seen, acting=staff.acting, at=timezone.now()
            )
            messages.success(request, _("Saved.") if changed is not None else _("Nothing was changed."))
            return redirect("desk:settings_domains")
    except Refused as refused:
        refused_as = refused
    clash = refused_as is not None and refused_as.code in CLASHES
    ours, language = [*carrier.hosts, *found], get_language() or "en"
    pasted = " ".join(f"https://{host}/ {host.replace('.', '-')}.example" for host in found[:3])
    facts = {
        "staff": staff,
        "typed": typed,
        "rows": min(max(typed.count("\n") + 2, 4), reach.MOST + 2),
        "hosts": carrier.hosts,
        "ours": ours,
        "answers": judge(pasted, {}, language=language, own_name=carrier.name(language), own_hosts=ours),
        "checked": bool(wanted.do) and not clash,
        "problems": refused_as is not None and not clash,
        "problem": refusal_text(refused_as) if refused_as is not None and not clash else "",
        "wrong": refused_as.facts.get("domain", "") if refused_as is not None else "",
        "refusal_code": refused_as.code if refused_as is not None and clash else "",
        **change_shown(now, "\n".join(found)),
        **past(carrier, reach.DOMAINS),
    }
    return render(request, "desk/settings_domains.html", facts, status=409 if clash else 200)


@staff_page(Right.SETTINGS, personal=False)
@require_http_methods(["GET", "HEAD", "POST"])
def hotlines(request: HttpRequest, staff: Staff) -> HttpResponse:
    """The numbers at which people answer; nothing counts before its preview was seen."""
    carrier, wanted, refused_as = staff.carrier, asked(request), None
    now = reach.hotlines(carrier)
    typed = _typed(request) if wanted.do else now
    found = now
    try:
        found = reach.check_hotlines([one for one in typed if one.number.strip()])
        if wanted.confirms(reach.kept_hotlines(found)):
            changed = reach.set_hotlines(
                carrier=carrier, wanted=found, seen=wanted.seen, acting=staff.acting, at=timezone.now()
            )
            messages.success(request, _("Saved.") if changed is not None else _("Nothing was changed."))
            return redirect("desk:settings_hotlines")
    except Refused as refused:
        refused_as = refused
    clash = refused_as is not None and refused_as.code in CLASHES
    facts = {
        "staff": staff,
        "rows": _rows(typed, None if clash else refused_as),
        "froms": FROM_WORDS,
        "spoken": [(language, SPOKEN[language]) for language in LANGUAGES],
        "found": found,
        "checked": bool(wanted.do) and not clash,
        "problems": refused_as is not None and not clash,
        "refusal_code": refused_as.code if refused_as is not None and clash else "",
        **change_shown(reach.kept_hotlines(now), reach.kept_hotlines(found)),
        **past(carrier, reach.HOTLINE),
    }
    return render(request, "desk/settings_hotlines.html", facts, status=409 if clash else 200)


def _typed(request: HttpRequest) -> list[Hotline]:
    """The rows of the form as they were sent, without those that were left empty."""
    found = []
    for place in range(reach.MOST + SPARE):
        number, hours = (request.POST.get(f"{name}_{place}", "")[:200] for name in ("number", "hours"))
        called_from = request.POST.get(f"from_{place}", "")
        languages = tuple(language for language in LANGUAGES if request.POST.get(f"{language}_{place}"))
        if number.strip():
            found.append(Hotline(number, called_from if called_from in FROM else "anywhere", hours, languages))
    return found


def _rows(typed: list[Hotline], refused: Refused | None) -> list[Row]:
    wrong = refused.facts.get("row", 0) if refused is not None else -1
    rows = [*typed, *[Hotline("")] * SPARE][: reach.MOST + SPARE]
    said = refusal_text(refused) if refused is not None else ""
    return [Row(place, one, said if place == wrong else "") for place, one in enumerate(rows)]
