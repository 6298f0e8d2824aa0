"""What does a mail that came back say, and about which of our messages?

Mail servers write it as a delivery status notification (RFC 3464): a part for machines, with what was done ("failed",
"delayed") and a number ("5.1.1"). Which message it is about stands in the address that it came to, because each mail of
ours has its own address to come back to. What has no such part is no verdict: absence notes and notes by hand change
nothing. Of the text of the notification nothing is kept.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import Message as Part

from django.db import transaction

from tojimari.messages.mail import returned
from tojimari.messages.models import FINAL, Delivery, Message, MessageKind, MessageState

LARGEST = 5_000_000
"""Bytes of a notification that are read. What is longer holds a whole mail of somebody else's."""
ADDRESSED = ("Delivered-To", "X-Original-To", "Envelope-To", "To")
"""Header fields in which mail servers leave the address that a mail came to."""

AS_WRITTEN = policy.compat32
"""Header fields stay texts. The newer policies take addresses apart, and fail at those that are not well formed."""

_STATUS = re.compile(r"^\s*([245])\.(\d{1,3})\.(\d{1,3})\b")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a mail: `code` is the number of RFC 3463, "5.1.1"."""

    delivery: Delivery
    code: str


def verdict(raw: bytes) -> Verdict | None:
    """Return what a notification says, None for any other mail. Of several recipients the worst one counts."""
    mail = message_from_bytes(raw[:LARGEST], policy=AS_WRITTEN)
    found = [
        one
        for part in mail.walk()
        if part.get_content_type() == "message/delivery-status"
        for one in map(_one, _recipients(part))
        if one is not None
    ]
    order = [Delivery.UNDELIVERED, Delivery.EXPIRED, Delivery.ACCEPTED, Delivery.DELIVERED]
    return min(found, key=lambda one: order.index(one.delivery), default=None)


def _recipients(part: Part) -> list[Part]:
    """The groups of fields, one for each recipient; the first group is about the notification itself."""
    groups = part.get_payload()
    return [group for group in groups[1:] if isinstance(group, Part)] if isinstance(groups, list) else []


def _one(fields: Part) -> Verdict | None:
    status = _STATUS.match(str(fields.get("Status", "")))
    code = ".".join(status.groups()) if status else ""
    match str(fields.get("Action", "")).split("(")[0].strip().lower():
        case "failed":
            # Class 4 with "failed": it was tried until its time was over (RFC 3463, 3.1).
            return Verdict(Delivery.EXPIRED if code.startswith("4") else Delivery.UNDELIVERED, code)
        case "delayed" | "relayed" | "expanded":
            return Verdict(Delivery.ACCEPTED, code)
        case "delivered":
            return Verdict(Delivery.DELIVERED, code)
    return None


def addresses(raw: bytes) -> list[str]:
    """Return the addresses that a mail came to, as the mail servers on its way wrote them down."""
    mail = message_from_bytes(raw[:LARGEST], policy=AS_WRITTEN)
    return [str(value) for name in ADDRESSED for value in mail.get_all(name, [])]


def bounced(raw: bytes, *, to: Iterable[str], at: datetime) -> Message | None:
    """Write down what a notification says of a message of ours; return it, or None when it says nothing of any.

    `to` are the addresses that it may have come to. Told twice is told once, and what is final stays. Needs the scope
    of every carrier.
    """
    said = verdict(raw)
    named = next(filter(None, map(returned, to)), None)
    if said is None or named is None:
        return None
    number, token = named
    with transaction.atomic():
        message = Message.objects.select_for_update(of=("self",)).filter(pk=number, kind=MessageKind.EMAIL).first()
        if message is None or not hmac.compare_digest(message.token, token):
            return None
        if message.delivery not in FINAL:
            message.delivery, message.delivered_at, message.delivery_code = said.delivery, at, said.code
        if message.state == MessageState.QUEUED and message.unsure:
            # Nobody knew whether it had gone out. It had: it came back.
            message.state, message.sent_at, message.code = MessageState.SENT, at, ""
        message.save(update_fields=["delivery", "delivered_at", "delivery_code", "state", "sent_at", "code"])
    return message
