"""Does a look at the whole stock find what somebody changed behind the database's back, and nothing else?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection

from tests.certified import certified
from tests.proofs.test_addenda import tell
from tojimari.cli import main
from tojimari.lines.models import Line
from tojimari.proofs import keys, stock
from tojimari.proofs.chain import START, entry_hash
from tojimari.proofs.days import make_roots
from tojimari.proofs.models import Event
from tojimari.proofs.stock import Fault, Looked, look
from tojimari.proofs.verification import trusted_keys
from tojimari.proofs.words import TEXTS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_worker")]

NEXT = datetime(2026, 12, 1, 15, 11, tzinfo=UTC)
TABLES = ("proofs_event", "proofs_certificate", "proofs_addendum", "proofs_root", "proofs_leaf", "proofs_block")


def past_the_refusals(statement: str, values: Sequence[str | bytes | int] = ()) -> None:
    """Do it as an owner of the tables would who switches the triggers off. The test's end takes that back."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement, values)


def found() -> list[Fault]:
    return list(look(trusted_keys(json.dumps(keys.public_keys()).encode()), Looked()))


@pytest.fixture
def three(keys_home: Path, sim_line: Line) -> None:
    """Three certified histories, and the root of their day."""
    for case in (1, 2, 3):
        certified(sim_line, case_id=case, reference=f"TJ-{case}")
    make_roots(at=NEXT)


@pytest.mark.parametrize("span", [1, 3, 5000])
def test_a_stock_that_nobody_touched_is_whole(three: None, span: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stock, "SPAN", span)
    looked = Looked()
    assert list(look(trusted_keys(json.dumps(keys.public_keys()).encode()), looked)) == []
    assert (looked.histories, looked.entries) == (3, Event.objects.count())
    assert (looked.certificates, looked.roots) == (3, 1)


@pytest.mark.parametrize(
    ("statement", "codes"),
    [
        ("UPDATE proofs_event SET actor = 'nobody' WHERE case_id = 2 AND number = 2", {"chain.hash"}),
        ("DELETE FROM proofs_event WHERE case_id = 2 AND number = 1", {"chain.order"}),
        ("DELETE FROM proofs_event WHERE case_id = 2 AND number > 1", {"chain.shortened"}),
        ("DELETE FROM proofs_event WHERE case_id = 2", {"chain.shortened"}),
        ("DELETE FROM proofs_event WHERE case_id = 3", {"chain.shortened"}),
        ("UPDATE proofs_certificate SET jws = jws || 'A' WHERE case_id = 2", {"signature.form", "signature.wrong"}),
        ("UPDATE proofs_leaf SET salt = '\\x00' WHERE case_id = 2", {"inclusion.path"}),
        ("DELETE FROM proofs_leaf WHERE case_id = 2", {"inclusion.path", "root.signature"}),
        ("DELETE FROM proofs_leaf", {"root.signature"}),
        ("UPDATE proofs_block SET hash = '\\x00'", {"inclusion.path", "root.signature"}),
        ("UPDATE proofs_root SET day = '2026-12-02'", {"root.signature"}),
        ("UPDATE proofs_root SET number = 2", {"root.signature"}),
    ],
)
def test_every_change_is_found(three: None, statement: str, codes: set[str]) -> None:
    past_the_refusals(statement)
    faults = {fault.code for fault in found()}
    assert faults <= codes
    assert bool(faults) == bool(codes)
    assert faults <= set(TEXTS)


@pytest.mark.parametrize(
    ("statement", "codes"),
    [
        ("SELECT 1", set()),
        ("UPDATE proofs_addendum SET jws = jws || 'A'", {"addendum.signature"}),
        ("UPDATE proofs_addendum SET jws = (SELECT jws FROM proofs_certificate LIMIT 1)", {"addendum.signature"}),
        ("DELETE FROM proofs_event WHERE case_id = 2 AND number > 3", {"chain.shortened"}),
    ],
)
def test_what_was_certified_later_is_looked_at_as_well(
    three: None, sim_line: Line, statement: str, codes: set[str]
) -> None:
    tell(sim_line, case_id=2, reference="TJ-2")
    past_the_refusals(statement)
    assert {fault.code for fault in found()} == codes
    assert codes <= set(TEXTS)


def test_a_history_that_was_written_anew_with_fitting_hashes_is_not_the_one_that_was_signed(three: None) -> None:
    prev = START
    for event in Event.objects.filter(case_id=2).order_by("number"):
        data = event.data if event.number > 1 else {"a": "another wish"}
        made = entry_hash(event.reference, event.number, event.at, event.name, event.actor, data, prev)
        past_the_refusals(
            "UPDATE proofs_event SET data = %s, prev = %s, hash = %s WHERE id = %s",
            [json.dumps(data), prev, made, event.pk],
        )
        prev = made
    assert {(fault.where, fault.code) for fault in found()} == {("TJ-2", "chain.head")}


def test_the_command_names_the_fault_and_says_how_much_it_looked_at(
    three: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["history", "check"]) == 0
    assert "3 histories with 9 entries, 3 certificates, 1 roots: all whole" in capsys.readouterr().out
    past_the_refusals("UPDATE proofs_event SET actor = 'nobody' WHERE case_id = 2 AND number = 2")
    assert main(["history", "check"]) == 1
    assert "not whole: TJ-2: chain.hash (entry 2)" in capsys.readouterr().out


def test_without_published_keys_nothing_is_judged(
    three: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["history", "check", "--keys", str(tmp_path / "none.json")]) == 2
    assert "Name the published keys" in capsys.readouterr().err
