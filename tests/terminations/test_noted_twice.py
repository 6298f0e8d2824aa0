"""Is money that two ways tell of counted once, so that nobody pays back what never came?"""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.terminations.play import START
from tests.terminations.test_final_bills import ended, take
from tojimari.lines.models import Line
from tojimari.money.models import FinalBill, Incoming, Refund, Way
from tojimari.money.queries import balance
from tojimari.platform.acting import Refused
from tojimari.terminations.payment_notices import take_notice

pytestmark = pytest.mark.usefixtures("as_worker")


@pytest.fixture
def bill(tanaka_line: Line) -> FinalBill:
    """Of 2,156 yen."""
    return ended(tanaka_line)


def told(bill: FinalBill, number: str, yen: int = 2156) -> tuple[int, dict[str, object]]:
    said = {
        "type": "payment.succeeded",
        "data": {
            "reference": bill.reference,
            "amount_yen": yen,
            "currency": "JPY",
            "payment_id": number,
            "paid_at": START.isoformat(),
        },
    }
    at = START + timedelta(days=3)
    return take_notice(carrier_id=bill.carrier_id, message_id=f"m-{number}", body=json.dumps(said).encode(), at=at)


def test_what_staff_noted_by_hand_before_the_provider_told_of_it_is_once(bill: FinalBill) -> None:
    take(bill, 2156, "pay_9", way=Way.TRANSFER)
    status, answer = told(bill, "pay_9")
    assert (status, answer["result"], answer["left_yen"]) == (200, "paid", 0)
    assert (Incoming.objects.count(), Refund.objects.count()) == (1, 0)


def test_staff_are_told_that_the_same_money_was_noted_in_another_way(bill: FinalBill) -> None:
    assert told(bill, "pay_9")[0] == 200
    for way in (Way.TRANSFER, Way.COUNTER):
        with pytest.raises(Refused, match=r"money\.number_taken"):
            take(bill, 2156, "pay_9", way=way)
    assert (Incoming.objects.count(), Refund.objects.count()) == (1, 0)


def test_other_money_under_the_same_number_of_another_way_counts(bill: FinalBill) -> None:
    take(bill, 1000, "1", way=Way.COUNTER)
    take(bill, 1156, "1", way=Way.TRANSFER)
    assert (balance(bill).left_yen, Incoming.objects.count()) == (0, 2)
