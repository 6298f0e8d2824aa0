"""Who may have an account for staff, and what is logged of their sign-ins?"""

from __future__ import annotations

from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.models import User
from django.http import HttpRequest

log = structlog.get_logger(__name__)


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth carries no types
    """Accounts are given, not taken: there is no sign-up page. Every sign-in, failed or not, stands in the log."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        log.info("staff.signed_in", staff=user.pk)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        super().authentication_failed(request, **credentials)
        log.warning("staff.sign_in_failed")  # nothing of what was typed: people type passwords into the wrong field

    def logout(self, request: HttpRequest) -> None:
        log.info("staff.signed_out", staff=request.user.pk)
        super().logout(request)
