"""How do the books of a carrier become columns?

PostgreSQL copies them out (`COPY … TO STDOUT`), within the scope of the carrier, into a file of this process alone, and
polars reads that. A million lines are a file of a hundred megabytes, not a million Python objects.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
from django.db import connection

from tojimari.lines.models import Carrier, LineKind
from tojimari.network.reconciling.columns import BOOKS, FINDING
from tojimari.network.reconciling.compare import Books
from tojimari.rules.calendar import jst_date

GRACE = timedelta(hours=1)
"""What the books have changed this shortly before an export, or since, is not compared with it."""

_LINES = """COPY (
    SELECT
        id, state, msisdn, imsi, iccid, kind = 'esim', kind = ANY(%(here)s), changed_at <= %(before)s,
        contract_on < %(day)s, (extract(epoch FROM ended_at) * 1000000)::bigint
    FROM lines_line WHERE carrier_id = %(carrier)s
) TO STDOUT (FORMAT csv)"""

# A month that began when the contract had ended. Who has an option that is a contract of its own is billed on.
_BILLED = """COPY (
    SELECT 'billed_after', 'books', line.id, bill.id::text, line.imsi, line.msisdn, line.iccid,
        to_char(bill.month, 'YYYY-MM')
    FROM lines_bill AS bill JOIN lines_line AS line ON line.id = bill.line_id
    WHERE
        line.carrier_id = %(carrier)s AND line.state = 'terminated' AND line.changed_at <= %(before)s
        AND bill.amount_yen > 0 AND bill.month::timestamp AT TIME ZONE 'Asia/Tokyo' >= line.ended_at
        AND NOT EXISTS (SELECT FROM lines_service WHERE line_id = line.id AND lives_on AND state <> 'terminated')
) TO STDOUT (FORMAT csv)"""


def read_books(carrier: Carrier, *, as_of: datetime, compared: Collection[str] = tuple(LineKind)) -> Books:
    """Return a carrier's lines as they are now, marked for a comparison with an export made at `as_of`.

    `compared` are the kinds of line whose element the export is of.
    """
    facts = {"here": [str(kind) for kind in compared], "before": as_of - GRACE, "day": jst_date(as_of)}
    types: dict[str, Any] = {**BOOKS, "esim": pl.String, "here": pl.String, "settled": pl.String, "begun": pl.String}
    types["ended_at"] = pl.Int64  # microseconds since 1970: nothing to be parsed
    lines = _copied(_LINES, {"carrier": carrier.pk, **facts}, types)
    flags = [(pl.col(name) == "t").alias(name) for name in ("esim", "here", "settled", "begun")]
    return Books(lines.with_columns(*flags, pl.from_epoch("ended_at", time_unit="us").dt.replace_time_zone("UTC")))


def billed_after(carrier: Carrier, *, as_of: datetime) -> pl.DataFrame:
    """Return the bills in the books that are for months after the end of their line."""
    return _copied(_BILLED, {"carrier": carrier.pk, "before": as_of - GRACE}, dict(FINDING))


def _copied(statement: str, facts: dict[str, Any], types: dict[str, Any]) -> pl.DataFrame:
    with tempfile.TemporaryDirectory(prefix="tojimari-books-") as folder:
        path = Path(folder) / "rows.csv"
        with open(path, "xb") as file, connection.cursor() as cursor, cursor.copy(statement, facts) as rows:
            for block in rows:
                file.write(block)
        if not path.stat().st_size:
            return pl.DataFrame(schema=types)
        return pl.read_csv(path, has_header=False, schema=types, empty_string_is_null=False)
