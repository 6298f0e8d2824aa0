"""How do profile servers and chips tell what became of a profile?

Three addresses of the GSMA's interfaces, for machines alone. Servers come by ES2+ and must show who they are. Phones
come by ES9+ for their chip, which nobody knows beforehand: there the signature is the proof. Answers tell nothing about
our lines: a genuine notice gets 204 whether or not there is such a line.
"""

from __future__ import annotations

import base64
import json

import structlog
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from tojimari.lines.models import Carrier
from tojimari.network.elements.es2plus import notices
from tojimari.network.elements.es2plus.settings import BadSettings, provider_for, providers
from tojimari.network.elements.es2plus.unproved import Unproved, Why
from tojimari.platform.visitors import peer_of
from tojimari.portal.tenancy import carrier_of
from tojimari.terminations.profiles import take_notice, take_signed

MOST_BYTES = 32 * 1024
_NOT_THIS_LINES = (Why.OTHER_EID, Why.OTHER_ICCID)

log = structlog.get_logger(__name__)


@csrf_exempt
@require_POST
def from_server(request: HttpRequest) -> HttpResponse:
    """ES2+ HandleDownloadProgressInfo (SGP.22 v2.5, 5.3.5), and HandleNotification of version 3."""
    carrier = carrier_of(request)
    try:
        known = [one for one in providers().values() if one.carrier == carrier.slug]
        senders = notices.sender(
            known,
            address=peer_of(request),
            authorization=request.headers.get("Authorization", ""),
            certificate=request.headers.get("Client-Cert", ""),
        )
    except (ValueError, OSError) as error:  # bad settings, or a secret that cannot be read
        log.error("profile.settings", error=str(error))
        return HttpResponse(status=503)
    if not senders:
        log.warning("profile.notice_refused", why="sender_unknown", carrier=carrier.slug)
        return HttpResponse(status=401)
    body = _body(request)
    if body is None:
        return HttpResponse(status=413)
    try:
        found = notices.read(body, senders[0])
        holder = provider_for(carrier.slug, found.iccid)
        if holder not in senders:
            log.warning("profile.notice_refused", why="not_its_profile", server=senders[0].name)
            return HttpResponse(status=403)
        found = notices.read(body, holder)  # each server counts its points its own way
    except notices.Unreadable as error:
        log.warning("profile.notice_refused", why=str(error), server=senders[0].name)
        return HttpResponse(status=400)
    take_notice(found, carrier=carrier, at=timezone.now())
    if found.result:
        _signed(found.result, carrier)
    return _accepted()


@csrf_exempt
@require_POST
def from_chip(request: HttpRequest) -> HttpResponse:
    """ES9+ HandleNotification (SGP.22 v2.5, 5.6.4 and 6.5.2.9): a notice that the chip has signed."""
    carrier = carrier_of(request)
    body = _body(request)
    if body is None:
        return HttpResponse(status=413)
    try:
        data = base64.b64decode(json.loads(body)["pendingNotification"], validate=True)
    except (ValueError, KeyError, TypeError, RecursionError):
        return HttpResponse(status=400)
    return _accepted() if _signed(data, carrier) else HttpResponse(status=400)


def _signed(data: bytes, carrier: Carrier) -> bool:
    """Take what a chip has signed; return whether it is genuine. Whose it is stays between us and the log."""
    try:
        take_signed(data, carrier=carrier, at=timezone.now())
    except Unproved as unproved:
        log.warning("profile.chip_refused", why=unproved.why.value, carrier=carrier.slug)
        return unproved.why in _NOT_THIS_LINES
    except (BadSettings, OSError) as error:
        log.error("profile.settings", error=str(error))
        return False
    return True


def _body(request: HttpRequest) -> bytes | None:
    """The body, or None where it is longer than any notice; no more of it is read then."""
    body = request.read(MOST_BYTES + 1)
    return None if len(body) > MOST_BYTES else body


def _accepted() -> HttpResponse:
    answer = HttpResponse(status=204)
    answer["X-Admin-Protocol"] = "gsma/rsp/v2.5.0"
    return answer
