"""How does each day get its root, once and for all?

After midnight in Japan all histories that moved go into one tree. Root, leaves and blocks are one transaction for each
day; a day that was missed is made up, in order, and a second run finds nothing to do. The first root of an installation
takes in everything before it. A time stamp is asked for afterwards, as often as it takes: the root stands without it.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from itertools import islice
from typing import Any

import structlog
from django.db import connection, transaction

from tojimari.platform.config import config
from tojimari.platform.version import version
from tojimari.proofs import stamps
from tojimari.proofs.content import in_japan
from tojimari.proofs.formats import ROOT_FORMAT, ROOT_TYPE
from tojimari.proofs.inclusion import leaf_bytes
from tojimari.proofs.keys import signer
from tojimari.proofs.merkle import BLOCK, leaf_hash, root_of
from tojimari.proofs.models import Block, Event, Root, Stamp
from tojimari.proofs.signing import signed
from tojimari.proofs.sql import sql
from tojimari.rules.calendar import day_end, jst_date

log = structlog.get_logger(__name__)

SETTLED = timedelta(minutes=10)
"""How long after midnight a transaction of the day before has surely ended."""

_LOCK = 0x746F6A69
"""Name of the lock under which a root is made: two workers never make one at the same time."""

_ONE_DAY = timedelta(days=1)


def make_roots(*, at: datetime) -> int:
    """Make the roots of all days that are over and have none; return how many. Runs for every carrier."""
    over = jst_date(at - SETTLED) - _ONE_DAY
    made = 0
    while _make_next(over, at):
        made += 1
    return made


def _make_next(over: date, at: datetime) -> bool:
    """Make the root of the first day without one, unless that day is not over."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        last, before = [*Root.objects.order_by("-number")[:2], None, None][:2]
        if last is None and not Event.objects.exists():
            return False
        day = over if last is None else last.day + _ONE_DAY
        if day > over:
            return False
        # A range that overlaps the day before: an entry that was written late must not fall between two days.
        after = before.covered_to if before is not None else 0
        tree = _Tree(_next_id())
        for rows in _in_blocks(_heads(after, last.pk if last is not None else None, day)):
            tree.add(rows)
        covered = _covered_to(last.covered_to if last is not None else 0, day)
        root = _signed_root(tree, day, last, covered, at)
        root.save(force_insert=True)
        Block.objects.bulk_create(tree.blocks, batch_size=100)
    log.info("root.made", day=day.isoformat(), leaves=tree.size)
    return True


@dataclass
class _Tree:
    """The tree of one day, block by block: a million leaves are never in memory together, their hashes are."""

    root_id: int
    size: int = 0
    blocks: list[Block] = field(default_factory=list)

    def add(self, rows: Sequence[tuple[int, int, int, bytes, bytes]]) -> None:
        """Add one block of heads: (case, carrier, number of entries, head, digest of the certificate)."""
        hashes: list[bytes] = []
        written: list[dict[str, Any]] = []
        for case, carrier, events, head, certificate in rows:
            salt = secrets.token_bytes(16)
            parts = (bytes(certificate).hex(), events, bytes(head).hex(), salt.hex())
            hashes.append(leaf_hash(leaf_bytes(*parts)))
            written.append(
                {
                    "carrier_id": carrier,
                    "index": self.size + len(written),
                    "case_id": case,
                    "head": "\\x" + parts[2],
                    "events": events,
                    "certificate": "\\x" + parts[0],
                    "salt": "\\x" + parts[3],
                }
            )
        number = len(self.blocks)
        self.blocks.append(Block(root_id=self.root_id, number=number, hashes=b"".join(hashes), hash=root_of(hashes)))
        with connection.cursor() as cursor:  # its root comes later in this transaction: the reference is checked last
            cursor.execute(sql("leaves"), {"root": self.root_id, "leaves": json.dumps(written)})
        self.size += len(written)

    @property
    def root(self) -> bytes:
        return root_of([bytes(block.hash) for block in self.blocks])


def _next_id() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('proofs_root', 'id'))")
        return int(cursor.fetchone()[0])


def _heads(after: int, newest: int | None, day: date) -> Iterator[tuple[int, int, int, bytes, bytes]]:
    """Yield the heads of a day in the order of their cases, without holding them all."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql("heads_of_day"), {"after": after, "newest": newest, "end": day_end(day)})
        while rows := cursor.fetchmany(BLOCK):
            yield from rows


def _in_blocks(
    rows: Iterator[tuple[int, int, int, bytes, bytes]],
) -> Iterator[list[tuple[int, int, int, bytes, bytes]]]:
    while block := list(islice(rows, BLOCK)):
        yield block


def _covered_to(after: int, day: date) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql("covered_to"), {"after": after, "end": day_end(day)})
        return int(cursor.fetchone()[0])


def _signed_root(tree: _Tree, day: date, last: Root | None, covered_to: int, at: datetime) -> Root:
    number = last.number + 1 if last is not None else 1
    statement = {
        "format": ROOT_FORMAT,
        "software": f"tojimari {version()}",
        "number": number,
        "day": day.isoformat(),
        "size": tree.size,
        "root": tree.root.hex(),
        "previous": sha256(last.jws.encode()).hexdigest() if last is not None else "",
        "issued_at": in_japan(at),
    }
    [jws] = signed([statement], signer(), kind=ROOT_TYPE)
    return Root(
        pk=tree.root_id,
        number=number,
        day=day,
        size=tree.size,
        root=tree.root,
        jws=jws,
        covered_to=covered_to,
        issued_at=at,
    )


def stamp_roots() -> int:
    """Ask the configured authority for the stamps that are missing, oldest first; return how many came.

    The first that cannot be had ends the round: the next one asks again. Without an authority nothing is asked.
    """
    url, path = config().tsa_url, config().tsa_certificate
    if url is None or path is None:
        return 0
    came = 0
    try:
        believed = stamps.authorities(path)
        for root in Root.objects.filter(stamp=None).order_by("number"):
            message = root.jws.encode()
            answer = stamps.ask(url, message, believed)
            stamped_at = stamps.check(answer, message, believed)
            Stamp.objects.bulk_create([Stamp(root=root, answer=answer, stamped_at=stamped_at)], ignore_conflicts=True)
            came += 1
    except stamps.StampTrouble as trouble:
        log.warning("root.not_stamped", code=trouble.code, detail=trouble.detail)
    return came
