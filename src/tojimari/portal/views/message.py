"""Is this message really from us? Whoever has its number and check code hears when it went to whom.

A number that does not exist and a wrong code are answered alike, so nobody learns which cases there are.
"""

from __future__ import annotations

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tojimari.codes.actions import take
from tojimari.messages.checking import as_kept, find
from tojimari.platform.acting import Refused
from tojimari.portal.forms_ask import MessageForm
from tojimari.portal.tenancy import carrier_of
from tojimari.terminations.reasons import refusal_text

log = structlog.get_logger(__name__)

TRIES_FOR_ONE = 20
TRIES_FROM_ADDRESS = 60
"""How often an hour one number may be asked for, and one address may ask."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def message(request: HttpRequest) -> HttpResponse:
    """Ask for number and check code, and say whether such a message is ours."""
    carrier, now = carrier_of(request), timezone.now()
    form = MessageForm(request.POST or None)
    facts: dict[str, object] = {"form": form, "asked": False}
    status = 200
    if form.is_valid():
        number, address = form.cleaned_data["number"], request.META.get("REMOTE_ADDR", "")
        try:
            take(f"message:{carrier.pk}:{as_kept(number)}", TRIES_FOR_ONE, now, refusal="message.asked_too_often")
            take(f"message from:{address}", TRIES_FROM_ADDRESS, now, refusal="message.asked_too_often")
        except Refused as refused:
            log.warning("message.refused", code=refused.code)
            form.add_error("code", refusal_text(refused))
            status = 429
        else:
            facts |= {"asked": True, "found": find(carrier.pk, number, form.cleaned_data["code"])}
    return render(request, "portal/message.html", facts, status=status)
