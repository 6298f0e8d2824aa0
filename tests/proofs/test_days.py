"""Does every day get its root once, is each certificate in one, and does the tree tell nothing of anybody?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from tests.certified import Kept, certified
from tests.works import CLAIMED_AT
from tojimari.lines.models import Line
from tojimari.proofs import days, keys
from tojimari.proofs.actions import NewEvent, append
from tojimari.proofs.broken import Broken
from tojimari.proofs.days import make_roots
from tojimari.proofs.inclusion import leaf_bytes
from tojimari.proofs.merkle import EMPTY, leaf_hash, root_of
from tojimari.proofs.models import Block, Leaf, Root
from tojimari.proofs.queries import bundle, statement
from tojimari.proofs.verification import Finding, check_root, trusted_keys, verify

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_worker")]

DAY = date(2026, 12, 1)  # the day of CLAIMED_AT in Japan
NEXT = datetime(2026, 12, 1, 15, 11, tzinfo=UTC)  # 00:11 of the day after


def entry(line: Line, case_id: int, at: datetime, before: tuple[bytes, int] | None = None) -> tuple[bytes, int]:
    """Add one entry to a history."""
    new = NewEvent(line.carrier_id, case_id, f"TJ-{case_id}", at, "step.done", "system", {"n": case_id})
    return append([new], {case_id: before} if before is not None else {})[case_id]


def finding(file: dict[str, Any]) -> Finding:
    return verify(json.dumps(file).encode(), trusted_keys(json.dumps(keys.public_keys()).encode()))


def test_a_day_gets_its_root_once_and_not_before_it_is_over(kept: Kept) -> None:
    assert make_roots(at=datetime(2026, 12, 1, 15, 9, tzinfo=UTC)) == 1  # the day before: 30 November
    assert [(one.day, one.size) for one in Root.objects.all()] == [(date(2026, 11, 30), 1)]
    assert make_roots(at=NEXT) == 1
    assert make_roots(at=NEXT) == 0
    assert [one.day for one in Root.objects.order_by("number")] == [date(2026, 11, 30), DAY]


def test_nothing_is_signed_before_there_is_any_history(keys_home: Path) -> None:
    assert make_roots(at=NEXT) == 0


def test_days_that_were_missed_are_made_up_in_order_each_naming_the_one_before(kept: Kept) -> None:
    make_roots(at=NEXT)
    assert make_roots(at=NEXT + timedelta(days=3)) == 3
    found = list(Root.objects.order_by("number"))
    assert [one.day.day for one in found] == [1, 2, 3, 4]
    assert [one.size for one in found] == [1, 0, 0, 0]
    assert bytes(found[1].root) == EMPTY
    previous = ""
    trusted = trusted_keys(json.dumps(keys.public_keys()).encode())
    for number, one in enumerate(found, 1):
        said = check_root(one.jws, trusted)
        assert (said["number"], said["day"], said["previous"]) == (number, one.day.isoformat(), previous)
        assert said["root"] == bytes(one.root).hex()
        previous = hashlib.sha256(one.jws.encode()).hexdigest()


def test_the_certificate_shows_from_the_day_after_on_in_which_root_it_is(kept: Kept) -> None:
    assert "inclusion" not in kept.file
    assert finding(kept.file).included.day == ""
    make_roots(at=NEXT)
    file = bundle(kept.file["events"][0]["reference"])
    assert file["certificate"] == kept.file["certificate"]
    found = finding(file)
    assert (found.valid, found.included.day, found.included.stamp) == (True, "2026-12-01", "")


def test_each_of_many_certificates_leads_to_the_same_root(
    keys_home: Path, sim_line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tojimari.proofs.days.BLOCK", 4)
    monkeypatch.setattr("tojimari.proofs.queries.BLOCK", 4)
    for case in range(1, 12):
        certified(sim_line, case_id=case, reference=f"TJ-{case}")
    entry(sim_line, 50, CLAIMED_AT)
    make_roots(at=NEXT)
    assert Root.objects.get().size == 12
    assert Block.objects.count() == 3
    for case in range(1, 12):
        file = bundle(f"TJ-{case}")
        assert finding(file).included.day == "2026-12-01", case
        assert file["inclusion"]["index"] == case - 1


def test_the_root_is_over_the_heads_as_they_stood_at_midnight(keys_home: Path, sim_line: Line) -> None:
    early = entry(sim_line, 1, CLAIMED_AT)
    entry(sim_line, 1, datetime(2026, 12, 1, 15, 0, tzinfo=UTC), early)  # 00:00 of the next day in Japan
    make_roots(at=NEXT)
    leaf = Leaf.objects.get()
    assert (bytes(leaf.head), leaf.events, bytes(leaf.certificate)) == (*early, b"")
    hashed = leaf_hash(leaf_bytes("", 1, early[0].hex(), bytes(leaf.salt).hex()))
    assert bytes(Root.objects.get().root) == root_of([hashed]) == hashed
    make_roots(at=NEXT + timedelta(days=1))
    assert list(Leaf.objects.order_by("root__number").values_list("events", flat=True)) == [1, 2]


def test_what_was_written_late_falls_into_the_next_tree_and_nothing_into_two(keys_home: Path, sim_line: Line) -> None:
    entry(sim_line, 1, CLAIMED_AT)
    make_roots(at=NEXT)
    entry(sim_line, 2, CLAIMED_AT)  # of the day that is signed already
    entry(sim_line, 3, CLAIMED_AT + timedelta(days=1))
    make_roots(at=NEXT + timedelta(days=1))
    make_roots(at=NEXT + timedelta(days=2))
    assert list(Leaf.objects.order_by("pk").values_list("case_id", "root__number")) == [(1, 1), (2, 2), (3, 2)]


def test_equal_histories_have_leaves_that_do_not_show_it(keys_home: Path, sim_line: Line) -> None:
    entry(sim_line, 1, CLAIMED_AT)
    make_roots(at=NEXT)
    first = bytes(Block.objects.get().hashes)
    head = bytes(Leaf.objects.get().head).hex()
    assert first != leaf_hash(leaf_bytes("", 1, head, "00" * 16))
    assert len(bytes(Leaf.objects.get().salt)) == 16


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda one: one["path"].pop(), "inclusion.path"),
        (lambda one: one["path"].reverse(), "inclusion.path"),
        (lambda one: one["path"].append("00" * 32), "inclusion.path"),
        (lambda one: one["path"].__setitem__(0, "00" * 32), "inclusion.path"),
        (lambda one: one.update(path="none"), "inclusion.form"),
        (lambda one: one.update(path=["AA" * 32]), "inclusion.form"),
        (lambda one: one.update(path=[1]), "inclusion.form"),
        (lambda one: one["path"].__setitem__(0, one["path"][0] + " "), "inclusion.form"),
        (lambda one: one.update(path=dict.fromkeys(one["path"])), "inclusion.form"),
        (lambda one: one.update(index=one["index"] ^ 1), "inclusion.path"),
        (lambda one: one.update(index=True), "inclusion.form"),
        (lambda one: one.update(index=-1), "inclusion.path"),
        (lambda one: one["leaf"].update(salt="00" * 16), "inclusion.path"),
        (lambda one: one["leaf"].update(head="00" * 32), "inclusion.path"),
        (lambda one: one["leaf"].update(certificate="00" * 32), "inclusion.certificate"),
        (lambda one: one["leaf"].update(events=1), "inclusion.certificate"),
        (lambda one: one["leaf"].update(events=9), "inclusion.path"),
        (lambda one: one["leaf"].update(events=2**53), "inclusion.form"),
        (lambda one: one["leaf"].update(note="unsigned"), "inclusion.form"),
        (lambda one: one["leaf"].pop("salt"), "inclusion.form"),
        (lambda one: one.update(leaf=[]), "inclusion.form"),
        (lambda one: one.update(note="unsigned"), "inclusion.form"),
        (lambda one: one.pop("root"), "inclusion.form"),
        (lambda one: one.update(root=1), "inclusion.form"),
        (lambda one: one.update(root=one["root"][:-1]), "root.signature"),
        (lambda one: one.update(stamp=1), "stamp.form"),
        (lambda one: one.update(stamp="é"), "stamp.form"),
        (lambda one: one.update(stamp="AAAA"), "stamp.form"),
    ],
)
def test_a_changed_way_to_the_root_is_refused(
    kept: Kept, sim_line: Line, change: Callable[[Any], object], code: str
) -> None:
    for case in range(2, 6):
        entry(sim_line, case, CLAIMED_AT)
    make_roots(at=NEXT)
    file = bundle(kept.file["events"][0]["reference"])
    assert finding(file).valid
    change(file["inclusion"])
    assert (finding(file).valid, finding(file).code) == (False, code)


def test_the_root_of_another_day_or_of_a_stranger_is_refused(
    kept: Kept, sim_line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_roots(at=NEXT)
    entry(sim_line, 9, CLAIMED_AT + timedelta(days=1))
    make_roots(at=NEXT + timedelta(days=1))
    file = bundle(kept.file["events"][0]["reference"])
    own = file["inclusion"]["root"]
    file["inclusion"]["root"] = Root.objects.get(number=2).jws
    assert finding(file).code == "inclusion.path"
    header, body, _ = own.split(".")
    file["inclusion"]["root"] = f"{header}.{body}.{Root.objects.get(number=2).jws.rpartition('.')[2]}"
    assert finding(file).code == "root.signature"
    file["inclusion"]["root"] = file["certificate"]  # rightly signed, and no root
    assert finding(file).code == "root.signature"
    file["inclusion"]["root"] = own
    published = trusted_keys(json.dumps(keys.public_keys()).encode())
    with pytest.raises(Broken) as caught:
        check_root(own, {"another": next(iter(published.values()))})
    assert caught.value.code == "root.key"


def test_a_root_from_before_the_certificate_proves_nothing(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever holds the key could sign an early day; the check still wants a day that can have seen the certificate."""
    monkeypatch.setattr(days, "jst_date", lambda at: date(2026, 12, 1))  # as if 30 November were over, and had it
    monkeypatch.setattr(days, "day_end", lambda day: NEXT)
    make_roots(at=NEXT)
    file = bundle(kept.file["events"][0]["reference"])
    assert statement(file["certificate"])["issued_at"].startswith("2026-12-01")
    assert finding(file).code == "inclusion.day"


def test_an_old_file_may_not_carry_what_its_format_does_not_know(kept: Kept) -> None:
    assert finding({**kept.file, "inclusion": None}).code == "inclusion.form"
    assert finding({**kept.file, "format": "tojimari-certificate-1", "inclusion": {}}).code == "file.members"
    assert finding({**kept.file, "extra": {}}).code == "file.members"


@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
@pytest.mark.parametrize("table", ["proofs_root", "proofs_stamp", "proofs_leaf", "proofs_block"])
def test_the_database_refuses_to_change_a_tree(table: str, statement: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))


def test_anybody_may_read_the_roots_and_the_keys(kept: Kept, client: Client) -> None:
    make_roots(at=NEXT + timedelta(days=1))
    listed = client.get("/.well-known/tojimari/roots").json()["roots"]
    assert [one["day"] for one in listed] == ["2026-12-02"]
    one = client.get(listed[0]["href"]).json()
    assert check_root(one["root"], trusted_keys(client.get("/.well-known/jwks.json").content))["day"] == "2026-12-02"
    assert client.get("/.well-known/jwks.json").json() == client.get("/keys.json").json()
    assert client.get("/.well-known/tojimari/roots?before=2026-12-02").json() == {"roots": []}
    for odd in ("2026-12-09", "yesterday", "0"):
        assert client.get(f"/.well-known/tojimari/roots/{odd}").status_code == 404
    assert client.get("/.well-known/tojimari/roots?before=x").status_code == 404
