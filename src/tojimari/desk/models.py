"""Who works for which carrier, and as what?"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from tojimari.lines.models import Carrier


class StaffRole(models.TextChoices):
    """What a member of staff is there for. What each may do stands in `access.RIGHTS`."""

    CLERK = "clerk"  # at the counter of a shop
    AGENT = "agent"  # on the telephone
    REVIEWER = "reviewer"  # decides on requests
    LEAD = "lead"  # answers for a shift
    AUDITOR = "auditor"  # looks, changes nothing
    ADMIN = "admin"  # runs the carrier's side


class Membership(models.Model):
    """A staff account's place with one carrier. An account may have places with several carriers, one role each."""

    carrier = models.ForeignKey(Carrier, on_delete=models.CASCADE)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.TextField(choices=StaffRole.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["carrier", "user"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.role} at carrier {self.carrier_id}"
