"""Whom could we not reach, with what, and why? Somebody sees to each of them, and says how."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tojimari.desk.access import Right, Staff, staff_page
from tojimari.desk.looks import shows
from tojimari.messages.models import Message
from tojimari.messages.words import SEEN_TO, standing
from tojimari.platform.acting import Refused
from tojimari.terminations.models import Termination
from tojimari.terminations.unreached import for_staff, see_to

_MOST = 100
"""How many the page lists; the longest waiting come first."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A message that did not arrive, and the case it is about."""

    message: Message
    case: Termination
    how: object
    """How it stands, in words."""


@staff_page(Right.SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def unreached(request: HttpRequest, staff: Staff) -> HttpResponse:
    """The list, and the button that ends one of them; only who helps people presses it."""
    refusal, about = "", request.POST.get("message", "")
    if request.method == "POST" and staff.may(Right.HELP):
        try:
            see_to(
                carrier_id=staff.carrier.pk,
                message_id=int(about) if about.isascii() and about.isdigit() and len(about) < 19 else 0,
                way=request.POST.get("way", ""),
                acting=staff.acting,
                at=timezone.now(),
            )
        except Refused as refused:
            refusal = refused.code
        else:
            return redirect("desk:unreached")
    entries = _entries(staff.carrier.pk)
    shows(request, *(entry.case.reference for entry in entries))
    facts = {
        "staff": staff,
        "entries": entries,
        "ways": list(SEEN_TO.items()),
        "may_see_to": staff.may(Right.HELP),
        "knows": staff.may(Right.FIND),
        "refusal_code": refusal,
        "about": about,
    }
    return render(request, "desk/unreached.html", facts, status=409 if refusal else 200)


def _entries(carrier_id: int) -> list[Entry]:
    waiting = list(for_staff(carrier_id)[:_MOST])
    cases = Termination.objects.select_related("subscriber", "line").in_bulk(
        {message.case_id for message in waiting if message.case_id is not None}
    )
    return [
        Entry(message, cases[message.case_id], standing(message)) for message in waiting if message.case_id in cases
    ]
