"""Who may have an account for staff, what is asked of them, and what is logged of their sign-ins?"""

from __future__ import annotations

from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.urls import reverse

log = structlog.get_logger(__name__)

BY_PROVIDER = "desk_by_provider"
"""In a session: who signed in by a carrier's provider, for which place, and whether it showed a second factor."""

_MFA = "allauth.mfa.stages.AuthenticateStage"


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
