"""Who may do what at the desk?

Staff sign in through allauth; what they may do depends on their role with the carrier whose address they use. A person
without a place there is told "not found": which carriers exist behind an address is nobody's business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import wraps
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth import logout
from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control

from tojimari.desk.models import Membership, StaffRole
from tojimari.lines.models import Carrier
from tojimari.platform.acting import Acting, Role
from tojimari.platform.config import config

IDLE = timedelta(hours=1)
"""A desk that nobody touches for this long asks for the sign-in again (NIST SP 800-63B-4, 2.2.3)."""

_SEEN = "desk_seen_at"


class Right(StrEnum):
    """One thing that a member of staff may or may not do."""

    SEE = "see"  # cases and their history
    COUNTER = "counter"  # visit, papers, form, returned SIM
    CALL = "call"  # check a caller
    REVIEW = "review"  # approve or reject a request
    ATTEST = "attest"  # say by name that something was done by hand
    MEND = "mend"  # retry, hold, resume, take back for the customer, hand over
    HELP = "help"  # read and answer requests for help


RIGHTS: dict[StaffRole, frozenset[Right]] = {
    StaffRole.CLERK: frozenset({Right.SEE, Right.COUNTER}),
    StaffRole.AGENT: frozenset({Right.SEE, Right.CALL, Right.ATTEST, Right.HELP}),
    StaffRole.REVIEWER: frozenset({Right.SEE, Right.REVIEW}),
    StaffRole.LEAD: frozenset(
        {Right.SEE, Right.COUNTER, Right.CALL, Right.REVIEW, Right.ATTEST, Right.MEND, Right.HELP}
    ),
    StaffRole.AUDITOR: frozenset({Right.SEE}),
    StaffRole.ADMIN: frozenset(Right),
}

RIGHT_FOR_STEP: dict[str, Right] = {
    "verify": Right.CALL,
    "visit": Right.COUNTER,
    "papers": Right.COUNTER,
    "form": Right.COUNTER,
    "return_sim": Right.COUNTER,
    "settle": Right.COUNTER,
    "review": Right.REVIEW,
}
"""What it takes to complete a step that is a person's by the procedure. Steps of the system need `Right.ATTEST`."""


@dataclass(frozen=True, slots=True)
class Staff:
    """A signed-in member of staff, at one carrier."""

    user_id: int
    name: str
    role: StaffRole
    carrier: Carrier

    @property
    def acting(self) -> Acting:
        return Acting(Role.STAFF, str(self.user_id), self.name)

    def may(self, right: Right) -> bool:
        return right in RIGHTS[self.role]


def right_for(step_name: str, actor: str) -> Right:
    """What it takes to complete a step at the desk."""
    return Right.ATTEST if actor == "system" else RIGHT_FOR_STEP.get(step_name, Right.MEND)


def name_of(user: User) -> str:
    """A person's name as it is written where they are: family name first where it is not in Latin letters."""
    names = (user.first_name, user.last_name)
    if not "".join(names).isascii():
        names = (user.last_name, user.first_name)
    return " ".join(filter(None, names)) or user.email


def names_of(actors: Iterable[str]) -> dict[str, str]:
    """Return the names of members of staff by their key, from actors as rows keep them ("staff:7"). One query."""
    keys = {key for role, _, key in (actor.partition(":") for actor in actors) if role == Role.STAFF and key.isdigit()}
    return {str(user.pk): name_of(user) for user in User.objects.filter(pk__in=map(int, keys))} if keys else {}


def staff_of(request: HttpRequest) -> Staff:
    """Return the member of staff behind a request; "not found" without a place at this carrier."""
    carrier: Carrier | None = getattr(request, "carrier", None)
    user = request.user
    if carrier is None or not isinstance(user, User):
        raise Http404
    place = Membership.objects.filter(carrier=carrier, user=user).first()
    if place is None:
        raise Http404
    return Staff(user.pk, name_of(user), StaffRole(place.role), carrier)


def _is_idle(request: HttpRequest, at: datetime) -> bool:
    """Whether the desk was left alone too long; remembers this sign of life, at most once a minute."""
    kept = request.session.get(_SEEN)
    seen = datetime.fromisoformat(kept) if kept else at
    if at - seen > IDLE:
        return True
    if kept is None or at - seen > timedelta(minutes=1):
        request.session[_SEEN] = at.isoformat()
    return False


def staff_page(right: Right) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Open a page to staff who hold `right`, as `view(request, staff, ...)`.

    Others are led to the sign-in; staff without a second factor are led to set one up, except in a demonstration.
    """

    def open_to(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not isinstance(request.user, User):
                return redirect_to_login(request.get_full_path(), reverse("account_login"))
            if _is_idle(request, timezone.now()):
                logout(request)
                return redirect_to_login(request.get_full_path(), reverse("account_login"))
            if not config().demo and not is_mfa_enabled(request.user):
                return HttpResponseRedirect(reverse("mfa_activate_totp"))
            staff = staff_of(request)
            if not staff.may(right):
                raise PermissionDenied
            response = view(request, staff, *args, **kwargs)
            patch_cache_control(response, no_store=True, private=True)  # no customer's data stays in the browser
            return response

        guarded.opens_to = "staff"  # type: ignore[attr-defined]  # read by the test that walks every address
        return guarded

    return open_to
