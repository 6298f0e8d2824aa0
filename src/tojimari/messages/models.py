"""What is sent to whom, and has it gone out?

A message is a row before it is anything else: it is put down in the same transaction as what it tells of, and a worker
sends it afterwards. So nothing is told that did not happen, and nothing that happened goes untold.
"""

from __future__ import annotations

import secrets

from django.db import models
from django.db.models import Q

from tojimari.lines.models import Carrier


class MessageKind(models.TextChoices):
    EMAIL = "email"
    SMS = "sms"


class MessageState(models.TextChoices):
    QUEUED = "queued"  # due at `due_at`
    SENDING = "sending"  # a worker holds it under a lease
    SENT = "sent"
    FAILED = "failed"  # trying again would not help; `code` says why
    REFUSED = "refused"  # must not be sent; `code` says why


def new_token() -> str:
    """Return the random part of a message's Message-ID."""
    return secrets.token_hex(8)


class Message(models.Model):
    """One mail or SMS to one address."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT)
    case_id = models.BigIntegerField(null=True, blank=True, help_text="The termination it tells of, if any.")
    reference = models.TextField(blank=True)
    key = models.TextField(blank=True, help_text="What it is for the case: the same thing is told once.")
    kind = models.TextField(choices=MessageKind.choices)
    to = models.TextField(help_text='E-mail address, or MSISDN as E.164 digits without "+".')
    subject = models.TextField(blank=True)
    body = models.TextField()
    language = models.TextField()
    state = models.TextField(choices=MessageState.choices, default=MessageState.QUEUED)
    code = models.TextField(blank=True, help_text="Reason code of the last try that did not send it.")
    channel = models.TextField(blank=True, help_text="Which channel took it.")
    token = models.TextField(default=new_token, help_text="Makes the Message-ID, the same for every try.")
    attempts = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_owner = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    wipe_at = models.DateTimeField(null=True, blank=True, help_text="When a secret in the body must be gone.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case_id", "key"], name="message_once", condition=~Q(key="")),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="message_due", condition=Q(state="queued")),
            models.Index(fields=["lease_until"], name="message_leased", condition=Q(state="sending")),
            models.Index(fields=["wipe_at"], name="message_secret", condition=Q(wipe_at__isnull=False)),
            models.Index(fields=["carrier", "created_at"], name="message_recent"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
