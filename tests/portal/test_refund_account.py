"""Can nobody but the person say where their money goes: signed in, with a code for that, and without a trace?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from structlog.testing import capture_logs

from tests.portal.conftest import TABI, TONARI, SignIn, newest_code
from tests.terminations.play import CLERK, Clock, ask, work
from tojimari.lines.models import ContactPoint, Line
from tojimari.messages.links import token_of
from tojimari.messages.models import Message
from tojimari.money.models import FinalBill, PaidTo, Refund, RefundAccount, Way
from tojimari.platform.database.scope import every_carrier
from tojimari.terminations import final_bills, refund_accounts

TANAKA = "tanaka@mail.example"
NUMBER, IBAN = "7654321", "GB29NWBK60161331926819"
JAPAN = {
    "where": "japan",
    "bank": "0005",
    "branch": "001",
    "kind": "ordinary",
    "number": NUMBER,
    "holder": "たなか　けん",
}
ABROAD = {
    "where": "abroad",
    "country": "GB",
    "bank": "NatWest",
    "bic": "NWBKGB2L",
    "number": IBAN,
    "holder": "K TANAKA",
}


@pytest.fixture
def bill(tanaka_line: Line) -> FinalBill:
    """Tanaka's line has ended, and he paid 844 yen too much."""
    return ended(tanaka_line, yen=3000)


def ended(line: Line, *, yen: int) -> FinalBill:
    """The final bill of a line, for which too much came in."""
    clock = Clock()
    with every_carrier():
        case = ask(line, clock)
        work(clock)
        bill = FinalBill.objects.get(case_id=case.pk)
        final_bills.take_in(
            bill=bill,
            amount_yen=yen,
            received_on=date(2026, 11, 23),
            way=Way.TRANSFER,
            number=f"T-{line.pk}",
            acting=CLERK,
            at=clock.now + timedelta(days=3),
        )
    return bill


@pytest.fixture
def here(browser: Client, tanaka_line: Line, bill: FinalBill) -> Client:
    """Tanaka, abroad and signed in with his order number: the number of the line is nobody's login any more."""
    assert browser.post("/sign-in/", {"identifier": tanaka_line.iccid}).status_code == 302
    assert browser.post("/sign-in/code/", {"code": newest_code(TANAKA)}).status_code == 302
    return browser


def page_of(bill: FinalBill) -> str:
    return f"/cases/{bill.reference}/refund-account/"


def code_for(browser: Client, bill: FinalBill, where: str = "japan") -> str:
    answer = browser.post(page_of(bill), {"do": "code", "where": where})
    assert (answer.status_code, answer["Location"]) == (302, f"{page_of(bill)}?where={where}")
    return newest_code(TANAKA)


def tell(browser: Client, bill: FinalBill, code: str, **given: str) -> Any:
    return browser.post(page_of(bill), {"do": "tell", "code": code} | (JAPAN | given))


def account_of(bill: FinalBill) -> str:
    with every_carrier():
        return refund_accounts.ending_of(bill)


def test_the_way_leads_from_the_case_to_the_account_and_back_and_only_digits_at_the_end_are_shown(
    here: Client, bill: FinalBill
) -> None:
    for path in (f"/cases/{bill.reference}/", f"/cases/{bill.reference}/bill/"):
        page = here.get(path).content.decode()
        assert f'href="{page_of(bill)}"' in page
        assert "Tell us your account, in Japan or abroad." in page
    assert "A bank abroad" in here.get(page_of(bill)).content.decode()
    code = code_for(here, bill, "abroad")
    form = here.get(f"{page_of(bill)}?where=abroad").content.decode()
    assert '<option value="GB">United Kingdom</option>' in form
    assert '<option value="JP">' not in form
    answer = here.post(page_of(bill), {"do": "tell", "code": code} | ABROAD)
    assert (answer.status_code, answer["Location"]) == (302, page_of(bill))
    page = here.get(page_of(bill)).content.decode()
    assert "You told us an account at a bank abroad." in page
    assert "…819" in page
    assert IBAN not in page
    case = here.get(f"/cases/{bill.reference}/").content.decode()
    assert "An account was told to us:" in case
    assert "…819" not in case, "who came by a link sees this page, too"


def test_a_code_for_signing_in_opens_nothing_here_nor_this_code_the_sign_in(
    here: Client, tanaka_line: Line, bill: FinalBill
) -> None:
    here.post("/sign-in/", {"identifier": tanaka_line.iccid})
    to_sign_in = newest_code(TANAKA)
    assert "This code is no longer valid." in tell(here, bill, to_sign_in).content.decode(), "none was asked for here"
    for_money = code_for(here, bill)
    if for_money != to_sign_in:
        assert "This is not the code." in tell(here, bill, to_sign_in).content.decode()
        assert "This is not the code." in here.post("/sign-in/code/", {"code": for_money}).content.decode()
    assert account_of(bill) == ""
    with every_carrier():
        mail = Message.objects.filter(to=TANAKA).order_by("-pk").first()
    assert mail is not None
    assert for_money in mail.body
    assert for_money not in mail.subject
    assert "an account for your money" in mail.subject
    assert tell(here, bill, for_money).status_code == 302


def test_without_the_right_code_nothing_is_taken_and_what_was_typed_stays(here: Client, bill: FinalBill) -> None:
    code = code_for(here, bill)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for given, said in {"": "Type the 6 digits", wrong: "This is not the code."}.items():
        answer = tell(here, bill, given)
        page = answer.content.decode()
        assert answer.status_code == 409
        assert said in page
        assert f'value="{NUMBER}"' in page
    again = here.post(page_of(bill), {"do": "again"} | JAPAN).content.decode()
    assert "A new code is on its way." in again
    assert f'value="{NUMBER}"' in again
    assert "This field is required" not in again
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=11)):
        assert "This code is no longer valid." in tell(here, bill, newest_code(TANAKA)).content.decode()
    assert account_of(bill) == ""


def test_each_slip_stands_beside_its_field_and_costs_no_code(here: Client, bill: FinalBill) -> None:
    code = code_for(here, bill)
    page = tell(here, bill, code, bank="12345", number="12", holder="田中 健").content.decode()
    for said in ("its number of 4 digits.</div>", "has 7 digits.", "Type the name in kana"):
        assert said in page
    assert 'value="田中 健"' in page
    slip = ABROAD | {"number": IBAN.replace("6819", "6818"), "bic": "NWBK", "country": ""}
    page = here.post(page_of(bill), {"do": "tell", "code": code} | slip).content.decode()
    for said in ("its check digits do not fit", "8 or 11 letters and digits", "Choose the country of the bank."):
        assert said in page
    assert tell(here, bill, code, number="７６５-４３２１").status_code == 302
    assert account_of(bill) == "…321"


def test_the_same_form_twice_is_as_once_and_another_one_needs_another_code(here: Client, bill: FinalBill) -> None:
    code = code_for(here, bill)
    assert [tell(here, bill, code).status_code for _ in range(2)] == [302, 302]
    with every_carrier():
        assert Message.objects.filter(key__startswith="refund_account").count() == 1
    assert "This code is no longer valid." in tell(here, bill, code, number="1111111").content.decode()
    assert account_of(bill) == "…321"
    assert tell(here, bill, code_for(here, bill), number="1111111").status_code == 302
    assert account_of(bill) == "…111"


def test_codes_are_rationed(here: Client, bill: FinalBill) -> None:
    for _ in range(6):
        answer = here.post(page_of(bill), {"do": "code", "where": "japan"})
    assert answer.status_code == 409
    assert "Too many codes were asked for." in answer.content.decode()


@pytest.mark.parametrize("meanwhile", ["taken", "paid"])
def test_what_staff_pay_just_now_or_have_paid_is_not_changed(here: Client, bill: FinalBill, meanwhile: str) -> None:
    assert tell(here, bill, code_for(here, bill)).status_code == 302
    code, at = code_for(here, bill), datetime.now(UTC)
    with every_carrier():
        if meanwhile == "taken":
            refund_accounts.read(bill=bill, acting=CLERK, at=at)
        else:
            refund = Refund.objects.select_related("bill").get()
            final_bills.pay_back(refund=refund, number="B-1", to=PaidTo.JAPAN, acting=CLERK, at=at)
    said = "Our staff are sending the money just now" if meanwhile == "taken" else "No money waits to go back"
    answer = tell(here, bill, code, number="1111111")
    assert answer.status_code == 409
    for page in (answer.content.decode(), here.get(f"{page_of(bill)}?where=japan").content.decode()):
        assert said in page
        assert 'name="number"' not in page
    assert here.post(page_of(bill), {"do": "code", "where": "japan"}).status_code == 409
    assert account_of(bill) == "…321"


def test_a_link_to_the_case_does_not_open_it_and_nobody_else_finds_it(
    here: Client, bill: FinalBill, sign_in: SignIn, sim_line: Line, tonari_line: Line
) -> None:
    linked = Client(SERVER_NAME=TABI, HTTP_ACCEPT_LANGUAGE="en")
    linked.get(f"/case/{bill.reference}/open/{token_of(bill.carrier_id, bill.reference)}/")
    assert linked.get(f"/cases/{bill.reference}/bill/").status_code == 200
    for answer in (linked.get(page_of(bill)), tell(linked, bill, "123456")):
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/sign-in/")
    wang, neighbour = Client(SERVER_NAME=TABI), Client(SERVER_NAME=TONARI)
    sign_in(wang, sim_line)
    sign_in(neighbour, tonari_line)
    code = code_for(here, bill)
    for stranger in (wang, neighbour):
        assert stranger.get(page_of(bill)).status_code == 404
        assert tell(stranger, bill, code).status_code == 404
    assert account_of(bill) == ""


def test_a_code_that_somebody_else_asked_for_in_this_browser_is_none(
    here: Client, bill: FinalBill, sim_line: Line
) -> None:
    code, own = code_for(here, bill), ended(sim_line, yen=20_000)
    here.post("/sign-in/", {"identifier": sim_line.iccid})
    assert here.post("/sign-in/code/", {"code": newest_code("wang@mail.example")}).status_code == 302
    assert tell(here, bill, code).status_code == 404
    assert "This code is no longer valid." in tell(here, own, code).content.decode()
    assert (account_of(bill), account_of(own)) == ("", "")


def test_the_number_stands_in_no_address_session_or_log(here: Client, bill: FinalBill) -> None:
    with capture_logs() as logs:
        code = code_for(here, bill)
        tell(here, bill, "000000" if code != "000000" else "111111")
        here.post(page_of(bill), {"do": "again"} | JAPAN)
        answer = tell(here, bill, newest_code(TANAKA))
    assert answer.status_code == 302
    kept = [session.get_decoded() for session in Session.objects.all()]
    assert kept
    assert NUMBER not in f"{answer['Location']} {kept} {logs}"
    assert "no-store" in answer["Cache-Control"]
    with every_carrier():
        assert RefundAccount.objects.count() == 1


def test_who_has_no_address_left_is_led_to_a_person(here: Client, bill: FinalBill) -> None:
    with every_carrier():
        ContactPoint.objects.filter(value=TANAKA).delete()
    answer = here.post(page_of(bill), {"do": "code", "where": "japan"})
    assert answer.status_code == 409
    assert "We know no address to which we could send you a code." in answer.content.decode()
    assert 'href="tel:+81312345678"' in answer.content.decode()


def test_there_is_no_such_page_before_the_final_bill(browser: Client, sign_in: SignIn, tanaka_line: Line) -> None:
    with every_carrier():
        case = ask(tanaka_line, Clock(), channel="portal", effective="month-end")
    sign_in(browser, tanaka_line)
    assert browser.get(f"/cases/{case.reference}/refund-account/").status_code == 404
