"""How does a person show that a line is theirs, without a password?

They type whatever they have of it and get a code by e-mail, or by SMS with the order number (`portal.asking` says why).
What cannot be the name of a line is said beside the field; everything else leads on, whether such a line exists or not.
Whoever gets no further here goes on to `views.help`, where the way ends at a person.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from tojimari.lines.access import line_by_identifier
from tojimari.lines.models import Carrier, Line, LineState
from tojimari.platform.acting import Refused
from tojimari.platform.config import config
from tojimari.portal import asking, visitor
from tojimari.portal.asking import Asked
from tojimari.portal.forms import CodeForm, SignInForm
from tojimari.portal.tenancy import carrier_of
from tojimari.terminations.reasons import refusal_text

log = structlog.get_logger(__name__)

_CAME_BY = "came_by"
DEMO_CARRIER = "demo"
"""Short name of the carrier whose lines and people are invented."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask which line it is. Any answer that could be one leads to the page for the code."""
    form = SignInForm(request.POST or None, sms=asking.sms_is_offered())
    after = visitor.own_path(request, request.POST.get("next") or request.GET.get("next") or "")
    if form.is_valid():
        typed, carrier = form.cleaned_data["identifier"].strip(), carrier_of(request)
        line = line_by_identifier(carrier, typed)
        wish = asking.for_line(carrier, line, typed=typed, by=form.cleaned_data["by"], after=after)
        try:
            asking.ask(request, wish, at=timezone.now())
        except Refused as refused:
            form.add_error("identifier", refusal_text(refused))
        else:
            return redirect("portal:code")
    facts = {"form": form, "next": after, "demo_lines": _demo_lines(carrier_of(request))}
    return render(request, "portal/sign_in.html", facts)


def _demo_lines(carrier: Carrier) -> list[Line]:
    """What a visitor of the demonstration may type: lines of the carrier that is one, and of no other."""
    if not config().demo or carrier.slug != DEMO_CARRIER:
        return []
    return list(Line.objects.filter(carrier=carrier, state=LineState.ACTIVE).exclude(msisdn="").order_by("pk")[:4])


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Take the code. A wrong one is said next to the field; nothing that was typed is lost."""
    wish = asking.asked(request)
    if wish is None:
        return redirect("portal:sign_in")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            right = asking.is_right(request, wish, form.cleaned_data["code"], at=timezone.now())
        except Refused as refused:
            log.warning("sign_in.refused", code=refused.code)
            form.add_error("code", refusal_text(refused))
        else:
            if right and wish.subscriber is not None:
                return _enter(request, wish, wish.subscriber)
            log.warning("sign_in.wrong_code")
            form.add_error("code", refusal_text(Refused("code.wrong")))
    return _code_page(request, wish, form)


def _enter(request: HttpRequest, wish: Asked, subscriber_id: int) -> HttpResponse:
    by = asking.SMS if wish.by == asking.SMS else asking.EMAIL
    visitor.sign_in(request, subscriber_id=subscriber_id, at=timezone.now(), by=by)
    asking.forget(request)
    request.session[_CAME_BY] = {"by": wish.by, "to": wish.to if wish.by == asking.PAPERS else ""}
    log.info("sign_in.done", subscriber=subscriber_id, by=wish.by)
    return redirect(wish.next or "portal:lines")


def _code_page(request: HttpRequest, wish: Asked, form: CodeForm, **more: Any) -> HttpResponse:
    return render(request, "portal/code.html", {"form": form, "asked": wish, "next": wish.next} | more)


@require_POST
def code_again(request: HttpRequest) -> HttpResponse:
    """Send a new code for what was typed before; the one before stops working."""
    wish = asking.asked(request)
    if wish is None:
        return redirect("portal:sign_in")
    try:
        asking.ask(request, wish, at=timezone.now())
    except Refused as refused:
        return _code_page(request, wish, CodeForm(), trouble=refusal_text(refused))
    return _code_page(request, wish, CodeForm(), sent_again=True)


def ask_for_fresh_code(
    request: HttpRequest, line: Line, *, back: str, effective: str, at: datetime, stop: bool = False
) -> HttpResponse:
    """Ask somebody who is signed in for a new code, and lead them back to where they were, with their choice kept."""
    end = {"end": "date", "date": effective} if effective[:1].isdigit() and "-" in effective else {"end": effective}
    kept = end | ({"stop": "1"} if stop else {})
    return fresh_code(request, line, after=f"{reverse(back, args=[line.pk])}?{urlencode(kept)}", at=at)


def fresh_code(request: HttpRequest, line: Line, *, after: str, at: datetime) -> HttpResponse:
    """Ask somebody who is signed in for a new code; from there the way goes on to `after`, a page of this site."""
    wish = as_they_came(request, line, after=after)
    try:
        asking.ask(request, wish, at=at)
    except Refused as refused:
        return _code_page(request, wish, CodeForm(), trouble=refusal_text(refused))
    return redirect("portal:code")


def as_they_came(request: HttpRequest, line: Line, *, after: str = "") -> Asked:
    """A wish for a code to somebody who is signed in, on the way on which they came in. Sends nothing yet.

    Who has no e-mail gets it by SMS again, and who named an address gets it there.
    """
    came = request.session.get(_CAME_BY, {"by": asking.EMAIL, "to": ""})
    plain = asking.for_line(line.carrier, line, typed=f"…{line.iccid[-4:]}", by=came["by"], after=after)
    return asking.to_known(plain, came["to"])


def enter_by_passkey(request: HttpRequest, subscriber_id: int) -> None:
    """Remember who signed in by passkey. How an earlier visitor of this browser came in is not theirs."""
    visitor.sign_in(request, subscriber_id=subscriber_id, at=timezone.now(), by=visitor.PASSKEY)
    asking.forget(request)
    request.session.pop(_CAME_BY, None)
    log.info("sign_in.done", subscriber=subscriber_id, by=visitor.PASSKEY)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Forget who this was."""
    visitor.sign_out(request)
    return redirect("portal:front")
