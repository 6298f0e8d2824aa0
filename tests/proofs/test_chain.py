"""Does the chain notice whatever is done to a history?"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tojimari.proofs.chain import START, Entry, check_chain, entry_hash, utc_text
from tojimari.rules.canonical import canonical

JST = timezone(timedelta(hours=9))
NOON = datetime(2026, 11, 30, 12, 0, tzinfo=JST)


def history(length: int = 4, reference: str = "TJ-7K2M") -> list[Entry]:
    entries: list[Entry] = []
    prev = START
    for number in range(1, length + 1):
        at, data = NOON + timedelta(seconds=number), {"step": "bar", "tries": number, "note": "確認"}
        digest = entry_hash(reference, number, at, "step.done", "system", data, prev)
        entries.append(Entry(reference, number, at, "step.done", "system", data, prev, digest))
        prev = digest
    return entries


def test_hashes_the_canonical_json_of_the_entry_and_nothing_else() -> None:
    entry = history(1)[0]
    body = {
        "format": "tojimari-event-1",
        "reference": "TJ-7K2M",
        "number": 1,
        "at": "2026-11-30T03:00:01.000000Z",
        "name": "step.done",
        "actor": "system",
        "data": {"step": "bar", "tries": 1, "note": "確認"},
        "prev": "00" * 32,
    }
    assert entry.hash == hashlib.sha256(canonical(body)).digest()


def test_one_instant_has_one_spelling_in_every_time_zone() -> None:
    assert utc_text(NOON) == utc_text(NOON.astimezone(UTC)) == "2026-11-30T03:00:00.000000Z"


def test_refuses_an_instant_without_time_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        utc_text(NOON.replace(tzinfo=None))


def test_refuses_data_that_two_programs_could_read_differently() -> None:
    with pytest.raises(ValueError, match="float"):
        entry_hash("TJ-1", 1, NOON, "step.done", "system", {"rate": 0.7}, START)


def test_accepts_a_whole_history_and_tells_its_head_and_length() -> None:
    entries = history()
    verdict = check_chain(entries)
    assert (verdict.whole, verdict.head, verdict.count) == (True, entries[-1].hash, 4)


def test_accepts_an_empty_history_as_the_start() -> None:
    assert check_chain([]).head == START


def changed(index: int, **values: Any) -> Callable[[list[Entry]], list[Entry]]:
    return lambda all_: [replace(entry, **values) if at == index else entry for at, entry in enumerate(all_)]


@pytest.mark.parametrize(
    ("break_it", "number", "code"),
    [
        (lambda all_: all_[1:], 1, "chain.order"),
        (lambda all_: all_[:1] + all_[2:], 2, "chain.order"),
        (lambda all_: [all_[0], all_[2], all_[1], all_[3]], 2, "chain.order"),
        (lambda all_: [all_[0], *all_], 2, "chain.order"),
        (lambda all_: [all_[0], *history(4, "TJ-OTHER")[1:]], 2, "chain.reference"),
        (changed(1, data={"step": "bar", "tries": 3, "note": "確認"}), 2, "chain.hash"),
        (changed(2, at=NOON), 3, "chain.hash"),
        (changed(3, actor="staff:1"), 4, "chain.hash"),
        (changed(1, name="step.redone"), 2, "chain.hash"),
        (changed(2, prev=START), 3, "chain.prev"),
        (changed(0, prev=bytes(31) + b"\x01"), 1, "chain.prev"),
    ],
)
def test_names_the_first_broken_place(break_it: Callable[[list[Entry]], list[Entry]], number: int, code: str) -> None:
    verdict = check_chain(break_it(history()))
    assert (verdict.whole, verdict.number, verdict.code) == (False, number, code)


def test_an_entry_rewritten_with_a_fitting_hash_breaks_the_one_after_it() -> None:
    entries = history()
    second = entries[1]
    data = {"step": "bar", "tries": 99}
    forged = entry_hash(second.reference, 2, second.at, second.name, second.actor, data, second.prev)
    entries[1] = replace(second, data=data, hash=forged)
    verdict = check_chain(entries)
    assert (verdict.number, verdict.code) == (3, "chain.prev")


@given(st.binary(min_size=32, max_size=32), st.integers(0, 255))
def test_one_flipped_bit_of_the_hash_before_gives_another_hash(prev: bytes, bit: int) -> None:
    flipped = (int.from_bytes(prev) ^ (1 << bit)).to_bytes(32)
    one, other = (entry_hash("TJ-1", 1, NOON, "step.done", "system", {}, before) for before in (prev, flipped))
    assert one != other
