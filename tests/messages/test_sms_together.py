"""Is what comes from the gateway in one go written down in one go, and in its turn?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.messages.test_sms import NUMBER, reread, sms
from tojimari.lines.models import Carrier
from tojimari.messages import delivery
from tojimari.messages.begun import News, told_together
from tojimari.messages.channels import Fate, Sent
from tojimari.messages.models import Delivery, Message, MessageState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_worker")]


def test_what_came_together_is_written_down_with_as_many_statements_however_many_it_is(tabi: Carrier) -> None:
    """The answers of a window, and their receipts: a night of closings sends a hundred thousand."""
    spent, now = [], datetime.now(UTC)
    for many in (2, 20):
        known = [
            Sent(sms(tabi, f"8190{number:08d}"), Fate.SENT, gateway_ids=(f"{many}-{number}",)) for number in range(many)
        ]
        Message.objects.filter(state=MessageState.QUEUED).update(state=MessageState.SENDING, lease_owner="me")
        news = [News(one.gateway_ids[0], one.message.to, None, Delivery.DELIVERED, now) for one in known]
        early, late = news[: many // 2], news[many // 2 :]
        with CaptureQueriesContext(connection) as asked:
            told_together(early, channel="smpp", now=now)
            assert delivery._record(known, "smpp", "me") == many
            told_together(late, channel="smpp", now=now)
        spent.append(len(asked))
        assert Message.objects.filter(state=MessageState.SENT, delivery=Delivery.DELIVERED).count() == many
        Message.objects.all().delete()
    assert spent[0] == spent[1]


def test_a_name_that_comes_twice_at_once_is_told_in_its_turn(tabi: Carrier) -> None:
    now, message = datetime.now(UTC), sms(tabi)
    Message.objects.update(state=MessageState.SENDING, lease_owner="me")
    delivery._record([Sent(message, Fate.SENT, gateway_ids=("7",))], "smpp", "me")
    fates = (Delivery.ACCEPTED, Delivery.DELIVERED, Delivery.UNDELIVERED)
    told_together([News("7", NUMBER, None, fate, now) for fate in fates], channel="smpp", now=now)
    assert reread(message).delivery == Delivery.DELIVERED, "what is final stays"
