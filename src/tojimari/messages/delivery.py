"""How do the rows that wait become messages that are sent?

Workers claim due rows under a lease, a batch at a time, and record the fate of each as soon as it is known. A worker
that dies leaves its rows to the next one when the lease ends; at most the one mail that was just going out goes out
twice, with the same Message-ID, and an SMS not at all (see `begun`).
"""

from __future__ import annotations

import secrets
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import attrgetter

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from tojimari.messages import receipts
from tojimari.messages.actions import NUMBER_OFF, TOO_LATE, numbers_off
from tojimari.messages.begun import left_open
from tojimari.messages.channels import ANSWER_LOST, Fate, Sent, channel, channel_name
from tojimari.messages.checking import ready
from tojimari.messages.foreign import with_foreign_links
from tojimari.messages.models import Message, MessageKind, MessageState
from tojimari.messages.pace import in_turn, too_many

LEASE = timedelta(minutes=3)
LAST_START = timedelta(minutes=2)
"""No message begins later than this after the claim: one that is under way ends before the lease does."""

WAITS = (1, 5, 15, 60, 240, 720, 1440)
"""Minutes to wait after each failed try. After the last of them a message counts as failed."""

UNSURE_WAITS = {MessageKind.EMAIL: timedelta(minutes=1), MessageKind.SMS: timedelta(minutes=30)}
"""The least time between two copies of a message of which nobody knows whether the first went out."""

PAUSE = timedelta(minutes=5)
"""So long waits what is too much for one address."""

TOO_MANY = "message.too_many"
NO_CHANNEL = "message.no_channel"
FOREIGN_LINK = "message.foreign_link"
GIVEN_UP = "message.given_up"


def deliver(batch_size: int = 50) -> int:
    """Send what is due, at most `batch_size` messages; return how many were sent or given up.

    Any number of workers may call this at the same time. Messages that could only be put off are not counted, so that a
    caller who goes on while there is something to do pauses when the mail server is away.
    """
    began, owner = time.monotonic(), secrets.token_hex(8)
    claimed = _claim(batch_size, owner, at=datetime.now(UTC))
    by_channel: dict[str, list[Message]] = defaultdict(list)
    for message in claimed:
        by_channel[channel_name(message.kind)].append(message)
    finished = 0
    for name, messages in by_channel.items():
        if not name:
            finished += _put_off(messages, NO_CHANNEL, owner)
            continue
        for known in channel(name)(messages):
            finished += _record(known, name, owner)
            if time.monotonic() - began > LAST_START.total_seconds():
                break
    _release(owner)
    return finished


def _claim(size: int, owner: str, *, at: datetime) -> list[Message]:
    """Take due messages, and those whose worker is gone, under a lease. What must not go out any more is sorted out."""
    with transaction.atomic():
        due = Q(state=MessageState.QUEUED, due_at__lte=at)
        left_over = Q(state=MessageState.SENDING, lease_until__lt=at)
        free = Message.objects.select_for_update(skip_locked=True, of=("self",)).select_related("carrier")
        # Codes first: somebody looks at a screen and waits for one.
        rows = list(free.filter(due, wipe_at__isnull=False).order_by("due_at")[:size])
        rows += list(free.filter(left_over).order_by("lease_until")[: size - len(rows)])
        others = in_turn(size - len(rows), at=at)
        rows += sorted(free.filter(due, pk__in=others), key=lambda row: others.index(row.pk))
        out = _sorted_out(rows, at=at)
        out |= _slowed_down([row for row in rows if row.pk not in out], at=at)
        going = [row for row in rows if row.pk not in out]
        Message.objects.filter(pk__in=[row.pk for row in going]).update(
            state=MessageState.SENDING,
            lease_until=at + LEASE,
            lease_owner=owner,
            attempts=F("attempts") + 1,
            begun_at=None,
        )
    for row in going:
        row.attempts += 1
        row.body = ready(row)  # in hand only: the row never holds the link
    return going


def _slowed_down(rows: Sequence[Message], *, at: datetime) -> set[int]:
    """Let what is too much for one address wait, and return the ids. That is no try."""
    over = too_many(rows, at=at)
    Message.objects.filter(pk__in=over).update(
        state=MessageState.QUEUED, due_at=at + PAUSE, code=TOO_MANY, lease_until=None, lease_owner=""
    )
    return over


def _sorted_out(rows: Sequence[Message], *, at: datetime) -> set[int]:
    """Write down what must not go out, or not now, and return the ids."""
    late = {row.pk for row in rows if row.wipe_at is not None and row.wipe_at <= at}
    Message.objects.filter(pk__in=late).update(state=MessageState.FAILED, code=TOO_LATE, body="", wipe_at=None)
    texts = [row for row in rows if row.kind == MessageKind.SMS and row.pk not in late]
    # Asked again here: the number may have gone off after the message was put down.
    off = numbers_off(row.to for row in texts)
    held_back = {row.pk for row in texts if row.to in off}
    strange = with_foreign_links(texts) - held_back
    for ids, code in ((held_back, NUMBER_OFF), (strange, FOREIGN_LINK)):
        Message.objects.filter(pk__in=ids).update(state=MessageState.REFUSED, code=code, body="")
    left = [row for row in left_open(texts) if row.pk not in held_back | strange]
    for row in left:
        _unsure(row, ANSWER_LOST, Message.objects.filter(pk=row.pk), row.channel, at)
    return late | held_back | strange | {row.pk for row in left}


def _record(known: Sequence[Sent], channel_used: str, owner: str) -> int:
    """Write down the fates of messages, of each that is still ours; return how many are over."""
    now = datetime.now(UTC)
    done = _sent([sent for sent in known if sent.fate == Fate.SENT], channel_used, owner, now)
    return done + sum(_not_sent(sent, channel_used, owner, now) for sent in known if sent.fate != Fate.SENT)


def _not_sent(sent: Sent, channel_used: str, owner: str, now: datetime) -> int:
    message = sent.message
    mine = Message.objects.filter(pk=message.pk, state=MessageState.SENDING, lease_owner=owner)
    free = {"lease_until": None, "lease_owner": ""}
    if sent.fate == Fate.FAILED:
        return mine.update(
            state=MessageState.FAILED, channel=channel_used, code=sent.code, delivery_code=sent.detail, **free
        )
    if sent.fate == Fate.UNSURE:
        return _unsure(message, sent.code, mine, channel_used, now)
    return _put_off([message], sent.code, owner, channel_used)


# One statement for all that were taken. They are locked already, in the order of their ids.
_TAKEN = """
    UPDATE tojimari_messages_message AS message
    SET state = 'sent', channel = %(channel)s, sent_at = %(at)s, code = '', gateway_id = given.name,
        parts = given.parts,
        delivery = 'unknown', delivered_at = NULL, delivery_code = '', lease_until = NULL, lease_owner = ''
    FROM unnest(%(ids)s::bigint[], %(names)s::text[], %(parts)s::int[]) AS given (id, name, parts)
    WHERE message.id = given.id AND message.state = 'sending' AND message.lease_owner = %(owner)s
"""


def _sent(sents: Sequence[Sent], channel_used: str, owner: str, now: datetime) -> int:
    """Write down what was taken, under which names. The names count too where the lease is over and another worker has
    the row: what a receipt tells is true nevertheless. Some five statements, however many were taken.
    """
    if not sents:
        return 0
    names = {name: sent.message for sent in sents for name in sent.gateway_ids}
    ids = sorted(sent.message.pk for sent in sents)
    with transaction.atomic(), connection.cursor() as cursor:
        given = [receipts.Name(name, message.pk, message.carrier_id) for name, message in names.items()]
        receipts.named(given, channel=channel_used, at=now)
        receipts.lock(ids)
        cursor.execute(
            _TAKEN,
            {
                "ids": [sent.message.pk for sent in sents],
                "names": [sent.gateway_ids[0] if sent.gateway_ids else "" for sent in sents],
                "parts": [sent.parts for sent in sents],
                "channel": channel_used,
                "at": now,
                "owner": owner,
            },
        )
        done = int(cursor.rowcount)
        receipts.sum_up(message.pk for message in names.values())
    return done


def _unsure(message: Message, code: str, mine: QuerySet[Message], channel_used: str, now: datetime) -> int:
    """It may be on its way, or not. Losing it is worse than a second copy, except of a code: the person asks for that.

    The row says for ever that it may have gone out twice. A second copy of a mail bears the same Message-ID, so it
    follows at the usual time; an SMS has none, and waits until a receipt or a complaint could have told.
    """
    free = {"lease_until": None, "lease_owner": "", "unsure": True, "channel": channel_used, "code": code}
    if message.wipe_at is not None and message.kind == MessageKind.SMS:
        return mine.update(state=MessageState.SENT, sent_at=now, parts=1, **free)
    if message.attempts > len(WAITS):
        return mine.update(state=MessageState.FAILED, **{**free, "code": GIVEN_UP})
    wait = max(timedelta(minutes=WAITS[message.attempts - 1]), UNSURE_WAITS[MessageKind(message.kind)])
    mine.update(state=MessageState.QUEUED, due_at=now + wait, **free)
    return 0


def _put_off(messages: Sequence[Message], code: str, owner: str, channel_used: str = "") -> int:
    """Let messages wait for their next try, the longer the more tries there were; return how many are given up.

    One statement for all that were tried as often.
    """
    given_up, now = 0, datetime.now(UTC)
    for attempts, alike in groupby(sorted(messages, key=attrgetter("attempts")), key=attrgetter("attempts")):
        mine = Message.objects.filter(
            pk__in=[message.pk for message in alike], state=MessageState.SENDING, lease_owner=owner
        )
        free = {"lease_until": None, "lease_owner": ""}
        if attempts > len(WAITS):
            given_up += mine.update(state=MessageState.FAILED, channel=channel_used, code=GIVEN_UP, **free)
        else:
            wait = timedelta(minutes=WAITS[attempts - 1])
            mine.update(state=MessageState.QUEUED, code=code, due_at=now + wait, **free)
    return given_up


def _release(owner: str) -> None:
    """Give back what was claimed and not tried. It is due again in a minute, and that was no try.

    What was handed over and not recorded is left until its lease is over: see `begun`.
    """
    Message.objects.filter(state=MessageState.SENDING, lease_owner=owner, begun_at__isnull=True).update(
        state=MessageState.QUEUED,
        due_at=datetime.now(UTC) + timedelta(minutes=1),
        lease_until=None,
        lease_owner="",
        attempts=F("attempts") - 1,
    )
