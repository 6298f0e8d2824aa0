"""How does something become part of a history, or certified?

Nothing here opens a transaction of its own for the history: entries belong to the caller's transaction, so that a state
and the entry that tells of it are written together or not at all.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from tojimari.proofs import chain


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An entry that is to be added. `data` holds only str, int, bool, None, lists and dicts of these."""

    carrier_id: int
    case_id: int
    reference: str
    at: datetime
    name: str
    actor: str
    data: Mapping[str, Any]


# COPY is refused by PostgreSQL on tables with row-level security; one INSERT from arrays comes next in speed.
INSERT_EVENTS = """
INSERT INTO proofs_event (carrier_id, case_id, reference, number, at, name, actor, data, prev, hash)
SELECT carrier_id, case_id, reference, number, at, name, actor, data::jsonb, decode(prev, 'hex'), decode(hash, 'hex')
FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::int[], %s::timestamptz[], %s::text[], %s::text[],
            %s::text[], %s::text[], %s::text[])
     AS added (carrier_id, case_id, reference, number, at, name, actor, data, prev, hash)
"""


def append(
    entries: Sequence[NewEvent], heads: Mapping[int, tuple[bytes, int]] | None = None
) -> dict[int, tuple[bytes, int]]:
    """Add entries to the histories of any number of cases, in the order given; return each case's new (head, count).

    `heads` gives each case's present (head, count); a case that is not in it begins its history. The caller holds the
    row locks of those cases and keeps what is returned in the same transaction. Two writers with the same head cannot
    both succeed: the second meets the unique number and its transaction fails with IntegrityError.
    """
    ends = {case_id: (bytes(head), count) for case_id, (head, count) in (heads or {}).items()}
    touched: dict[int, tuple[bytes, int]] = {}
    rows: list[tuple[Any, ...]] = []
    for new in entries:
        prev, count = ends.get(new.case_id, (chain.START, 0))
        number = count + 1
        digest = chain.entry_hash(new.reference, number, new.at, new.name, new.actor, new.data, prev)
        ends[new.case_id] = touched[new.case_id] = (digest, number)
        data = json.dumps(new.data, ensure_ascii=False)
        rows.append(
            (new.carrier_id, new.case_id, new.reference, number, new.at, new.name, new.actor, data)
            + (prev.hex(), digest.hex())
        )
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(INSERT_EVENTS, _columns(rows))
    return touched


def _columns(rows: Iterable[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]
