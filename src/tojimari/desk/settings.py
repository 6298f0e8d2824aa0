"""How does the carrier's administrator change its settings, see what a change means, and what was before?"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tojimari.counter.models import Shop
from tojimari.desk import words
from tojimari.desk.access import Right, Staff, staff_page
from tojimari.desk.settings_shared import number, past
from tojimari.lines import reach
from tojimari.messages import own_texts
from tojimari.platform.acting import Refused
from tojimari.terminations import own_procedures, procedures
from tojimari.terminations.models import Actor, CaseKind
from tojimari.terminations.own_procedures import check, difference, plain
from tojimari.terminations.procedures import Origin, ProcedureSpec, StepSpec
from tojimari.terminations.review_words import looked_for
from tojimari.terminations.words import CASE_KINDS, STEPS


@dataclass(frozen=True, slots=True)
class InWords:
    """One step of a procedure as its readers understand it."""

    name: words.Text
    actor: words.Text
    step: StepSpec
    waived: list[words.Text]


@staff_page(Right.SETTINGS, personal=False)
@require_http_methods(["GET", "HEAD"])
def settings(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Which settings there are, and what counts now."""
    carrier = staff.carrier
    facts = {
        "staff": staff,
        "procedures": [(kind, name, procedures.source(carrier, kind)) for kind, name in CASE_KINDS.items()],
        "shops": Shop.objects.filter(carrier=carrier).order_by("code"),
        "hotlines": reach.hotlines(carrier),
        "hosts": reach.official_hosts(carrier),
        "own_texts": len(own_texts.now_said(carrier.pk)),
    }
    return render(request, "desk/settings.html", facts)


@staff_page(Right.SETTINGS, personal=False)
@require_http_methods(["GET", "HEAD", "POST"])
def procedure(request: HttpRequest, staff: Staff, kind: str) -> HttpResponse:
    """One procedure: what counts now, a field to change it, what the change would mean, and all changes until now.

    Nothing counts before it was saved, and nothing that is wrong can be saved.
    """
    if kind not in CaseKind.values:
        raise Http404
    refusal = ""
    if request.method == "POST" and request.POST.get("do") in ("save", "back"):
        text = request.POST.get("text", "") if request.POST["do"] == "save" else ""
        try:
            if request.POST["do"] == "save" and not text.strip():
                raise Refused("procedure.wrong")
            changed = own_procedures.keep(
                carrier=staff.carrier,
                kind=kind,
                text=text,
                seen=number(request.POST.get("seen", "")),
                acting=staff.acting,
                at=timezone.now(),
            )
        except Refused as refused:
            refusal = refused.code
        else:
            messages.success(request, _("Saved.") if changed is not None else _("Nothing was changed."))
            return redirect("desk:procedure", kind)
    return _show(request, staff, kind, refusal)


def _show(request: HttpRequest, staff: Staff, kind: str, refusal: str) -> HttpResponse:
    """The page, with what was typed and what is wrong with it or what it would change."""
    now = procedures.source(staff.carrier, kind)
    typed = request.POST.get("text") if request.method == "POST" and request.POST.get("do") != "back" else None
    text = plain(typed if typed is not None else now.text)
    found, problems = check(kind, text)
    facts = {
        "staff": staff,
        "kind": kind,
        "name": CASE_KINDS[kind],
        "origin": now.origin,
        "origin_text": words.ORIGINS[now.origin],
        "file": now.where if now.origin == Origin.FILE else "",
        "may_change": now.origin != Origin.FILE,
        "may_go_back": now.origin == Origin.DESK,
        "text": text,
        "rows": min(max(text.count("\n") + 2, 20), 60),
        "checked": typed is not None,
        "problems": problems,
        "difference": difference(plain(now.text), text),
        "offer": found.offer if found else (),
        "steps": _in_words(found) if found else [],
        "review": _review(found) if found else [],
        "refusal_code": refusal,
        **past(staff.carrier, procedures.setting(kind)),
    }
    return render(request, "desk/procedure.html", facts, status=409 if refusal else 200)


def _in_words(found: ProcedureSpec) -> list[InWords]:
    return [
        InWords(
            name=(words.STEPS.get(step.name, "") if step.actor == Actor.STAFF else "") or STEPS[step.name],
            actor=words.ACTORS[step.actor],
            step=step,
            waived=[words.CHANNELS[channel] for channel in step.waived_for],
        )
        for step in found.steps
    ]


def _review(found: ProcedureSpec) -> list[str]:
    """What the review rule looks for, where the procedure has a review."""
    if not any(step.name == "review" for step in found.steps):
        return []
    return looked_for({"look_at": found.review.look_at, **found.review.limits})
