"""Does the checking of a file stay small, and tell the truth about the rows it packs?"""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from tests.lines.play import a_row, write
from tojimari.lines import chunks
from tojimari.lines.columns import COLUMNS
from tojimari.lines.sample import write_sample
from tojimari.lines.table import open_table


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "lines.csv"


def test_good_rows_can_be_unpacked_as_they_stand_in_the_file(path: Path) -> None:
    write(path, [a_row(1, msisdn="090-1111-0001"), a_row(2, email="x"), a_row(3)])
    table = open_table(path, COLUMNS)
    [chunk] = chunks.check_chunks(table, ["standard"])
    assert chunk.good == chunk.text.count("\n") == 2
    assert chunk.good_rows() == {number: row for number, row in table.rows() if number != 3}
    assert [number for number, _, _ in chunk.bad] == [3]
    assert chunk.last_row == 4


def test_a_large_file_is_checked_in_another_process_with_the_same_result(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_sample(path, 300, bad_share=0.1)
    table = open_table(path, COLUMNS)
    monkeypatch.setattr(chunks, "SMALL_BYTES", 0)
    with chunks.checked_chunks(table, []) as there:
        pairs = list(zip(there, chunks.check_chunks(table, []), strict=True))
    assert len(pairs) == 1
    for other, own in pairs:
        assert (other.text, other.bad, other.plans, other.last_row) == (own.text, own.bad, own.plans, own.last_row)
        assert other.good_rows() == own.good_rows()


def test_the_other_process_ends_when_nobody_wants_its_chunks_any_more(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_sample(path, 3 * chunks.ROWS, bad_share=0)
    monkeypatch.setattr(chunks, "SMALL_BYTES", 0)
    with chunks.checked_chunks(open_table(path, COLUMNS), []) as there:
        assert next(there).good == chunks.ROWS
        # Leaving the block waits for the process: this test would hang if it did not end.


def test_checking_takes_no_more_memory_for_a_longer_file(path: Path) -> None:
    def peak(rows: int) -> int:
        write_sample(path, rows, bad_share=0.02)
        table = open_table(path, COLUMNS)
        tracemalloc.start()
        for _ in chunks.check_chunks(table, []):
            pass
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(chunks.ROWS)  # what is remembered of dates and words is filled by now
    assert peak(4 * chunks.ROWS) < 1.15 * peak(2 * chunks.ROWS)
