"""Is a file read the same whatever program wrote it, and refused in one clear error when it cannot be?"""

from __future__ import annotations

import csv
import io
import pickle
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from tojimari.lines.columns import COLUMNS, IGNORED_COLUMNS
from tojimari.lines.table import Column, Table, Unreadable, open_table

HEADINGS = ["customer", "name_kanji", "kind", "iccid", "plan", "contract_on"]
ROW = ["C1", "王小明", "esim", "8981990000000000013", "S3", "2026-04-01"]


def open_lines(path: Path) -> Table:
    return open_table(path, COLUMNS, ignored=IGNORED_COLUMNS)


def as_csv(rows: Sequence[Sequence[str]], delimiter: str = ",") -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue()


def refusal(path: Path) -> Unreadable:
    with pytest.raises(Unreadable) as refused:
        open_lines(path)
    return refused.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "shift_jis", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_reads_every_encoding_and_delimiter(encoding: str, delimiter: str, tmp_path: Path) -> None:
    path = tmp_path / "lines.csv"
    path.write_bytes(as_csv([HEADINGS, ROW], delimiter).encode(encoding))
    table = open_lines(path)
    assert list(table.rows()) == [(2, ROW)]
    assert table.columns == tuple(HEADINGS)


@pytest.mark.parametrize(
    "headings",
    [
        ["お客様番号", "氏名", "回線種別", "SIMカード番号", "料金プラン", "契約日"],
        ["客户编号", "姓名", "卡类型", "SIM卡号", "套餐", "开通日期"],
        ["客戶編號", "中文姓名", "卡類型", "SIM卡號", "資費方案", "開通日期"],
        ["Customer Number", "Kanji", "Line-Kind", "ICC-ID", "Plan Code", "Contract Date"],
        ["ｃｕｓｔｏｍｅｒ", "name kanji", "KIND", "（ICCID）", " plan ", "contract on"],
    ],
    ids=["Japanese", "Simplified Chinese", "Traditional Chinese", "English", "odd spelling"],
)
def test_knows_headings_in_every_language_of_the_house(headings: list[str], tmp_path: Path) -> None:
    path = tmp_path / "lines.csv"
    path.write_text(as_csv([headings, ROW]), encoding="utf-8")
    assert open_lines(path).columns == tuple(HEADINGS)


def test_a_phone_number_column_is_found_in_japanese_and_chinese(tmp_path: Path) -> None:
    for heading in ("電話番号", "手机号", "門號", "msisdn"):
        path = tmp_path / "one.csv"
        path.write_text(f"{heading}\n090\n", encoding="utf-8")
        assert open_table(path, [Column("msisdn", COLUMNS[9].synonyms)]).columns == ("msisdn",)


def test_skips_empty_rows_and_keeps_the_numbers_of_a_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "lines.csv"
    path.write_text("\n" + as_csv([HEADINGS]) + ",,,,,\n\n" + as_csv([ROW]), encoding="utf-8")
    assert [number for number, _ in open_lines(path).rows()] == [5]


def test_a_workbook_reads_like_csv(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADINGS)
    sheet.append(["C1", "王小明", "esim", 8981990000000000013, 3, date(2026, 4, 1)])
    sheet.append(["C2", "", True, "8981990000000000021", 1.5, datetime(2026, 4, 1, 0, 0)])  # noqa: DTZ001 - a sheet has no time zone
    path = tmp_path / "lines.xlsx"
    book.save(path)
    rows = [cells for _, cells in open_lines(path).rows()]
    assert rows[0] == ["C1", "王小明", "esim", "8.98199000000000E+18", "3", "2026-04-01"]
    assert rows[1] == ["C2", "", "yes", "8981990000000000021", "1.5", "2026-04-01"]


@pytest.mark.parametrize(
    ("headings", "code", "named"),
    [
        ([*HEADINGS, "shoe size"], "columns.unknown", "shoe size"),
        (HEADINGS[:-1], "columns.missing", "contract_on"),
        ([*HEADINGS, "ICC ID"], "columns.twice", "iccid"),
        (["a", "b", "c"], "columns.none", "customer, kind, iccid, plan, contract_on"),
    ],
)
def test_names_the_column_that_is_wrong(headings: list[str], code: str, named: str, tmp_path: Path) -> None:
    path = tmp_path / "lines.csv"
    path.write_text(as_csv([headings, ROW]), encoding="utf-8")
    refused = refusal(path)
    assert refused.code == code
    assert named in refused.facts.values()


def test_what_we_added_to_a_file_of_bad_rows_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "lines.bad.csv"
    path.write_text(as_csv([[*HEADINGS, "line", "reason"], [*ROW, "7", "something"]]), encoding="utf-8-sig")
    table = open_lines(path)
    assert [row for _, row in table.dicts()] == [dict(zip(HEADINGS, ROW, strict=True))]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file.empty"),
        (b"\n\n \n", "file.empty"),
        (b"customer,kind\n\xff\xfe\x81", "file.encoding"),
        ("お客様".encode("utf-16")[:-1], "file.encoding"),
        (b"PK\x03\x04not a workbook", "file.workbook"),
        (b"\xd0\xcf\x11\xe0not a workbook either", "file.workbook"),
    ],
)
def test_refuses_what_is_no_table(content: bytes, code: str, tmp_path: Path) -> None:
    path = tmp_path / "lines.csv"
    path.write_bytes(content)
    assert refusal(path).code == code


def test_refuses_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert refusal(tmp_path / "nothing.csv").code == "file.missing"
    assert refusal(tmp_path).code == "file.missing", "a folder is not a file"


def test_refuses_a_workbook_that_would_fill_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("sheet.xml", "w") as sheet:
        for _ in range(301):
            sheet.write(bytes(1_000_000))
    assert path.stat().st_size < 1_000_000
    assert refusal(path).code == "file.workbook_size"


def test_shift_jis_far_down_in_the_file_is_noticed_before_anything_is_read(tmp_path: Path) -> None:
    path = tmp_path / "lines.csv"
    plain = as_csv([HEADINGS, *[[*ROW[:1], "WANG", *ROW[2:]]] * 40_000])
    path.write_bytes(plain.encode() + as_csv([ROW]).encode("cp932"))
    assert path.stat().st_size > 1024 * 1024, "more than one block of the look at the file"
    table = open_lines(path)
    assert table.encoding == "cp932"
    assert list(table.rows())[-1] == (40_002, ROW)


def test_a_quote_that_is_never_closed_is_an_error_with_its_row(tmp_path: Path) -> None:
    path = tmp_path / "lines.csv"
    path.write_text(as_csv([HEADINGS, ROW]) + 'C2,"' + "x\n" * 200_000, encoding="utf-8")
    rows = open_lines(path).rows()
    assert next(rows) == (2, ROW)
    with pytest.raises(Unreadable) as refused:
        next(rows)
    assert (refused.value.code, refused.value.facts["row"]) == ("file.quotes", 3)


def test_the_error_survives_the_way_from_another_process() -> None:
    error = Unreadable("file.quotes", file="lines.csv", row=3)
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - made on this line
    assert (copy.code, copy.facts) == (error.code, error.facts)
