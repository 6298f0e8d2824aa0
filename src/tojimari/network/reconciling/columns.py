"""Which columns have the tables that are compared?"""

from __future__ import annotations

from typing import Final

import polars as pl

from tojimari.lines.models import LineState

FINDING: Final = {
    "kind": pl.String,
    "source": pl.String,
    "line_id": pl.Int64,  # empty for what no line of the books explains
    "key": pl.String,  # how the element, or the row of the file, is found again
    "imsi": pl.String,
    "msisdn": pl.String,
    "iccid": pl.String,
    "detail": pl.String,  # a month, a state of a profile, "barred"
}
"""Columns of what is found, with full identifiers: for the file that the operator's engineers get, and for no table."""

BOOKS: Final = {
    "line_id": pl.Int64,
    "state": pl.String,
    "msisdn": pl.String,
    "imsi": pl.String,
    "iccid": pl.String,
    "esim": pl.Boolean,
    "here": pl.Boolean,  # the line's element is one that can be compared, not a person
    "settled": pl.Boolean,  # unchanged in the books since before the export was made
    "begun": pl.Boolean,  # the contract began before the day of the export
    "ended_at": pl.Datetime("us", "UTC"),
}
"""Columns of the books. Identifiers are texts as the house stores them; empty for "has none"."""

HLR: Final = {"key": pl.String, "imsi": pl.String, "msisdn": pl.String, "on": pl.Boolean}
"""Columns of an HLR's subscribers. `on` is whether anything is allowed: a barred one still holds its keys."""

SMDP: Final = {"key": pl.String, "iccid": pl.String, "state": pl.String}
"""Columns of a profile server's profiles. States are those of SGP.22, 3.1.6, in lower case."""

BILLS: Final = {"key": pl.String, "iccid": pl.String, "imsi": pl.String, "msisdn": pl.String, "month": pl.Date}
"""Columns of a billing system's bills; a line is named by the first of its identifiers that is there."""

ACTIVE, ENDING, CLOSED, PORTED = (
    LineState.ACTIVE.value,
    LineState.PENDING_TERMINATE.value,
    LineState.TERMINATED.value,
    LineState.PORTED_OUT.value,
)
