"""Are all ghost lines found, and no innocent one?"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.db import DatabaseError, transaction

from tests.cast import MakeLine
from tests.support.ghosts import AS_OF, SCHEMA, Planted, plant
from tests.support.hlr import Hlr
from tojimari.lines.models import Bill, Carrier, Line, RestingNumber, Service
from tojimari.network.models import Finding, Reconciliation
from tojimari.network.reconciling import runs
from tojimari.network.reconciling.elements import asked_live
from tojimari.network.reconciling.exports import read_export
from tojimari.network.reconciling.inputs import Inputs
from tojimari.network.reconciling.kinds import Kind, Source
from tojimari.network.reconciling.runs import Found, look, reconcile
from tojimari.platform.acting import SYSTEM, Refused
from tojimari.platform.database.bulk import insert_new
from tojimari.platform.database.scope import carrier_scope, every_carrier

pytestmark = pytest.mark.django_db

AT = AS_OF + timedelta(minutes=1)
LONG_AGO = AS_OF - timedelta(days=30)
END = datetime(2026, 10, 31, 15, 0, tzinfo=UTC)  # 24:00 on 31 October in Japan

MakeClosed = Callable[..., Line]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "hlr.db"


@pytest.fixture
def planted(as_tabi: Carrier, database: Path) -> Planted:
    return plant(as_tabi, database, lines=4_200, ghosts=1_000)


@pytest.fixture
def closed(make_line: MakeLine) -> MakeClosed:
    over: dict[str, Any] = {"state": "terminated", "ended_at": END, "changed_at": LONG_AGO}
    return lambda **more: make_line(**(over | more))


@pytest.fixture
def running(make_line: MakeLine) -> MakeClosed:
    settled: dict[str, Any] = {"changed_at": LONG_AGO}
    return lambda **more: make_line(**(settled | more))


def hlr_of(database: Path, *subscribers: tuple[str, str]) -> Path:
    """An OsmoHLR's database with these subscribers: IMSI and number."""
    with closing(sqlite3.connect(database)) as hlr, hlr:
        hlr.executescript(SCHEMA)
        hlr.executemany("INSERT INTO subscriber (imsi, msisdn) VALUES (?, nullif(?, ''))", subscribers)
    return database


def found_kinds(found: Found) -> dict[str, int]:
    return {kind: number for kind, number in found.counts.items() if number}


def test_a_thousand_ghosts_are_found_and_no_innocent_line(as_tabi: Carrier, database: Path, planted: Planted) -> None:
    found = look(as_tabi, Inputs(database=database), as_of=AS_OF, at=AT)
    assert sum(planted.counts.values()) == 1_000
    assert set(planted.counts) == set(Kind)
    assert found.counts == planted.counts
    named = {row["iccid"]: row["kind"] for row in found.findings.iter_rows(named=True) if row["iccid"]}
    assert named == planted.iccids
    assert found.lines == 4_200


def test_the_same_ghosts_are_found_in_exported_files(
    as_tabi: Carrier, database: Path, planted: Planted, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(database)) as hlr:
        rows = hlr.execute("SELECT imsi, '+' || msisdn, NOT (nam_cs OR nam_ps) FROM subscriber").fetchall()
    table = pl.DataFrame(rows, schema=["IMSI_NO", "Tel", "Off"], orient="row")
    table.write_csv(tmp_path / "hlr.csv")
    table.with_columns(pl.col("IMSI_NO").cast(pl.Int64)).write_parquet(tmp_path / "hlr.parquet")
    mapping = {Source.HLR: {"imsi": "imsi_no", "msisdn": "Tel", "barred": "Off"}}
    expected = {kind: number for kind, number in planted.counts.items() if kind != Kind.KEY_LEFT}
    for name in ("hlr.csv", "hlr.parquet"):
        found = look(as_tabi, Inputs(hlr=tmp_path / name, mappings=mapping), as_of=AS_OF, at=AT)
        assert found.counts == expected, "an export without keys cannot tell of keys"


def test_another_carriers_export_accuses_nobody(
    as_tabi: Carrier, tonari: Carrier, database: Path, planted: Planted, make_line: MakeLine
) -> None:
    for number in range(30):
        make_line(carrier=tonari, changed_at=LONG_AGO, imsi=f"44099{number:010d}", msisdn=f"8180{number:08d}")
    with carrier_scope(tonari.pk), pytest.raises(Refused, match="not_this_network"):
        look(tonari, Inputs(database=database), as_of=AS_OF, at=AT)
    with carrier_scope(tonari.pk):
        assert not Finding.objects.exists()


def test_a_line_that_went_to_a_neighbour_on_the_same_hlr_is_innocent(
    as_tabi: Carrier, tonari: Carrier, closed: MakeClosed, make_line: MakeLine, database: Path
) -> None:
    moved, number_given_on, ghost = closed(), closed(), closed()
    theirs = make_line(carrier=tonari, imsi=moved.imsi, msisdn=moved.msisdn)
    other = make_line(carrier=tonari, msisdn=number_given_on.msisdn)
    at_hlr = [(line.imsi, line.msisdn) for line in (theirs, other, ghost)]
    found = look(as_tabi, Inputs(database=hlr_of(database, *at_hlr)), as_of=AS_OF, at=AT)
    assert found.findings["line_id"].to_list() == [ghost.pk]


def test_a_number_that_was_given_on_is_innocent_and_one_that_had_its_rest_is_a_stranger(
    as_tabi: Carrier, closed: MakeClosed, running: MakeClosed, database: Path
) -> None:
    given_on, rested, resting = closed(), closed(ended_at=END - timedelta(days=400)), closed()
    new = running(msisdn=given_on.msisdn)
    at_hlr = [(new.imsi, new.msisdn), ("999990000000001", rested.msisdn), ("999990000000002", resting.msisdn)]
    found = look(as_tabi, Inputs(database=hlr_of(database, *at_hlr)), as_of=AS_OF, at=AT)
    assert found_kinds(found) == {Kind.NUMBER_ANSWERS: 1, Kind.STRANGER: 1}
    assert found.findings.select("line_id", "imsi").rows()[1] == (None, "999990000000001")
    assert found.findings["line_id"].to_list() == [resting.pk, None]


@pytest.mark.parametrize(
    ("carrier_days", "signed_days", "kind"),
    [
        (400, None, Kind.NUMBER_ANSWERS),  # the carrier lets its numbers rest for longer than the house
        (None, 400, Kind.NUMBER_ANSWERS),  # a certificate names a later day
        (400, 100, Kind.STRANGER),
    ],
)
def test_a_number_rests_as_its_certificate_or_its_carrier_says(
    as_tabi: Carrier,
    closed: MakeClosed,
    database: Path,
    carrier_days: int | None,
    signed_days: int | None,
    kind: Kind,
) -> None:
    as_tabi.rest_days = carrier_days
    line = closed(ended_at=AS_OF - timedelta(days=300))
    if signed_days is not None:
        free_from = AS_OF.date() + timedelta(days=signed_days - 300)
        RestingNumber.objects.create(carrier=as_tabi, msisdn=line.msisdn, free_from=free_from)
    found = look(as_tabi, Inputs(database=hlr_of(database, ("999990000000001", line.msisdn))), as_of=AS_OF, at=AT)
    assert found_kinds(found) == {kind: 1}


def test_an_hlr_is_asked_for_its_own_imsis_only(as_tabi: Carrier, running: MakeClosed, database: Path) -> None:
    running(imsi="440990000000001")
    gone = running(imsi="440100000000001")
    found = look(as_tabi, Inputs(database=hlr_of(database), imsis=["44010"]), as_of=AS_OF, at=AT)
    assert found.findings["line_id"].to_list() == [gone.pk]


def test_bills_after_the_end_are_found_in_the_books_and_in_a_file(
    as_tabi: Carrier, closed: MakeClosed, running: MakeClosed, tmp_path: Path
) -> None:
    billed, in_order, lives_on = closed(), closed(), closed()
    Service.objects.create(carrier=as_tabi, line=lives_on, kind="option", lives_on=True)
    for line, month in ((billed, 11), (in_order, 10), (lives_on, 11), (running(), 11)):
        Bill.objects.create(
            carrier=as_tabi, line=line, month=date(2026, month, 1), amount_yen=1078, due_on=date(2026, 12, 31)
        )
    bills = tmp_path / "bills.csv"
    bills.write_text(f"msisdn,month\n0{in_order.msisdn[2:]},2026-12\n{billed.msisdn},2026-10\n", "utf-8")
    found = look(as_tabi, Inputs(billing=bills), as_of=AS_OF, at=AT)
    told = found.findings.select("source", "line_id", "detail").rows()
    assert sorted(told) == [("billing", in_order.pk, "2026-12"), ("books", billed.pk, "2026-11")]


def test_profiles_that_can_still_be_downloaded_are_ghosts(
    as_tabi: Carrier, closed: MakeClosed, running: MakeClosed, tmp_path: Path
) -> None:
    ghost, on_chip = closed(kind="esim"), closed(kind="esim")
    well, gone = running(kind="esim"), running(kind="esim")
    path = tmp_path / "profiles.csv"
    rows = [(ghost, "RELEASED"), (on_chip, "installed"), (well, "enabled"), (gone, "unavailable")]
    path.write_text("iccid,state\n" + "".join(f"{line.iccid}F,{state}\n" for line, state in rows), "utf-8")
    found = look(as_tabi, Inputs(smdp=path), as_of=AS_OF, at=AT)
    assert found.findings.select("kind", "line_id").rows() == [("closed_alive", ghost.pk), ("active_gone", gone.pk)]


def test_hostile_rows_come_back_with_reasons_and_accuse_nobody(
    as_tabi: Carrier, running: MakeClosed, tmp_path: Path
) -> None:
    lines = [running() for _ in range(90)]
    rows = [f"{line.imsi},{line.msisdn}" for line in lines]
    rows[3] = f"{lines[3].imsi},<script>"
    rows[7] = f"{lines[6].imsi},{lines[6].msisdn}"  # line 6 twice, line 7 not at all
    path = tmp_path / "hlr.csv"
    path.write_text("\ufeffIMSI,msisdn\n" + "\r\n".join(rows) + "\n", "utf-8")
    found = look(as_tabi, Inputs(hlr=path), as_of=AS_OF, at=AT)
    bad = found.bad[Source.HLR].rows()
    assert bad == [
        ("4", "reconcile.row.msisdn"),
        ("7", "reconcile.row.twice"),
        ("8", "reconcile.row.twice"),
    ]
    assert found.findings["line_id"].to_list() == [lines[7].pk], "who is in a bad row is not gone"

    path.write_text("imsi,msisdn\n" + "\n".join(rows) + "\n\n \n", "utf-8")  # as many programs end a file
    assert look(as_tabi, Inputs(hlr=path), as_of=AS_OF, at=AT).counts[Kind.ACTIVE_GONE] == 1

    rows[9] = "4.4010E+14," + lines[9].msisdn  # a spreadsheet was here: this could be anybody
    path.write_text("imsi,msisdn\n" + "\n".join(rows) + "\n", "utf-8")
    assert Kind.ACTIVE_GONE not in look(as_tabi, Inputs(hlr=path), as_of=AS_OF, at=AT).counts


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("hlr.csv", b"number\n819012345678\n", "reconcile.columns"),
        ("hlr.csv", b"imsi\n", "reconcile.empty"),
        ("hlr.csv", b"imsi\n\n\n", "reconcile.empty"),
        ("hlr.csv", b"", "reconcile.unreadable"),
        ("hlr.csv", "imsi,名前\n440101234567890,山田\n".encode("cp932"), "reconcile.unreadable"),
        ("hlr.csv", b"imsi\n" + b"x\n" * 9, "reconcile.mostly_bad"),
        ("hlr.csv", "imsi,msisdn\n440101234567890,819012345678\n".encode("utf-16"), "reconcile.unreadable"),
        ("hlr.csv", b"imsi, IMSI\n440101234567890,440101234567891\n", "reconcile.columns_twice"),
        ("hlr.csv", b"imsi,barred,barred\n440101234567890,0,1\n", "reconcile.columns_twice"),
        ("hlr.parquet", b"PAR1 this is none", "reconcile.unreadable"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_whole(
    as_tabi: Carrier, tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Refused) as refused:
        look(as_tabi, Inputs(hlr=path), as_of=AS_OF, at=AT)
    assert refused.value.code == code


def test_what_is_wrong_with_the_columns_is_said_with_those_that_are_there(as_tabi: Carrier, tmp_path: Path) -> None:
    def refused(**mapping: str) -> Refused:
        with pytest.raises(Refused) as error:
            look(as_tabi, Inputs(hlr=path, mappings={Source.HLR: mapping}), as_of=AS_OF, at=AT)
        return error.value

    path = tmp_path / "hlr.csv"
    assert refused().code == "reconcile.not_there"
    path.write_text("IMSI_NO;TEL;440101234567890\n1;2;3\n", "ascii")  # semicolons, and a number for a heading
    assert refused().facts == {"file": "hlr.csv", "columns": "imsi", "there": "IMSI_NO;TEL;…7890"}
    assert refused(imsi="IMSI_NO", number="TEL").facts["names"] == "imsi, msisdn, barred"
    path.write_text(",".join(f"c{n}" for n in range(30)) + "\n", "ascii")
    assert str(refused().facts["there"]).endswith("c19, …")


def test_of_two_columns_that_mean_the_same_the_one_that_was_told_counts(as_tabi: Carrier, tmp_path: Path) -> None:
    path = tmp_path / "hlr.csv"
    path.write_text("imsi,IMSI\n440101234567890,440101234567891\n", "ascii")
    with pytest.raises(Refused) as refused:
        read_export(path, Source.HLR)
    assert refused.value.facts == {"file": "hlr.csv", "name": "imsi", "columns": "imsi, IMSI"}
    for told, imsi in (("imsi", "440101234567890"), ("IMSI", "440101234567891")):
        assert read_export(path, Source.HLR, {"imsi": told}).rows["imsi"].to_list() == [imsi]
    with pytest.raises(Refused, match="columns_twice"):
        read_export(path, Source.HLR, {"imsi": "Imsi"})


def test_a_file_is_read_by_its_name_and_no_other_that_its_name_would_fit(as_tabi: Carrier, tmp_path: Path) -> None:
    for name, imsi in (("hlr*.csv", "440101234567890"), ("hlr [1].csv", "440101234567891"), ("hlr2.csv", "x")):
        (tmp_path / name).write_text(f"imsi\n{imsi}\n", "ascii")
    assert read_export(tmp_path / "hlr*.csv", Source.HLR).rows["imsi"].to_list() == ["440101234567890"]
    assert read_export(tmp_path / "hlr [1].csv", Source.HLR).rows["imsi"].to_list() == ["440101234567891"]


def test_a_damaged_parquet_file_is_refused_and_stops_nothing_else(as_tabi: Carrier, tmp_path: Path) -> None:
    path, refused = tmp_path / "hlr.parquet", 0
    pl.DataFrame({"imsi": [440101234567890], "msisdn": [819012345678]}).write_parquet(path)
    whole = path.read_bytes()
    for place in range(4, len(whole), 5):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        try:
            read_export(path, Source.HLR)
        except Refused:
            refused += 1
    assert refused


def test_what_is_no_hlr_is_refused_and_left_as_it_is(as_tabi: Carrier, tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_bytes(b"not a database, for sure" * 99)
    with pytest.raises(Refused, match="no_database"):
        look(as_tabi, Inputs(database=path), as_of=AS_OF, at=AT)
    with pytest.raises(Refused, match="no_database"):
        look(as_tabi, Inputs(database=tmp_path / "missing.db"), as_of=AS_OF, at=AT)
    assert sorted(os.listdir(tmp_path)) == ["notes.db"]


def test_an_export_from_the_future_is_refused(as_tabi: Carrier) -> None:
    with pytest.raises(Refused, match="from_the_future"):
        look(as_tabi, Inputs(), as_of=AT + timedelta(hours=1), at=AT)


def test_what_was_found_is_kept_without_whole_identifiers_and_for_ever(
    as_tabi: Carrier, tonari: Carrier, database: Path, planted: Planted
) -> None:
    run = reconcile(as_tabi, Inputs(database=database), as_of=AS_OF, acting=SYSTEM, at=AT)
    assert Finding.objects.filter(run=run).count() == 1_000
    kept = Finding.objects.filter(run=run).values_list("key", "ends", "detail")
    assert not any(len(text) > 8 for row in kept for text in row if text.isdecimal())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Finding.objects.update(kind="")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Reconciliation.objects.all()._raw_delete("default")
    with carrier_scope(tonari.pk):
        assert not Reconciliation.objects.exists()
        assert not Finding.objects.exists()


def test_killed_half_way_it_has_written_nothing(
    as_tabi: Carrier, database: Path, planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = iter(range(3))

    def dies(*args: Any, **more: Any) -> list[Any]:
        if next(parts) == 2:
            raise KeyboardInterrupt
        return insert_new(*args, **more)

    monkeypatch.setattr(runs, "insert_new", dies)
    monkeypatch.setattr(runs, "_AT_ONCE", 100)
    with pytest.raises(KeyboardInterrupt):
        reconcile(as_tabi, Inputs(database=database), as_of=AS_OF, acting=SYSTEM, at=AT)
    assert not Reconciliation.objects.exists()
    assert not Finding.objects.exists()


@pytest.mark.hlr
def test_a_real_osmohlr_tells_the_same_by_its_file_and_live(
    as_tabi: Carrier, hlr: Hlr, closed: MakeClosed, running: MakeClosed
) -> None:
    there, ghost = hlr.new(), hlr.new()
    running(imsi=there.imsi, msisdn=there.msisdn)
    dead, gone = closed(imsi=ghost.imsi, msisdn=ghost.msisdn), running(imsi="001010000000099")
    left = hlr.new()
    path = hlr.server.folder / "hlr.db"
    with closing(sqlite3.connect(path)) as torn, torn:
        torn.execute("DELETE FROM subscriber WHERE imsi = ?", [left.imsi])  # a crash between its three commits
    at = datetime.now(UTC)
    Line.objects.update(changed_at=at - timedelta(days=1))
    found = look(as_tabi, Inputs(database=path, imsis=[]), as_of=at, at=at)
    assert found_kinds(found) == {Kind.CLOSED_ALIVE: 1, Kind.KEY_LEFT: 1, Kind.ACTIVE_GONE: 1}
    assert found.findings.filter(kind="key_left")["detail"].to_list() == ["2G 3G"]

    rows = asked_live([(line.imsi, line.msisdn) for line in Line.objects.filter(carrier=as_tabi)], hlr.settings)
    assert sorted(rows["imsi"]) == sorted([there.imsi, ghost.imsi])
    assert {dead.pk, gone.pk} == set(found.findings["line_id"].drop_nulls())


def test_the_books_of_the_neighbour_are_never_read(as_tabi: Carrier, tonari: Carrier, tonari_line: Line) -> None:
    with every_carrier():
        assert Line.objects.filter(carrier=tonari).exists()
    assert look(as_tabi, Inputs(), as_of=AS_OF, at=AT).lines == 0
