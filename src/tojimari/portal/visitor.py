"""Who is at the other end of this browser, and for how long do we believe it?

A subscriber is signed in by a code or a passkey, never by a password. The proof lives in the session on the server:
fifteen minutes without a click end it, and an hour ends it in any case. Ending a line needs a proof that is not older
than five minutes (OWASP ASVS 7.5.3). At sign-in the session gets a new key, so a key planted before is worth nothing.

Somebody may also come for one case alone, with its reference and saved code or with the link in a mail about it. That
opens this one case and nothing else of the subscriber's, for the same short time.
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
from tojimari.terminations.access import case_of_subscriber
from tojimari.terminations.models import Termination
from tojimari.terminations.references import normalised

IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=1)
FRESH = timedelta(minutes=5)
PASSKEY = "passkey"
"""How somebody proved who they are who needed no code."""

_KEY = "subscriber"
_CASE_KEY = "case"
_TOUCH_AFTER = timedelta(seconds=30)
"""How old the last sign of life may grow before it is written again: not every click needs a write."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """A signed-in subscriber, or somebody who was let in to one case of theirs. Times are aware, UTC."""

    subscriber_id: int
    signed_in_at: datetime
    proved_at: datetime
    only_case: str = ""
    """Reference of the one case that this visitor may see; empty for a signed-in subscriber."""
    proved_by: str = "email"
    """How the last proof reached them: "email", "sms" or "passkey"."""

    @property
    def acting(self) -> Acting:
        return Acting(Role.SUBSCRIBER, str(self.subscriber_id))

    @property
    def proof(self) -> dict[str, str]:
        """What a case keeps of how its subscriber was known."""
        how = {"method": PASSKEY} if self.proved_by == PASSKEY else {"method": "code", "sent_by": self.proved_by}
        return how | {"proved_at": self.proved_at.isoformat()}

    def is_fresh(self, at: datetime) -> bool:
        """Whether the last code or passkey is young enough to end something with it."""
        return at - self.proved_at <= FRESH


def sign_in(request: HttpRequest, *, subscriber_id: int, at: datetime, by: str = "email") -> None:
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
        "proved_by": by,
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
    return Visitor(kept["subscriber"], signed_in_at, proved_at, proved_by=kept.get("proved_by", "email"))


def enter_case(request: HttpRequest, *, case: Termination, proved: bool, at: datetime) -> None:
    """Remember that this browser may see `case`, and nothing else; it takes the place of a case opened before.

    `proved` says whether what it showed is worth as much as a fresh code. A link in an old mail is not: whoever reads
    the mailbox may look at the case, but must answer a code before anything is changed.
    """
    request.session.cycle_key()
    request.session[_CASE_KEY] = {
        "carrier": carrier_of(request).pk,
        "subscriber": case.subscriber_id,
        "reference": case.reference,
        "signed_in_at": at.isoformat(),
        "proved_at": (at if proved else at - LONGEST).isoformat(),
        "seen_at": at.isoformat(),
    }


def case_visitor(request: HttpRequest, *, at: datetime) -> Visitor | None:
    """Return who was let in to one case of this carrier, or None; what is too old or too long idle is forgotten."""
    kept = request.session.get(_CASE_KEY)
    if kept is None or kept["carrier"] != carrier_of(request).pk:
        return None
    signed_in_at, proved_at, seen_at = (
        datetime.fromisoformat(kept[name]) for name in ("signed_in_at", "proved_at", "seen_at")
    )
    if at - seen_at > IDLE or at - signed_in_at > LONGEST:
        del request.session[_CASE_KEY]
        return None
    if at - seen_at > _TOUCH_AFTER:
        request.session[_CASE_KEY] = kept | {"seen_at": at.isoformat()}
    return Visitor(kept["subscriber"], signed_in_at, proved_at, kept["reference"])


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


def case_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Open a page of one case, as `view(request, visitor, case)`, to its signed-in subscriber or its case visitor.

    The address must hold `<str:reference>`. Others are led to the page where one opens a case; a case of somebody else
    looks exactly like one that is not there.
    """

    @wraps(view)
    def guarded(request: HttpRequest, reference: str, *args: Any, **kwargs: Any) -> HttpResponse:
        now = timezone.now()
        who = _who_for(request, normalised(reference), now)
        if who is None:
            return HttpResponseRedirect(
                f"{reverse('portal:find_case')}?{urlencode({'next': _after(request, reference)})}"
            )
        case = case_of_subscriber(who.subscriber_id, reference)
        request.opened_for = who  # type: ignore[attr-defined]  # the menu shows a case visitor no way to other lines
        response = view(request, who, case, *args, **kwargs)
        patch_cache_control(response, no_store=True, private=True)
        return response

    guarded.opens_to = "case"  # type: ignore[attr-defined]  # read by the test that walks every address
    return guarded


def _who_for(request: HttpRequest, reference: str, at: datetime) -> Visitor | None:
    """Return who may ask for this case. The subscriber's own sign-in says more than a key to one case of theirs."""
    opened, signed_in = case_visitor(request, at=at), visitor(request, at=at)
    if opened is None or opened.only_case != reference:
        return signed_in
    return signed_in if signed_in is not None and signed_in.subscriber_id == opened.subscriber_id else opened


def _after(request: HttpRequest, reference: str) -> str:
    """Where somebody is led who had to open the case first: this page, or the case's own where a form was sent."""
    return request.get_full_path() if request.method == "GET" else reverse("portal:case", args=[reference])
