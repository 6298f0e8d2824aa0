"""Does a sample look like the file of a carrier, and is it the same for the same seed?"""

from __future__ import annotations

import csv
import importlib.util
from pathlib import Path

import pytest

from tojimari.lines.chunks import check_chunks
from tojimari.lines.columns import COLUMNS, NAMES
from tojimari.lines.sample import ENCODINGS, SPOILERS, Sample, write_sample
from tojimari.lines.table import Unreadable, open_table


def problems(path: Path) -> list[tuple[str, str]]:
    table = open_table(path, COLUMNS)
    bad = [problems for chunk in check_chunks(table, []) for _, _, problems in chunk.bad]
    return [(problem.column, problem.code) for row in bad for problem in row]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_rows_are_good_in_every_encoding(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "lines.csv"
    assert write_sample(path, 1_000, bad_share=0, encoding=encoding) == 0
    assert open_table(path, COLUMNS).encoding == ("cp932" if encoding == "cp932" else "utf-8-sig")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf") == (encoding == "utf-8-sig")
    assert problems(path) == []


def test_every_way_to_spoil_a_row_makes_it_bad(tmp_path: Path) -> None:
    path = tmp_path / "lines.csv"
    bad = write_sample(path, 4 * len(SPOILERS), bad_share=0.25)
    assert bad == len(SPOILERS)
    [*chunks] = check_chunks(open_table(path, COLUMNS), [])
    assert sum(len(chunk.bad) for chunk in chunks) == bad
    assert len(set(problems(path))) >= 30


def test_a_workbook_holds_the_same_rows(tmp_path: Path) -> None:
    assert importlib.util.find_spec("openpyxl") is not None
    for name in ("lines.csv", "lines.xlsx"):
        write_sample(tmp_path / name, 50, bad_share=0)
    rows = [[cells for _, cells in open_table(tmp_path / name, COLUMNS).rows()] for name in ("lines.csv", "lines.xlsx")]
    assert rows[0] == rows[1]
    assert problems(tmp_path / "lines.xlsx") == []


def test_the_same_seed_gives_the_same_file_and_another_seed_another(tmp_path: Path) -> None:
    one, same, other = (tmp_path / name for name in ("one.csv", "same.csv", "other.csv"))
    write_sample(one, 300, seed=7)
    write_sample(same, 300, seed=7)
    write_sample(other, 300, seed=8)
    assert one.read_bytes() == same.read_bytes()
    assert one.read_bytes() != other.read_bytes()


def test_no_identifier_comes_twice_even_ten_million_rows_apart() -> None:
    sample = Sample(1, 0, "utf-8")
    places = [NAMES.index(name) for name in ("msisdn", "imsi", "iccid", "order_number")]
    holder = sample._names[0]
    numbers = [*range(3_000), *range(4_999_000, 5_002_000), *range(9_997_000, 10_000_000)]
    rows = [sample._good(number, number, holder, 0) for number in numbers]
    for place in places:
        assert len({row[place] for row in rows}) == len(numbers)


def test_shows_the_kinds_of_people_and_lines_there_are(tmp_path: Path) -> None:
    path = tmp_path / "lines.csv"
    write_sample(path, 1_000, bad_share=0)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["language"] for row in rows} == {"ja", "en", "zh-Hans", "zh-Hant"}
    assert {row["kind"] for row in rows} == {"physical_sim", "esim"}
    assert any(row["corporate"] == "yes" for row in rows)
    assert any(" " not in row["name_latin"] for row in rows), "names of one part"
    assert any(row["unpaid_yen"] for row in rows)
    assert len({row["customer"] for row in rows}) < len(rows), "some hold several lines"
    assert all(row["email"].endswith(".example") for row in rows)


def test_refuses_an_encoding_it_cannot_write(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"sample\.encoding"):
        write_sample(tmp_path / "lines.csv", 1, encoding="koi8-r")


@pytest.mark.parametrize(("count", "share"), [(-1, 0.1), (10_000_001, 0.1), (10, 1.5)])
def test_refuses_what_it_cannot_make(count: int, share: float, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="A sample has"):
        write_sample(tmp_path / "lines.csv", count, bad_share=share)
    assert not list(tmp_path.iterdir())
