"""Where do books and network differ?

Whole columns are joined, never one line after another. Nothing is found that could be innocent: a line whose case runs
(it is about to end), one that was ported out, and one that the books have changed since shortly before the export are
left alone. What is said twice of one line is said once, in its gravest form.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from tojimari.network.reconciling.columns import ACTIVE, CLOSED, FINDING
from tojimari.network.reconciling.kinds import Kind, Source

STILL_TO_BE_HAD = ("allocated", "linked", "confirmed", "released")
"""States of a profile that somebody can still download (SGP.22, 3.1.6). One on a chip is the person's to delete, and
without the HLR it reaches no network."""

OUT_OF_USE = ("unavailable", "error")

IN_HAND = ("released", "downloaded", "installed", "enabled", "disabled")
"""States of a profile that somebody has, or was given to download. One before that is being made ready for an order,
and the books need not know it yet."""


@dataclass(frozen=True, slots=True)
class Books:
    """A carrier's lines, with those left out of account already marked."""

    lines: pl.DataFrame

    @property
    def closed(self) -> pl.DataFrame:
        """Lines that are over, the newest for each card and identity last."""
        return self.lines.filter(pl.col("state") == CLOSED).sort("ended_at", nulls_last=False, maintain_order=True)

    @property
    def kept(self) -> pl.DataFrame:
        """Lines that are not over: they run, are about to end, or took their number elsewhere."""
        return self.lines.filter(pl.col("state") != CLOSED)

    @property
    def active(self) -> pl.DataFrame:
        """Lines that must be in the network as the books have them."""
        return self.lines.filter((pl.col("state") == ACTIVE) & pl.col("settled") & pl.col("here") & pl.col("begun"))


def with_hlr(
    books: Books, hlr: pl.DataFrame, *, imsis: Sequence[str] = (), doubtful: pl.Series | None = None
) -> pl.DataFrame:
    """Compare with the subscribers of an HLR, both ways.

    `imsis` are the beginnings of the IMSIs that this HLR serves; without them it is taken to hold every line.
    `doubtful` are IMSIs that it may hold as well: their lines are not called gone.
    """
    alive, closed_rows = _closed_alive(books, hlr)
    numbers = _number_answers(books, hlr, closed_rows)
    mixed = _identity_differs(books, hlr, numbers)
    gone = _active_gone(books, hlr, mixed, imsis)
    told = pl.concat([alive, numbers, mixed]).select("key")
    if doubtful is not None:
        gone = gone.join(doubtful.unique().to_frame("imsi"), on="imsi", how="anti")
    return pl.concat([alive, numbers, mixed, gone, _strangers(books, hlr, told)])


def with_profiles(books: Books, smdp: pl.DataFrame, *, doubtful: pl.Series | None = None) -> pl.DataFrame:
    """Compare with the profiles of a profile server (SM-DP+), both ways; `doubtful` are ICCIDs that it may hold too."""
    closed = books.closed.filter("settled", "esim").unique("iccid", keep="last", maintain_order=True)
    alive = smdp.filter(pl.col("state").is_in(STILL_TO_BE_HAD)).join(closed, on="iccid")
    there = smdp.filter(~pl.col("state").is_in(OUT_OF_USE))
    gone = books.active.filter("esim").join(there, on="iccid", how="anti").with_columns(pl.lit("").alias("key"))
    if doubtful is not None:
        gone = gone.join(doubtful.unique().to_frame("iccid"), on="iccid", how="anti")
    unknown = smdp.filter(pl.col("state").is_in(IN_HAND)).join(books.lines, on="iccid", how="anti")
    return pl.concat(
        [
            _found(Kind.CLOSED_ALIVE, Source.SMDP, alive.with_columns(pl.col("state").alias("detail"))),
            _found(Kind.ACTIVE_GONE, Source.SMDP, gone),
            _unknown(Source.SMDP, unknown.with_columns(pl.col("state").alias("detail"))),
        ]
    )


def with_bills(books: Books, bills: pl.DataFrame) -> pl.DataFrame:
    """Find bills for months that began when the contract had ended (months begin at 00:00 in Japan)."""
    parts = []
    for name in ("iccid", "imsi", "msisdn"):
        others = [one for one in ("iccid", "imsi", "msisdn")[: ("iccid", "imsi", "msisdn").index(name)]]
        named = bills.filter(pl.col(name) != "", *(pl.col(other) == "" for other in others))
        # A number or an identity may be another line's by now: then its bills are that line's.
        theirs = books.kept.filter(pl.col(name) != "").select(name).unique()
        closed = books.closed.filter("settled").unique(name, keep="last", maintain_order=True)
        parts.append(
            named.select("key", "month", name)
            .join(theirs, on=name, how="anti")
            .join(closed, on=name)
            .select("key", "month", "line_id", "imsi", "msisdn", "iccid", "ended_at")
        )
    begun = pl.col("month").cast(pl.Datetime("us")).dt.replace_time_zone("Asia/Tokyo").dt.convert_time_zone("UTC")
    late = pl.concat(parts).filter(begun >= pl.col("ended_at"))
    return _found(
        Kind.BILLED_AFTER, Source.BILLING, late.with_columns(pl.col("month").dt.strftime("%Y-%m").alias("detail"))
    )


def keys_left(rows: pl.DataFrame) -> pl.DataFrame:
    """What is said of secret keys (`key`, `detail`) that have no subscriber."""
    return _found(Kind.KEY_LEFT, Source.HLR, _nameless(rows))


def nothing() -> pl.DataFrame:
    return pl.DataFrame(schema=FINDING)


def _closed_alive(books: Books, hlr: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Subscribers whose line is closed; also the keys of all rows of closed lines, settled or not."""
    kept = books.kept.filter(pl.col("imsi") != "").select("imsi")
    closed = books.closed.filter(pl.col("imsi") != "").unique("imsi", keep="last", maintain_order=True)
    rows = hlr.join(kept, on="imsi", how="anti").join(closed, on="imsi", suffix="_books")
    found = rows.filter("settled").with_columns(_barred().alias("detail"))
    return _found(Kind.CLOSED_ALIVE, Source.HLR, found), rows.select("key")


def _number_answers(books: Books, hlr: pl.DataFrame, of_closed: pl.DataFrame) -> pl.DataFrame:
    """Subscribers with the number of a closed line, which nobody in the books has now."""
    kept = books.kept.filter(pl.col("msisdn") != "").select("msisdn")
    closed = books.closed.filter(pl.col("msisdn") != "").unique("msisdn", keep="last", maintain_order=True)
    # A line of which the books have just changed something may have just been given this number.
    fresh = books.kept.filter(~pl.col("settled") | (pl.col("state") != ACTIVE)).filter(pl.col("imsi") != "")
    rows = (
        hlr.join(of_closed, on="key", how="anti")
        .join(fresh.select("imsi"), on="imsi", how="anti")
        .join(kept, on="msisdn", how="anti")
        .join(closed.drop("imsi"), on="msisdn")
        .filter("settled")
    )
    return _found(Kind.NUMBER_ANSWERS, Source.HLR, rows)


def _identity_differs(books: Books, hlr: pl.DataFrame, numbers: pl.DataFrame) -> pl.DataFrame:
    """Lines whose IMSI has another number in the HLR, or whose number has another IMSI."""
    told = numbers.select("key")
    lines = books.active.filter(pl.col("imsi") != "", pl.col("msisdn") != "")
    rows = hlr.filter(pl.col("msisdn") != "").join(told, on="key", how="anti")
    # Whatever touches a line that the books have just changed, or that is about to end, is not judged.
    fresh = books.kept.filter(~pl.col("settled") | (pl.col("state") != ACTIVE))
    rows = rows.join(fresh.filter(pl.col("imsi") != "").select("imsi"), on="imsi", how="anti")
    rows = rows.join(fresh.filter(pl.col("msisdn") != "").select("msisdn"), on="msisdn", how="anti")
    other_number = (
        rows.join(lines, on="imsi", suffix="_books")
        .filter(pl.col("msisdn") != pl.col("msisdn_books"))
        .with_columns(pl.lit("other_number").alias("detail"))
    )
    other_imsi = (
        rows.join(lines, on="msisdn", suffix="_books")
        .filter(pl.col("imsi") != pl.col("imsi_books"))
        .with_columns(pl.lit("other_imsi").alias("detail"))
    )
    both = pl.concat([_found(Kind.IDENTITY_DIFFERS, Source.HLR, part) for part in (other_number, other_imsi)])
    return both.unique("line_id", keep="first", maintain_order=True)


def _active_gone(books: Books, hlr: pl.DataFrame, mixed: pl.DataFrame, imsis: Sequence[str]) -> pl.DataFrame:
    """Lines that run in the books and are not in the HLR."""
    lines = books.active.filter(pl.col("imsi") != "")
    if imsis:
        lines = lines.filter(pl.any_horizontal([pl.col("imsi").str.starts_with(start) for start in imsis]))
    gone = lines.join(hlr, on="imsi", how="anti").join(mixed.select("line_id"), on="line_id", how="anti")
    return _found(Kind.ACTIVE_GONE, Source.HLR, gone.with_columns(pl.lit("").alias("key")))


def _strangers(books: Books, hlr: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """Subscribers whom no line of the books explains, and of whom nothing else is said."""
    rows = hlr.join(books.lines, on="imsi", how="anti").join(told, on="key", how="anti")
    # Behind a number of the books may be a card that they have just changed.
    known = books.lines.filter(pl.col("msisdn") != "", (pl.col("state") != CLOSED) | ~pl.col("settled"))
    rows = rows.join(known, on="msisdn", how="anti")
    return _unknown(Source.HLR, rows.with_columns(_barred().alias("detail")))


def _barred() -> pl.Expr:
    """What is said of a subscriber to whom nothing is allowed."""
    return pl.when("on").then(pl.lit("")).otherwise(pl.lit("barred"))


def _unknown(source: Source, rows: pl.DataFrame) -> pl.DataFrame:
    return _found(Kind.STRANGER, source, _nameless(rows))


def _nameless(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows that belong to no line, with empty columns for what they do not tell."""
    names = [name for name in ("imsi", "msisdn", "iccid") if name not in rows.columns]
    return rows.with_columns(*(pl.lit("").alias(name) for name in names), pl.lit(None, pl.Int64).alias("line_id"))


def _found(kind: Kind, source: Source, rows: pl.DataFrame) -> pl.DataFrame:
    if "detail" not in rows.columns:
        rows = rows.with_columns(pl.lit("").alias("detail"))
    said = rows.with_columns(pl.lit(kind.value).alias("kind"), pl.lit(source.value).alias("source"))
    return said.select([pl.col(name).cast(kind_of) for name, kind_of in FINDING.items()])
