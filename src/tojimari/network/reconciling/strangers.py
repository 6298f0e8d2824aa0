"""How do thousands of strangers not drown the rest?

An HLR may be shared: then most of what the books do not know is somebody else's. Where there are many, what is kept of
them is one row for each block of IMSIs or ICCIDs, with how many there are; the file of findings names each of them.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from tojimari.network.reconciling.columns import FINDING
from tojimari.network.reconciling.kinds import Kind, Source

MOST_ALONE = 200
"""Up to so many have a row each."""

MOST_BLOCKS = 50
_LENGTHS = range(10, 2, -1)
"""How many digits the beginning of a block may have: a block of 100,000 names nobody."""

MORE = "…"


def of_ranges(findings: pl.DataFrame, imsis: Sequence[str]) -> pl.DataFrame:
    """Leave out the strangers of an HLR whose IMSI has none of these beginnings; without any, all are kept."""
    if not imsis:
        return findings
    ours = pl.any_horizontal([pl.col("imsi").str.starts_with(start) for start in imsis])
    return findings.filter(ours | (pl.col("kind") != Kind.STRANGER.value) | (pl.col("source") != Source.HLR.value))


def in_blocks(findings: pl.DataFrame) -> pl.DataFrame:
    """Put the strangers of each source together by the longest beginnings that give few blocks, if there are many.

    The row of a block has its beginning with an ellipsis in place of the identifier, and their number as detail.
    """
    parts = [findings.filter(pl.col("kind") != Kind.STRANGER.value)]
    for source, name in ((Source.HLR, "imsi"), (Source.SMDP, "iccid")):
        alone = findings.filter((pl.col("kind") == Kind.STRANGER.value) & (pl.col("source") == source.value))
        parts.append(alone if alone.height <= MOST_ALONE else _blocks(alone, name))
    return pl.concat(parts)


def _blocks(strangers: pl.DataFrame, name: str) -> pl.DataFrame:
    for length in _LENGTHS:
        begins = pl.col(name).str.slice(0, length).alias("begins")
        blocks = strangers.group_by(begins).len().sort("len", "begins", descending=[True, False])
        if blocks.height <= MOST_BLOCKS:
            break
    told = {
        "kind": pl.lit(Kind.STRANGER.value),
        "source": pl.lit(strangers["source"][0]),
        name: pl.col("begins") + MORE,
        "detail": pl.col("len").cast(pl.String),
    }
    empty = {one: pl.lit(None if kind == pl.Int64 else "", kind) for one, kind in FINDING.items()}
    return blocks.select([value.alias(one) for one, value in (empty | told).items()])


def is_block(identifier: str) -> bool:
    """Whether this is the beginning of many, and of nobody."""
    return identifier.endswith(MORE)
