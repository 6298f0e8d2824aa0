"""Is money that must go back seen, with its age, until somebody has paid it by name?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from tests.desk.conftest import AsStaff
from tests.terminations.play import PERSON, START, Clock, ask, work
from tojimari.desk.models import Look
from tojimari.lines.models import Line
from tojimari.money.models import FinalBill, Incoming, Refund, Supplement
from tojimari.platform.database.scope import every_carrier
from tojimari.proofs.models import Event
from tojimari.rules.identifiers.account import Where, read
from tojimari.terminations import refund_accounts


@pytest.fixture
def bill(tanaka_line: Line) -> FinalBill:
    clock = Clock()
    with every_carrier():
        case = ask(tanaka_line, clock)
        work(clock)
        bill = FinalBill.objects.get(case_id=case.pk)
        today = datetime.now(UTC).date()
        FinalBill.objects.filter(pk=bill.pk).update(provisional_until=today + timedelta(days=45))
    return bill


def note(yen: str = "3000", number: str = "T-1", day: str = "2026-11-20") -> dict[str, str]:
    return {"do": "in", "in-amount_yen": yen, "in-received_on": day, "in-way": "transfer", "in-number": number}


def test_money_comes_in_too_much_of_it_goes_back_and_nothing_is_done_twice(as_staff: AsStaff, bill: FinalBill) -> None:
    lead = as_staff("lead")
    page = f"/desk/money/{bill.reference}/"
    for _ in range(2):
        assert lead.post(page, note()).status_code == 302
    with every_carrier():
        assert Incoming.objects.count() == 1
        refund = Refund.objects.get()
        Refund.objects.update(due_on=date(2026, 1, 1))
    assert "844 yen" in lead.get("/desk/money/").content.decode()
    assert "1 payment back is overdue." in lead.get("/desk/").content.decode()
    back = {"do": "back", "refund": str(refund.pk), "back-number": " ", "back-to": "otherwise"}
    answer = lead.post(page, back)
    assert answer.status_code == 409
    assert lead.post(page, back | {"back-number": "B-1"}).status_code == 302
    assert "overdue" not in lead.get("/desk/").content.decode()
    assert "Nothing is to be paid back." in lead.get("/desk/money/").content.decode()
    assert lead.post(page, back | {"refund": "9999999"}).status_code == 404


def test_what_came_in_part_is_listed_and_a_slip_keeps_what_was_typed(as_staff: AsStaff, bill: FinalBill) -> None:
    lead = as_staff("lead")
    page = f"/desk/money/{bill.reference}/"
    before = lead.get("/desk/money/").content.decode()
    assert "2,156 yen" in before
    assert "Paid in part" not in before
    with every_carrier():
        FinalBill.objects.update(due_on=date(2026, 1, 1))
    assert lead.post(page, note("1000")).status_code == 302
    shown = lead.get("/desk/money/").content.decode()
    assert "1,156 yen" in shown
    assert "Paid in part" in shown
    assert "Late" in shown
    for wrong in (note("-5", "T-2"), note("x", "T-2"), note("5", "T-2", "2999-01-01"), note("5", "T-1")):
        answer = lead.post(page, wrong)
        assert answer.status_code == 409
        assert f'value="{wrong["in-number"]}"' in answer.content.decode()
    late = {"do": "late", "late-text_code": "charge.late_roaming", "late-amount_yen": "550"}
    late |= {"late-used_on": "2026-11-19", "late-source": "TAP-1"}
    assert lead.post(page, late | {"late-used_on": "2026-11-21"}).status_code == 409
    assert lead.post(page, late).status_code == 302
    with every_carrier():
        assert Supplement.objects.get().amount_yen == 550
    assert "1,706 yen" in lead.get(page).content.decode()


def test_what_must_not_be_forgotten_is_counted_on_the_first_page(as_staff: AsStaff, bill: FinalBill) -> None:
    lead = as_staff("lead")

    def first(browser: Client = lead) -> str:
        return browser.get("/desk/").content.decode()

    assert "Money after the end</a></p></div>" not in first(), "nothing is late yet"
    with every_carrier():
        FinalBill.objects.update(due_on=date(2026, 1, 1))
    assert "1 final bill is past its day and not paid." in first()
    assert "past its day" not in first(as_staff("clerk")), "who may not note money is told nothing of it"
    assert lead.post(f"/desk/money/{bill.reference}/", note()).status_code == 302
    page = first()
    assert "past its day" not in page
    assert "To be paid back in all: 1" in page
    assert "overdue" not in page


def test_only_who_may_handles_money_and_no_neighbour_sees_it(
    as_staff: AsStaff, bill: FinalBill, tonari_line: Line
) -> None:
    assert as_staff("clerk").get("/desk/money/").status_code == 403
    neighbour = as_staff("admin", carrier=tonari_line.carrier, host="tonari.example")
    assert neighbour.get(f"/desk/money/{bill.reference}/").status_code == 404
    assert bill.reference not in neighbour.get("/desk/money/").content.decode()


def tell(bill: FinalBill) -> None:
    given = {"country": "DE", "bank": "Musterbank", "bic": "DEUTDEFF", "number": IBAN, "holder": "KEN TANAKA"}
    account, _ = read(Where.ABROAD, given)
    assert account is not None
    with every_carrier():
        refund_accounts.tell(bill=bill, account=account, proof="p", acting=PERSON, at=START + timedelta(days=4))


IBAN = "DE89370400440532013000"


def test_the_account_is_read_by_who_pays_at_the_press_of_a_button_and_each_reading_is_kept(
    as_staff: AsStaff, bill: FinalBill, tonari_line: Line
) -> None:
    lead, page = as_staff("lead"), f"/desk/money/{bill.reference}/"
    account = f"{page}account/"
    assert lead.post(page, note()).status_code == 302
    assert "No account was told yet." in lead.get(page).content.decode()
    assert lead.post(account, {"do": "read"})["Location"] == page, "there is nothing to read"
    assert "No account is known for this." in lead.get(page).content.decode()
    tell(bill)
    before = lead.get(page).content.decode()
    assert "The customer told an account at a bank abroad." in before
    assert '<option value="abroad" selected>' in before
    assert IBAN not in before
    assert lead.get(account).status_code == 405
    for stranger in (as_staff("clerk"), as_staff("auditor")):
        assert stranger.post(account, {"do": "read"}).status_code == 403
    neighbour = as_staff("admin", carrier=tonari_line.carrier, host="tonari.example")
    assert neighbour.post(account, {"do": "read"}).status_code == 404
    shown = lead.post(account, {"do": "read"})
    assert "no-store" in shown["Cache-Control"]
    for row in ("Germany (DE)", "DEUTDEFF", IBAN, "KEN TANAKA"):
        assert f">{row}</dd>" in shown.content.decode()
    after = lead.get(page).content.decode()
    assert "Read by 鈴木 花子, to pay." in after
    assert IBAN not in after
    with every_carrier():
        assert Look.objects.filter(page="refund_account").values_list("role", "reference").get() == (
            "lead",
            bill.reference,
        )
        assert Event.objects.filter(case_id=bill.case_id, name="refund.account_read").count() == 1
    assert lead.post(account, {"do": "let_go"}).status_code == 302
    assert "Read by" not in lead.get(page).content.decode()
    with every_carrier():
        refund = Refund.objects.get()
    back = {"do": "back", "refund": str(refund.pk), "back-number": "B-1"}
    assert lead.post(page, back).status_code == 409, "where it went must be said"
    assert lead.post(page, back | {"back-to": "abroad"}).status_code == 302
    assert "To an account at a bank abroad" in lead.get(page).content.decode()
    with every_carrier():
        assert Event.objects.get(case_id=bill.case_id, name="refund.paid").data["to"] == "abroad"
