"""Does what a gateway tells of a message find it, in whatever order it comes?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from tojimari.lines.models import Carrier
from tojimari.messages.actions import RECEIPTS_KEPT, Letter, drop_old_receipts, put, receipt, taken
from tojimari.messages.models import Delivery, Message, MessageKind, Receipt
from tojimari.messages.texts import Written
from tojimari.platform.database.scope import carrier_scope, every_carrier

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_worker")]

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@pytest.fixture
def sms(tabi: Carrier) -> Message:
    return put(Letter(tabi.pk, MessageKind.SMS, "819099998888", Written("ja", "", "解約")), at=NOW)


def told(name: str, fate: Delivery, minutes: int = 1, code: str = "") -> Message | None:
    return receipt(channel="smpp", gateway_id=name, fate=fate, at=NOW + timedelta(minutes=minutes), code=code)


def test_a_receipt_after_the_answer_finds_its_message(sms: Message) -> None:
    taken(sms, channel="smpp", gateway_ids=["a"], at=NOW)
    found = told("a", Delivery.DELIVERED)
    assert found is not None
    assert (found.pk, found.delivery, found.delivered_at) == (sms.pk, Delivery.DELIVERED, NOW + timedelta(minutes=1))


def test_a_receipt_that_overtakes_the_answer_waits_for_it(sms: Message) -> None:
    assert told("a", Delivery.UNDELIVERED, code="00B") is None
    taken(sms, channel="smpp", gateway_ids=["a"], at=NOW)
    sms.refresh_from_db()
    assert (sms.delivery, sms.delivery_code) == (Delivery.UNDELIVERED, "00B")


def test_the_same_name_at_another_gateway_is_another_message(sms: Message) -> None:
    taken(sms, channel="smpp", gateway_ids=["a"], at=NOW)
    assert receipt(channel="other", gateway_id="a", fate=Delivery.DELIVERED, at=NOW) is None


@pytest.mark.parametrize("order", list(permutations("abc")))
def test_parts_have_one_fate_together(sms: Message, order: tuple[str, ...]) -> None:
    told(order[0], Delivery.DELIVERED, 1)
    taken(sms, channel="smpp", gateway_ids=["a", "b", "c"], at=NOW)
    told(order[1], Delivery.DELIVERED, 2)
    sms.refresh_from_db()
    assert sms.delivery == Delivery.UNKNOWN
    told(order[2], Delivery.DELIVERED, 3)
    sms.refresh_from_db()
    assert (sms.delivery, sms.delivered_at) == (Delivery.DELIVERED, NOW + timedelta(minutes=3))


def test_one_lost_part_loses_the_message(sms: Message) -> None:
    taken(sms, channel="smpp", gateway_ids=["a", "b"], at=NOW)
    told("a", Delivery.EXPIRED, code="069")
    told("b", Delivery.DELIVERED)
    sms.refresh_from_db()
    assert (sms.delivery, sms.delivery_code) == (Delivery.EXPIRED, "069")


@pytest.mark.parametrize("late", [Delivery.ACCEPTED, Delivery.UNDELIVERED, Delivery.UNKNOWN])
def test_what_is_final_stays(sms: Message, late: Delivery) -> None:
    taken(sms, channel="smpp", gateway_ids=["a"], at=NOW)
    told("a", Delivery.ACCEPTED)
    told("a", Delivery.DELIVERED, 2)
    told("a", late, 3)
    sms.refresh_from_db()
    assert (sms.delivery, sms.delivered_at) == (Delivery.DELIVERED, NOW + timedelta(minutes=2))


def test_a_name_that_is_given_again_means_the_new_message(sms: Message, tabi: Carrier) -> None:
    taken(sms, channel="smpp", gateway_ids=["1"], at=NOW)
    told("1", Delivery.DELIVERED)
    second = put(Letter(tabi.pk, MessageKind.SMS, "819099997777", Written("ja", "", "解約")), at=NOW)
    taken(second, channel="smpp", gateway_ids=["1"], at=NOW)
    second.refresh_from_db()
    assert second.delivery == Delivery.UNKNOWN
    told("1", Delivery.UNDELIVERED, 5)
    sms.refresh_from_db()
    second.refresh_from_db()
    assert (sms.delivery, second.delivery) == (Delivery.DELIVERED, Delivery.UNDELIVERED)


def test_names_are_forgotten_after_their_time_and_the_fate_stays(sms: Message) -> None:
    taken(sms, channel="smpp", gateway_ids=["a"], at=NOW)
    told("a", Delivery.DELIVERED)
    assert drop_old_receipts(at=NOW + RECEIPTS_KEPT) == 0
    assert drop_old_receipts(at=NOW + RECEIPTS_KEPT + timedelta(seconds=1)) == 1
    sms.refresh_from_db()
    assert sms.delivery == Delivery.DELIVERED


def test_a_carrier_sees_its_own_receipts_only(sms: Message, tabi: Carrier) -> None:
    taken(sms, channel="smpp", gateway_ids=["a"], at=NOW)
    told("nobodys", Delivery.DELIVERED)
    with carrier_scope(tabi.pk):
        assert [row.gateway_id for row in Receipt.objects.all()] == ["a"]
    with carrier_scope(tabi.pk + 1):
        assert not Receipt.objects.exists()
    with every_carrier():
        assert Receipt.objects.count() == 2
