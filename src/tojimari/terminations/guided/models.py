"""What is kept of a case at a carrier that is not connected?

The person acts, we hold the clock, the words and the evidence. Nobody has an account here, so a case belongs to no
carrier and to nobody's name: whoever has its reference and its saved code has the case. What the person says or shows
is sealed. Each table is fenced (`fence`): the database shows the rows of the one case whose scope was entered.
"""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q

from tojimari.lines.models import Carrier


class GuidedEnd(models.TextChoices):
    """How a case ended. None of them says that the line is closed: only its carrier's network could."""

    DONE = "done"  # the person has done every step
    GIVEN_UP = "given_up"  # they said so
    SILENT = "silent"  # nothing was heard for a long time, and no deadline is ahead


class EvidenceKind(models.TextChoices):
    RECEIPT_NUMBER = "receipt_number"
    PICTURE = "picture"  # photo or screenshot, drawn anew so that only what one sees is left
    MAIL = "mail"  # pasted by the person
    NOTE = "note"
    CHARGE = "charge"  # what the carrier took after the end


class Fenced(models.Model):
    """A row that is seen in the scope of its own case alone (see `guided.fence`)."""

    fence = models.BigIntegerField(help_text="Made of the reference and the installation's key; above zero.")

    class Meta:
        abstract = True


class GuidedCase(Fenced):
    """One plan that a person keeps and follows."""

    reference = models.TextField(unique=True)
    nonce = models.BinaryField(help_text="Makes the saved code, together with the installation's key.")
    code_shown_until = models.DateTimeField(help_text="From then on the saved code is not shown any more.")
    host = models.ForeignKey(
        Carrier,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
        help_text="On whose pages it was kept: reminders go in their name. They may not see it.",
    )
    carrier_key = models.TextField(help_text='The directory\'s id of the carrier, "docomo".')
    closing_key = models.TextField(blank=True, help_text="Its id of the way of closing; empty where there is none.")
    kind = models.TextField(help_text="Kind of line, as the directory has it.")
    facts = models.JSONField(help_text="The facts of the directory that the plan was made from, word for word.")
    facts_digest = models.TextField(help_text="SHA-256 of their canonical form.")
    answers = models.BinaryField(help_text="What the person answered, sealed.")
    planned_at = models.DateTimeField(help_text="The plan is the one of this instant, from these facts and answers.")
    language = models.TextField(default="ja", help_text="Language of the reminders.")
    zone = models.TextField(blank=True, help_text="Time zone of the person, as their browser told it.")
    email = models.BinaryField(default=b"", help_text="Where reminders go, sealed; empty for none.")
    email_confirmed_at = models.DateTimeField(null=True, blank=True)
    kept_at = models.DateTimeField()
    touched_at = models.DateTimeField(help_text="When the person last did something with it.")
    ended = models.TextField(choices=GuidedEnd.choices, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(fence__gt=0), name="guided_fence_above_zero")]
        indexes = [
            models.Index(fields=["ended_at"], name="guided_over"),
            models.Index(fields=["touched_at"], name="guided_silent", condition=Q(ended="")),
        ]

    def __str__(self) -> str:
        return self.reference


class GuidedStep(Fenced):
    """One thing to be done, by the person or by the carrier; `number` is its place."""

    case = models.ForeignKey(GuidedCase, on_delete=models.CASCADE, related_name="steps", db_index=False)
    number = models.PositiveSmallIntegerField()
    name = models.TextField(help_text="Its permanent id in the plan.")
    actor = models.TextField(help_text='"person" or "carrier".')
    titles = models.JSONField(help_text="What it was called when the plan was kept: language -> text.")
    not_before = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True, help_text="The last second in which it is in time.")
    missing_yen = models.PositiveIntegerField(null=True, blank=True, help_text="What missing it costs; empty: unknown.")
    extended_to = models.DateTimeField(null=True, blank=True, help_text="Later moment that the carrier granted.")
    blocked_at = models.DateTimeField(null=True, blank=True, help_text="The person was not let do it.")
    why_blocked = models.BinaryField(default=b"", help_text="In their words, sealed.")
    done_at = models.DateTimeField(null=True, blank=True, help_text="When it was done, as the person says.")
    noted_at = models.DateTimeField(null=True, blank=True, help_text="When they told us.")
    not_needed = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="guided_step_number")]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def due(self) -> datetime | None:
        """The moment that counts: what the carrier granted, else what the plan said."""
        return self.extended_to or self.due_at

    @property
    def is_over(self) -> bool:
        return self.done_at is not None or self.not_needed


class GuidedEvidence(Fenced):
    """What a person keeps to show that they did a step. The digest is over what is kept, before it is sealed."""

    case = models.ForeignKey(GuidedCase, on_delete=models.CASCADE, related_name="evidence", db_index=True)
    step = models.ForeignKey(GuidedStep, null=True, on_delete=models.CASCADE, related_name="evidence", db_index=False)
    kind = models.TextField(choices=EvidenceKind.choices)
    kept_at = models.DateTimeField()
    sealed = models.BinaryField()
    media_type = models.TextField(default="text/plain")
    size = models.PositiveIntegerField()
    sha256 = models.TextField()

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class GuidedTold(Fenced):
    """What was told already: the same thing is told once, whatever happens to the mail itself."""

    case = models.ForeignKey(GuidedCase, on_delete=models.CASCADE, related_name="told", db_index=False)
    key = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "key"], name="guided_told_once")]

    def __str__(self) -> str:
        return self.key
