"""Does a person read, before and after the end, until when to pay, what comes back, and which days cost nothing?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from tests.portal.conftest import SignIn
from tests.terminations.play import CLERK, PERSON, START, Clock, ask, work
from tojimari.lines.models import Line
from tojimari.lines.paying import WaysToPay, set_ways_to_pay
from tojimari.messages.models import Message
from tojimari.money.models import FinalBill, PaidTo, Refund, Way
from tojimari.network.seed import seed
from tojimari.platform.database.scope import every_carrier
from tojimari.terminations import actions, final_bills
from tojimari.terminations.models import Termination

INTEREST = "interest of 14.6% a year is added, by our terms."


@pytest.fixture
def here(browser: Client, sign_in: SignIn, tanaka_line: Line) -> Client:
    with every_carrier():
        wanted = WaysToPay(days=14, late_per_mille=146)
        set_ways_to_pay(carrier=tanaka_line.carrier, wanted=wanted, seen=0, acting=CLERK, at=START)
        seed([tanaka_line.target])
    sign_in(browser, tanaka_line)
    return browser


def shown(browser: Client, path: str, language: str = "en") -> str:
    return " ".join(browser.get(path, headers={"accept-language": language}).content.decode().split())


def of_the_mail(case: Termination) -> set[str]:
    """The lines of the mail that told of the end which name the day to pay, and what being late costs."""
    with every_carrier():
        body = Message.objects.get(case_id=case.pk, key="closed").body
    found = {line for line in body.splitlines() if "までに" in line or "14.6%" in line}
    assert len(found) == 2
    return found


def test_the_screen_before_confirming_says_how_long_there_is_to_pay_and_what_being_late_costs(
    here: Client, tanaka_line: Line
) -> None:
    page = shown(here, f"/lines/{tanaka_line.pk}/close/confirm/?end=month-end")
    assert "you have 14 days from the final bill, so at least until" in page
    assert INTEREST in page


def test_the_bill_names_the_day_the_interest_and_the_days_that_cost_nothing(here: Client, tanaka_line: Line) -> None:
    clock = Clock()
    with every_carrier():
        case = ask(tanaka_line, clock, effective="month-end")
        actions.stop_early(termination=case, acting=PERSON, at=clock.now)
        work(clock, forward=False)
        clock.move(days=3)
        actions.start_again(termination=case, acting=PERSON, at=clock.now)
        work(clock)
        bill = FinalBill.objects.get(case_id=case.pk)
    page = shown(here, f"/cases/{bill.reference}/bill/")
    assert "Data and calls were off after Fri, Nov 20, 2026, until Mon, Nov 23, 2026." in page
    assert "Nothing used in between is charged." in page
    assert "Please pay by" in page
    assert INTEREST in page
    assert "We tell you how you can pay, also from abroad." in page, "the carrier has said no way to pay"
    status = shown(here, f"/cases/{bill.reference}/")
    assert bill.due_on is not None
    in_japanese = shown(here, f"/cases/{bill.reference}/", "ja").replace("</p>", "<p>").split("<p>")
    assert of_the_mail(case) <= set(in_japanese), "the very words of the mail"
    assert f"by {bill.due_on:%b} {bill.due_on.day}, {bill.due_on.year} (Japan time)." in status
    assert "We tell you how you can pay, also from abroad." in status
    assert 'href="tel:+81312345678"' in page
    assert "It comes by bank transfer." not in page
    with every_carrier():
        final_bills.take_in(
            bill=bill,
            amount_yen=bill.total_yen + 44,
            received_on=date(2026, 11, 30),
            way=Way.TRANSFER,
            number="T-1",
            acting=CLERK,
            at=START + timedelta(days=20),
        )
    page = shown(here, f"/cases/{bill.reference}/bill/")
    assert "It comes by bank transfer." in page
    assert 'href="tel:+81312345678"' in page
    assert INTEREST not in page, "nothing is left to be late with"
    status = shown(here, f"/cases/{bill.reference}/")
    assert "We pay back 44 yen (tax included), on " in status
    assert "Please pay" not in status
    assert "How to pay" not in status
    with every_carrier():
        later = START + timedelta(days=21)
        final_bills.pay_back(refund=Refund.objects.get(), number="B-1", to=PaidTo.ABROAD, acting=CLERK, at=later)
    assert "It comes by bank transfer." not in shown(here, f"/cases/{bill.reference}/bill/")
    status = shown(here, f"/cases/{bill.reference}/")
    assert "We pay back" not in status
    assert '<dt>Left to pay</dt><dd class="yen">0 yen</dd>' in status
