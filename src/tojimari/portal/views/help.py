"""Where does somebody go who gets no code: SIM dead or lost, mailbox gone, already abroad?

First, another proof: the order number, the end of the number on the card, and the e-mail address on the order. Together
they are worth as much as the line itself, and the code still goes to an address that was known before. The risk: who
has read the order mail knows two of the three, but must have that mailbox too, which opens the line anyway (NIST SP
800-63B-4 4.2.1 allows recovery of this kind where its risk is written down). Whatever is typed, the answer is the same.

Second, a person. That asks for no proof and opens nothing; it is a note to staff with a time by which they answer.
"""

from __future__ import annotations

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tojimari.codes.help import Written, ask_for_help
from tojimari.lines.access import line_by_papers
from tojimari.platform.acting import Refused
from tojimari.portal import asking, visitor
from tojimari.portal.forms import HelpForm, PapersForm
from tojimari.portal.tenancy import carrier_of
from tojimari.terminations.reasons import refusal_text

log = structlog.get_logger(__name__)

_KEY = "asked_for_help"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def help_in(request: HttpRequest) -> HttpResponse:
    """Take the three things that name a line together, and go on to the page for the code."""
    form, carrier = PapersForm(request.POST or None), carrier_of(request)
    after = visitor.own_path(request, request.POST.get("next") or request.GET.get("next") or "")
    if form.is_valid():
        given = form.cleaned_data
        known = line_by_papers(carrier, order=given["order"], card_end=given["card"], email=given["email"])
        try:
            wish = asking.for_papers(carrier, known, order=given["order"], after=after)
            asking.ask(request, wish, at=timezone.now())
        except Refused as refused:
            form.add_error("email", refusal_text(refused))
        else:
            return redirect("portal:code")
    return render(request, "portal/help.html", {"form": form, "next": after})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def help_person(request: HttpRequest) -> HttpResponse:
    """Take a request for help, and show when it will be answered. The way here never ends at a wall."""
    form, carrier, trouble = HelpForm(request.POST or None), carrier_of(request), ""
    if form.is_valid():
        given = form.cleaned_data
        try:
            asked = ask_for_help(
                carrier_id=carrier.pk,
                language=get_language() or "ja",
                written=Written(given["name"], given["reach"], given["reasons"], given["text"]),
                address=request.META.get("REMOTE_ADDR", ""),
                at=timezone.now(),
            )
        except Refused as refused:
            trouble = refusal_text(refused)
        else:
            log.info("help.asked", reference=asked.reference)
            request.session[_KEY] = {
                "reference": asked.reference,
                "asked_at": asked.asked_at.isoformat(),
                "promised_by": asked.promised_by.isoformat(),
            }
            return redirect("portal:help_asked")
    return render(request, "portal/help_person.html", {"form": form, "trouble": trouble})


@never_cache
@require_safe
def help_asked(request: HttpRequest) -> HttpResponse:
    """What this browser last asked for: reference, time, and by when a person answers."""
    asked = request.session.get(_KEY)
    return redirect("portal:help_in") if asked is None else render(request, "portal/help_asked.html", asked)
