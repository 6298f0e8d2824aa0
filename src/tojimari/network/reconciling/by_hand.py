"""How does a person take a stranger away by hand? Nothing repairs one by itself: the books name nobody to ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tojimari.network.reconciling.kinds import Kind, Source


def removal(name: str) -> Sequence[str]:
    """The lines for the VTY of an OsmoHLR that take one subscriber away: `name` is "id 17" or "imsi 440101234567890".

    Detached first, then without keys, then gone: a record that goes with its keys left would give them to the next.
    """
    return (
        "enable",
        f"subscriber {name} update network-access-mode none",
        f"subscriber {name} update aud2g none",
        f"subscriber {name} update aud3g none",
        f"subscriber {name} delete",
    )


def removable_by_id(sources: Sequence[Mapping[str, Any]], *, kind: str, source: str, key: str) -> Sequence[str]:
    """The VTY lines for a stranger that was read from an OsmoHLR's own database, else nothing.

    In a file that was exported, the key is a row of the file and no name in the HLR.
    """
    known = any(one["source"] == Source.HLR and one.get("element") == "osmohlr" for one in sources)
    if kind != Kind.STRANGER or source != Source.HLR or not known or not key.isdecimal():
        return ()
    return removal(f"id {key}")
