"""Does money go back only to where the person said, and does the number of the account stand nowhere in clear?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from structlog.testing import capture_logs

from tests.terminations.play import CLERK, PERSON, START, Clock, ask, assert_closed_exactly_once, work
from tojimari.lines.models import Line
from tojimari.messages.models import Message
from tojimari.money.models import FinalBill, PaidTo, Refund, RefundAccount, Way
from tojimari.platform.acting import Refused
from tojimari.platform.database.scope import carrier_scope
from tojimari.proofs.models import Event
from tojimari.proofs.queries import bundle
from tojimari.rules.calendar import day_start
from tojimari.rules.identifiers.account import Account, Where, read
from tojimari.terminations import erasing, final_bills, refund_accounts
from tojimari.terminations.models import Termination

pytestmark = pytest.mark.usefixtures("as_worker")

AFTER = START + timedelta(days=3)
SECOND = timedelta(seconds=1)
IBAN = "DE89370400440532013000"


def japan(number: str = "7654321") -> Account:
    found, _ = read(
        Where.JAPAN,
        {"bank": "0005", "branch": "001", "kind": "ordinary", "number": number, "holder": "ﾀﾅｶ ｹﾝ"},
    )
    assert found is not None
    return found


def abroad() -> Account:
    given = {"country": "DE", "bank": "Musterbank", "bic": "DEUTDEFF", "number": IBAN, "holder": "KEN TANAKA"}
    found, _ = read(Where.ABROAD, given)
    assert found is not None
    return found


@pytest.fixture
def bill(tanaka_line: Line) -> FinalBill:
    """Tanaka's line has ended, and he paid 844 yen too much."""
    clock = Clock()
    case = ask(tanaka_line, clock)
    work(clock)
    bill = FinalBill.objects.get(case_id=case.pk)
    too_much(bill, 3000, "T-1")
    return bill


def too_much(bill: FinalBill, yen: int, number: str) -> None:
    final_bills.take_in(
        bill=bill,
        amount_yen=yen,
        received_on=date(2026, 11, 23),
        way=Way.TRANSFER,
        number=number,
        acting=CLERK,
        at=AFTER,
    )


def tell(bill: FinalBill, account: Account, *, proof: str = "p", days: int = 4) -> None:
    refund_accounts.tell(bill=bill, account=account, proof=proof, acting=PERSON, at=START + timedelta(days=days))


def paid(bill: FinalBill, *, number: str = "B-1", days: int = 6) -> None:
    refund = Refund.objects.select_related("bill").get(bill=bill, paid_at=None)
    at = START + timedelta(days=days)
    final_bills.pay_back(refund=refund, number=number, to=PaidTo.ABROAD, acting=CLERK, at=at)


def told_of(bill: FinalBill) -> list[str]:
    return list(
        Event.objects.filter(case_id=bill.case_id, name__startswith="refund.")
        .order_by("number")
        .values_list("name", flat=True)
    )


def notices(bill: FinalBill) -> list[str]:
    found = Message.objects.filter(case_id=bill.case_id, key__startswith="refund_account").order_by("pk")
    return list(found.values_list("body", flat=True))


def test_an_account_is_told_changed_read_and_paid_and_each_stands_in_the_history(bill: FinalBill) -> None:
    tell(bill, japan())
    tell(bill, abroad(), proof="q", days=5)
    now = refund_accounts.told(bill)
    assert now is not None
    assert (now.where, now.is_taken, refund_accounts.ending_of(bill)) == (Where.ABROAD, False, "…000")
    assert refund_accounts.read(bill=bill, acting=CLERK, at=AFTER) == abroad()
    paid(bill)
    assert told_of(bill) == ["refund.account_told", "refund.account_told", "refund.account_read", "refund.paid"]
    assert Event.objects.get(case_id=bill.case_id, name="refund.paid").data["to"] == "abroad"
    assert Refund.objects.get(bill=bill).paid_to == "abroad"
    assert_closed_exactly_once(Termination.objects.get(pk=bill.case_id))


def test_the_person_is_told_of_each_account_with_its_last_digits_alone(bill: FinalBill) -> None:
    tell(bill, japan())
    tell(bill, abroad(), proof="q", days=5)
    first, second = notices(bill)
    assert "…321" in first
    assert "7654321" not in first
    assert "…000" in second
    assert IBAN not in second
    assert "+81312345678" in second, "whom to call"


def test_the_same_form_twice_is_as_once(bill: FinalBill) -> None:
    for _ in range(2):
        tell(bill, japan())
    assert (told_of(bill), len(notices(bill))) == (["refund.account_told"], 1)
    assert refund_accounts.was_told(bill=bill, account=japan(), proof="p")
    assert not refund_accounts.was_told(bill=bill, account=japan(), proof="another code")
    assert not refund_accounts.was_told(bill=bill, account=japan("7654322"), proof="p")


def test_the_number_stands_in_no_row_log_event_mail_or_certificate(bill: FinalBill) -> None:
    with capture_logs() as logs:
        tell(bill, japan())
        refund_accounts.read(bill=bill, acting=CLERK, at=AFTER)
        paid(bill)
    case = Termination.objects.get(pk=bill.case_id)
    events = list(Event.objects.filter(case_id=case.pk).values_list("data", flat=True))
    assert "7654321" not in f"{logs} {events} {notices(bill)} {bundle(case.reference)}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM money_refundaccount")
        ((sealed,),) = cursor.fetchall()
    assert b"7654321" not in bytes(sealed)
    assert "タナカ".encode() not in bytes(sealed)


def test_what_is_sealed_opens_for_no_other_bill(bill: FinalBill, esim_line: Line) -> None:
    tell(bill, japan())
    clock = Clock()
    case = ask(esim_line, clock)
    work(clock)
    other = FinalBill.objects.get(case_id=case.pk)
    too_much(other, 9000, "T-2")
    RefundAccount.objects.filter(bill=bill).update(bill=other)
    assert refund_accounts.ending_of(other) == ""
    with pytest.raises(Refused, match=r"money\.no_account"):
        refund_accounts.read(bill=other, acting=CLERK, at=AFTER)
    assert not RefundAccount.objects.filter(taken_at__isnull=False).exists(), "nothing was read, so nothing is held"


def test_nothing_changes_while_staff_pay_nor_when_it_is_paid(bill: FinalBill) -> None:
    tell(bill, japan())
    refund_accounts.read(bill=bill, acting=CLERK, at=AFTER)
    with pytest.raises(Refused, match=r"money\.account_taken"):
        tell(bill, abroad(), proof="q")
    for _ in range(2):
        refund_accounts.let_go(bill=bill, acting=CLERK, at=AFTER)
    tell(bill, abroad(), proof="q")
    assert told_of(bill).count("refund.account_let_go") == 1
    paid(bill)
    with pytest.raises(Refused, match=r"money\.nothing_goes_back"):
        tell(bill, japan(), proof="r")
    with pytest.raises(Refused, match=r"money\.nothing_goes_back"):
        refund_accounts.read(bill=bill, acting=CLERK, at=AFTER)
    too_much(bill, 500, "T-3")
    tell(bill, japan(), proof="r")
    assert refund_accounts.read(bill=bill, acting=CLERK, at=AFTER) == japan(), "more goes back, and to a new account"


def test_there_is_nothing_to_read_before_an_account_is_told(bill: FinalBill) -> None:
    with pytest.raises(Refused, match=r"money\.no_account"):
        refund_accounts.read(bill=bill, acting=CLERK, at=AFTER)
    assert (refund_accounts.told(bill), refund_accounts.ending_of(bill)) == (None, "")


def test_no_other_carrier_sees_that_there_is_one(bill: FinalBill, tonari_line: Line) -> None:
    tell(bill, japan())
    with carrier_scope(tonari_line.carrier_id):
        assert not RefundAccount.objects.exists()
    with carrier_scope(bill.carrier_id):
        assert RefundAccount.objects.count() == 1


def test_an_account_goes_six_months_after_the_last_money_went_to_it(bill: FinalBill) -> None:
    tell(bill, japan())
    assert erasing.erase(at=AFTER + timedelta(days=4000))["refund_account"] == 0, "nobody has paid yet"
    paid(bill)  # on 26 November
    first_free = day_start(date(2027, 5, 27))
    assert erasing.erase(at=first_free - SECOND)["refund_account"] == 0
    assert erasing.erase(at=first_free)["refund_account"] == 1
    kept = RefundAccount.objects.get()
    assert (bytes(kept.sealed), kept.where, refund_accounts.ending_of(bill)) == (b"", "japan", "")
    assert erasing.erase(at=first_free)["refund_account"] == 0, "the second look finds nothing"
