"""To which carrier does a page belong?

The address decides: a carrier answers under the host names it has entered. A host that no carrier has entered belongs
to the one carrier without any host name, and to nobody when there are several. Each page runs inside that carrier's
scope, so the database shows it no row of another one.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

from django.http import Http404, HttpRequest, HttpResponse

from tojimari.lines.models import Carrier
from tojimari.platform.database.scope import carrier_scope

OUTSIDE = ("/healthz",)
"""Paths that belong to no carrier and must answer even while the database does not."""


def carrier_of_host(host: str) -> Carrier | None:
    """Return the carrier that answers under `host` (with or without a port), or None."""
    name = host.rsplit(":", 1)[0].strip("[]").lower() if not host.endswith("]") else host.strip("[]").lower()
    found = Carrier.objects.filter(hosts__contains=[name]).first()
    if found is not None:
        return found
    without_host = list(Carrier.objects.filter(hosts=[])[:2])
    return without_host[0] if len(without_host) == 1 else None


def carrier_of(request: HttpRequest) -> Carrier:
    """Return the carrier of this page; "not found" where the address belongs to none."""
    carrier: Carrier | None = getattr(request, "carrier", None)
    if carrier is None:
        raise Http404("No carrier answers under this address.")
    return carrier


class CarrierMiddleware:
    """Puts `request.carrier` on each request and enters the carrier's scope for as long as the page is made."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        carrier = None if request.path in OUTSIDE else carrier_of_host(request.get_host())
        request.carrier = carrier  # type: ignore[attr-defined]  # Django's own way to hand facts on to the views
        with ExitStack() as scopes:
            if carrier is not None:
                scopes.enter_context(carrier_scope(carrier.pk))
            return self.get_response(request)
