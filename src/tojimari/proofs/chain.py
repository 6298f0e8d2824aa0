"""How can a stranger see that a history was neither changed nor shortened?

Each entry's hash covers the entry itself and the hash of the one before it. Whoever knows the last hash and the number
of entries can therefore check every entry, years later, with nothing but SHA-256. This module is pure: the database,
the certificate and the offline check all compute the very same hash here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tojimari.rules.canonical import canonical

FORMAT = "tojimari-event-1"
"""Part of every hash, so that a later way of hashing can never be mistaken for this one."""

START = bytes(32)
"""What the first entry of a case has for the hash of the one before it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a history as it is hashed. `at` is aware; `data` has only str, int, bool, None, lists and dicts."""

    reference: str
    number: int  # 1 for the first
    at: datetime
    name: str
    actor: str
    data: Mapping[str, Any]
    prev: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class ChainVerdict:
    """Whether a history holds. When it does not, `number` is the first entry that breaks it and `code` says how."""

    whole: bool
    head: bytes = START
    count: int = 0
    number: int = 0
    code: str = ""


def utc_text(at: datetime) -> str:
    """Return the instant as RFC 3339 in UTC, always with microseconds and "Z": one spelling for one instant."""
    if at.tzinfo is None:
        raise ValueError("an entry needs an instant with a time zone")
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def entry_hash(
    reference: str, number: int, at: datetime, name: str, actor: str, data: Mapping[str, Any], prev: bytes
) -> bytes:
    """Return the SHA-256 of the entry's canonical JSON (RFC 8785). Raises ValueError for data JSON cannot carry."""
    return hash_of_parts(
        canonical(reference), number, utc_text(at), canonical(name), canonical(actor), canonical(data), prev
    )


def hash_of_parts(reference: bytes, number: int, at: str, name: bytes, actor: bytes, data: bytes, prev: bytes) -> bytes:
    """Return the same from parts that are canonical JSON already, so that a writer of many entries makes them once.

    The members stand in the order that RFC 8785 asks for; they must stay so.
    """
    body = b'{"actor":%b,"at":"%b","data":%b,"format":"%b","name":%b,"number":%d,"prev":"%b","reference":%b}'
    parts = (actor, at.encode(), data, FORMAT.encode(), name, number, prev.hex().encode(), reference)
    return hashlib.sha256(body % parts).digest()


def check_chain(entries: Iterable[Entry], *, head: bytes = START, count: int = 0) -> ChainVerdict:
    """Recompute a history and name the first place where it breaks, if any.

    From its first entry, or going on behind a `head` and the `count` of entries up to it that are known to hold.

    Codes: `chain.reference` (an entry of another case), `chain.order` (an entry is missing, doubled or out of order),
    `chain.prev` (it does not continue the one before), `chain.hash` (its content was changed).
    """
    reference = ""
    for entry in entries:
        number = count + 1
        reference = reference or entry.reference
        computed = entry_hash(
            entry.reference, entry.number, entry.at, entry.name, entry.actor, entry.data, bytes(entry.prev)
        )
        broken = (
            (entry.reference != reference and "chain.reference")
            or (entry.number != number and "chain.order")
            or (bytes(entry.prev) != head and "chain.prev")
            or (computed != bytes(entry.hash) and "chain.hash")
        )
        if broken:
            return ChainVerdict(False, head, count, number, broken)
        head, count = computed, number
    return ChainVerdict(True, head, count)
