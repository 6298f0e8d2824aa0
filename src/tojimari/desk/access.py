"""Who may do what at the desk?

Staff sign in through allauth; what they may do depends on their role with the carrier whose address they use. A person
without a place there is told "not found": which carriers exist behind an address is nobody's business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import wraps
from typing import Any

import structlog
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control

from tojimari.counter.models import BINDS_CASE, Visit
from tojimari.desk import sessions
from tojimari.desk.looks import note_look
from tojimari.desk.models import Call, Membership, StaffRole
from tojimari.lines.models import Carrier
from tojimari.platform.acting import Acting, Role
from tojimari.platform.config import config
from tojimari.rules.calendar import day_start, jst_date
from tojimari.terminations import visits
from tojimari.terminations.models import Actor, Step, StepState, Termination

log = structlog.get_logger(__name__)

SHOWN = (200, 409)
"""Answers that show the page asked for: as it is, or with a refusal on it."""


class Right(StrEnum):
    """One thing that a member of staff may or may not do."""

    SEE = "see"  # cases and their history
    FIND = "find"  # find somebody by what names their line, and see who they are; others check a caller first
    COUNTER = "counter"  # visit, papers, form, returned SIM
    CALL = "call"  # check a caller
    REVIEW = "review"  # approve or reject a request
    ATTEST = "attest"  # say by name that something was done by hand
    MEND = "mend"  # retry, hold, resume, take back for the customer, hand over
    HELP = "help"  # read and answer requests for help
    FILES = "files"  # confirm a file of lines that a colleague wants to end
    GHOSTS = "ghosts"  # see on which lines books and network differ, settle that, ask for repair or confirm it
    AUDIT = "audit"  # see who looked at whose data, and who may do what
    MONEY = "money"  # note what comes in for final bills, pay back, bill late use
    SETTINGS = "settings"  # change the carrier's settings
    STAFF = "staff"  # give members of staff their places, change them, take them away


RIGHTS: dict[StaffRole, frozenset[Right]] = {
    StaffRole.CLERK: frozenset({Right.SEE, Right.FIND, Right.COUNTER}),
    StaffRole.AGENT: frozenset({Right.SEE, Right.CALL, Right.ATTEST, Right.HELP}),
    StaffRole.REVIEWER: frozenset({Right.SEE, Right.FIND, Right.REVIEW}),
    StaffRole.LEAD: frozenset(set(Right) - {Right.AUDIT, Right.SETTINGS, Right.STAFF}),
    StaffRole.AUDITOR: frozenset({Right.SEE, Right.FIND, Right.AUDIT}),
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
    shops: frozenset[str] = frozenset()
    """Codes of the shops that this person is bound to; empty for somebody who works for all of them."""

    @property
    def acting(self) -> Acting:
        return Acting(Role.STAFF, str(self.user_id), self.name)

    def may(self, right: Right) -> bool:
        return right in RIGHTS[self.role]


def right_for(step_name: str, actor: str) -> Right:
    """What it takes to complete a step at the desk."""
    return Right.ATTEST if actor == "system" else RIGHT_FOR_STEP.get(step_name, Right.MEND)


def cases_elsewhere(staff: Staff, cases: Iterable[int], at: datetime) -> set[int]:
    """Return those cases whose visit, today or later, is at a shop that this person is not bound to.

    A visit binds its case to its shop until the end of its day in Japan; a visitor who comes on another day may come
    anywhere. One query, and none for somebody who works for all shops.
    """
    if not staff.shops:
        return set()
    visits = Visit.objects.filter(
        case_id__in=list(cases), state__in=BINDS_CASE, ends_at__gte=day_start(jst_date(at))
    ).values_list("case_id", "shop__code")
    bound: dict[int, set[str]] = {}
    for case, shop in visits:
        bound.setdefault(case, set()).add(shop)
    return {case for case, shops in bound.items() if not shops & staff.shops}


def _checked_at_counter(staff: Staff, steps: Sequence[Step]) -> list[int]:
    """Return the ids of those checks of who asks that are done at the counter, because the person comes there anyhow.

    One query, and none for somebody who may check callers.
    """
    checks = [step for step in steps if (step.name, step.actor) == ("verify", "staff")]
    if not checks or staff.may(Right.CALL):
        return []
    coming = visits.at_counter(step.termination_id for step in checks)
    return [step.pk for step in checks if step.termination_id in coming]


def doable(staff: Staff, steps: Sequence[Step], at: datetime) -> set[int]:
    """Return the ids of those steps that this person may complete: by right, and at the counter by shop as well."""
    needed = {step.pk: right_for(step.name, step.actor) for step in steps}
    needed |= dict.fromkeys(_checked_at_counter(staff, steps), Right.COUNTER)
    at_counter = [step.termination_id for step in steps if needed[step.pk] == Right.COUNTER]
    elsewhere = cases_elsewhere(staff, at_counter, at)
    return {
        step.pk
        for step in steps
        if staff.may(needed[step.pk]) and not (needed[step.pk] == Right.COUNTER and step.termination_id in elsewhere)
    }


def waits(step: Step) -> bool:
    """Whether a step waits for a member of staff, who may be at the telephone in the customer's place."""
    by_hand = step.actor == Actor.SYSTEM and step.state in (StepState.BY_HAND, StepState.STUCK)
    return by_hand or (step.actor == Actor.STAFF and step.state == StepState.OPEN)


def knows(staff: Staff, case: Termination, at: datetime) -> bool:
    """Whether this person may see whose case it is.

    By right; because the case waits for their own hand; or because the subscriber has shown who they are in a call of
    theirs that is not over. Two queries, and none for who may by right.
    """
    if staff.may(Right.FIND):
        return True
    steps = [step for step in Step.objects.filter(termination=case).exclude(state=StepState.WAITING) if waits(step)]
    if doable(staff, steps, at):
        return True
    calls = Call.objects.filter(carrier=staff.carrier, staff_id=staff.user_id, ended_at=None)
    return calls.filter(subscriber_id=case.subscriber_id, proved_at__isnull=False).exists()


def call_for_staff(staff: Staff, reference: str) -> Call:
    """Return a call of this person's own; of anybody's for who mends. Raises `Http404`."""
    related = ("carrier", "subscriber", "line__subscriber", "line__plan", "line__carrier")
    call = Call.objects.select_related(*related).filter(carrier=staff.carrier, reference=reference).first()
    if call is None or (call.staff_id != staff.user_id and not staff.may(Right.MEND)):
        raise Http404
    return call


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


def staff_of(request: HttpRequest) -> Staff | None:
    """Return the member of staff behind a request; None when their sign-in is over with the place that it was for.

    Raises `Http404` without a place at this carrier, and ends the sign-in of who has lost it.
    """
    carrier: Carrier | None = getattr(request, "carrier", None)
    user = request.user
    if carrier is None or not isinstance(user, User):
        raise Http404
    place = Membership.objects.filter(carrier=carrier, user=user).first()
    still_good = sessions.holds(request, place)
    if place is None:
        raise Http404
    if not still_good:
        return None
    return Staff(user.pk, name_of(user), StaffRole(place.role), carrier, frozenset(place.shops))


SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""An authenticator app or a passkey. Recovery codes alone are none."""


def has_second_factor(user_id: int) -> bool:
    """Whether a person has a second factor. One query."""
    return bool(Authenticator.objects.filter(user_id=user_id, type__in=SECOND_FACTORS).exists())


def shows_second_factor(request: HttpRequest, user_id: int) -> bool:
    """Whether a person has a second factor of ours, or their carrier's provider saw one that may count."""
    return sessions.second_factor_by_provider(request) or has_second_factor(user_id)


def staff_page(
    right: Right, *, personal: bool = True, second_factor: bool = True
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Open a page to staff who hold `right`, as `view(request, staff, ...)`.

    Others are led to the sign-in; staff without a second factor are led to set one up, except in a demonstration. What
    is shown of customers is written down with who looked (`looks`); `personal=False` says that a page shows nobody's
    data, `second_factor=False` that it opens without one.
    """

    def open_to(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            now, user = timezone.now(), request.user
            staff = staff_of(request) if isinstance(user, User) else None
            if staff is None:
                return redirect_to_login(request.get_full_path(), reverse("account_login"))
            if second_factor and not config().demo and not shows_second_factor(request, staff.user_id):
                return HttpResponseRedirect(reverse("desk:second_factor"))
            if not staff.may(right):
                log.warning("desk.refused", staff=staff.user_id, role=staff.role, page=view.__name__, right=right)
                raise PermissionDenied
            response = view(request, staff, *args, **kwargs)
            if personal and response.status_code in SHOWN:
                note_look(request, staff_id=staff.user_id, role=staff.role, carrier=staff.carrier, at=now, **kwargs)
            patch_cache_control(response, no_store=True, private=True)  # no customer's data stays in the browser
            return response

        # Both are read by tests that walk every address, the right also by the page of who may do what.
        guarded.opens_to = "staff"  # type: ignore[attr-defined]  # functions may carry attributes
        guarded.right = right  # type: ignore[attr-defined]  # functions may carry attributes
        return guarded

    return open_to
