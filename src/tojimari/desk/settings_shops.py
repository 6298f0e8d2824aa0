"""How does the administrator add a shop, change it, or close it, and see first which times and visits that concerns?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from tojimari.counter import shop_settings
from tojimari.counter.models import Shop
from tojimari.counter.shop_settings import FIELDS, Typed
from tojimari.counter.shop_words import LABELS, Text
from tojimari.counter.words import LANGUAGES
from tojimari.desk.access import Right, Staff, staff_page
from tojimari.desk.settings_shared import Asked, asked, change_shown, past
from tojimari.platform.acting import Refused
from tojimari.terminations.calling_off import call_off
from tojimari.terminations.reasons import reason_text

_LINES = ("stations", "closed_days")
_TICKS = ("closed_on_holidays", "active")
_DATES = ("opens_on", "closes_on")
_GROUPS: tuple[tuple[Text, tuple[str, ...]], ...] = (
    (gettext_lazy("Where it is"), FIELDS[: FIELDS.index("languages")]),
    (gettext_lazy("Who is there"), ("languages", "phone", "capacity", "slot_minutes")),
    (gettext_lazy("When it is open, in Japan time"), FIELDS[FIELDS.index("mon") :]),
)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form, with what was typed and what is wrong with it."""

    name: str
    label: Text
    value: str
    sort: str  # text, lines, tick, date, languages
    problem: str


@staff_page(Right.SETTINGS, personal=False)
@require_http_methods(["GET", "HEAD", "POST"])
def new_shop(request: HttpRequest, staff: Staff) -> HttpResponse:
    """A shop that is not there yet."""
    return _page(request, staff, None, request.POST.get("code", "").strip().lower())


@staff_page(Right.SETTINGS, personal=False)
@require_http_methods(["GET", "HEAD", "POST"])
def shop(request: HttpRequest, staff: Staff, shop: str) -> HttpResponse:
    """One shop, also one that takes no visits."""
    known = Shop.objects.filter(carrier=staff.carrier, code=shop).first()
    if known is None:
        raise Http404
    return _page(request, staff, known, known.code)


def _page(request: HttpRequest, staff: Staff, known: Shop | None, code: str) -> HttpResponse:
    """The form, with the preview of what it would change; nothing counts before that was seen and confirmed."""
    wanted, refusal, at = asked(request), "", timezone.now()
    now = shop_settings.of_shop(known) if known is not None else Typed()
    typed = shop_settings.normal(_sent(request.POST)) if wanted.do else now
    facts, wrong = shop_settings.read(typed) if wanted.do else ({}, {})
    if wanted.do and known is None and (problem := shop_settings.code_problem(staff.carrier, code)):
        wrong["code"] = problem
    if facts and not wrong:  # each thing in its one way of writing, so that only what differs shows as a change
        typed = shop_settings.of_shop(shop_settings.unsaved(staff.carrier, code, facts))
    if not wrong and wanted.confirms(typed.kept):
        try:
            changed = shop_settings.keep(
                carrier=staff.carrier,
                code=code,
                typed=typed,
                new=known is None,
                seen=wanted.seen,
                acting=staff.acting,
                at=at,
            )
        except Refused as refused:
            refusal = refused.code
        else:
            lost = shop_settings.lost_visits(known, facts, at=at) if known is not None else []
            given_back = call_off(lost, acting=staff.acting, at=at)
            messages.success(request, _said(changed is not None, given_back))
            return redirect("desk:settings_shop", code)
    return _show(request, staff, known, code, wanted, (now, typed), facts, wrong, refusal)


def _said(changed: bool, given_back: int) -> str:
    if not given_back:
        return _("Saved.") if changed else _("Nothing was changed.")
    return ngettext(
        "Saved. %(count)s visit was called off; the person was offered another one by mail.",
        "Saved. %(count)s visits were called off; the people were offered others by mail.",
        given_back,
    ) % {"count": given_back}


def _sent(post: Mapping[str, str]) -> dict[str, str]:
    """The fields of the form as texts; a language is a box of its own."""
    spoken = ", ".join(language for language in LANGUAGES if post.get(f"speaks_{language}"))
    ticks = {name: "yes" if post.get(name) else "" for name in _TICKS}
    return {**{name: str(post.get(name, ""))[:5000] for name in FIELDS}, "languages": spoken, **ticks}


def _show(
    request: HttpRequest,
    staff: Staff,
    known: Shop | None,
    code: str,
    wanted: Asked,
    texts: tuple[Typed, Typed],
    facts: Mapping[str, Any],
    wrong: Mapping[str, str],
    refusal: str,
) -> HttpResponse:
    now, typed = texts
    at = timezone.now()
    then = shop_settings.unsaved(staff.carrier, code, facts) if wanted.do and not wrong else known
    said = {name: " ".join(reason_text(code)) for name, code in wrong.items()}
    context = {
        "staff": staff,
        "shop": known,
        "code": code,
        "code_problem": said.get("code", ""),
        "groups": [(str(label), [_field(name, typed, said) for name in names]) for label, names in _GROUPS],
        "spoken": LANGUAGES,
        "week": shop_settings.next_week(then, at=at) if then is not None else [],
        "lost": shop_settings.lost_visits(known, facts, at=at) if known is not None and wanted.do and not wrong else [],
        "checked": bool(wanted.do) and not refusal,
        "problems": bool(wrong),
        "refusal_code": refusal,
        **change_shown(now.kept if known is not None else "", typed.kept),
        **(past(staff.carrier, shop_settings.setting(code)) if known is not None else {"seen": 0, "changes": []}),
    }
    return render(request, "desk/settings_shop.html", context, status=409 if refusal else 200)


def _field(name: str, typed: Typed, said: Mapping[str, str]) -> Field:
    sort = "lines" if name in _LINES else "tick" if name in _TICKS else "date" if name in _DATES else "text"
    return Field(
        name,
        LABELS[name],
        getattr(typed, name),
        "languages" if name == "languages" else sort,
        said.get(name, ""),
    )
