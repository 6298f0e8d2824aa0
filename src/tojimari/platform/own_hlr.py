"""Where is the HLR that `tojimari up` runs for a data folder?"""

from __future__ import annotations

from ipaddress import AddressValueError, IPv4Address
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field


def _loopback(value: str) -> str:
    try:
        inside = IPv4Address(value).is_loopback
    except AddressValueError:
        inside = False
    if not inside:
        raise ValueError("is no address of this machine alone; write 127.0.0.2, for example")
    return value


OwnHost = Annotated[
    str,
    AfterValidator(_loopback),
    Field(
        description="Address of this machine (127.0.0.N) on which `tojimari up` runs an OsmoHLR of its own. Its ports "
        "cannot be chosen: where another one has them, choose another address."
    ),
]


def own_hlr_file(home: Path) -> Path:
    """Where `tojimari up` writes the address of the HLR that it runs, for as long as it runs."""
    return home / "osmohlr" / "running"


def own_hlr(home: Path) -> str | None:
    """The HLR that `tojimari up` runs for this data folder.

    A command in another shell must meet the same network as the site and its workers: it would otherwise end lines in
    a simulation and call them closed.
    """
    try:
        return own_hlr_file(home).read_text(encoding="utf-8").strip() or None
    except OSError:
        return None  # none runs, or its folder is not ours to read
