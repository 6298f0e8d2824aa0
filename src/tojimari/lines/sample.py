"""What does the file of a carrier look like? Writes one for a carrier that does not exist, as large as wished.

Numbers, cards and chips have the right form and check digits, and none comes twice, for up to ten million rows. Names
are put together at random, mail addresses end in reserved domains (RFC 2606). The same seed gives the same file.
A share of the rows is bad on purpose, each in one of the ways that people get wrong.
"""

from __future__ import annotations

import codecs
import csv
import importlib.util
import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

from tojimari.lines.columns import NAMES
from tojimari.lines.people import Name, all_names
from tojimari.lines.table import Unreadable
from tojimari.rules.identifiers import eid, iccid
from tojimari.rules.text import plain

ENCODINGS = ("utf-8", "utf-8-sig", "cp932")
MOST_ROWS = 10_000_000
_ENCODING_NAMES = {"utf-8": "utf-8", "utf-8-sig": "utf-8-sig", "cp932": "cp932", "shift_jis": "cp932"}
_BLOCK = 2_000

# code, name, monthly fee in yen, final month policy, prepaid, weight among ten
_PLANS = [
    ("S3", "スマート3GB", "1,078", "full_month", "no", 3),
    ("S20", "スマート20GB", "2178", "full_month", "no", 2),
    ("PAYG", "つかった分だけ", "￥550", "usage_tier", "no", 1),
    ("BIZ", "ビジネス", "3,278円", "daily_prorata", "no", 1),
    ("TRAVEL30", "Travel 30 days", "3300", "prepaid_none", "yes", 3),
]
_PLAN_OF = [plan[:5] for plan in _PLANS for _ in range(plan[5])]
_SERVICES = ["data;voice", "data", "data;voice;roaming", "data;roaming", "data;voice;option"]
_FIRST_DAY = date(2019, 4, 1)
_DAYS = [(_FIRST_DAY + timedelta(days=number)).isoformat() for number in range(2900)]
_PLACE = {name: place for place, name in enumerate(NAMES)}
_NUMBERS = 4 * 9 * 10**7
_FULL_WIDTH = str.maketrans("0123456789-", "０１２３４５６７８９－")

Row = list[str]


def write_sample(path: Path, count: int, *, seed: int = 1, bad_share: float = 0.01, encoding: str = "utf-8") -> int:
    """Write `count` rows and return how many of them are bad. A path that ends in .xlsx becomes a workbook.

    `encoding` is that of a CSV file: one of `ENCODINGS`. Raises `Unreadable` with `sample.encoding` or
    `sample.workbook`, and ValueError for a count out of range.
    """
    if not 0 <= count <= MOST_ROWS or not 0 <= bad_share <= 1:
        raise ValueError(f"A sample has 0 to {MOST_ROWS} rows, of which a share from 0 to 1 is bad.")
    if encoding.lower() not in _ENCODING_NAMES:
        raise Unreadable("sample.encoding", encoding=encoding)
    encoding = codecs.lookup(_ENCODING_NAMES[encoding.lower()]).name
    sample = Sample(seed, bad_share, "utf-8" if path.suffix.lower() == ".xlsx" else encoding)
    rows = islice(sample.rows(), count)
    if path.suffix.lower() == ".xlsx":
        _write_workbook(path, rows)
    else:
        with path.open("w", encoding=encoding, newline="") as file:
            writer = csv.writer(file)
            writer.writerow(NAMES)
            while block := list(islice(rows, _BLOCK)):
                writer.writerows(block)
    return sample.bad


def _write_workbook(path: Path, rows: Iterator[Row]) -> None:
    if importlib.util.find_spec("openpyxl") is None:
        raise Unreadable("sample.workbook")
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("lines")
    sheet.append(list(NAMES))
    for row in rows:
        sheet.append(row)
    book.save(path)


class Sample:
    """Makes rows without end. `bad` counts the bad ones among those made so far."""

    def __init__(self, seed: int, bad_share: float, encoding: str) -> None:
        self._dice = random.Random(seed)  # noqa: S311 - a sample guards nothing
        self._names = all_names(encoding)
        self._shift = self._dice.randrange(10**10)
        self._bad_share = bad_share
        self.bad = 0

    def rows(self) -> Iterator[Row]:
        """Yield good rows and, at their share, bad ones."""
        before: list[Row] = []
        number = customer = 0
        owed_badness = 0.0
        holder = self._names[0]
        while True:
            dice = self._dice.getrandbits(64)
            if number == 0 or dice % 8:  # every eighth line is a further line of the customer before
                customer = number
                holder = self._names[(dice >> 3) % len(self._names)]
            row = self._good(number, customer, holder, dice >> 20)
            owed_badness += self._bad_share
            if owed_badness >= 1 and before:
                owed_badness -= 1
                spoil = SPOILERS[self.bad % len(SPOILERS)]
                spoil(row, before[-1])
                self.bad += 1
            else:
                before = [row.copy()]
            number += 1
            yield row

    def _good(self, number: int, customer: int, holder: Name, dice: int) -> Row:
        # Multiplying by a prime and reducing by a number it does not divide hits every value once: no two rows share
        # an identifier, and neighbours look unrelated.
        spread = (number * 48271 + self._shift) % _NUMBERS
        national = f"0{6 + spread // 90_000_000}0{1 + spread // 10**7 % 9}{spread % 10**7:07d}"
        serial = (number * 1_000_003 + self._shift) % 10**10
        esim = dice % 3 == 0
        code, name, fee, policy, prepaid = _PLAN_OF[(dice >> 4) % len(_PLAN_OF)]
        travels = prepaid == "yes"
        began = 2700 + (dice >> 8) % 90 if travels else (dice >> 8) % 2700
        owes = (dice >> 20) % 16 == 0
        running = _SERVICES[(dice >> 12) % len(_SERVICES)]
        row = [
            f"{'B' if holder.corporate else 'C'}{customer:09d}",
            holder.latin,
            holder.kana,
            holder.kanji,
            holder.language,
            "yes" if holder.corporate else "no",
            f"{holder.latin.split()[0].lower().replace(chr(39), '')}.{customer}@mail.example",
            "",
            "esim" if esim else "physical_sim",
            national,
            f"44010{serial:010d}",
            iccid.with_check_digit(f"89819900{serial:010d}"),
            eid.with_check_digits(f"89049032{serial:022d}") if esim else "",
            f"ORD-{serial:010d}",
            code,
            name,
            fee,
            policy,
            prepaid,
            _DAYS[began],
            _DAYS[began + 30 + dice % 60] if travels else "",
            str((dice >> 24) % 5000) if travels else "",
            running,
            f"{330 + (dice >> 32) % 3 * 110}" if "option" in running else "",
            "yes" if "option" in running and (dice >> 36) % 4 == 0 else "",
            "2026-10" if owes else "",
            f"{1000 + (dice >> 28) % 9000:,}" if owes else "",
            "2026-11-30" if owes else "",
            _DAYS[min(began + (dice >> 16) % 2900, 2791)],
            *_money(dice >> 40, code),
        ]
        if dice % 16 == 5:
            _as_people_write(row, dice >> 30)
        return row


def _money(dice: int, plan: str) -> Row:
    """What the books say of one line in sixteen: use that is not billed, or a deposit; of a plan by use, the data."""
    row = [""] * (len(NAMES) - _PLACE["usage_yen"])
    if plan == "PAYG":
        row[1:3] = ["2026-11", f"{dice % 20_000:,}"]
    elif dice % 16 == 0:
        row[0] = str(dice % 3000)
    elif dice % 16 == 1:
        row[3] = "3,000"
    return row


def _as_people_write(row: Row, dice: int) -> None:
    """Write the same in another way: with dashes, in full width, with the country code."""
    place = _PLACE["msisdn"]
    number = row[place]
    dashed = f"{number[:3]}-{number[3:7]}-{number[7:]}"
    row[place] = (dashed, dashed.translate(_FULL_WIDTH), f"+81 {number[1:]}")[dice % 3]
    day = _PLACE["contract_on"]
    row[day] = row[day].replace("-", "/")


def _put(column: str, value: str) -> Callable[[Row, Row], None]:
    def spoil(row: Row, before: Row) -> None:
        row[_PLACE[column]] = value

    return spoil


def _change(column: str, change: Callable[[str], str]) -> Callable[[Row, Row], None]:
    def spoil(row: Row, before: Row) -> None:
        row[_PLACE[column]] = change(row[_PLACE[column]])

    return spoil


def _copy(column: str) -> Callable[[Row, Row], None]:
    def spoil(row: Row, before: Row) -> None:
        row[_PLACE[column]] = before[_PLACE[column]]

    return spoil


def _all(*spoilers: Callable[[Row, Row], None]) -> Callable[[Row, Row], None]:
    def spoil(row: Row, before: Row) -> None:
        for each in spoilers:
            each(row, before)

    return spoil


def _one_cell_more(row: Row, before: Row) -> None:
    row.append("one cell too many")


def _one_cell_less(row: Row, before: Row) -> None:
    row.pop()


def _next_digit(text: str) -> str:
    return text[:-1] + str((int(text[-1]) + 1) % 10)


SPOILERS: list[Callable[[Row, Row], None]] = [
    _change("msisdn", lambda number: plain(number)[-10:]),  # a spreadsheet dropped the first 0
    _put("msisdn", "090-1234-567"),
    _put("msisdn", "03-1234-5678"),
    _put("msisdn", "call me"),
    _change("iccid", _next_digit),
    _put("iccid", "8.98199E+18"),  # a spreadsheet rounded it
    _put("iccid", ""),
    _copy("iccid"),
    _copy("msisdn"),
    _copy("imsi"),
    _change("imsi", lambda number: number[:-1]),
    _put("imsi", "450101234567890"),
    _all(_put("kind", "esim"), _put("eid", "")),
    _all(_put("kind", "esim"), _put("eid", "89049032123451234512345678901234")),
    _put("kind", "watch"),
    _put("customer", ""),
    _put("customer", "1.2E+10"),
    _put("email", "nobody at mail.example"),
    _put("contact_msisdn", "0701"),
    _put("language", "tlh"),
    _put("corporate", "perhaps"),
    _all(_put("plan", "NOPLAN"), _put("plan_name", ""), _put("monthly_fee_yen", "")),
    _put("monthly_fee_yen", "9,999"),
    _put("contract_on", "2026-02-30"),
    _put("contract_on", "30/11/2026"),
    _put("contract_on", ""),
    _put("valid_until", "2018-01-01"),
    _put("balance_yen", "1,100.50"),
    _put("services", "data;teleport"),
    _all(_put("services", "data"), _put("option_fee_yen", "330")),
    _all(_put("unpaid_month", "2026-10"), _put("unpaid_yen", ""), _put("unpaid_due_on", "")),
    _all(_put("used_month", ""), _put("used_mb", "1,024")),
    _put("deposit_yen", "-3000"),
    _put("name_latin", "X" * 201),
    _put("name_kanji", "改\n行"),
    _one_cell_more,
    _one_cell_less,
]
"""The ways to spoil a row: each changes a good row, with the good row before at hand."""
