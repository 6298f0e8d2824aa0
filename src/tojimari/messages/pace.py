"""Who is sent what first, and how much may go to one address before a pause?

One carrier's file of a million lines must not hold up what others send: each batch takes from every carrier in turn.
A mistake that writes to one person without end must not fill an inbox: what is too much for one address waits. One-time
codes go before everything and never wait here: they have limits of their own (`codes`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection

from tojimari.messages.models import Message, Pace
from tojimari.platform.keyed import keyed

HOUR = timedelta(hours=1)
TO_ONE_ADDRESS = 60
"""Messages an hour: a company that ends many lines at once gets one for each, in its time."""

# The index of what is due begins with the carrier, so that each carrier's oldest rows are found without its millions.
_IN_TURN = """
    SELECT due.id FROM lines_carrier AS carrier CROSS JOIN LATERAL (
        SELECT id, due_at, row_number() OVER (ORDER BY due_at, id) AS turn FROM (
            SELECT id, due_at FROM tojimari_messages_message
            WHERE carrier_id = carrier.id AND state = 'queued' AND due_at <= %(at)s AND wipe_at IS NULL
            ORDER BY due_at LIMIT %(most)s
        ) AS oldest
    ) AS due
    ORDER BY due.turn, due.due_at LIMIT %(most)s
"""

# A bucket that holds `most` and fills up within an hour, kept as the moment at which it is full again. It is taken from
# as far as there is room; the row says how much that was.
_TAKE = """
    WITH asked AS (
        SELECT * FROM unnest(%(keys)s::text[], %(wanted)s::int[]) AS asked (key, wanted)
    ), room AS (
        SELECT key, greatest(coalesce(pace.full_at, %(at)s), %(at)s) AS full_at, least(wanted, greatest(0, floor(
            %(most)s * (1 - extract(epoch FROM greatest(coalesce(pace.full_at, %(at)s), %(at)s) - %(at)s) / 3600)
        )))::int AS given
        FROM asked LEFT JOIN tojimari_messages_pace AS pace USING (key)
    ), taken AS (
        INSERT INTO tojimari_messages_pace (key, full_at)
        SELECT key, full_at + given * interval '1 hour' / %(most)s FROM room ORDER BY key
        ON CONFLICT (key) DO UPDATE SET full_at = excluded.full_at
    )
    SELECT key, given FROM room
"""


def in_turn(size: int, *, at: datetime) -> list[int]:
    """Return the ids of messages that are due, one of each carrier after the other. One query; codes are not in it."""
    if size <= 0:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_IN_TURN, {"at": at, "most": size})
        return [row[0] for row in cursor.fetchall()]


def too_many(rows: Sequence[Message], *, at: datetime) -> set[int]:
    """Return the ids of those that must wait, and count the others. One statement, whatever the number of rows.

    Workers that ask at the same moment may let through what both saw room for: it is a brake, not a lock.
    """
    known = [row for row in rows if row.wipe_at is None]
    if not known:
        return set()
    keys = [keyed("message-pace", f"{row.carrier_id}|{row.to}").hex() for row in known]
    wanted = Counter(keys)
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"keys": list(wanted), "wanted": list(wanted.values()), "most": TO_ONE_ADDRESS, "at": at})
        room: dict[str, int] = dict(cursor.fetchall())
    over = set()
    for row, key in zip(known, keys, strict=True):
        if room[key] <= 0:
            over.add(row.pk)
        room[key] -= 1
    return over


def drop_full(*, at: datetime) -> int:
    """Forget whoever has room for as many as ever; return how many."""
    return Pace.objects.filter(full_at__lte=at).delete()[0]
