"""Who is in the network and in no books: named, counted, kept few, and taken away by hand?"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.cast import MakeLine
from tests.network.test_reconciling import AT, END, LONG_AGO, MakeClosed, closed, database, hlr_of, running
from tests.support.ghosts import AS_OF
from tests.support.hlr import Hlr
from tojimari.lines.models import Carrier
from tojimari.network.elements.osmohlr.vty import Vty
from tojimari.network.models import Finding
from tojimari.network.reconciling.by_hand import removable_by_id
from tojimari.network.reconciling.inputs import Inputs
from tojimari.network.reconciling.kinds import Kind
from tojimari.network.reconciling.queries import found_in
from tojimari.network.reconciling.runs import keep, look, reconcile
from tojimari.network.reconciling.words import detail_text
from tojimari.platform.acting import SYSTEM

__all__ = ["closed", "database", "running"]
pytestmark = pytest.mark.django_db


def test_who_is_in_no_books_is_a_stranger_and_other_ranges_are_not_asked_for(
    as_tabi: Carrier, tonari: Carrier, running: MakeClosed, closed: MakeClosed, make_line: MakeLine, database: Path
) -> None:
    ours, swapped, over = running(), running(changed_at=AS_OF), closed()
    theirs = make_line(carrier=tonari, state="terminated", ended_at=END, changed_at=LONG_AGO)
    at_hlr = [
        (ours.imsi, ours.msisdn),
        ("440109000000001", swapped.msisdn),  # the card that the books have just taken from it
        (theirs.imsi, theirs.msisdn),  # the neighbour's ghost
        ("440109000000002", ""),
        ("001010000000003", "819099999999"),
    ]
    found = look(as_tabi, Inputs(database=hlr_of(database, *at_hlr)), as_of=AS_OF, at=AT)
    strangers = found.findings.filter(kind="stranger")
    assert strangers.select("line_id", "imsi").rows() == [(None, "440109000000002"), (None, "001010000000003")]
    assert not found.findings["line_id"].is_in([over.pk]).any()
    found = look(as_tabi, Inputs(database=database, imsis=["44010"]), as_of=AS_OF, at=AT)
    assert found.counts[Kind.STRANGER] == 1


def test_a_profile_that_somebody_has_and_no_books_know_is_a_stranger(as_tabi: Carrier, tmp_path: Path) -> None:
    path = tmp_path / "profiles.csv"
    states = ("available", "allocated", "confirmed", "released", "enabled", "deleted", "error")
    path.write_text("iccid,state\n" + "".join(f"898199000000000000{n},{s}\n" for n, s in enumerate(states)), "utf-8")
    found = look(as_tabi, Inputs(smdp=path), as_of=AS_OF, at=AT)
    assert found.findings.select("kind", "detail").rows() == [("stranger", "released"), ("stranger", "enabled")]


def test_thousands_of_strangers_are_kept_in_a_few_blocks_and_all_are_counted(
    as_tabi: Carrier, closed: MakeClosed, database: Path
) -> None:
    ghost = closed()
    shared = [(f"4402012{n:08d}", "") for n in range(3_000)] + [(f"4402099{n:08d}", "") for n in range(500)]
    hlr_of(database, (ghost.imsi, ghost.msisdn), *shared)
    run = reconcile(as_tabi, Inputs(database=database), as_of=AS_OF, acting=SYSTEM, at=AT)
    assert found_in(run) == (1, 3_500)
    kept = Finding.objects.filter(run=run).order_by("id")
    assert list(kept.values_list("kind", "ends", "detail")) == [
        ("closed_alive", f"…{ghost.imsi[-4:]}", ""),
        ("stranger", "4402012000…", "3000"),
        ("stranger", "4402099000…", "500"),
    ]
    assert "3,000" in detail_text(kept[1])


def test_a_row_of_an_old_hlr_is_named_whole_and_an_imsi_never_is(as_tabi: Carrier, database: Path) -> None:
    imsi = "440109000000001"
    with closing(sqlite3.connect(hlr_of(database, (imsi, "")))) as hlr, hlr:
        hlr.execute("UPDATE subscriber SET id = 12345678")
    found = look(as_tabi, Inputs(database=database), as_of=AS_OF, at=AT)
    asked = replace(found, findings=found.findings.with_columns(key=pl.col("imsi")))  # as when it is asked line by line
    for one, kept in ((found, "12345678"), (asked, "…0001")):
        run = keep(as_tabi, one, as_of=AS_OF, acting=SYSTEM, begun_at=AT, at=AT)
        stranger = Finding.objects.get(run=run)
        assert (stranger.key, stranger.ends) == (kept, "…0001")
        by_id = removable_by_id(run.sources, kind=stranger.kind, source=stranger.source, key=stranger.key)
        assert ("subscriber id 12345678 delete" in by_id) is (one is found)


@pytest.mark.hlr
def test_the_lines_that_are_told_take_a_stranger_and_its_keys_away(as_tabi: Carrier, hlr: Hlr) -> None:
    test_card, path = hlr.new(), hlr.server.folder / "hlr.db"
    at = datetime.now(UTC)

    def strangers() -> list[dict[str, Any]]:
        rows = look(as_tabi, Inputs(database=path), as_of=at, at=at).findings
        return [one for one in rows.iter_rows(named=True) if one["imsi"] == test_card.imsi or one["kind"] == "key_left"]

    run = reconcile(as_tabi, Inputs(database=path), as_of=at, acting=SYSTEM, at=at)
    (stranger,) = [one for one in strangers() if one["kind"] == "stranger"]
    left = len(strangers()) - 1
    told = {"kind": "stranger", "source": "hlr", "key": stranger["key"]}
    lines = removable_by_id(run.sources, **told)
    assert not removable_by_id([{"source": "hlr", "name": "hlr.csv"}], **told), "a row of a file is no name there"
    vty = Vty(hlr.settings)
    answers = vty.ask(lines[1:])  # the client has enabled itself
    vty.close()
    assert not any("%" in answer and "Unknown" in answer for answer in map(str, answers))
    assert len(strangers()) == left
