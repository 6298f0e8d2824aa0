"""To which carrier does a page belong?

The address decides (`lines.hosts`). Each page runs inside that carrier's scope, so the database shows it no row of
another one. While the database is away nothing of that can be asked: then a page is made from what is remembered of
the carrier (`remembered`), and `errors` makes it the page that takes a request all the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack

from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse

from tojimari.lines.hosts import carrier_of_host
from tojimari.lines.models import Carrier
from tojimari.platform.database.scope import carrier_scope
from tojimari.portal import remembered

OUTSIDE = ("/healthz",)
"""Paths that belong to no carrier and must answer even while the database does not."""

STANDING = ("/language/setlang/", "/outage/", "/outage/receipt/")
"""Paths of a carrier that must answer even while the database does not, and ask it nothing."""

AWAY_SECONDS = 3.0
"""For how long a database that did not answer is not asked again: nobody waits for what another has just waited for."""


class DatabaseAway(OperationalError):
    """The database did not answer a moment ago, so this request does not ask it."""


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
        self._away_until = 0.0

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path in OUTSIDE:
            request.carrier = None  # type: ignore[attr-defined]  # Django's own way to hand facts on to the views
            return self.get_response(request)
        host = request.get_host()
        if request.path in STANDING:
            request.carrier = remembered.carrier_of_host(host)  # type: ignore[attr-defined]
            return self.get_response(request)
        carrier = self._carrier(request, host)
        request.carrier = carrier  # type: ignore[attr-defined]
        with ExitStack() as scopes:
            if carrier is not None:
                scopes.enter_context(carrier_scope(carrier.pk))
            return self.get_response(request)

    def _carrier(self, request: HttpRequest, host: str) -> Carrier | None:
        """The carrier of the host, by the first question that a request puts to the database."""
        try:
            if time.monotonic() < self._away_until:
                raise DatabaseAway("the database did not answer a moment ago")
            carrier = carrier_of_host(host)
        except (OperationalError, InterfaceError) as error:
            if not isinstance(error, DatabaseAway):
                self._away_until = time.monotonic() + AWAY_SECONDS
            request.carrier = remembered.carrier_of_host(host)  # type: ignore[attr-defined]
            raise
        remembered.remember(host, carrier)
        return carrier
