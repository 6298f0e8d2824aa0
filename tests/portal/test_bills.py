"""Does a person see the very yen that they confirmed, what they rest on, and what happened to them since?"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from tests.portal.conftest import SignIn
from tests.terminations.play import CLERK, START, Clock, ask, work
from tojimari.lines.models import Carrier, Line, LineMoney, Plan
from tojimari.money.models import FinalBill, Way
from tojimari.platform.database.scope import every_carrier
from tojimari.rules.calendar import jst_date
from tojimari.terminations import final_bills

TO_PAY_WITH = re.compile(r"\bRF\d\d \d{4}\b")
"""The creditor reference. Two letters alone may stand in any token of chance on the page."""


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


def test_a_bill_of_before_is_issued_by_the_carrier_as_it_is_today() -> None:
    carrier = Carrier(name_ja="旅モバイル", legal_name="", invoice_number="T7000012050002")
    assert FinalBill(carrier=carrier).issued_by == {"name": "旅モバイル", "invoice_number": "T7000012050002"}


def test_the_final_bill_is_shown_with_all_that_came_after_it(here: Client, tanaka_line: Line) -> None:
    with every_carrier():
        Carrier.objects.update(legal_name="旅モバイル株式会社", invoice_number="T7000012050002")
    bill = ended(tanaka_line)
    path = f"/cases/{bill.reference}/bill/"
    page = here.get(path).content.decode()
    assert "Provisional" in page
    assert TO_PAY_WITH.search(page)
    with every_carrier():
        Carrier.objects.update(legal_name="別の株式会社", invoice_number="T8040001999013")
    page = here.get(path).content.decode()
    assert "旅モバイル株式会社" in page, "as it was when the bill was issued"
    assert "T7000012050002" in page
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
    assert not TO_PAY_WITH.search(page)
    assert path in here.get(f"/cases/{bill.reference}/").content.decode()


def test_there_is_no_bill_before_the_end_and_none_for_a_stranger(
    here: Client, tanaka_line: Line, esim_line: Line
) -> None:
    with every_carrier():
        case = ask(tanaka_line, Clock(), channel="portal", effective="month-end")
    assert here.get(f"/cases/{case.reference}/bill/").status_code == 404
    assert here.get(f"/cases/{ended(esim_line).reference}/bill/").status_code == 404


def page_of_first_days(here: Client, line: Line, scheme: str, **said: object) -> str:
    with every_carrier():
        Plan.objects.filter(pk=line.plan_id).update(early_exit=scheme)
        LineMoney.objects.filter(line=line).update(**said)
    return here.get(f"/lines/{line.pk}/close/confirm/?end=now").content.decode()


def test_within_the_first_days_the_page_says_until_when_and_what_is_assumed(here: Client, tanaka_line: Line) -> None:
    today = jst_date(datetime.now(UTC))
    said = {"started_on": today, "installation_left_yen": 9000, "deposit_yen": 5000}
    page = page_of_first_days(here, tanaka_line, "initial_cancellation", **said)
    assert "So we assume that these days have not ended." in page
    assert "Nothing is charged for installation." in page
    assert "You get back, tax included" in page
    assert "back to you, tax included" in here.get(f"/lines/{tanaka_line.pk}/close/").content.decode()
    page = page_of_first_days(here, tanaka_line, "initial_cancellation", documents_on=today)
    assert "The last of these days is" in page
    assert "So we assume" not in page


def test_the_confirmation_measure_is_named_and_moves_no_yen(here: Client, tanaka_line: Line) -> None:
    today = jst_date(datetime.now(UTC))
    plain = page_of_first_days(here, tanaka_line, "none", started_on=today)
    assert "確認措置" not in plain
    page = page_of_first_days(here, tanaka_line, "confirmation_measure", started_on=today)
    assert "確認措置" in page
    assert "2,156 yen" in page
    late = page_of_first_days(here, tanaka_line, "confirmation_measure", started_on=today - timedelta(days=8))
    assert "確認措置" not in late
