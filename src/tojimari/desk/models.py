"""Who works for which carrier, as what and where, and whose data did they look at?"""

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
    shops = models.JSONField(
        default=list, help_text="Codes of the shops that the person is bound to; empty: all of them."
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["carrier", "user"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.role} at carrier {self.carrier_id}"


class Look(models.Model):
    """One page with a customer's data that was shown to a member of staff. Append-only: the database refuses changes.

    No foreign keys besides the carrier: who looked outlives the account, the case and the line.
    """

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, db_index=False)
    at = models.DateTimeField()
    staff_id = models.BigIntegerField(help_text="The account that looked.")
    role = models.TextField(help_text="In which role.")
    page = models.TextField(help_text='Name of the page: "case", "find".')
    reference = models.TextField(blank=True, help_text="Of the case or request shown; empty for a list of many.")
    line_id = models.BigIntegerField(null=True, blank=True, help_text="The line shown where there is no case.")
    keep_until = models.DateTimeField(help_text="Not deleted before; by the rule of its day.")

    class Meta:
        indexes = [
            models.Index(fields=["carrier", "at"], name="look_day"),
            models.Index(fields=["carrier", "staff_id", "at"], name="look_of_staff"),
            models.Index(fields=["carrier", "reference", "at"], name="look_at_case", condition=~models.Q(reference="")),
            models.Index(fields=["keep_until"], name="look_over"),
        ]

    def __str__(self) -> str:
        return f"{self.page} {self.reference}".strip()
