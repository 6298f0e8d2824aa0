"""What if a worker dies, or a line breaks, just when an SMS goes out?

A mail has a Message-ID by which a second copy is known; an SMS has nothing of the kind. So its row says that it is
about to be handed over before that is done. A row that still says so when its worker is gone may have gone out. It is
treated like one whose answer was lost: not sent again at once, and not at all when a receipt tells that it arrived.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from tojimari.messages import receipts
from tojimari.messages.actions import receipt, taken
from tojimari.messages.checking import ready
from tojimari.messages.models import LOST, Delivery, Message, MessageKind, MessageState, Receipt
from tojimari.messages.receipts import Told, sum_up
from tojimari.messages.segments import segments


def begin(messages: Iterable[Message], *, at: datetime) -> None:
    """Write down that these are handed over now. Committed before the first octet leaves: one statement."""
    Message.objects.filter(pk__in=[message.pk for message in messages], state=MessageState.SENDING).update(begun_at=at)


def left_open(rows: Iterable[Message]) -> list[Message]:
    """Return those of claimed rows that a worker, now gone, may have handed over."""
    return [row for row in rows if row.state == MessageState.SENDING and row.begun_at is not None]


def told(
    *,
    channel: str,
    gateway_id: str,
    number: str,
    reference: int | None,
    fate: Delivery,
    at: datetime,
    now: datetime,
    code: str = "",
) -> Message | None:
    """Write down what a gateway told of an SMS, also of one whose answer was lost; return the message if it is known.

    Such an SMS has no name here yet, but the receipt says to whom it went. If exactly one to that number is open, and
    nothing that is under way could be meant as well, it is the one. `reference` is our own mark, where the gateway
    repeats it. What is told to be lost then goes out again; what arrived does not.
    """
    with transaction.atomic():
        if not Receipt.objects.filter(channel=channel, gateway_id=gateway_id, message__isnull=False).exists():
            open_one = _open_to(number, reference)
            if open_one is not None:
                _settled(open_one, channel, gateway_id, fate=fate, now=now)
        return receipt(channel=channel, gateway_id=gateway_id, fate=fate, at=at, code=code, now=now)


@dataclass(frozen=True, slots=True)
class News:
    """What a gateway told of one SMS. `reference` is our own mark, where the gateway repeats it."""

    gateway_id: str
    number: str
    reference: int | None
    fate: Delivery
    at: datetime
    code: str = ""


def told_together(news: Sequence[News], *, channel: str, now: datetime) -> None:
    """Write down many at once, in some five statements. Whatever may settle an SMS whose answer was lost, or stands
    there twice, goes through `told` by itself, in its turn.
    """
    if not news:
        return
    with transaction.atomic():
        open_to = set(_open({one.number for one in news}).values_list("to", flat=True))
        names = Counter(one.gateway_id for one in news)
        plain = [one for one in news if names[one.gateway_id] == 1 and one.number not in open_to]
        rows = [Told(one.gateway_id, one.fate, one.at, one.code) for one in plain]
        sum_up(receipts.told(rows, channel=channel, now=now))
    for one in news:
        if names[one.gateway_id] > 1 or one.number in open_to:
            told(
                channel=channel,
                gateway_id=one.gateway_id,
                number=one.number,
                reference=one.reference,
                fate=one.fate,
                at=one.at,
                now=now,
                code=one.code,
            )


def _open(numbers: Iterable[str]) -> QuerySet[Message]:
    """SMS to these numbers of which nobody knows whether they went out."""
    to = Message.objects.filter(kind=MessageKind.SMS, to__in=list(numbers))
    return to.filter(unsure=True, gateway_id="", state__in=(MessageState.QUEUED, MessageState.SENT))


def _open_to(number: str, reference: int | None) -> Message | None:
    rows = list(_open([number]).select_related("carrier").select_for_update(of=("self",)).order_by("-id")[:20])
    if reference is not None:
        rows = [row for row in rows if row.pk & 0xFFFF == reference]
    elif Message.objects.filter(kind=MessageKind.SMS, to=number, state=MessageState.SENDING).exists():
        return None
    return rows[0] if len(rows) == 1 else None


def _settled(message: Message, channel: str, gateway_id: str, *, fate: Delivery, now: datetime) -> None:
    """The gateway had taken it. A long one is left waiting: one part tells nothing of the others."""
    if message.state == MessageState.QUEUED:
        if len(segments(ready(message)).parts) > 1:
            return
        if fate in LOST:
            Message.objects.filter(pk=message.pk).update(due_at=now)
            return
        Message.objects.filter(pk=message.pk).update(state=MessageState.SENT, sent_at=now, code="")
    Message.objects.filter(pk=message.pk).update(gateway_id=gateway_id, parts=1)
    taken(message, channel=channel, gateway_ids=[gateway_id], at=now)
