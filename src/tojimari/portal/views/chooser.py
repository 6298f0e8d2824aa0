"""Which kind of line suits a person, and how hard is each to leave again?"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tojimari.lines.models import Carrier
from tojimari.portal.forms_ask import KindForm
from tojimari.portal.tenancy import carrier_of
from tojimari.rules.kinds import Kind, Phone, Stay, suggest
from tojimari.terminations import procedures


@dataclass(frozen=True, slots=True)
class Leaving:
    """How a kind of line is left with this carrier, by its procedure as it is now."""

    at_a_shop: bool
    at_once: bool
    business_days: int
    """The first day on which it can end, counted in business days; 0: the day of the request."""
    papers: tuple[str, ...]


def leaving(carrier: Carrier, kind: Kind) -> Leaving:
    """Return what leaving takes. No query: procedures are files."""
    spec = procedures.spec(procedures.read(carrier, kind))
    names = [step.name for step in spec.steps]
    papers = next((step.papers for step in spec.steps if step.name == "papers"), ())
    return Leaving("visit" in names, "now" in spec.offer, spec.earliest_business_days, papers)


@require_safe
def chooser(request: HttpRequest) -> HttpResponse:
    """Two questions, one suggestion with its reasons, and the other two kinds beside it. Nothing is kept."""
    carrier = carrier_of(request)
    form = KindForm(request.GET if request.GET else None)
    suggestion, kinds = None, tuple(Kind)
    if form.is_valid():
        suggestion = suggest(Stay(form.cleaned_data["stay"]), Phone(form.cleaned_data["phone"]))
        kinds = (suggestion.kind, *(kind for kind in Kind if kind != suggestion.kind))
    rows = [(kind, leaving(carrier, kind)) for kind in kinds]
    return render(request, "portal/chooser.html", {"form": form, "suggestion": suggestion, "rows": rows})
