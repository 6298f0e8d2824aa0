"""Does a provider's message count once, only when it is genuine and fresh, and only for its own carrier?"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.terminations.play import Clock, ask, work
from tojimari.lines.models import Line
from tojimari.money.models import FinalBill, Incoming, Notice, Refund
from tojimari.money.webhooks import sign
from tojimari.platform import config as settings
from tojimari.platform.database.scope import every_carrier
from tojimari.portal.views import hooks
from tojimari.rules.calendar import jst_date

SECRET, OTHER = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_" + "QUJD" * 10
DOCUMENT = Path(__file__).parents[2] / "docs/operators/payments.md"

Send = Callable[..., HttpResponse]


@pytest.fixture(autouse=True)
def _secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    text = f'tabi = ["{SECRET}"]\ntonari = ["{OTHER}"]'
    found = settings.read({"TOJIMARI_PAYMENT_SECRETS": text})
    monkeypatch.setattr(hooks, "config", lambda: found)


@pytest.fixture
def bill(tanaka_line: Line) -> FinalBill:
    clock = Clock()
    with every_carrier():
        case = ask(tanaka_line, clock)
        work(clock)
        return FinalBill.objects.get(case_id=case.pk)


def example(bill: FinalBill, **data: Any) -> bytes:
    """The body in the operators' document, for this bill."""
    (text,) = re.findall(r"^\{.type.*$", DOCUMENT.read_text("utf-8"), re.MULTILINE)
    message = json.loads(text)
    message["data"] |= {"reference": bill.reference, "paid_at": "2026-11-20T10:00:00+09:00"} | data
    return json.dumps(message).encode()


@pytest.fixture
def send(browser: Client) -> Send:
    def do(body: bytes, *, id: str = "msg_1", secret: str = SECRET, age: int = 0, **more: Any) -> HttpResponse:
        stamp = int(time.time()) - age
        headers = {
            "webhook-id": id,
            "webhook-timestamp": str(stamp),
            "webhook-signature": more.pop("signature", "") or sign(id, stamp, body, secret),
        }
        return browser.post("/hooks/payments/", body, content_type="application/json", headers=headers, **more)  # type: ignore[return-value]  # the test client's own response

    return do


def incoming() -> int:
    with every_carrier():
        return Incoming.objects.count()


def test_the_example_of_the_document_pays_the_bill_and_again_says_the_same(bill: FinalBill, send: Send) -> None:
    body = example(bill)
    answers = [send(body) for _ in range(3)]
    assert {one.status_code for one in answers} == {200}
    expected = {"result": "paid", "reference": bill.reference, "left_yen": 0}
    assert [json.loads(one.content) for one in answers] == [expected] * 3
    assert json.loads(send(body, id="msg_2").content) == expected  # another message of the same payment
    assert incoming() == 1


def test_a_known_id_with_another_body_is_refused(bill: FinalBill, send: Send) -> None:
    send(example(bill))
    assert send(example(bill, amount_yen=1)).status_code == 409
    assert incoming() == 1


def test_less_and_more_than_was_asked_for_is_noted_and_seen(bill: FinalBill, send: Send) -> None:
    part = send(example(bill, amount_yen=156, payment_id="p1"), id="m1")
    over = send(example(bill, amount_yen=2500, payment_id="p2"), id="m2")
    assert json.loads(part.content) == {"result": "partial", "reference": bill.reference, "left_yen": 2000}
    assert json.loads(over.content)["result"] == "over"
    with every_carrier():
        assert Refund.objects.get().amount_yen == 500


def test_what_is_not_genuine_or_not_fresh_changes_nothing(bill: FinalBill, send: Send) -> None:
    body = example(bill)
    now = int(time.time())
    tampered = sign("msg_1", now, body, SECRET)
    for answer in (
        send(body, secret=OTHER),
        send(body, age=301),
        send(body, age=-330),
        send(body, id="a.b c"),
        send(body, signature="v1,"),
        send(body, signature="v2," + tampered[3:]),
        send(body.replace(b"2156", b"9156"), signature=tampered),
    ):
        assert answer.status_code == 401, answer.content
    assert incoming() == 0
    with every_carrier():
        assert not Notice.objects.exists()
    assert send(body, age=290).status_code == 200


def test_a_neighbour_s_secret_opens_no_bill_of_ours(bill: FinalBill, send: Send) -> None:
    body = example(bill)
    at_neighbour = send(body, secret=OTHER, SERVER_NAME="tonari.example")
    assert (at_neighbour.status_code, json.loads(at_neighbour.content)) == (422, {"error": "money.no_bill"})
    assert send(body, secret=SECRET, SERVER_NAME="tonari.example").status_code == 401
    assert incoming() == 0


@pytest.mark.parametrize(
    "changed",
    [
        {"amount_yen": 0},
        {"amount_yen": "2156"},
        {"amount_yen": 2156.0},
        {"amount_yen": True},
        {"currency": "USD"},
        {"paid_at": "2026-11-20T10:00:00"},
        {"paid_at": "2999-01-01T00:00:00Z"},
        {"paid_at": "0001-01-01T00:00:00+14:00"},
        {"payment_id": ""},
        {"reference": 5},
    ],
)
def test_what_could_be_read_in_two_ways_is_not_read(bill: FinalBill, send: Send, changed: dict[str, Any]) -> None:
    assert send(example(bill, **changed)).status_code == 422
    assert incoming() == 0


def test_a_message_that_comes_too_early_is_taken_when_it_is_sent_again(tanaka_line: Line, send: Send) -> None:
    clock = Clock()
    with every_carrier():
        case = ask(tanaka_line, clock)
        early = FinalBill(reference=case.reference)
        assert send(example(early)).status_code == 422
        work(clock)
    assert json.loads(send(example(early)).content)["result"] == "paid"
    assert incoming() == 1


def test_a_provider_whose_clock_is_a_little_ahead_loses_no_payment(bill: FinalBill, send: Send) -> None:
    ahead = datetime.now(UTC) + timedelta(seconds=60)
    assert send(example(bill, paid_at=ahead.isoformat())).status_code == 200
    with every_carrier():
        assert Incoming.objects.get().received_on <= jst_date(datetime.now(UTC))


def test_other_bodies_are_answered_and_not_taken(bill: FinalBill, send: Send, browser: Client) -> None:
    body = example(bill)
    twice = body.replace(b'"amount_yen": 2156', b'"amount_yen": 1, "amount_yen": 2156')
    assert send(twice, id="m1").status_code == 422
    assert send(b"[" * 10_000, id="m2").status_code == 422
    assert send(b" " * 17_000, id="m3").status_code == 413
    assert json.loads(send(b'{"type": "payment.failed"}', id="m4").content) == {"result": "ignored"}
    assert browser.get("/hooks/payments/").status_code == 405
    assert incoming() == 0


def test_without_a_secret_there_is_no_such_address(
    bill: FinalBill, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = settings.read({})
    monkeypatch.setattr(hooks, "config", lambda: found)
    assert send(example(bill)).status_code == 404


@pytest.mark.parametrize(
    "text", ["tabi = 1", "tabi", 'tabi = ["whsec_"]', 'tabi = ["secret"]', 'tabi = ["whsec_QUJD"]']
)
def test_a_secret_that_is_none_stops_the_start_and_is_not_repeated(text: str) -> None:
    with pytest.raises(settings.ConfigError) as caught:
        settings.read({"TOJIMARI_PAYMENT_SECRETS": text})
    assert "QUJD" not in str(caught.value)
