"""Is this row of a file a line that we can take, and if not, what exactly is wrong in which column?

Rows are judged here by themselves and against the rows of the same chunk; what the carrier's lines say about them is
asked of the database afterwards, for a whole chunk at once. No Django here: rows are checked in a process of their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter

from tojimari.lines import cells
from tojimari.lines.cells import Fault, Problem
from tojimari.lines.columns import COLUMNS, NAMES
from tojimari.lines.plans import PlanBook

LONGEST = 200
"""Most characters in a cell. Longer text is in the wrong column, and an index could not hold it."""

MEANINGS: Mapping[str, Callable[[str], str | Fault]] = {
    "customer": cells.reference,
    "name_latin": cells.name,
    "name_kana": cells.name,
    "name_kanji": cells.text,
    "language": cells.language,
    "corporate": cells.flag,
    "email": cells.email,
    "contact_msisdn": cells.msisdn,
    "kind": cells.kind,
    "msisdn": cells.msisdn,
    "imsi": cells.imsi,
    "iccid": cells.iccid,
    "eid": cells.eid,
    "order_number": cells.order_number,
    "plan": cells.text,
    "contract_on": cells.day,
    "valid_until": cells.day,
    "balance_yen": cells.yen,
    "services": cells.services,
    "option_fee_yen": cells.yen,
    "option_lives_on": cells.flag,
    "unpaid_month": cells.month,
    "unpaid_yen": cells.yen,
    "unpaid_due_on": cells.day,
    "last_used_on": cells.day,
    "usage_yen": cells.yen,
    "used_month": cells.month,
    "used_mb": cells.count,
    "deposit_yen": cells.yen,
    "installation_left_yen": cells.yen,
    "installation_month_yen": cells.yen,
    "instalments_left_yen": cells.yen,
    "paid_in_advance_yen": cells.yen,
    "started_on": cells.day,
    "documents_on": cells.day,
    "corrected_documents_on": cells.day,
    "bound_until": cells.day,
    "ported_in": cells.flag,
}
"""What a cell of each column means. The other columns describe the plan: see `plans`."""

STAGED = tuple(MEANINGS)
"""The columns that a good row is handed on with, in this order, behind its number and whether it is the first row of
its customer in the chunk: as many of them as the file has any use for. The staging table (sql/imports/staging.sql) has
the same order."""

_PLACE = {name: place for place, name in enumerate(NAMES)}
_MEANT = tuple((_PLACE[name], meaning) for name, meaning in MEANINGS.items() if meaning is not cells.text)
_REQUIRED = tuple(_PLACE[column.name] for column in COLUMNS if column.required)
_required = itemgetter(*_REQUIRED)
_PLAN = slice(_PLACE["plan"], _PLACE["prepaid"] + 1)
_MONEY = slice(_PLACE["usage_yen"], _PLACE["paid_in_advance_yen"] + 1)
_UNIQUE = ("iccid", "msisdn", "imsi")
_PLAIN = _PLACE["last_used_on"] + 1
"""Columns up to here are looked at in every file; those behind only in a file that has one of them."""
_unique = itemgetter(*(_PLACE[name] for name in _UNIQUE))
_together = itemgetter(
    *(_PLACE[name] for name in ("kind", "eid", "contract_on", "valid_until")),
    *(_PLACE[name] for name in ("services", "option_fee_yen", "option_lives_on")),
    *(_PLACE[name] for name in ("unpaid_month", "unpaid_yen", "unpaid_due_on")),
)
_control = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]").search


class Checker:
    """Checks the rows of one file. Holds the plans it has seen, and the identifiers of the current chunk only."""

    def __init__(self, columns: Sequence[str], plans: PlanBook) -> None:
        """`columns` are the canonical names at each place of a row (see `Table.columns`)."""
        # A column that the file does not have is read from one empty cell put behind each row.
        places = [columns.index(name) if name in columns else -1 for name in NAMES]
        used = NAMES if any(place >= 0 for place in places[_PLAIN:]) else NAMES[:_PLAIN]
        self._pick: Callable[[Sequence[str]], tuple[str, ...]] = itemgetter(*places[: len(used)])
        self._meant = tuple((place, meaning) for place, meaning in _MEANT if places[place] >= 0)
        self.staged = tuple(name for name in STAGED if name in used)
        """The columns that each good row is handed on with."""
        self._staged: Callable[[Sequence[str]], tuple[str, ...]] = itemgetter(*(_PLACE[name] for name in self.staged))
        self._width = len(columns)
        self.plans = plans
        self.begin_chunk()

    def begin_chunk(self) -> None:
        """Forget the identifiers of the chunk before: from now on the database knows them."""
        self._customers: set[str] = set()
        self._taken: tuple[dict[str, int], ...] = tuple({} for _ in _UNIQUE)

    @property
    def customers(self) -> int:
        """How many customers the good rows of this chunk name."""
        return len(self._customers)

    def check(self, number: int, row: list[str]) -> str | list[Problem]:
        """Return the row as a line of text for COPY, or what is wrong with it. `number` is its place in the file."""
        if len(row) != self._width:
            if len(row) < self._width or any(row[self._width :]):
                return [Problem("", "row.cells", str(len(row)))]
            row = row[: self._width]
        picked = list(map(str.strip, self._pick([*row, ""])))
        if not "".join(picked).isprintable() or len(max(picked, key=len)) > LONGEST:
            unfit = _unfit_text(picked)
            if unfit:
                return unfit
        bad = [] if all(_required(picked)) else _missing(picked)
        values = picked.copy()
        for place, meaning in self._meant:
            cell = picked[place]
            if cell:
                value = meaning(cell)
                if isinstance(value, Fault):
                    bad.append(Problem(NAMES[place], value.code))
                    value = ""
                values[place] = value
        _check_together(picked, values, bad)
        if any(picked[_MONEY]):
            _check_money(values, bad)
        self._check_twice(number, values, bad)
        if picked[_PLAN.start]:
            self.plans.check(picked[_PLAN], bad)
        return bad or self._line(number, values)

    def _check_twice(self, number: int, values: Sequence[str], bad: list[Problem]) -> None:
        """Each identifier belongs to one row. A row that is not taken does not stand in the way of a later one."""
        iccid, msisdn, imsi = identifiers = _unique(values)
        iccids, msisdns, imsis = self._taken
        if iccid in iccids or msisdn in msisdns or imsi in imsis:
            for column, taken, identifier in zip(_UNIQUE, self._taken, identifiers, strict=True):
                if identifier in taken:
                    bad.append(Problem(column, "row.twice", str(taken[identifier])))
        if not bad:
            iccids[iccid] = number
            if msisdn:
                msisdns[msisdn] = number
            if imsi:
                imsis[imsi] = number

    def _line(self, number: int, values: Sequence[str]) -> str:
        customer = values[0]
        first = customer not in self._customers
        self._customers.add(customer)
        line = "\t".join((str(number), "t" if first else "f", *self._staged(values)))
        return line if "\\" not in line else line.replace("\\", "\\\\")


def _unfit_text(picked: Sequence[str]) -> list[Problem]:
    """Find the cells with line breaks, other control characters, or too much text."""
    bad = [Problem(name, "cell.control") for name, cell in zip(NAMES, picked, strict=False) if _control(cell)]
    return bad + [Problem(name, "cell.long") for name, cell in zip(NAMES, picked, strict=False) if len(cell) > LONGEST]


def _missing(picked: Sequence[str]) -> list[Problem]:
    """Find the required cells that are empty."""
    return [Problem(NAMES[place], "cell.empty") for place in _REQUIRED if not picked[place]]


def _check_money(values: Sequence[str], bad: list[Problem]) -> None:
    """Check what the books say of a line's money besides its bills."""
    said = dict(zip(NAMES[_MONEY], values[_MONEY], strict=True))
    bad.extend(Problem(column, "yen.negative") for column, value in said.items() if value.startswith("-"))
    if bool(said["used_mb"]) != bool(said["used_month"]):
        bad.append(Problem("used_month" if said["used_mb"] else "used_mb", "used.incomplete"))


def _check_together(picked: Sequence[str], values: Sequence[str], bad: list[Problem]) -> None:
    """Check what only several cells together can have wrong."""
    kind, _, begins, ends, running, fee, *_ = _together(values)
    _, chip, _, _, _, *option, month, owed, due = _together(picked)
    unpaid = month, owed, due
    if kind == "esim" and not chip:
        bad.append(Problem("eid", "eid.needed"))
    if ends and begins and ends < begins:
        bad.append(Problem("valid_until", "valid_until.before_contract"))
    if any(option):
        if "option" not in running:
            bad.append(Problem("services", "option.not_named"))
        if fee.startswith("-"):
            bad.append(Problem("option_fee_yen", "yen.negative"))
    if any(unpaid):
        for column, cell in zip(("unpaid_month", "unpaid_yen", "unpaid_due_on"), unpaid, strict=True):
            if not cell:
                bad.append(Problem(column, "unpaid.incomplete"))
        if values[_PLACE["unpaid_yen"]].startswith("-"):
            bad.append(Problem("unpaid_yen", "yen.negative"))
