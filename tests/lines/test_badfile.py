"""Where do bad rows go when they cannot stand beside their file?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.lines.play import a_row, write
from tojimari.lines.badfile import BadRows
from tojimari.lines.cells import Problem
from tojimari.lines.columns import COLUMNS
from tojimari.lines.table import open_table


def test_bad_rows_go_elsewhere_where_the_folder_cannot_be_written_to(tmp_path: Path) -> None:
    # /proc takes no new file, not even from root: what a read-only disk is for everybody else.
    table = open_table(write(tmp_path / "lines.csv", [a_row(1)]), COLUMNS)
    with BadRows(replace(table, path=Path("/proc/self/status"))) as bad:
        bad.add([(2, ["C1"], [Problem("iccid", "cell.empty")])])
    assert bad.path is not None
    assert bad.path.name == "status.bad.csv"
    assert bad.path.parent.name.startswith("tojimari-")
    bad.path.unlink()
    bad.path.parent.rmdir()
