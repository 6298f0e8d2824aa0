"""Who may have an account for staff, what is asked of them, and what is logged of their sign-ins?"""

from __future__ import annotations

from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from tojimari.platform.config import config

log = structlog.get_logger(__name__)

BY_PROVIDER = "desk_by_provider"
"""In a session: who signed in by a carrier's provider, for which place, and whether it showed a second factor."""

_MFA = "allauth.mfa.stages.AuthenticateStage"


def only_by_provider(request: HttpRequest) -> bool:
    """Whether staff of this page's carrier sign in by its own provider alone, but for the account for emergencies."""
    return getattr(getattr(request, "carrier", None), "slug", None) in config().sso_only


def turned_away(request: HttpRequest, user_id: int) -> bool:
    """Whether this person may not be here because they did not come by the carrier's own provider.

    Password and passkey then open nothing, also where no provider is configured any more: a setting that is lost must
    not open the other door. One query for who came otherwise.
    """
    if not only_by_provider(request):
        return False
    vouched: dict[str, Any] = request.session.get(BY_PROVIDER) or {}
    if str(vouched.get("user")) == str(user_id):
        return False
    keeper = config().sso_only[request.carrier.slug]  # type: ignore[attr-defined]  # set by the middleware of carriers
    held = EmailAddress.objects.filter(user_id=user_id, verified=True, email__iexact=keeper)
    return not (keeper and held.exists())


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth carries no types
    """Accounts are given, not taken: there is no sign-up page. Every sign-in, failed or not, stands in the log."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_stages(self) -> list[str]:
        """What is asked after the first proof. A second factor that the carrier's provider saw counts if it may."""
        stages: list[str] = super().get_login_stages()
        if getattr(self.request, "second_factor_by_provider", False):
            stages.remove(_MFA)
        return stages

    def pre_login(self, request: HttpRequest, user: User, **how: Any) -> HttpResponse | None:
        """Turn away who knows a password, or has a passkey, where the carrier's own provider is the only way in."""
        if turned_away(request, user.pk):
            log.warning("staff.sign_in_failed", why="only_by_provider", staff=user.pk)
            return HttpResponseRedirect(reverse("sign_in_elsewhere"))
        response: HttpResponse | None = super().pre_login(request, user, **how)
        return response

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        log.info("staff.signed_in", staff=user.pk)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        super().authentication_failed(request, **credentials)
        log.warning("staff.sign_in_failed")  # nothing of what was typed: people type passwords into the wrong field

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Who came by a carrier's provider is told that they are still signed in there."""
        if BY_PROVIDER in request.session:
            return reverse("signed_out")
        return str(super().get_logout_redirect_url(request))

    def logout(self, request: HttpRequest) -> None:
        log.info("staff.signed_out", staff=request.user.pk)
        super().logout(request)
