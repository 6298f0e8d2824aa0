"""What do an OsmoHLR, and the simulated network, hold?

The database of an OsmoHLR is read from a copy that SQLite itself makes: the HLR goes on working meanwhile, nothing is
ever written to its file, and the copy is of one moment. Keys are never read, only which row they belong to.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl

from tojimari.network.elements.osmohlr.ctrl import Ctrl
from tojimari.network.elements.osmohlr.record import NO_SUCH, Record
from tojimari.network.elements.osmohlr.wire import Settings, Trouble
from tojimari.network.models import SimulatedSubscriber
from tojimari.network.reconciling.columns import HLR
from tojimari.platform.acting import Refused

_AT_ONCE = 100_000
_ASKED_AT_ONCE = 1_000

_SUBSCRIBERS = "SELECT CAST(id AS TEXT), imsi, coalesce(msisdn, ''), nam_cs OR nam_ps FROM subscriber"
_KEYS = """
    SELECT CAST(subscriber_id AS TEXT), group_concat(kind, ' ') FROM (
        SELECT subscriber_id, '2G' AS kind FROM auc_2g UNION ALL SELECT subscriber_id, '3G' FROM auc_3g ORDER BY 1, 2
    )
    WHERE subscriber_id NOT IN (SELECT id FROM subscriber)
    GROUP BY subscriber_id
"""


def from_database(path: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the subscribers of an OsmoHLR's database file, and the keys without one (`key`, `detail`).

    Raises `Refused`: `reconcile.no_database` for a file that is none, or not an OsmoHLR's.
    """
    try:
        with _copy_of(path) as database:
            flag = pl.col("on") != 0
            people = _frame(database, _SUBSCRIBERS, {**HLR, "on": pl.Int64}).with_columns(flag)
            return people, _frame(database, _KEYS, {"key": pl.String, "detail": pl.String})
    except sqlite3.Error:
        raise Refused("reconcile.no_database", file=path.name) from None


@contextmanager
def _copy_of(path: Path) -> Iterator[sqlite3.Connection]:
    with tempfile.TemporaryDirectory(prefix="tojimari-hlr-") as folder:
        address = f"{path.resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(Path(folder) / "hlr.db")) as copy:
            with closing(sqlite3.connect(address, uri=True)) as original:
                original.backup(copy)
            yield copy


def _frame(database: sqlite3.Connection, statement: str, types: Mapping[str, Any]) -> pl.DataFrame:
    """Rows as columns, a part at a time: the whole set is never there as Python objects."""
    cursor = database.execute(statement)
    parts = [pl.DataFrame(schema=types)]
    while rows := cursor.fetchmany(_AT_ONCE):
        parts.append(pl.DataFrame(rows, schema=types, orient="row"))
    return pl.concat(parts)


def asked_live(lines: Iterable[tuple[str, str]], settings: Settings) -> pl.DataFrame:
    """Ask an OsmoHLR itself for each of these lines (IMSI, number), by the one and by the other.

    Some thousand lines a second, and the HLR works for nobody else meanwhile: meant for small sets. Who is in the HLR
    and not in the books is not seen this way, nor a key without a subscriber. Raises `Refused` when it does not answer.
    """
    ctrl = Ctrl(settings)
    found: dict[str, Record] = {}
    try:
        for part in _parts(_names(lines)):
            for answer in ctrl.ask([f"GET subscriber.{name}.info" for name in part]):
                record = Record.of(answer.back)
                if answer.code or (record is None and answer.back not in NO_SUCH):
                    raise Refused("reconcile.element_silent", said=answer.code or "network.unexpected_answer")
                if record is not None:
                    found[record.imsi] = record
    except Trouble as trouble:
        raise Refused("reconcile.element_silent", said=trouble.code) from None
    finally:
        ctrl.close()
    rows = [(one.imsi, one.imsi, one.msisdn, one.nam_cs or one.nam_ps) for one in found.values()]
    return pl.DataFrame(rows, schema=HLR, orient="row")


def _names(lines: Iterable[tuple[str, str]]) -> Iterator[str]:
    for imsi, number in lines:
        if imsi:
            yield f"by-imsi-{imsi}"
        if number:
            yield f"by-msisdn-{number}"


def simulated(carrier_id: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return what the simulated network holds of a carrier's lines, in the shape of a real one's answer."""
    rows = SimulatedSubscriber.objects.filter(carrier_id=carrier_id).values_list(
        "pk", "imsi", "msisdn", "nam_cs", "nam_ps"
    )
    people = [(str(pk), imsi, msisdn, cs or ps) for pk, imsi, msisdn, cs, ps in rows.iterator(chunk_size=10_000)]
    return pl.DataFrame(people, schema=HLR, orient="row"), pl.DataFrame(schema={"key": pl.String, "detail": pl.String})


def _parts(names: Iterable[str]) -> Iterator[Sequence[str]]:
    rest = iter(names)
    while part := list(islice(rest, _ASKED_AT_ONCE)):
        yield part
