"""What do gateways tell of many SMS at once, and how is it written down without a statement for each?

A window of SMS is answered within milliseconds, and so are their receipts. Each function here takes any number and
needs a handful of statements. All of them lock receipts before messages, each in one order: two workers wait for each
other and never lock each other out. They need the scope of every carrier, because a gateway serves them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from tojimari.messages.models import FINAL, LOST, Delivery


@dataclass(frozen=True, slots=True)
class Name:
    """One name that a gateway gave to a message, or to a part of it, in its answer."""

    gateway_id: str
    message_id: int
    carrier_id: int


@dataclass(frozen=True, slots=True)
class Told:
    """What a gateway told of the SMS to which it gave a name: when it happened, and why it did not arrive."""

    gateway_id: str
    fate: Delivery
    at: datetime
    code: str = ""


# A gateway that counts from 1 again after a restart gives a name a second time: it then means the new message.
_NAMED = """
    INSERT INTO tojimari_messages_receipt AS known
        (carrier_id, message_id, channel, gateway_id, delivery, at, code, created_at)
    SELECT given.carrier, given.message, %(channel)s, given.name, 'unknown', NULL, '', %(at)s
    FROM unnest(%(carriers)s::bigint[], %(messages)s::bigint[], %(names)s::text[]) AS given (carrier, message, name)
    ORDER BY given.name
    ON CONFLICT (channel, gateway_id) DO UPDATE SET
        delivery = CASE WHEN known.message_id <> excluded.message_id THEN 'unknown' ELSE known.delivery END,
        at = CASE WHEN known.message_id <> excluded.message_id THEN NULL ELSE known.at END,
        code = CASE WHEN known.message_id <> excluded.message_id THEN '' ELSE known.code END,
        created_at = CASE WHEN known.message_id <> excluded.message_id THEN %(at)s ELSE known.created_at END,
        carrier_id = excluded.carrier_id, message_id = excluded.message_id
"""

# Told twice, or told late, is told once: what is final stays. The row is returned either way, with its message.
_TOLD = """
    INSERT INTO tojimari_messages_receipt AS known (channel, gateway_id, delivery, at, code, created_at)
    SELECT %(channel)s, given.name, given.fate, given.at, given.code, %(now)s
    FROM unnest(%(names)s::text[], %(fates)s::text[], %(times)s::timestamptz[], %(codes)s::text[])
        AS given (name, fate, at, code)
    ORDER BY given.name
    ON CONFLICT (channel, gateway_id) DO UPDATE SET
        delivery = CASE WHEN known.delivery = ANY(%(final)s) THEN known.delivery ELSE excluded.delivery END,
        at = CASE WHEN known.delivery = ANY(%(final)s) THEN known.at ELSE excluded.at END,
        code = CASE WHEN known.delivery = ANY(%(final)s) THEN known.code ELSE excluded.code END
    RETURNING message_id
"""

_LOCK = "SELECT id FROM tojimari_messages_message WHERE id = ANY(%(messages)s) ORDER BY id FOR UPDATE"

# One fate for all parts: lost when one is lost, delivered when all are. The first that is lost tells, else the first
# that is not there yet, else the last that arrived.
_SUM_UP = """
    UPDATE tojimari_messages_message AS message
    SET delivery = telling.delivery, delivered_at = telling.at, delivery_code = telling.code
    FROM (
        SELECT DISTINCT ON (message_id) message_id, delivery, at, code FROM tojimari_messages_receipt
        WHERE message_id = ANY(%(messages)s)
        ORDER BY
            message_id, delivery = ANY(%(lost)s) DESC, delivery = 'delivered',
            CASE WHEN delivery <> 'delivered' THEN at END, CASE WHEN delivery = 'delivered' THEN at END DESC,
            CASE WHEN delivery = 'delivered' THEN -id ELSE id END
    ) AS telling
    WHERE
        message.id = telling.message_id
        AND (message.delivery, message.delivery_code) IS DISTINCT FROM (telling.delivery, telling.code)
"""


def named(names: Sequence[Name], *, channel: str, at: datetime) -> None:
    """Write down under which names a gateway took messages, in the caller's transaction. One statement.

    No name may stand there twice. Receipts that were quicker than their answers count once `sum_up` is asked.
    """
    if not names:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _NAMED,
            {
                "channel": channel,
                "at": at,
                "carriers": [name.carrier_id for name in names],
                "messages": [name.message_id for name in names],
                "names": [name.gateway_id for name in names],
            },
        )


def told(receipts: Sequence[Told], *, channel: str, now: datetime) -> set[int]:
    """Write receipts down, in the caller's transaction; return the messages that they are of. One statement.

    No name may stand there twice. One whose answer is not there yet waits for it, and is of no message so far.
    """
    if not receipts:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            _TOLD,
            {
                "channel": channel,
                "now": now,
                "names": [one.gateway_id for one in receipts],
                "fates": [one.fate.value for one in receipts],
                "times": [one.at for one in receipts],
                "codes": [one.code for one in receipts],
                "final": sorted(fate.value for fate in FINAL),
            },
        )
        return {message for (message,) in cursor.fetchall() if message is not None}


def lock(messages: Iterable[int]) -> None:
    """Lock messages in the order of their ids: what is read afterwards has everything that was told before."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, {"messages": sorted(messages)})


def sum_up(messages: Iterable[int]) -> None:
    """Give each message the one fate of all its parts. Two statements; the messages are locked until the commit."""
    wanted = sorted(set(messages))
    if not wanted:
        return
    lock(wanted)
    with connection.cursor() as cursor:
        cursor.execute(_SUM_UP, {"messages": wanted, "lost": sorted(fate.value for fate in LOST)})
