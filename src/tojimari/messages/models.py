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


class Delivery(models.TextChoices):
    """What the other side told of a message after it was handed over. It comes in any order, and perhaps never."""

    UNKNOWN = "unknown"
    ACCEPTED = "accepted"  # on its way: more is to come
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"  # for good
    EXPIRED = "expired"  # tried until its time was over


FINAL = frozenset({Delivery.DELIVERED, Delivery.UNDELIVERED, Delivery.EXPIRED})
"""Nothing that comes later changes these."""
LOST = frozenset({Delivery.UNDELIVERED, Delivery.EXPIRED})
"""It did not arrive."""


def new_token() -> str:
    """Return the random part of a message's Message-ID."""
    return secrets.token_hex(8)


NOT_ARRIVED = Q(seen_to_at__isnull=True) & (
    Q(state__in=(MessageState.FAILED, MessageState.REFUSED)) | Q(state=MessageState.SENT, delivery__in=sorted(LOST))
)
"""Did not arrive, and nobody has seen to it. What was held back is among it: the person was not told either."""


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
    gateway_id = models.TextField(blank=True, help_text="The name that the gateway gave to it, or to its first part.")
    parts = models.PositiveSmallIntegerField(default=0, help_text="In how many SMS it went out; 0 before that.")
    begun_at = models.DateTimeField(
        null=True, blank=True, help_text="When the try that is under way was about to hand it over; see `begun`."
    )
    unsure = models.BooleanField(default=False, help_text="An answer was lost: it may go out twice.")
    delivery = models.TextField(choices=Delivery.choices, default=Delivery.UNKNOWN)
    delivered_at = models.DateTimeField(null=True, blank=True, help_text="Since when `delivery` holds, as was told.")
    delivery_code = models.TextField(blank=True, help_text="Why it did not arrive, in the words of the gateway's code.")
    instead_of = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        db_index=False,  # nearly always null: see `message_instead`
        help_text="What did not arrive, and this stands for.",
    )
    seen_to_at = models.DateTimeField(null=True, blank=True, help_text="When its not arriving was seen to.")
    seen_to_by = models.TextField(blank=True, help_text="By whom: a member of staff, or another message.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case_id", "key"], name="message_once", condition=~Q(key="")),
        ]
        indexes = [
            models.Index(fields=["carrier", "due_at"], name="message_due_of", condition=Q(state="queued")),
            models.Index(fields=["lease_until"], name="message_leased", condition=Q(state="sending")),
            models.Index(fields=["wipe_at"], name="message_secret", condition=Q(wipe_at__isnull=False)),
            models.Index(fields=["carrier", "created_at"], name="message_recent"),
            models.Index(fields=["reference"], name="message_reference", condition=~Q(reference="")),
            models.Index(fields=["instead_of"], name="message_instead", condition=Q(instead_of__isnull=False)),
            models.Index(fields=["carrier", "id"], name="message_to_see_to", condition=NOT_ARRIVED),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Receipt(models.Model):
    """One name that a gateway gave to a message, or to a part of it, and what it told of that.

    The answer that gives the name and the receipt that tells the end come in any order. Whichever is first makes the
    row; a row without a message waits for its answer, and is dropped when that never comes.
    """

    carrier = models.ForeignKey(Carrier, null=True, blank=True, on_delete=models.CASCADE)
    message = models.ForeignKey(Message, null=True, blank=True, on_delete=models.CASCADE)
    channel = models.TextField()
    gateway_id = models.TextField()
    delivery = models.TextField(choices=Delivery.choices, default=Delivery.UNKNOWN)
    at = models.DateTimeField(null=True, blank=True, help_text="When that happened, as the gateway told.")
    code = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "gateway_id"], name="receipt_once")]
        indexes = [models.Index(fields=["created_at"], name="receipt_old")]

    def __str__(self) -> str:
        return f"{self.channel} {self.gateway_id}"


class Pace(models.Model):
    """How many more messages may go to one address, or out for one carrier, before a pause.

    `full_at` is when there is room for as many as ever; each message moves it on.
    """

    key = models.TextField(primary_key=True, help_text="HMAC of what is limited: no address stands here in clear.")
    full_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"pace {self.key[:8]}"
