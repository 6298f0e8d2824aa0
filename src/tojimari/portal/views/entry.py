"""How does a person show that a line is theirs, without a password?

They type whatever they have of it and get a code by mail. What is answered, and what is done for the answer, is the
same whether the line exists or not (OWASP ASVS 6.3.8): a line that nobody knows gets codes too, only that they are
never sent. A code works in the browser that asked for it and nowhere else.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import structlog
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from tojimari.codes import actions as codes
from tojimari.lines.access import line_by_identifier
from tojimari.lines.models import Carrier, Line, LineState
from tojimari.lines.queries import email_of
from tojimari.messages import texts
from tojimari.messages.actions import Letter, put
from tojimari.messages.models import MessageKind
from tojimari.platform.acting import Refused
from tojimari.platform.config import config
from tojimari.portal import visitor
from tojimari.portal.forms import CodeForm, SignInForm
from tojimari.portal.tenancy import carrier_of
from tojimari.rules.identifiers import iccid, msisdn
from tojimari.rules.text import plain
from tojimari.terminations.reasons import refusal_text

log = structlog.get_logger(__name__)

_KEY = "code_asked_for"
_PURPOSE = "sign-in"
_NOBODY = "nobody@mail.invalid"
DEMO_CARRIER = "demo"
"""Short name of the carrier whose lines and people are invented."""


def _same_spelling(typed: str) -> str:
    """One spelling for everything that means the same: limits must not differ between known and unknown numbers."""
    for verdict in (msisdn.check(typed), iccid.check(typed)):
        if verdict.valid:
            return verdict.value
    return plain(typed).upper()


def _ask(request: HttpRequest, *, typed: str, subscriber_id: int | None, after: str, at: datetime) -> None:
    """Make a code for this browser and send it, if there is anybody to send it to. Raises `Refused`."""
    carrier = carrier_of(request)
    binding = secrets.token_urlsafe(24)
    subject = (
        f"subscriber:{subscriber_id}"
        if subscriber_id is not None
        else codes.unknown_subject(carrier.pk, _same_spelling(typed))
    )
    # Kept before the code is made: when the limit is reached, the page for the code still knows what was typed.
    request.session[_KEY] = {
        "typed": typed,
        "subscriber": subscriber_id,
        "subject": subject,
        "binding": binding,
        "next": after,
    }
    code, digits = codes.issue(
        carrier_id=carrier.pk,
        subject=subject,
        purpose=_PURPOSE,
        binding=binding,
        at=at,
        address=request.META.get("REMOTE_ADDR", ""),
    )
    _send(carrier, subscriber_id, digits, until=code.expires_at, at=at)


def _send(carrier: Carrier, subscriber_id: int | None, digits: str, *, until: datetime, at: datetime) -> None:
    """Put the code's mail down. Where nobody is to get it, the same work is done and taken back at once.

    Otherwise the time that an answer takes would tell which numbers exist.
    """
    to = email_of(subscriber_id or 0)
    language = get_language() or "ja"
    written = texts.code(language, carrier=carrier.name(texts.tag(language)), digits=digits, until=until)
    with transaction.atomic():
        put(Letter(carrier.pk, MessageKind.EMAIL, to or _NOBODY, written, wipe_at=until), at=at)
        if not to:
            transaction.set_rollback(True)


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask which line it is. Any answer that could be one leads to the page for the code."""
    form = SignInForm(request.POST or None)
    after = visitor.own_path(request, request.POST.get("next") or request.GET.get("next") or "")
    if form.is_valid():
        typed, now = form.cleaned_data["identifier"].strip(), timezone.now()
        line = line_by_identifier(carrier_of(request), typed)
        try:
            _ask(request, typed=typed, subscriber_id=line.subscriber_id if line else None, after=after, at=now)
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
    asked = request.session.get(_KEY)
    if asked is None:
        return redirect("portal:sign_in")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            right = _check(request, asked, form.cleaned_data["code"])
        except Refused as refused:
            log.warning("sign_in.refused", code=refused.code)
            form.add_error("code", refusal_text(refused))
        else:
            if right and asked["subscriber"] is not None:
                return _enter(request, asked)
            log.warning("sign_in.wrong_code")
            form.add_error("code", refusal_text(Refused("code.wrong")))
    return _code_page(request, asked, form)


def _check(request: HttpRequest, asked: dict[str, Any], given: str) -> bool:
    return codes.check(
        carrier_id=carrier_of(request).pk,
        subject=asked["subject"],
        purpose=_PURPOSE,
        binding=asked["binding"],
        given=given,
        at=timezone.now(),
    )


def _enter(request: HttpRequest, asked: dict[str, Any]) -> HttpResponse:
    visitor.sign_in(request, subscriber_id=asked["subscriber"], at=timezone.now())
    request.session.pop(_KEY, None)
    log.info("sign_in.done", subscriber=asked["subscriber"])
    return redirect(asked["next"] or "portal:lines")


def _code_page(request: HttpRequest, asked: dict[str, Any], form: CodeForm, **more: Any) -> HttpResponse:
    facts = {"form": form, "typed": asked["typed"], "next": asked["next"]}
    return render(request, "portal/code.html", facts | more)


@require_POST
def code_again(request: HttpRequest) -> HttpResponse:
    """Send a new code for what was typed before; the one before stops working."""
    asked = request.session.get(_KEY)
    if asked is None:
        return redirect("portal:sign_in")
    try:
        _ask(request, typed=asked["typed"], subscriber_id=asked["subscriber"], after=asked["next"], at=timezone.now())
    except Refused as refused:
        return _code_page(request, asked, CodeForm(), trouble=refusal_text(refused))
    return _code_page(request, asked, CodeForm(), sent_again=True)


def ask_for_fresh_code(request: HttpRequest, line: Line, *, back: str, effective: str, at: datetime) -> HttpResponse:
    """Ask somebody who is signed in for a new code, and lead them back to where they were, with their choice kept."""
    end = {"end": "date", "date": effective} if effective[:1].isdigit() and "-" in effective else {"end": effective}
    after = f"{reverse(back, args=[line.pk])}?{urlencode(end)}"
    try:
        _ask(request, typed=f"…{line.iccid[-4:]}", subscriber_id=line.subscriber_id, after=after, at=at)
    except Refused as refused:
        return _code_page(request, request.session[_KEY], CodeForm(), trouble=refusal_text(refused))
    return redirect("portal:code")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Forget who this was."""
    visitor.sign_out(request)
    return redirect("portal:front")
