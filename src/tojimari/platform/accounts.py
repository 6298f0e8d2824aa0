"""Who may have an account for staff?"""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth carries no types
    """Accounts are given, not taken: there is no sign-up page."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
