"""When does the sign-in of a member of staff end?

After an hour without a click, and after twelve hours in any case: a shift (NIST SP 800-63B-4, 2.2.3 allows 24). It also
ends when the place with the carrier is taken away or becomes another one. Ended means deleted on the server: the
browser's cookie then opens nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from tojimari.desk.models import Membership
from tojimari.platform.accounts import BY_PROVIDER, turned_away

log = structlog.get_logger(__name__)

IDLE = timedelta(hours=1)
WHOLE = timedelta(hours=12)

PATHS = ("/desk/", "/staff/")
"""Where staff are: the desk, and the pages of their sign-in."""

_SINCE, _SEEN, _PLACE = "desk_since", "desk_seen_at", "desk_place"


class StaffSessions:
    """Ends a sign-in whose time is over before the page is made."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(PATHS) and SESSION_KEY in request.session and _is_over(request, timezone.now()):
            log.info("staff.session_over", staff=request.session[SESSION_KEY])
            logout(request)
        return self.get_response(request)


def _is_over(request: HttpRequest, at: datetime) -> bool:
    """Whether its time is over; remembers this sign of life, at most once a minute."""
    session = request.session
    kept, began = session.get(_SEEN), session.get(_SINCE)
    seen = datetime.fromisoformat(kept) if kept else at
    if at - seen > IDLE or (began and at - datetime.fromisoformat(began) > WHOLE):
        return True
    if began is None:
        session[_SINCE] = at.isoformat()
    if kept is None or at - seen > timedelta(minutes=1):
        session[_SEEN] = at.isoformat()
    return False


def holds(request: HttpRequest, place: Membership | None) -> bool:
    """Say whether this sign-in is still good for the person's place, and end it where it is not.

    The first page binds it to the place and its role; a carrier's provider has done so before, since it speaks for that
    place alone. A place that is taken away and given back is another place. Where that provider is the only way in, a
    sign-in of another kind is not good, however old it is.
    """
    now = f"{place.pk}:{place.role}" if place is not None else ""
    vouched = _vouched(request)
    first = f"{vouched['place']}:{vouched['role']}" if vouched else now
    away = place is not None and turned_away(request, place.user_id)
    if now and not away and request.session.setdefault(_PLACE, first) == now:
        return True
    log.info("staff.place_gone", staff=request.session.get(SESSION_KEY))
    logout(request)
    return False


def second_factor_by_provider(request: HttpRequest) -> bool:
    """Whether this sign-in came by a carrier's provider that saw a second factor, and may count it."""
    return bool(_vouched(request).get("second_factor"))


def _vouched(request: HttpRequest) -> dict[str, Any]:
    """What was noted when this very person signed in by a carrier's provider; empty for any other sign-in."""
    kept: dict[str, Any] = request.session.get(BY_PROVIDER) or {}
    return kept if str(kept.get("user")) == str(request.session.get(SESSION_KEY)) else {}
