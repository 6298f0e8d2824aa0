"""Does every SMS go out once, and is it known what became of it, whatever gateway and workers do?"""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection

from tests.cast import MakeLine
from tests.support.gateway import PASSWORD, WITHIN, Smsc, running_smsc
from tojimari.lines.models import Carrier
from tojimari.messages import channels, delivery
from tojimari.messages.actions import Letter, put
from tojimari.messages.channels import channel_name, receipts
from tojimari.messages.channels.smpp import channel
from tojimari.messages.channels.smpp.pdu import Status
from tojimari.messages.channels.smpp.settings import Settings
from tojimari.messages.delivery import LEASE, UNSURE_WAITS, deliver
from tojimari.messages.models import Delivery, Message, MessageKind, MessageState, Receipt
from tojimari.messages.texts import Written
from tojimari.platform.config import read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_worker")]

NUMBER = "819012345678"
TEXT = "旅モバイル: 認証コードは 123456 です。"

Use = Callable[..., None]


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Iterator[Use]:
    """Set the gateway that is used; every connection is ended afterwards."""

    def change(smsc_port: int, **values: object) -> None:
        usual: dict[str, object] = {
            "smpp_host": "127.0.0.1",
            "smpp_port": smsc_port,
            "smpp_system_id": "tabi",
            "smpp_password": PASSWORD,
            "smpp_rate": 1000,
        }
        chosen = read({f"TOJIMARI_{name.upper()}": str(value) for name, value in (usual | values).items()})
        monkeypatch.setattr(channels, "config", lambda: chosen)
        monkeypatch.setattr(channel, "config", lambda: chosen)

    yield change
    channel.hang_up()


@pytest.fixture
def smsc(use: Use) -> Iterator[Smsc]:
    with running_smsc() as running:
        use(running.port)
        yield running
        channel.hang_up()


def sms(carrier: Carrier, to: str = NUMBER, text: str = TEXT, **changed: Any) -> Message:
    letter = Letter(carrier.pk, MessageKind.SMS, to, Written("ja", "", text), **changed)
    return put(letter, at=datetime.now(UTC))


def a_code(carrier: Carrier, minutes: int = 10) -> Message:
    return sms(carrier, wipe_at=datetime.now(UTC) + timedelta(minutes=minutes))


def reread(message: Message) -> Message:
    message.refresh_from_db()
    return message


def now_due() -> None:
    Message.objects.filter(state=MessageState.QUEUED).update(due_at=datetime.now(UTC))


def its_worker_is_gone() -> None:
    Message.objects.filter(state=MessageState.SENDING).update(lease_until=datetime.now(UTC) - timedelta(seconds=1))


def take(many: int = 1) -> None:
    """Take so many receipts, and fail if they do not come."""
    (take_receipts,) = receipts()
    until = time.monotonic() + WITHIN
    taken = 0
    while taken < many:
        assert time.monotonic() < until, "no receipt came"
        taken += take_receipts(0.5)


def test_an_sms_goes_out_and_is_known_to_have_arrived(smsc: Smsc, tabi: Carrier) -> None:
    message = sms(tabi)
    assert deliver() == 1
    (arrived,) = smsc.submits()
    assert (arrived["to"], arrived["text"], arrived["coding"]) == (NUMBER, TEXT, 8)
    reread(message)
    assert (message.state, message.channel, message.gateway_id, message.parts) == (MessageState.SENT, "smpp", "1", 1)
    take()
    assert reread(message).delivery == Delivery.DELIVERED
    assert smsc.wait_for(lambda event: "receipt_taken" in event)["status"] == Status.ESME_ROK


def test_nothing_is_sent_where_no_gateway_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channels, "config", lambda: read({}))
    assert channel_name(MessageKind.SMS) == ""
    assert receipts() == []


def test_a_receipt_that_overtakes_the_answer_counts(smsc: Smsc, tabi: Carrier) -> None:
    smsc.plan({"receipt": "before"})
    message = sms(tabi)
    client = channel.gateway()
    assert client.is_bound(WITHIN)
    sent = channel.send([message])
    first = next(sent)
    take()  # before the outbox knows the name
    assert Receipt.objects.get().message_id is None
    Message.objects.update(state=MessageState.SENDING, lease_owner="me")
    delivery._record(first, "smpp", "me")
    reread(message)
    assert (message.state, message.delivery) == (MessageState.SENT, Delivery.DELIVERED)


def test_a_receipt_may_come_days_later(smsc: Smsc, tabi: Carrier) -> None:
    smsc.plan({"receipt": "none"})
    message = sms(tabi)
    deliver()
    assert reread(message).delivery == Delivery.UNKNOWN
    channel.hang_up()  # the worker was started anew meanwhile
    assert channel.gateway().is_bound(WITHIN)
    smsc.receipt("1", to=NUMBER, stat="EXPIRED", err="0FF")
    take()
    reread(message)
    assert (message.delivery, message.delivery_code) == (Delivery.EXPIRED, "EXPIRED 0FF")


def test_several_parts_have_one_fate(smsc: Smsc, tabi: Carrier) -> None:
    smsc.plan({"receipt": "after"}, {"receipt": "after", "stat": "UNDELIV", "err": "001"}, {"receipt": "after"})
    lost = sms(tabi, text=TEXT * 6)
    assert deliver() == 1
    whole = sms(tabi, text=TEXT * 4)
    assert deliver() == 1
    take(len(smsc.submits()))
    assert (reread(lost).parts, lost.delivery, lost.delivery_code) == (3, Delivery.UNDELIVERED, "UNDELIV 001")
    assert (reread(whole).parts, whole.delivery) == (2, Delivery.DELIVERED)


def test_several_go_out_at_the_same_time_and_each_has_its_own_fate(smsc: Smsc, tabi: Carrier) -> None:
    smsc.plan({}, {"status": Status.ESME_RINVDSTADR}, {"status": Status.ESME_RINVMSGLEN}, {"status": 0x0401})
    messages = [sms(tabi, f"81901234567{place}") for place in range(5)]
    assert deliver() == 4
    assert [(reread(one).state, one.code, one.delivery_code) for one in messages] == [
        ("sent", "", ""),
        ("failed", "message.number_wrong", "0x0000000b"),
        ("failed", "message.sms_not_taken", "0x00000001"),
        ("queued", "message.gateway_away", ""),
        ("sent", "", ""),
    ]


@pytest.mark.parametrize("number", ["0", "090-1234-5678", "8190123456781234567890"])
def test_what_can_be_no_number_is_given_up_without_asking_the_gateway(smsc: Smsc, tabi: Carrier, number: str) -> None:
    message = sms(tabi, number)
    assert deliver() == 1
    assert (reread(message).state, message.code) == (MessageState.FAILED, "message.number_wrong")
    assert not smsc.submits()


def test_a_busy_gateway_gets_the_rest_later(
    smsc: Smsc, use: Use, tabi: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(smsc.port, smpp_window=2)
    assert channel.gateway().is_bound(WITHIN)
    monkeypatch.setattr(channel.gateway(), "_settings", Settings(host="", waits_when_busy=()))
    smsc.plan({"status": Status.ESME_RTHROTTLED})
    messages = [sms(tabi, f"81901234567{place}") for place in range(4)]
    assert deliver() == 1
    assert [(reread(one).state, one.attempts) for one in messages] == [
        ("queued", 1),
        ("sent", 1),
        ("queued", 0),
        ("queued", 0),
    ]
    assert messages[0].code == "message.gateway_busy"
    now_due()
    assert deliver() == 3


def test_a_gateway_that_lets_us_not_in_and_one_that_is_away_are_told_apart(
    smsc: Smsc, use: Use, tabi: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(smsc.port, smpp_password="wrong")
    monkeypatch.setattr(channel, "SIGN_IN_WITHIN", WITHIN)
    message, other = sms(tabi), sms(tabi)
    assert deliver() == 0
    assert (reread(message).state, message.code, message.attempts) == ("queued", "message.gateway_refuses", 1)
    assert (reread(other).state, other.attempts) == ("queued", 0)
    monkeypatch.setattr(channel, "SIGN_IN_WITHIN", 0.1)
    smsc.stop()
    use(smsc.port)
    now_due()
    assert deliver() == 0
    assert reread(message).code == "message.gateway_away"


def test_a_code_does_not_arrive_when_it_is_over(smsc: Smsc, tabi: Carrier) -> None:
    a_code(tabi, minutes=10)
    deliver()
    (arrived,) = smsc.submits()
    assert arrived["validity"]
    assert (
        timedelta(minutes=9) < datetime.fromisoformat(arrived["validity"]) - datetime.now(UTC) < timedelta(minutes=11)
    )


@pytest.mark.parametrize("text", ["Tabi: https://evil.example/pay", "確認は evil.example へ。"])
def test_an_sms_with_an_address_of_somebody_else_is_held_back(smsc: Smsc, tabi: Carrier, text: str) -> None:
    strange, ours = sms(tabi, text=text), sms(tabi, text="Tabi: {{case}}", reference="T-1")
    assert deliver() == 1
    assert (reread(strange).state, strange.code, strange.body) == (MessageState.REFUSED, "message.foreign_link", "")
    assert reread(ours).state == MessageState.SENT


def test_a_number_that_went_off_meanwhile_gets_nothing(smsc: Smsc, tabi: Carrier, make_line: MakeLine) -> None:
    line = make_line(carrier=tabi)
    message = sms(tabi, line.msisdn)
    type(line).objects.filter(pk=line.pk).update(number_off_at=datetime.now(UTC))
    assert deliver() == 0
    assert (reread(message).state, message.code) == (MessageState.REFUSED, "message.number_off")
    assert not smsc.submits()


# What nobody knows: the message was handed over, and no answer came.


def lose_the_answer(smsc: Smsc) -> None:
    smsc.plan({"drop": True})
    deliver()


def test_an_sms_whose_answer_was_lost_is_not_sent_again_at_once(smsc: Smsc, tabi: Carrier) -> None:
    message = sms(tabi)
    lose_the_answer(smsc)
    reread(message)
    assert (message.state, message.code, message.unsure) == (MessageState.QUEUED, "message.answer_lost", True)
    assert message.due_at > datetime.now(UTC) + UNSURE_WAITS[MessageKind.SMS] - timedelta(minutes=1)
    now_due()
    assert channel.gateway().is_bound(WITHIN)
    assert deliver() == 1
    assert (reread(message).state, message.unsure) == (MessageState.SENT, True)  # it says so for ever
    assert len(smsc.submits()) == 2


def test_a_code_whose_answer_was_lost_is_never_sent_again(smsc: Smsc, tabi: Carrier) -> None:
    message = a_code(tabi)
    lose_the_answer(smsc)
    reread(message)
    assert (message.state, message.code, message.unsure) == (MessageState.SENT, "message.answer_lost", True)
    now_due()
    assert deliver() == 0
    assert len(smsc.submits()) == 1


def test_a_receipt_tells_that_it_arrived_although_its_answer_was_lost(smsc: Smsc, tabi: Carrier) -> None:
    message = sms(tabi)
    lose_the_answer(smsc)
    assert channel.gateway().is_bound(WITHIN)
    smsc.receipt("1", to=NUMBER)
    take()
    reread(message)
    assert (message.state, message.delivery, message.gateway_id) == (MessageState.SENT, Delivery.DELIVERED, "1")
    now_due()
    assert deliver() == 0


def test_a_receipt_tells_that_it_did_not_arrive_and_it_goes_out_again(smsc: Smsc, tabi: Carrier) -> None:
    message = sms(tabi)
    lose_the_answer(smsc)
    assert channel.gateway().is_bound(WITHIN)
    smsc.receipt("1", to=NUMBER, stat="UNDELIV")
    take()
    assert deliver() == 1
    assert (reread(message).state, message.gateway_id) == (MessageState.SENT, "2")


@pytest.mark.parametrize("why", ["two", "one_under_way", "other_number", "long"])
def test_a_receipt_that_could_mean_another_settles_nothing(smsc: Smsc, tabi: Carrier, why: str) -> None:
    message = sms(tabi, text=TEXT * 4 if why == "long" else TEXT)
    if why == "two":
        smsc.plan({"drop": True}, {"drop": True})
        sms(tabi)
    lose_the_answer(smsc)
    if why == "one_under_way":
        Message.objects.filter(pk=sms(tabi).pk).update(state=MessageState.SENDING)
    assert channel.gateway().is_bound(WITHIN)
    smsc.receipt("77", to="818011112222" if why == "other_number" else NUMBER)
    take()
    assert reread(message).state == MessageState.QUEUED
    assert Receipt.objects.get(gateway_id="77").message_id is None


def _die_before_the_record() -> None:
    """What a worker does that is killed when the gateway has the message and the row does not know it."""
    delivery._record = lambda *_: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[assignment]
    deliver()


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_after_the_deed_sends_no_second_copy(smsc: Smsc, tabi: Carrier) -> None:
    message, code = sms(tabi), a_code(tabi)
    connection.close()
    process = multiprocessing.get_context("fork").Process(target=_die_before_the_record)
    process.start()
    process.join(30)
    assert process.exitcode == -signal.SIGKILL
    assert len(smsc.submits()) == 2
    its_worker_is_gone()
    assert deliver() == 0
    assert (reread(message).state, message.code, message.unsure) == ("queued", "message.answer_lost", True)
    assert (reread(code).state, code.unsure) == ("sent", True)
    assert len(smsc.submits()) == 2
    assert message.due_at > datetime.now(UTC) + LEASE


def test_a_worker_killed_before_the_deed_loses_nothing(smsc: Smsc, tabi: Carrier) -> None:
    message = sms(tabi)
    delivery._claim(50, "dead", at=datetime.now(UTC))
    its_worker_is_gone()
    assert deliver() == 1
    assert reread(message).state == MessageState.SENT


def test_what_was_handed_over_and_not_recorded_is_not_given_back(
    smsc: Smsc, tabi: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = sms(tabi)

    def trips(*_: object) -> int:
        raise OperationalError("away")

    with monkeypatch.context() as broken:
        broken.setattr(delivery, "_record", trips)
        with pytest.raises(OperationalError):
            deliver()
    delivery._release(reread(message).lease_owner)
    assert reread(message).state == MessageState.SENDING


def test_a_receipt_is_wanted_again_when_the_database_is_away(
    smsc: Smsc, tabi: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError("away")

    assert channel.gateway().is_bound(WITHIN)
    smsc.receipt("1", to=NUMBER)
    with monkeypatch.context() as broken:
        broken.setattr(channel, "told_together", away)
        with pytest.raises(OperationalError):
            channel.take_receipts(WITHIN)
    assert smsc.wait_for(lambda event: "receipt_taken" in event)["status"] == Status.ESME_RX_T_APPN


def test_a_receipt_that_tells_nothing_changes_nothing(smsc: Smsc, tabi: Carrier) -> None:
    smsc.plan({"receipt": "after", "stat": "UNKNOWN"})
    message = sms(tabi)
    deliver()
    take()
    assert reread(message).delivery == Delivery.UNKNOWN
