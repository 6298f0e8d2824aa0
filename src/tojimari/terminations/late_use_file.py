"""How does use that was heard of late, a file of roaming records, become supplementary bills?

Each row stands alone: it makes one supplementary bill, or a correction, in one transaction of its own, or it comes back
with a reason. The number of its record decides whether it counts already, so the same file can be sent again after an
interruption, and a file that was mended can be sent with all its rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from tojimari.lines import cells, words
from tojimari.lines.badfile import BadRows
from tojimari.lines.cells import Fault, Problem
from tojimari.lines.columns import COLUMNS
from tojimari.lines.models import Carrier
from tojimari.lines.table import IGNORED, Column, Table, open_table
from tojimari.money.models import FinalBill
from tojimari.platform.acting import Acting, Refused
from tojimari.rules.text import plain
from tojimari.terminations.final_bills import bill_named, note_late_use
from tojimari.terminations.reasons import refusal_text

_ICCID = next(column for column in COLUMNS if column.name == "iccid")

FILE_COLUMNS = (
    Column("record", ("record number", "記録番号", "明細番号", "记录编号", "紀錄編號"), required=True),
    Column("what", ("what for", "種別", "内容", "类别", "類別"), required=True),
    Column("amount_yen", ("amount", "yen", "金額", "金额"), required=True),
    Column("used_on", ("day of use", "利用日", "使用日期"), required=True),
    Column("bill", ("reference", "case", "payment number", "受付番号", "支払番号", "受理编号", "受理編號")),
    Column("iccid", _ICCID.synonyms),
)
"""What a row says. It names its final bill by the reference of the case, by the payment number, or by the ICCID."""

_WHAT = {
    "charge.late_roaming": ("roaming", "late_roaming", "ローミング", "漫游", "漫遊"),
    "charge.late_use": ("use", "usage", "late_use", "利用", "使用"),
    "charge.correction": ("correction", "訂正", "更正"),
}
_CODES = {plain(word).casefold(): code for code, spelled in _WHAT.items() for word in spelled}


@dataclass(slots=True)
class Taken:
    """What became of the rows of a file."""

    rows: int = 0
    billed: int = 0
    """Rows that made a supplementary bill now."""
    billed_yen: int = 0
    already: int = 0
    """Rows that had made theirs before."""
    bad: int = 0
    bad_path: Path | None = None
    """Where the bad rows are, with their reasons; None where there is none."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A row that can be understood."""

    said: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)

    def read(self, column: str, meaning: Callable[[str], str | Fault]) -> str:
        """Return what a cell means, empty and with a problem noted where it means nothing."""
        cell = self.said.get(column, "")
        value = meaning(cell) if cell else Fault("cell.empty")
        if isinstance(value, Fault):
            self.problems.append(Problem(column, value.code))
            return ""
        return value


def bill_file(path: Path, *, carrier: Carrier, acting: Acting, at: datetime) -> Taken:
    """Make supplementary bills of the rows of a file (CSV or Excel); bad rows come back in `FILE.bad.csv`.

    `at` decides until when late use may still be billed. Safe to run twice. Raises `Unreadable` as `open_table` does.
    """
    table = open_table(path, FILE_COLUMNS)
    taken = Taken()
    with BadRows(table) as bad:
        for number, row in table.rows():
            taken.rows += 1
            reason = _bill(_cells(table, row), taken, carrier=carrier, acting=acting, at=at)
            if reason:
                bad.write(number, row, reason)
        taken.bad, taken.bad_path = bad.count, bad.path
    return taken


def _cells(table: Table, row: Sequence[str]) -> dict[str, str]:
    return {name: cell.strip() for name, cell in zip(table.columns, row, strict=False) if name != IGNORED}


def _bill(said: Mapping[str, str], taken: Taken, *, carrier: Carrier, acting: Acting, at: datetime) -> str:
    """Bill one row, and return why it cannot be billed; nothing where it was."""
    row = _Row(said)
    source = row.read("record", cells.reference)
    text_code = row.read("what", _what)
    amount, used_on = row.read("amount_yen", cells.yen), row.read("used_on", cells.day)
    if row.problems:
        return "; ".join(words.problem(problem) for problem in row.problems)
    try:
        made, fresh = note_late_use(
            bill=_named(carrier.pk, said),
            source=source,
            text_code=text_code,
            amount_yen=int(amount),
            used_on=date.fromisoformat(used_on),
            acting=acting,
            at=at,
        )
    except Refused as refused:
        return refusal_text(refused)
    if fresh:
        taken.billed, taken.billed_yen = taken.billed + 1, taken.billed_yen + made.amount_yen
    else:
        taken.already += 1
    return ""


def _what(cell: str) -> str | Fault:
    return _CODES.get(plain(cell).casefold(), Fault("what.unknown"))


def _named(carrier_id: int, said: Mapping[str, str]) -> FinalBill:
    """Return the final bill that a row names; an ICCID is never issued again, so it names one line.

    Raises `Refused` with `money.no_bill`, also where a row names a bill and a card that is not of its line.
    """
    bills = FinalBill.objects.filter(carrier_id=carrier_id).order_by("-pk")
    if not (said.get("bill") or said.get("iccid")):
        bills = bills.none()
    if said.get("iccid"):
        iccid = cells.iccid(said["iccid"])
        bills = bills.filter(line__iccid=iccid) if isinstance(iccid, str) else bills.none()
    if said.get("bill"):
        bills = bills.filter(pk=bill_named(carrier_id, said["bill"]).pk)
    found = bills.first()
    if found is None:
        raise Refused("money.no_bill", field="bill")
    return found
