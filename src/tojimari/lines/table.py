"""How does a file that somebody exported from somewhere become rows with known columns?

`open_table` looks at the whole file once before anything else happens: what kind of file it is, in which encoding, with
which delimiter and which columns. What cannot be read is refused there, in one clear error, before a row is used.
`Table.rows` then streams. This module knows nothing of lines: the columns are the caller's.

CSV is read as a stream, so its memory does not grow with the file. An Excel workbook cannot be streamed: calamine
unpacks the sheet into memory. Therefore a workbook above `EXCEL_BYTES` unpacked (roughly 300,000 lines) is refused with
the advice to save it as CSV.
"""

from __future__ import annotations

import codecs
import csv
import itertools
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import IO

from tojimari.rules.text import DASHES, INVISIBLE

EXCEL_BYTES = 300_000_000
"""Largest workbook that is read, unpacked. The reader holds about five times as much for a moment."""

_BLOCK = 1 << 20
_DELIMITERS = ",\t;"
_KEY_DROPS = str.maketrans("", "", DASHES + INVISIBLE + "_ .:*()[]「」【】・")
IGNORED = ""


class Unreadable(Exception):
    """The file cannot be used. `code` is a dotted reason code; its text is looked up for the reader's language."""

    def __init__(self, code: str, **facts: str | int) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts

    def __reduce__(self) -> tuple[object, ...]:
        # Exceptions are pickled with their positional arguments; this one crosses from the reading process.
        return _unreadable, (self.code, self.facts)


def _unreadable(code: str, facts: dict[str, str | int]) -> Unreadable:
    return Unreadable(code, **facts)


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a file may have. `synonyms` are other headings for it, in any language."""

    name: str
    synonyms: Sequence[str] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """An opened file. Holds no handle: it can be sent to another process and read there."""

    path: Path
    encoding: str
    """Python's name of the encoding, or an empty text for a workbook."""
    delimiter: str
    headings: Sequence[str]
    """As they stand in the file."""
    columns: Sequence[str]
    """The canonical name at each place; `IGNORED` for a column that is known and not used."""
    header_row: int
    lines: int
    """Lines of text in the file, or rows of the sheet: an upper estimate of its rows, for a progress bar."""

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Stream (row number, cells) of each row with content. The number counts rows from the top, header included,
        as a spreadsheet does. Raises `Unreadable` where the text stops being a table."""
        for number, cells in itertools.islice(_numbered(self), self.header_row, None):
            if any(cells):
                yield number, cells

    def dicts(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Stream (row number, stripped cell by canonical column). For files of moderate size; `rows` is faster."""
        for number, cells in self.rows():
            yield (
                number,
                {name: cell.strip() for name, cell in zip(self.columns, cells, strict=False) if name != IGNORED},
            )


def open_table(path: Path, columns: Iterable[Column], *, ignored: Iterable[str] = ()) -> Table:
    """Look at a file and find its columns. Reads it once (some 500 MB/s for UTF-8).

    `ignored` are headings that are accepted and not used. Raises `Unreadable`: `file.missing`, `file.empty`,
    `file.encoding`, `file.workbook`, `file.workbook_size`, `file.password`, `columns.unknown`, `columns.twice`,
    `columns.missing`, `columns.none`.
    """
    known = list(columns)
    encoding, lines = _look_at(path)
    delimiter = _delimiter(path, encoding) if encoding else ""
    probe = Table(path, encoding, delimiter, (), (), 0, lines)
    for number, cells in _numbered(probe):
        if any(cell.strip() for cell in cells):
            headings = [cell.strip() for cell in cells]
            while headings and not headings[-1]:
                headings.pop()
            names = _columns(headings, known, list(ignored))
            return Table(path, encoding, delimiter, tuple(headings), tuple(names), number, max(lines - number, 0))
    raise Unreadable("file.empty", file=path.name)


def _look_at(path: Path) -> tuple[str, int]:
    """Return the encoding (empty for a workbook) and the number of lines."""
    try:
        with path.open("rb") as file:
            start = file.read(8)
    except OSError as error:
        raise Unreadable("file.missing", file=str(path), reason=error.strerror or "") from None
    if not start:
        raise Unreadable("file.empty", file=path.name)
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return "", _look_at_workbook(path, zipped=start.startswith(b"PK"))
    wide = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ["utf-16"] if wide else ["utf-8-sig", "cp932"]:
        lines = _decodable(path, encoding)
        if lines is not None:
            return encoding, lines
    raise Unreadable("file.encoding", file=path.name)


def _decodable(path: Path, encoding: str) -> int | None:
    """Return the number of lines if the whole file can be decoded, otherwise None."""
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = 0
    with path.open("rb") as file:
        try:
            while block := file.read(_BLOCK):
                lines += block.count(b"\n")
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return None
    return lines + 1


def _look_at_workbook(path: Path, *, zipped: bool) -> int:
    size = path.stat().st_size
    if zipped:
        try:
            with zipfile.ZipFile(path) as archive:
                size = sum(entry.file_size for entry in archive.infolist())
        except (zipfile.BadZipFile, OSError):
            raise Unreadable("file.workbook", file=path.name) from None
    if size > EXCEL_BYTES:
        raise Unreadable("file.workbook_size", file=path.name, megabytes=EXCEL_BYTES // 1_000_000)
    return size // 200  # a guess: a row of a sheet with two dozen columns takes more than that


def _delimiter(path: Path, encoding: str) -> str:
    """Return the delimiter that the first line with text has most of, outside quotes."""
    with path.open(encoding=encoding, newline="") as file:
        line = next((line for line in itertools.islice(file, 1000) if line.strip()), "")
    plain = "".join(line.split('"')[::2])
    return max(_DELIMITERS, key=plain.count)


def _numbered(table: Table) -> Iterator[tuple[int, list[str]]]:
    if not table.encoding:
        yield from enumerate(_workbook_rows(table.path), 1)
        return
    with table.path.open(encoding=table.encoding, newline="") as file:
        yield from enumerate(_csv_rows(file, table), 1)


def _csv_rows(file: IO[str], table: Table) -> Iterator[list[str]]:
    reader = csv.reader(file, delimiter=table.delimiter)
    begins = 1
    try:
        for cells in reader:
            yield cells
            begins = reader.line_num + 1
    except csv.Error:
        # A quote that is opened and never closed swallows what follows, up to the reader's limit for one cell.
        raise Unreadable("file.quotes", file=table.path.name, row=begins) from None
    except UnicodeDecodeError:
        raise Unreadable("file.changed", file=table.path.name) from None


def _workbook_rows(path: Path) -> Iterator[list[str]]:
    # Loaded only when a workbook comes: it is a library of its own, and most files are CSV.
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        with CalamineWorkbook.from_path(path) as book:
            for row in book.get_sheet_by_index(0).iter_rows():
                yield [_cell_text(cell) for cell in row]
    except PasswordError:
        raise Unreadable("file.password", file=path.name) from None
    except CalamineError:
        raise Unreadable("file.workbook", file=path.name) from None


def _cell_text(cell: object) -> str:
    """Write a cell of a sheet as a CSV file would have it.

    Excel keeps fifteen digits of a number. A longer one has lost its end, so it is written with an exponent: the row is
    then refused with that reason instead of being taken for another number.
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        if not cell.is_integer():
            return repr(cell)
        return str(int(cell)) if abs(cell) < 1e15 else f"{cell:.14E}"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else str(cell)


def _key(heading: str) -> str:
    """Return a heading without what people vary in it: case, spaces, dashes, width, brackets."""
    return "".join(unicodedata.normalize("NFKC", heading).casefold().split()).translate(_KEY_DROPS)


def _columns(headings: Sequence[str], known: Sequence[Column], ignored: Sequence[str]) -> list[str]:
    names = {_key(heading): IGNORED for heading in ignored}
    for column in known:
        names |= {_key(heading): column.name for heading in (column.name, *column.synonyms)}
    found = [names.get(_key(heading)) for heading in headings]
    if all(name is None for name in found):
        expected = ", ".join(column.name for column in known if column.required)
        raise Unreadable("columns.none", expected=expected)
    unknown = [heading or "(no heading)" for heading, name in zip(headings, found, strict=True) if name is None]
    if unknown:
        every = ", ".join(column.name for column in known)
        raise Unreadable("columns.unknown", columns=", ".join(unknown), known=every)
    result = [name for name in found if name is not None]
    twice = [name for place, name in enumerate(result) if name != IGNORED and name in result[:place]]
    if twice:
        raise Unreadable("columns.twice", columns=", ".join(twice))
    missing = [column.name for column in known if column.required and column.name not in result]
    if missing:
        raise Unreadable("columns.missing", columns=", ".join(missing))
    return result
