"""How does the carrier's administrator change its settings, see what a change means, and what was before?"""

from __future__ import annotations

from collections.abc import Mapping
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
from tojimari.desk.settings_shared import BACK, SAVE, asked, change_shown, past
from tojimari.lines import reach
from tojimari.messages import own_texts
from tojimari.platform.acting import Refused
from tojimari.terminations import own_procedures, procedure_form, procedure_words, procedures
from tojimari.terminations.models import Actor, CaseKind
from tojimari.terminations.own_procedures import check, plain
from tojimari.terminations.procedures import Origin, ProcedureSpec, StepSpec
from tojimari.terminations.reasons import reason_text
from tojimari.terminations.review_words import looked_for
from tojimari.terminations.words import CASE_KINDS, STEPS


@dataclass(frozen=True, slots=True)
class InWords:
    """One step of a procedure as its readers understand it."""

    name: words.Text
    actor: words.Text
    step: StepSpec
    waived: list[words.Text]


@dataclass(frozen=True, slots=True)
class NumberField:
    """One number of the small form."""

    name: str
    label: words.Text
    value: str
    problem: str


@dataclass(frozen=True, slots=True)
class ListField:
    """One list of the small form: code, name and tick of each choice."""

    name: str
    label: words.Text
    choices: list[tuple[str, str, bool]]


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

    Nothing counts before its preview was seen and confirmed, and nothing that is wrong can be saved.
    """
    if kind not in CaseKind.values:
        raise Http404
    wanted = asked(request)
    typed = _wanted_text(request, staff, kind, wanted.do)
    text, wrong = typed if typed is not None else ("", {})
    refusal = ""
    if typed is not None and (wanted.confirms(text) or (wanted.do == SAVE and check(kind, text)[1])):
        try:
            changed = own_procedures.keep(
                carrier=staff.carrier,
                kind=kind,
                text="" if wanted.do == BACK else text or "-",
                seen=wanted.seen,
                acting=staff.acting,
                at=timezone.now(),
            )
        except Refused as refused:
            refusal = refused.code
        else:
            messages.success(request, _("Saved.") if changed is not None else _("Nothing was changed."))
            return redirect("desk:procedure", kind)
    return _show(request, staff, kind, None if typed is None else text, wrong, refusal)


def _wanted_text(request: HttpRequest, staff: Staff, kind: str, do: str) -> tuple[str, dict[str, str]] | None:
    """The text that is to be looked at or saved, and what is wrong in the small form; None where nothing was sent."""
    if not do:
        return None
    if do == BACK:
        return plain(procedures.shipped(staff.carrier.slug, kind).text), {}
    text = plain(request.POST.get("text", ""))
    if "fill_in" not in request.POST or len(text) > own_procedures.MOST:
        return text, {}
    filled, wrong = procedure_form.filled_in(text, request.POST.dict(), dict(request.POST.lists()))
    return plain(filled), wrong


def _show(
    request: HttpRequest, staff: Staff, kind: str, typed: str | None, wrong: Mapping[str, str], refusal: str
) -> HttpResponse:
    """The page, with what was typed and what is wrong with it or what it would change."""
    now = procedures.source(staff.carrier, kind)
    text = typed if typed is not None else plain(now.text)
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
        "deed": BACK if asked(request).do == BACK else SAVE,
        "text": text,
        "rows": min(max(text.count("\n") + 2, 20), 60),
        "checked": typed is not None and not wrong,
        "problems": problems,
        "offer": found.offer if found else (),
        "steps": _in_words(found) if found else [],
        "review": _review(found) if found else [],
        "numbers": _numbers(request, found, wrong) if found else [],
        "lists": _lists(found) if found else [],
        "refusal_code": refusal,
        **change_shown(plain(now.text), text),
        **past(staff.carrier, procedures.setting(kind)),
    }
    return render(request, "desk/procedure.html", facts, status=409 if refusal else 200)


def _numbers(request: HttpRequest, found: ProcedureSpec, wrong: Mapping[str, str]) -> list[NumberField]:
    """The numbers of the small form; one that could not be read stays as it was typed."""
    return [
        NumberField(
            one.name,
            procedure_words.NUMBERS[one.name],
            request.POST.get(one.name, "")[:20] if one.name in wrong else str(one.value),
            " ".join(reason_text(wrong[one.name])) if one.name in wrong else "",
        )
        for one in procedure_form.numbers(found)
    ]


def _lists(found: ProcedureSpec) -> list[ListField]:
    """The lists of the small form, each choice with its name and whether it counts."""
    limits = found.review.limits
    return [
        ListField(
            name,
            procedure_words.LISTS[name],
            [(one, procedure_words.choice(name, one, limits), one in chosen) for one in choices],
        )
        for name, (choices, chosen) in procedure_form.lists(found).items()
    ]


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
