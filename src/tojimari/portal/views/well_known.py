"""What does this installation publish for everybody who checks, under the addresses where programs look for it?

The keys (RFC 7517), and the signed root of each day. None of it is about a person, and all of it is meant to be copied
and kept elsewhere: what others have kept cannot be rewritten here.
"""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from tojimari.proofs.keys import public_keys
from tojimari.proofs.queries import published_root, root_of_day, roots

_INDENTED = {"indent": 2}


@require_safe
def jwks(request: HttpRequest) -> HttpResponse:
    """The public keys, as at `/keys.json`."""
    return JsonResponse(public_keys(), json_dumps_params=_INDENTED, content_type="application/jwk-set+json")


@require_safe
def days(request: HttpRequest) -> HttpResponse:
    """The roots of the last year, newest first; `?before=2026-01-01` gives those of the year before that day."""
    text = request.GET.get("before", "")
    found = roots(_day(text) if text else None)
    listed = [
        {
            "number": root.number,
            "day": root.day.isoformat(),
            "size": root.size,
            "root": bytes(root.root).hex(),
            "stamped": hasattr(root, "stamp"),
            "href": reverse("portal:root", args=[root.day.isoformat()]),
        }
        for root in found
    ]
    return JsonResponse({"roots": listed}, json_dumps_params=_INDENTED)


@require_safe
def day(request: HttpRequest, text: str) -> HttpResponse:
    """The signed root of one day in Japan, with its time stamp (base64 of the DER) if there is one."""
    found = root_of_day(_day(text))
    if found is None:
        raise Http404("There is no root of this day.")
    return JsonResponse(published_root(found), json_dumps_params=_INDENTED)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Http404("This is no day.") from None
