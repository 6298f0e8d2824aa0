"""How does a file that an operator exported become columns, and which of its rows cannot be used?

CSV (UTF-8, comma) or Parquet. The columns are named as the house names them, or told by a mapping. Every row is
judged: what cannot be used comes back with its number and the reason, and never becomes a finding. Everything is read
as text, so that no number loses its first digit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from tojimari.network.reconciling.columns import BILLS, HLR, SMDP
from tojimari.network.reconciling.kinds import Source
from tojimari.platform.acting import Refused
from tojimari.rules.masking import mask

STATES = (
    "available",
    "allocated",
    "linked",
    "confirmed",
    "released",
    "downloaded",
    "installed",
    "enabled",
    "disabled",
    "deleted",
    "unavailable",
    "error",
)

COLUMNS: Mapping[Source, tuple[tuple[str, ...], tuple[str, ...]]] = {
    Source.HLR: (("imsi",), ("msisdn", "barred")),
    Source.SMDP: (("iccid", "state"), ()),
    Source.BILLING: (("month",), ("iccid", "imsi", "msisdn")),
}
"""Of each kind of file: the columns that it must have, and those that it may have."""

_SHAPES: Mapping[Source, Mapping[str, Any]] = {Source.HLR: HLR, Source.SMDP: SMDP, Source.BILLING: BILLS}
_UNREAD = {
    Source.HLR: "reconcile.row.imsi",
    Source.SMDP: "reconcile.row.iccid",
    Source.BILLING: "reconcile.row.nameless",
}
"""The reason of a row of which nobody can say whose it is."""

MOST_HEADINGS, MOST_HEADING = 20, 40
"""So many headings, of so many letters, are named in a message."""

_SAME_AGAIN = re.compile(r"_duplicated_[0-9]+$")
"""What polars adds to a heading that stands in a file for the second time."""

MOST_BAD = 0.05
"""With a greater share of unusable rows the file is not what it was taken for."""


@dataclass(frozen=True, slots=True)
class Export:
    """A file as columns.

    `bad` has `row` (the first row below the heading is 1) and `reason`. `doubtful` are the identifiers that bad rows
    name all the same: nobody of them may be called missing. Where a row's identifier itself cannot be read, nobody at
    all may (`whole` is false).
    """

    rows: pl.DataFrame
    bad: pl.DataFrame
    doubtful: pl.DataFrame
    whole: bool
    total: int


class MostlyBad(Refused):
    """A file of which too many rows cannot be used. `bad` has them, as an `Export` has."""

    def __init__(self, file: str, source: Source, bad: pl.DataFrame, rows: int) -> None:
        super().__init__("reconcile.mostly_bad", file=file, bad=bad.height, rows=rows, row=bad["row"][0])
        self.source, self.bad = source, bad


def read_export(path: Path, source: Source, mapping: Mapping[str, str] | None = None) -> Export:
    """Read one exported file. `mapping` names the file's column for a column of the house: {"imsi": "IMSI_NO"}.

    Raises `Refused`: `reconcile.not_there`, `reconcile.unreadable`, `reconcile.columns`, `reconcile.columns_twice`,
    `reconcile.no_such_name`, `reconcile.empty`, and `MostlyBad`.
    """
    raw = _raw(path, source, dict(mapping or {}))
    numbered = raw.with_row_index("key", offset=1).with_columns(pl.col("key").cast(pl.String))
    # An empty line says nothing of anybody. Many programs write one at the end.
    rows = numbered.filter(pl.any_horizontal(pl.col(raw.columns) != ""))
    if not rows.height:
        raise Refused("reconcile.empty", file=path.name)
    judge = {Source.HLR: _hlr, Source.SMDP: _smdp, Source.BILLING: _billing}[source]
    judged = judge(rows)
    bad = judged.filter(pl.col("reason") != "").select(pl.col("key").alias("row"), "reason")
    if bad.height > rows.height * MOST_BAD and bad.height > 1:
        raise MostlyBad(path.name, source, bad, rows.height)
    shape = _SHAPES[source]
    whole = not bad["reason"].is_in([_UNREAD[source]]).any()
    doubtful = judged.filter(pl.col("reason") != "").select(*(name for name in ("imsi", "iccid") if name in shape))
    return Export(judged.filter(pl.col("reason") == "").select(list(shape)), bad, doubtful, whole, rows.height)


def _raw(path: Path, source: Source, mapping: dict[str, str]) -> pl.DataFrame:
    """The columns that are used, as trimmed texts."""
    needed, allowed = COLUMNS[source]
    if unknown := sorted(set(mapping) - {*needed, *allowed}):
        names = ", ".join((*needed, *allowed))
        raise Refused("reconcile.no_such_name", file=path.name, columns=", ".join(unknown), names=names)
    if not path.is_file():
        raise Refused("reconcile.not_there", file=path.name)
    try:
        if path.suffix.lower() == ".parquet":
            rows = pl.scan_parquet(path, glob=False)
        else:
            rows = pl.scan_csv(
                path, infer_schema=False, empty_string_is_null=False, truncate_ragged_lines=True, glob=False
            )
        there = rows.collect_schema().names()
        if any("\0" in heading for heading in there):  # UTF-16
            raise Refused("reconcile.unreadable", file=path.name)
        found = {name: _heading(there, name, mapping.get(name), path) for name in (*needed, *allowed)}
        missing = [mapping.get(name, name) for name in found if found[name] is None and (name in (*needed, *mapping))]
        if source == Source.BILLING and not any(found[name] for name in allowed):
            missing.append(" / ".join(allowed))
        if missing:
            raise Refused("reconcile.columns", file=path.name, columns=", ".join(missing), there=_listed(there))
        used = [_text(heading).alias(name) for name, heading in found.items() if heading is not None]
        blank = [pl.lit("").alias(name) for name, heading in found.items() if heading is None]
        return rows.select(*used).with_columns(*blank).collect(engine="streaming")
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, UnicodeError):
        # A damaged Parquet file may make polars panic, which is no `Exception`.
        raise Refused("reconcile.unreadable", file=path.name) from None


def _heading(there: Sequence[str], name: str, told: str | None, path: Path) -> str | None:
    """The one heading in a file that means a column of the house; None where it has none. Letters' case says nothing.

    Of several that differ in their case alone, the one that was told letter by letter is meant; else nobody can know.
    """
    plain = {one: (base if (base := _SAME_AGAIN.sub("", one)) in there else one).strip() for one in there}
    wanted = (told or name).strip()
    same = [one for one in there if plain[one].lower() == wanted.lower()]
    exact = [one for one in same if told is not None and plain[one] == wanted]
    if len(same) > 1 and len(exact) != 1:
        both = _listed([plain[one] for one in same])
        raise Refused("reconcile.columns_twice", file=path.name, name=name, columns=both)
    return next(iter(exact or same), None)


def _listed(headings: Sequence[str]) -> str:
    """The headings that a file has, for a message. Where it has none its first row stands there: so they are masked."""
    shown = [mask(name.strip())[:MOST_HEADING] for name in headings[:MOST_HEADINGS]]
    return ", ".join([*shown, *(["…"] if len(headings) > MOST_HEADINGS else [])])


def _text(heading: str) -> pl.Expr:
    return pl.col(heading).cast(pl.String).fill_null("").str.strip_chars()


def _digits(name: str, least: int, most: int) -> pl.Expr:
    return pl.col(name).str.contains(f"^[0-9]{{{least},{most}}}$")


def _number(name: str) -> pl.Expr:
    """A telephone number as the house stores it: E.164 without "+", Japan's own 0 turned into 81."""
    bare = pl.col(name).str.replace_all(r"[\s()./-]", "").str.strip_prefix("+")
    return pl.when(bare.str.starts_with("0")).then("81" + bare.str.slice(1)).otherwise(bare).alias(name)


def _reasons(rows: pl.DataFrame, *rules: tuple[pl.Expr, str]) -> pl.DataFrame:
    """Add the code of the first rule that a row breaks; empty for a good one."""
    chain = pl.lit("")
    for good, code in reversed(rules):
        chain = pl.when(~good).then(pl.lit(code)).otherwise(chain)
    return rows.with_columns(chain.alias("reason"))


def _hlr(raw: pl.DataFrame) -> pl.DataFrame:
    off = pl.col("barred").str.to_lowercase()
    rows = raw.with_columns(_number("msisdn"), (~off.is_in(["1", "true", "t", "yes", "y"])).alias("on"))
    return _reasons(
        rows,
        (_digits("imsi", 14, 15), "reconcile.row.imsi"),
        ((pl.col("msisdn") == "") | _digits("msisdn", 8, 15), "reconcile.row.msisdn"),
        (off.is_in(["", "0", "false", "f", "no", "n", "1", "true", "t", "yes", "y"]), "reconcile.row.barred"),
        (pl.col("imsi").is_unique(), "reconcile.row.twice"),
    )


def _smdp(raw: pl.DataFrame) -> pl.DataFrame:
    # SM-DP+ interfaces pad an ICCID of 19 digits with F (SGP.22, 5.3).
    rows = raw.with_columns(pl.col("iccid").str.strip_chars_end("Ff"), pl.col("state").str.to_lowercase())
    return _reasons(
        rows,
        (_digits("iccid", 18, 20), "reconcile.row.iccid"),
        (pl.col("state").is_in(STATES), "reconcile.row.state"),
        (pl.col("iccid").is_unique(), "reconcile.row.twice"),
    )


def _billing(raw: pl.DataFrame) -> pl.DataFrame:
    rows = raw.with_columns(
        _number("msisdn"),
        pl.col("iccid").str.strip_chars_end("Ff"),
        pl.col("month").str.slice(0, 7).add("-01").str.to_date("%Y-%m-%d", strict=False),
    )
    named = pl.any_horizontal(pl.col(name) != "" for name in ("iccid", "imsi", "msisdn"))
    return _reasons(
        rows,
        (pl.col("month").is_not_null(), "reconcile.row.month"),
        (named, "reconcile.row.nameless"),
    )
