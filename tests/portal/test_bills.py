"""Does a person see the very yen that they confirmed, what they rest on, and what happened to them since?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from tests.portal.conftest import SignIn
from tests.terminations.play import CLERK, START, Clock, ask, work
from tojimari.lines.models import Line, LineMoney
from tojimari.money.models import FinalBill, Way
from tojimari.platform.database.scope import every_carrier
from tojimari.terminations import final_bills


@pytest.fixture
def here(browser: Client, sign_in: SignIn, tanaka_line: Line) -> Client:
    with every_carrier():
        LineMoney.objects.create(carrier_id=tanaka_line.carrier_id, line=tanaka_line, instalments_left_yen=48_000)
    sign_in(browser, tanaka_line)
    return browser


def ended(line: Line) -> FinalBill:
    clock = Clock()
    with every_carrier():
        case = ask(line, clock)
        work(clock)
        return FinalBill.objects.get(case_id=case.pk)


def test_before_confirming_each_end_shows_its_yen_with_the_bills_before_it(here: Client, tanaka_line: Line) -> None:
    page = here.get(f"/lines/{tanaka_line.pk}/close/confirm/?end=month-end").content.decode()
    assert "by the terms of your contract" in page
    assert "Consumption tax in it (10%): 196 yen" in page
    assert "48,000 yen" in page
    assert "2,156 yen" in page
    assert "checked" not in here.get(f"/lines/{tanaka_line.pk}/close/").content.decode()


def test_the_final_bill_is_shown_with_all_that_came_after_it(here: Client, tanaka_line: Line) -> None:
    bill = ended(tanaka_line)
    path = f"/cases/{bill.reference}/bill/"
    page = here.get(path).content.decode()
    assert "Provisional" in page
    assert "RF" in page
    with every_carrier():
        for yen, number in ((1000, "T-1"), (1200, "T-2")):
            final_bills.take_in(
                bill=bill,
                amount_yen=yen,
                received_on=date(2026, 11, 23),
                way=Way.TRANSFER,
                number=number,
                acting=CLERK,
                at=START + timedelta(days=3),
            )
    page = here.get(path).content.decode()
    assert "44 yen" in page
    assert "We pay back to you" in page
    assert "RF" not in page
    assert path in here.get(f"/cases/{bill.reference}/").content.decode()


def test_there_is_no_bill_before_the_end_and_none_for_a_stranger(
    here: Client, tanaka_line: Line, esim_line: Line
) -> None:
    with every_carrier():
        case = ask(tanaka_line, Clock(), channel="portal", effective="month-end")
    assert here.get(f"/cases/{case.reference}/bill/").status_code == 404
    assert here.get(f"/cases/{ended(esim_line).reference}/bill/").status_code == 404
