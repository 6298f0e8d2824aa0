"""With what are the books compared?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tojimari.network.reconciling.kinds import Source


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the books are compared with. Bills that stand in the books are always looked at.

    `mappings` name the columns of files: {Source.HLR: {"imsi": "IMSI_NO"}}. `imsis` are the beginnings of the IMSIs
    that the HLR serves; empty: all of the carrier's.
    """

    database: Path | None = None  # of an OsmoHLR
    live: bool = False  # ask the connected network itself
    hlr: Path | None = None
    smdp: Path | None = None
    billing: Path | None = None
    mappings: Mapping[Source, Mapping[str, str]] = field(default_factory=dict)
    imsis: Sequence[str] = ()


def is_beginning(text: object) -> bool:
    """Whether IMSIs can begin so. With anything else no line at all would be looked for."""
    return isinstance(text, str) and text.isascii() and text.isdecimal()
