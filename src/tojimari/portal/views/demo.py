"""Where does a code arrive when no mail is sent? In a demonstration, on a page that everybody can read."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tojimari.messages.checking import ready
from tojimari.messages.models import Message
from tojimari.platform.config import config
from tojimari.portal.tenancy import carrier_of

_MOST = 30


@require_safe
def messages(request: HttpRequest) -> HttpResponse:
    """The newest messages of the demo carrier. Outside a demonstration there is no such page."""
    if not config().demo or config().smtp_host:
        raise Http404
    carrier = carrier_of(request)
    newest = Message.objects.select_related("carrier").filter(carrier=carrier).order_by("-created_at", "-pk")
    sent = list(newest[:_MOST])
    for message in sent:
        message.body = ready(message)
    return render(request, "portal/demo_messages.html", {"sent": sent})
