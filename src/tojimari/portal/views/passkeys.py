"""How does a resident add a passkey, remove it, and get in with it?

Nobody needs one: it is offered once to people who stay, and every way in goes on without it. The browser makes and uses
passkeys by a script (`static/passkey.js`); without the script nothing of this is offered, and a passkey that was lost
can still be removed. Adding and removing need a fresh proof, and the person is told of either by mail.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from urllib.parse import urlencode

import structlog
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tojimari.codes import passkeys
from tojimari.codes.models import Passkey
from tojimari.codes.passkeys import Challenge, Place
from tojimari.lines.access import NotFound
from tojimari.lines.hosts import host_name
from tojimari.lines.models import Line, Subscriber
from tojimari.lines.queries import email_of
from tojimari.messages import passkey_texts, texts
from tojimari.messages.actions import Letter, put
from tojimari.messages.models import MessageKind
from tojimari.platform.acting import Refused
from tojimari.portal import visitor
from tojimari.portal.tenancy import carrier_of
from tojimari.portal.views.entry import enter_by_passkey, fresh_code
from tojimari.portal.visitor import Visitor, subscriber_page
from tojimari.terminations.queries import cases_of_subscriber
from tojimari.terminations.reasons import refusal_text

log = structlog.get_logger(__name__)

_KEY = "passkey_challenge"


def _place(request: HttpRequest) -> Place:
    """This site, as a browser must name it. The host is one that this installation answers under."""
    carrier = carrier_of(request)
    origin = f"{request.scheme}://{request.get_host()}"
    return Place(host_name(request.get_host()), origin, carrier.name(get_language() or "ja"))


def _keep(request: HttpRequest, challenge: Challenge) -> None:
    request.session[_KEY] = asdict(challenge)


def _take(request: HttpRequest) -> Challenge | None:
    """The challenge of this browser; from now on it is used up, whatever comes of it."""
    kept = request.session.pop(_KEY, None)
    return Challenge(**kept) if kept is not None else None


@never_cache
@require_POST
def sign_in_options(request: HttpRequest) -> HttpResponse:
    """Say what the browser is to sign, the same for everybody who asks."""
    place = _place(request)
    address = request.META.get("REMOTE_ADDR", "")
    try:
        options, challenge = passkeys.begin_opening(place=place, address=address, at=timezone.now())
    except Refused as refused:
        return JsonResponse({"refused": refusal_text(refused)}, status=429)
    _keep(request, challenge)
    return JsonResponse(options)


@never_cache
@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """Let in whose passkey signed the challenge. It opens the account, whichever of its lines are off by now."""
    after = visitor.own_path(request, request.POST.get("next", ""))
    try:
        key = passkeys.opened_by(
            carrier_id=carrier_of(request).pk,
            place=_place(request),
            challenge=_take(request),
            answer=request.POST.get("credential", ""),
            at=timezone.now(),
        )
        if not _has_anything(key.subscriber_id):
            raise Refused("passkey.not_accepted")
    except Refused as refused:
        log.warning("sign_in.refused", code=refused.code)
        messages.error(request, refusal_text(refused))
        return redirect(f"{reverse('portal:sign_in')}?{_next(after)}")
    enter_by_passkey(request, key.subscriber_id)
    return redirect(after or "portal:lines")


def _next(after: str) -> str:
    return urlencode({"next": after})


def _has_anything(subscriber_id: int) -> bool:
    """Whether there is still a line or a case to be seen; an account without either opens to nobody."""
    lines = Line.objects.filter(subscriber_id=subscriber_id)
    return lines.exists() or cases_of_subscriber(subscriber_id).exists()


@subscriber_page
@require_safe
def own(request: HttpRequest, who: Visitor) -> HttpResponse:
    """The passkeys of the person who is signed in."""
    facts = {
        "passkeys": passkeys.passkeys_of(who.subscriber_id),
        "is_fresh": who.is_fresh(timezone.now()),
        "is_possible": passkeys.is_possible(_place(request).host),
        "longest": passkeys.LONGEST_LABEL,
    }
    return render(request, "portal/passkeys.html", facts)


@subscriber_page
@require_POST
def add_options(request: HttpRequest, who: Visitor) -> HttpResponse:
    """Say what the browser is to make."""
    now = timezone.now()
    if not who.is_fresh(now):
        return JsonResponse({"refused": gettext("Too much time has passed. Load this page again.")}, status=403)
    try:
        options, challenge = passkeys.begin_adding(subscriber=_person(who), place=_place(request), at=now)
    except Refused as refused:
        return JsonResponse({"refused": refusal_text(refused)}, status=409)
    _keep(request, challenge)
    return JsonResponse(options)


@subscriber_page
@require_POST
def add(request: HttpRequest, who: Visitor) -> HttpResponse:
    """Keep the passkey that the browser has made, and tell the person by mail."""
    now, challenge = timezone.now(), _take(request)
    if not who.is_fresh(now):
        return _prove_first(request, who, now)
    subscriber = _person(who)
    try:
        with transaction.atomic():
            key = passkeys.add(
                subscriber=subscriber,
                place=_place(request),
                challenge=challenge,
                answer=request.POST.get("credential", ""),
                label=request.POST.get("label", ""),
                at=now,
            )
            _tell(subscriber, key, passkey_texts.added, at=now)
    except Refused as refused:
        messages.error(request, refusal_text(refused))
    else:
        log.info("passkey.added", subscriber=subscriber.pk, passkey=key.pk)
        messages.success(request, gettext("The passkey is ready. You can sign in with it from now on."))
    return redirect("portal:passkeys")


@subscriber_page
@require_POST
def remove(request: HttpRequest, who: Visitor, passkey_id: int) -> HttpResponse:
    """Remove a passkey, and tell the person by mail."""
    now = timezone.now()
    if not Passkey.objects.filter(pk=passkey_id, subscriber_id=who.subscriber_id).exists():
        raise NotFound
    if not who.is_fresh(now):
        return _prove_first(request, who, now)
    subscriber = _person(who)
    with transaction.atomic():
        key = passkeys.remove(subscriber_id=who.subscriber_id, passkey_id=passkey_id)
        if key is not None:
            _tell(subscriber, key, passkey_texts.removed, at=now)
    log.info("passkey.removed", subscriber=subscriber.pk, passkey=passkey_id)
    messages.success(request, gettext("The passkey is removed. It opens nothing any more."))
    return redirect("portal:passkeys")


@subscriber_page
@require_POST
def prove(request: HttpRequest, who: Visitor) -> HttpResponse:
    """Send a code to somebody whose last proof is too old to add or remove a passkey."""
    now = timezone.now()
    return redirect("portal:passkeys") if who.is_fresh(now) else _prove_first(request, who, now)


@subscriber_page
@require_POST
def decline(request: HttpRequest, who: Visitor) -> HttpResponse:
    """Never offer a passkey again."""
    passkeys.decline(subscriber=_person(who), at=timezone.now())
    messages.success(request, gettext("We will not offer this again."))
    return redirect("portal:lines")


def _prove_first(request: HttpRequest, who: Visitor, at: datetime) -> HttpResponse:
    """A code, or the passkey again: either is asked for on the same page. Without any line there is only the latter."""
    line = Line.objects.filter(subscriber_id=who.subscriber_id).select_related("carrier").order_by("pk").first()
    after = reverse("portal:passkeys")
    if line is None:
        return redirect(f"{reverse('portal:sign_in')}?{_next(after)}")
    return fresh_code(request, line, after=after, at=at)


def _person(who: Visitor) -> Subscriber:
    return Subscriber.objects.select_related("carrier").get(pk=who.subscriber_id)


def _tell(subscriber: Subscriber, key: Passkey, write: Callable[..., texts.Written], *, at: datetime) -> None:
    """Put the mail down in the caller's transaction, in the person's language; nothing where no address is known."""
    to, carrier = email_of(subscriber.pk), subscriber.carrier
    if to:
        name = carrier.name(texts.tag(subscriber.language))
        written = write(subscriber.language, carrier=name, label=key.label, hotline=carrier.hotline, at=at)
        put(Letter(carrier.pk, MessageKind.EMAIL, to, written), at=at)
