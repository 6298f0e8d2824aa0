"""Who is at the other end of this browser, and for how long do we believe it?

A subscriber is signed in by a code, never by a password. The proof lives in the session on the server: fifteen minutes
without a click end it, and an hour ends it in any case. Ending a line needs a proof that is not older than five minutes
(OWASP ASVS 7.5.3). At sign-in the session gets a new key, so a key planted before is worth nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme

from tojimari.platform.acting import Acting, Role
from tojimari.portal.tenancy import carrier_of

IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=1)
FRESH = timedelta(minutes=5)

_KEY = "subscriber"
_TOUCH_AFTER = timedelta(seconds=30)
"""How old the last sign of life may grow before it is written again: not every click needs a write."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """A signed-in subscriber. Times are aware, UTC."""

    subscriber_id: int
    signed_in_at: datetime
    proved_at: datetime

    @property
    def acting(self) -> Acting:
        return Acting(Role.SUBSCRIBER, str(self.subscriber_id))

    def is_fresh(self, at: datetime) -> bool:
        """Whether the last code is young enough to end something with it."""
        return at - self.proved_at <= FRESH


def sign_in(request: HttpRequest, *, subscriber_id: int, at: datetime) -> None:
    """Remember that this browser has just proved to be `subscriber_id`'s; also refreshes an older proof."""
    signed_in_at = at
    earlier = visitor(request, at=at)
    if earlier is not None and earlier.subscriber_id == subscriber_id:
        signed_in_at = earlier.signed_in_at
    request.session.cycle_key()
    request.session[_KEY] = {
        "carrier": carrier_of(request).pk,
        "subscriber": subscriber_id,
        "signed_in_at": signed_in_at.isoformat(),
        "proved_at": at.isoformat(),
        "seen_at": at.isoformat(),
    }


def sign_out(request: HttpRequest) -> None:
    """Forget everything this browser has proved, on the server."""
    request.session.flush()


def visitor(request: HttpRequest, *, at: datetime) -> Visitor | None:
    """Return who is signed in with this carrier, or None; a session that is too old or too long idle is forgotten."""
    carrier = carrier_of(request)
    kept = request.session.get(_KEY)
    if kept is None or kept["carrier"] != carrier.pk:
        return None
    signed_in_at, proved_at, seen_at = (
        datetime.fromisoformat(kept[name]) for name in ("signed_in_at", "proved_at", "seen_at")
    )
    if at - seen_at > IDLE or at - signed_in_at > LONGEST:
        del request.session[_KEY]
        return None
    if at - seen_at > _TOUCH_AFTER:
        request.session[_KEY] = kept | {"seen_at": at.isoformat()}
    return Visitor(kept["subscriber"], signed_in_at, proved_at)


def own_path(request: HttpRequest, path: str) -> str:
    """Return `path` if it is a page of this site, else an empty string: nobody is led away after signing in."""
    safe = url_has_allowed_host_and_scheme(path, allowed_hosts=None, require_https=request.is_secure())
    return path if safe and path.startswith("/") else ""


def subscriber_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Open a page to signed-in subscribers only, as `view(request, visitor, ...)`; others are led to the sign-in."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        who = visitor(request, at=timezone.now())
        if who is None:
            after = request.get_full_path() if request.method == "GET" else reverse("portal:lines")
            return HttpResponseRedirect(f"{reverse('portal:sign_in')}?{urlencode({'next': after})}")
        response = view(request, who, *args, **kwargs)
        patch_cache_control(response, no_store=True, private=True)  # nothing of a person stays in a shared browser
        return response

    guarded.opens_to = "subscriber"  # type: ignore[attr-defined]  # read by the test that walks every address
    return guarded
