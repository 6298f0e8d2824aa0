"""Can a person pay what is unpaid, or leave it to the final bill, and is the choice kept without moving a yen?"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from django.test import Client

from tests.portal.conftest import SignIn
from tests.portal.test_lines import said
from tojimari.lines.models import Bill, Carrier, Line
from tojimari.lines.paying import WaysToPay, set_ways_to_pay
from tojimari.money.models import OnFinalBill
from tojimari.platform.acting import SYSTEM
from tojimari.platform.database.scope import carrier_scope, every_carrier
from tojimari.rules.identifiers import payment

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
ACCOUNT = "みほん銀行 新宿支店 普通 1234567\nカ)タビモバイル"


@pytest.fixture
def tanaka_here(browser: Client, sign_in: SignIn, tanaka_line: Line) -> Client:
    """Tanaka's browser, signed in just now; a bill of 1,078 yen is unpaid."""
    sign_in(browser, tanaka_line)
    return browser


@pytest.fixture
def page(tanaka_line: Line) -> str:
    return f"/lines/{tanaka_line.pk}/unpaid/"


def total(browser: Client, line: Line) -> str:
    found = re.search(r"Total, tax included ([0-9,]+) yen", said(browser, f"/lines/{line.pk}/close/confirm/?end=now"))
    assert found is not None
    return found[1]


def choices() -> int:
    with every_carrier():
        return OnFinalBill.objects.count()


def test_each_bill_has_its_yen_its_day_and_a_number_to_pay_it_by(
    tanaka_here: Client, tanaka_line: Line, page: str
) -> None:
    assert f'href="{page}"' in tanaka_here.get("/lines/").content.decode()
    text = said(tanaka_here, page)
    with every_carrier():
        bill = Bill.objects.get(line=tanaka_line)
    assert (
        f"Oct 2026 You pay 1,078 yen To be paid by Mon, Nov 30, 2026 Payment number {payment.reference(bill.pk)}"
        in text
    )
    assert "no-store" in tanaka_here.get(page)["Cache-Control"]


def test_without_settings_the_bill_itself_says_how_to_pay(tanaka_here: Client, page: str) -> None:
    assert "Now: at a shop, or as it says on the bill." in said(tanaka_here, page)


@pytest.mark.parametrize(
    ("ways", "shown", "not_shown"),
    [
        (
            WaysToPay(bank=ACCOUNT),
            ["みほん銀行 新宿支店", "before your name"],
            ["convenience", "our shops"],
        ),
        (WaysToPay(slip=True), ["At a convenience store"], ["bank transfer", "our shops"]),
        (WaysToPay(shop=True), ["At one of our shops", "Show the payment number."], ["bank transfer", "convenience"]),
    ],
)
def test_the_carriers_own_ways_are_shown_and_no_others(
    tanaka_here: Client, tabi: Carrier, page: str, ways: WaysToPay, shown: list[str], not_shown: list[str]
) -> None:
    with carrier_scope(tabi.pk):
        set_ways_to_pay(carrier=tabi, wanted=ways, seen=0, acting=SYSTEM, at=NOW)
    text = said(tanaka_here, page)
    assert [words for words in shown if words not in text] == []
    assert [words for words in [*not_shown, "as it says on the bill"] if words in text] == []


def test_the_final_bill_can_be_chosen_and_taken_back_and_no_yen_moves(
    tanaka_here: Client, tanaka_line: Line, page: str
) -> None:
    before = total(tanaka_here, tanaka_line)
    confirm = f"/lines/{tanaka_line.pk}/close/confirm/?end=now"
    assert "on the final bill, unless you pay them before" in said(tanaka_here, confirm)
    for _twice in range(2):
        assert tanaka_here.post(page, {"on_final_bill": "1"})["Location"] == page
    assert "You chose the final bill." in said(tanaka_here, page)
    assert "on the final bill, as you chose" in said(tanaka_here, confirm)
    assert (total(tanaka_here, tanaka_line), choices()) == (before, 1)
    tanaka_here.post(page, {"on_final_bill": "0"})
    assert "Put it on the final bill" in said(tanaka_here, page)
    assert (total(tanaka_here, tanaka_line), choices()) == (before, 0)


def test_a_later_bill_is_not_covered_by_the_choice_for_an_earlier_one(
    tanaka_here: Client, tanaka_line: Line, page: str
) -> None:
    tanaka_here.post(page, {"on_final_bill": "1"})
    with every_carrier():
        Bill.objects.create(
            carrier_id=tanaka_line.carrier_id,
            line=tanaka_line,
            month=date(2026, 9, 1),
            amount_yen=900,
            due_on=date(2026, 10, 31),
        )
    text = said(tanaka_here, page)
    assert "Put it on the final bill" in text
    assert "Total, tax included 1,978 yen" in text


def test_once_the_line_is_being_closed_there_is_nothing_to_choose(
    tanaka_here: Client, tanaka_line: Line, page: str
) -> None:
    with every_carrier():
        Line.objects.filter(pk=tanaka_line.pk).update(state="pending_terminate")
    assert "is on the final bill" in said(tanaka_here, page)
    tanaka_here.post(page, {"on_final_bill": "1"})
    assert choices() == 0


def test_without_debt_and_for_a_line_of_another_there_is_no_such_page(
    wang_here: Client, sim_line: Line, tanaka_line: Line
) -> None:
    assert wang_here.get(f"/lines/{sim_line.pk}/unpaid/")["Location"] == "/lines/"
    for deed in (wang_here.get, wang_here.post):
        assert deed(f"/lines/{tanaka_line.pk}/unpaid/").status_code == 404
    assert choices() == 0
