"""Where do the rows go that cannot be taken? Into a file beside, with the reasons, ready to be mended and imported.

It has the columns of the file it comes from, and two more. It is UTF-8 with a byte order mark, which spreadsheets need
to read Japanese. Until the import has ended it has another name, so that half a file is never taken for a whole one.
"""

from __future__ import annotations

import csv
import os
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from tojimari.lines import words
from tojimari.lines.cells import Problem
from tojimari.lines.table import IGNORED, Table


class BadRows:
    """The file of bad rows for one import. Nothing is written, and no file made, before the first bad row."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._places = [place for place, name in enumerate(table.columns) if name != IGNORED]
        self._file: IO[str] | None = None
        self._writer: Any = None
        self._part = Path()
        self.path: Path | None = None
        """Where the file is, once there is one. Beside the imported file, or in a temporary folder of its own where
        that place cannot be written to."""
        self.count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is None:
            return
        self._file.close()
        if self.path is not None and kind is None:
            os.replace(self._part, self.path)
        else:
            self._part.unlink()

    def add(self, rows: Iterable[tuple[int, Sequence[str], Sequence[Problem]]]) -> None:
        """Write bad rows: their number, their cells as they stand, and what is wrong with them."""
        for number, cells, problems in rows:
            self.write(number, cells, "; ".join(words.problem(problem) for problem in problems))

    def write(self, number: int, cells: Sequence[str], reason: str) -> None:
        """Write one bad row with the reason as it is to be read."""
        if self._file is None:
            self._open()
        kept = [cells[place] if place < len(cells) else "" for place in self._places]
        kept += cells[len(self._table.columns) :]
        self._writer.writerow([*kept, number, reason])
        self.count += 1

    def _open(self) -> None:
        source = self._table.path
        name = f"{source.stem}.bad.csv"
        try:
            folder = source.resolve().parent
            handle, part = tempfile.mkstemp(dir=folder, prefix=f".{name}.")
        except OSError:
            folder = Path(tempfile.mkdtemp(prefix="tojimari-"))
            handle, part = tempfile.mkstemp(dir=folder, prefix=f".{name}.")
        self.path, self._part = folder / name, Path(part)
        self._file = os.fdopen(handle, "w", encoding="utf-8-sig", newline="")
        shutil.copymode(source, part)  # whoever may read the file may read what is wrong in it, and nobody else
        self._writer = csv.writer(self._file)
        self._writer.writerow([*(self._table.headings[place] for place in self._places), "line", "reason"])
