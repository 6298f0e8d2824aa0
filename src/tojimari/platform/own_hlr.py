"""Where is the HLR that `tojimari up` runs for a data folder?"""

from __future__ import annotations

from pathlib import Path


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
