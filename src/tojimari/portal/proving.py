"""When must somebody who looks at a case prove anew who they are, before they change it?

Whoever was let in by the link of a mail, or proved to be there more than five minutes ago, gets a code by e-mail first
(OWASP ASVS 7.5.3). Where no address is known there is nothing to send a code to: then what they have shown must do,
because nobody is kept from taking a request back.
"""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tojimari.lines.queries import email_of
from tojimari.platform.acting import Refused
from tojimari.portal import asking
from tojimari.portal.visitor import Visitor
from tojimari.terminations.models import Termination
from tojimari.terminations.reasons import refusal_text


def must_prove(who: Visitor, at: datetime) -> bool:
    """Whether a code has to be answered before this visitor changes anything."""
    return not who.is_fresh(at) and bool(email_of(who.subscriber_id))


def code_first(request: HttpRequest, case: Termination, *, after: str, at: datetime) -> HttpResponse:
    """Send a code and lead to the page that takes it; from there the way goes on to `after`, a page of this site."""
    wish = asking.for_line(case.carrier, case.line, typed=f"…{case.line.iccid[-4:]}", by=asking.EMAIL, after=after)
    try:
        asking.ask(request, wish, at=at)
    except Refused as refused:
        messages.error(request, refusal_text(refused))
    return redirect("portal:code")
