"""Who works for which carrier, as what and where, and whose data did they look at?"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from tojimari.lines.models import UNCHECKED, Carrier, Line, Subscriber


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


class CallOutcome(models.TextChoices):
    """How a call ended."""

    CASE = "case"  # a case was opened, or one that was open was found
    LOOKED = "looked"  # the caller was known, and only asked
    HELP = "help"  # a request for help was written down
    NOT_PROVED = "not_proved"  # the caller was not known at the end
    NOT_FOUND = "not_found"  # no line was found
    LEFT = "left"  # nobody ended it: the clock did


class Call(models.Model):
    """One call that a member of staff took: about whom, how the caller was known, what came of it.

    No answer and no code is ever kept, right or wrong; only which questions were answered rightly. Cases stand by their
    references: who called outlives the case.
    """

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, db_index=False)
    reference = models.TextField(help_text='Such as "CL-7K3M-9QXA": names the call and opens nothing.')
    staff_id = models.BigIntegerField(help_text="The account that took the call.")
    role = models.TextField(help_text="In which role.")
    language = models.TextField(help_text="What the caller speaks.")
    began_at = models.DateTimeField()
    touched_at = models.DateTimeField(help_text="When something was last done in it.")
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.TextField(choices=CallOutcome.choices, blank=True)
    subscriber = models.ForeignKey(Subscriber, on_delete=models.PROTECT, null=True, blank=True, **UNCHECKED)
    line = models.ForeignKey(Line, on_delete=models.PROTECT, null=True, blank=True, **UNCHECKED)
    wrong = models.PositiveSmallIntegerField(default=0, help_text="How many tries were not enough.")
    questions = models.JSONField(default=list, help_text="Names of the questions that were answered rightly.")
    checked_at = models.DateTimeField(null=True, blank=True, help_text="When the answers were enough.")
    code_by = models.TextField(blank=True, help_text='How the newest code was sent: "email" or "sms".')
    proved_at = models.DateTimeField(null=True, blank=True, help_text="When its code was right.")
    scope = models.TextField(blank=True, help_text='What the caller wants to end: "line" or "roaming".')
    effective = models.TextField(blank=True, help_text="When, as they chose it.")
    case_reference = models.TextField(blank=True, help_text="The case that the call is at.")
    cases = models.JSONField(default=list, help_text="References of all cases opened in this call.")
    help_reference = models.TextField(blank=True, help_text="The request for help that came of it.")
    keep_until = models.DateTimeField(null=True, blank=True, help_text="Deleted from then on; set at its end.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["carrier", "reference"], name="call_reference")]
        indexes = [
            models.Index(fields=["carrier", "-began_at"], name="call_day"),
            models.Index(fields=["touched_at"], name="call_open", condition=models.Q(ended_at=None)),
            models.Index(fields=["keep_until"], name="call_over", condition=~models.Q(keep_until=None)),
        ]

    def __str__(self) -> str:
        return self.reference
