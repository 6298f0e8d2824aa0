"""Do payments of final bills and files of late use get in from a shell, once, with an answer that can be read?"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.terminations.play import Clock, ask, work
from tojimari.cli import CommandError, bills
from tojimari.lines.models import Line
from tojimari.money.models import FinalBill, Incoming
from tojimari.platform.acting import Refused
from tojimari.platform.database.scope import every_carrier
from tojimari.terminations import final_bills

pytestmark = pytest.mark.django_db


@pytest.fixture
def bill(tanaka_line: Line) -> FinalBill:
    """2,156 yen, of a line that has ended today."""
    clock = Clock(datetime.now(UTC))
    with every_carrier():
        case = ask(tanaka_line, clock)
        work(clock)
        return FinalBill.objects.get(case_id=case.pk)


def run(line: Line, *words: str) -> int:
    parser = argparse.ArgumentParser()
    bills.add_arguments(parser.add_subparsers(dest="verb"))
    args = parser.parse_args(words)
    return {"paid": bills.paid, "usage": bills.usage}[args.verb](line.carrier, args)


def test_a_final_bill_is_paid_by_its_number(
    bill: FinalBill, tanaka_line: Line, capsys: pytest.CaptureFixture[str]
) -> None:
    number = final_bills.payment_number(bill)
    with pytest.raises(CommandError, match="--transfer"):
        run(tanaka_line, "paid", number)
    assert run(tanaka_line, "paid", number, "--transfer", "T-1", "--yen", "1000") == 0
    assert "1,000 yen; 1,156 yen left." in capsys.readouterr().out
    assert run(tanaka_line, "paid", number, "--transfer", "T-1", "--yen", "1000") == 0
    with pytest.raises(Refused, match=r"money\.amount"):
        run(tanaka_line, "paid", number, "--transfer", "T-9", "--yen", "0")
    assert run(tanaka_line, "paid", number, "--transfer", "T-2") == 0
    assert run(tanaka_line, "paid", number, "--transfer", "T-3") == 1
    assert f"Nothing is left to pay for {bill.reference}." in capsys.readouterr().err
    assert run(tanaka_line, "paid", number, "--transfer", "T-4", "--yen", "44") == 0
    assert "44 yen are to be paid back" in capsys.readouterr().out
    with every_carrier():
        assert Incoming.objects.count() == 3


def test_late_use_is_billed_from_a_file(
    bill: FinalBill, tanaka_line: Line, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "tap.csv"
    path.write_text(f"record,what,amount_yen,used_on,bill\nT-1,roaming,550,2026-11-01,{bill.reference}\n", "utf-8")
    assert [run(tanaka_line, "usage", str(path)) for _ in range(2)] == [0, 0]
    assert "1  billed now, 550 yen" in capsys.readouterr().out
    with path.open("a", encoding="utf-8") as file:
        file.write(f"T-2,roaming,none,2026-11-01,{bill.reference}\n")
    assert run(tanaka_line, "usage", str(path)) == 1
    assert str(tmp_path / "tap.bad.csv") in capsys.readouterr().out
