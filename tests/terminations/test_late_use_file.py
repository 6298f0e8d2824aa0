"""Does a file of late use bill each row once, and send back what cannot be billed with its reason?"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import translation

from tests.terminations.play import CLERK, START, Clock, ask, work
from tojimari.lines.models import Carrier, Line
from tojimari.lines.table import Unreadable
from tojimari.money.models import FinalBill, Supplement
from tojimari.terminations import final_bills
from tojimari.terminations.late_use_file import Taken, bill_file

pytestmark = pytest.mark.usefixtures("as_worker", "in_english")


@pytest.fixture
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def bill(tanaka_line: Line) -> FinalBill:
    clock = Clock()
    case = ask(tanaka_line, clock)
    work(clock)
    return FinalBill.objects.get(case_id=case.pk)


def send(path: Path, carrier: Carrier, *, days: int = 3) -> Taken:
    return bill_file(path, carrier=carrier, acting=CLERK, at=START + timedelta(days=days))


def test_each_row_is_billed_once_and_the_bad_ones_come_back(tmp_path: Path, bill: FinalBill, tanaka_line: Line) -> None:
    path = tmp_path / "tap.csv"
    number = final_bills.payment_number(bill)
    path.write_text(
        "記録番号,種別,金額,利用日,受付番号,iccid\n"
        f"TAP-1,ローミング,550,2026/11/19,{bill.reference},\n"
        f'TAP-2,use,"1,100",2026-11-20,{number},\n'
        f"TAP-3,correction,-50,2026-11-20,,{tanaka_line.iccid}\n"
        f"TAP-4,roaming,10,2026-12-20,{bill.reference},\n"  # after the end
        f"TAP-5,teleport,x,2026-11-20,{bill.reference},\n"
        "TAP-6,roaming,10,2026-11-20,TJ-0000-0000-0000,\n"
        "TAP-7,roaming,10,2026-11-20,,\n"
        f"TAP-8,roaming,10,2026-03-31,{bill.reference},\n"  # before the contract: somebody else's, or a slip
        f"TAP-9,roaming,10,2026-11-20,{bill.reference},8981100000000009998\n"  # another card than that of the bill
        f"TAP-1,roaming,551,2026-11-19,{bill.reference},\n",  # the same record with other money
        encoding="utf-8",
    )
    first = send(path, tanaka_line.carrier)
    assert (first.rows, first.billed, first.billed_yen, first.already, first.bad) == (10, 3, 1600, 0, 7)
    again = send(path, tanaka_line.carrier)
    assert (again.billed, again.already, again.bad) == (0, 3, 7)
    assert sum(one.amount_yen for one in Supplement.objects.all()) == 1600
    assert first.bad_path == tmp_path / "tap.bad.csv"
    with first.bad_path.open(encoding="utf-8-sig", newline="") as file:
        reasons = {row["記録番号"] + row["金額"]: row["reason"] for row in csv.DictReader(file)}
    assert (
        reasons["TAP-5x"] == "what: is not one of roaming, use, correction; amount_yen: is not an amount in whole yen"
    )
    assert reasons["TAP-410"].startswith("The contract had ended on this day.")
    assert reasons["TAP-810"].startswith("The contract had not begun on this day.")
    no_bill = "There is no final bill with this number. Check it for a slip."
    assert {reasons[f"TAP-{number}10"] for number in (6, 7, 9)} == {no_bill}
    assert reasons["TAP-1551"].startswith("This number stands for other money already.")


def test_what_comes_too_late_is_not_billed_and_a_neighbour_bills_nothing(
    tmp_path: Path, bill: FinalBill, tanaka_line: Line, tonari: Carrier
) -> None:
    path = tmp_path / "tap.csv"
    path.write_text(f"record,what,amount_yen,used_on,bill\nT-1,roaming,550,2026-11-19,{bill.reference}\n", "utf-8")
    assert send(path, tanaka_line.carrier, days=60).bad == 1
    assert send(path, tonari).bad == 1
    assert not Supplement.objects.exists()
    path.write_text("record,amount_yen\nT-1,550\n", "utf-8")
    with pytest.raises(Unreadable):
        send(path, tanaka_line.carrier)
