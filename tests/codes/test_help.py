"""Is a request for help kept sealed, answered once, and wiped in time?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tojimari.codes.help import Written, answer, ask_for_help, note_in, open_requests, wipe, written_in
from tojimari.codes.models import HelpRequest
from tojimari.codes.sealed import seal, unseal
from tojimari.lines.models import Carrier
from tojimari.platform.acting import Acting, Refused, Role
from tojimari.platform.database.scope import carrier_scope
from tojimari.terminations.engine.ticks import every_minute

pytestmark = pytest.mark.usefixtures("as_worker")

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
STAFF = Acting(Role.STAFF, "7", "Sato")
DAY = timedelta(days=1)


@pytest.fixture
def request_(tabi: Carrier) -> HelpRequest:
    written = Written("WANG XIAOMING", "wang@mail.example", ("abroad",), "text")
    return ask_for_help(carrier_id=tabi.pk, language="zh-hans", written=written, address="192.0.2.1", at=AT)


def test_a_sealed_text_opens_only_for_what_it_is_about() -> None:
    sealed = seal("秘密", about="HR-1")
    assert unseal(sealed, about="HR-1") == "秘密"
    assert unseal(sealed, about="HR-2") is None
    assert unseal(sealed[:-1] + bytes([sealed[-1] ^ 1]), about="HR-1") is None
    assert unseal(b"", about="HR-1") is None
    assert seal("秘密", about="HR-1") != sealed


def test_is_answered_once_with_a_note(request_: HelpRequest, tabi: Carrier) -> None:
    assert open_requests(tabi.pk) == [request_]
    with pytest.raises(Refused, match=r"help\.note_missing"):
        answer(request_id=request_.pk, carrier_id=tabi.pk, note=" ", acting=STAFF, at=AT + DAY)
    answer(request_id=request_.pk, carrier_id=tabi.pk, note="Called back.", acting=STAFF, at=AT + DAY)
    with pytest.raises(Refused, match=r"help\.answered_already"):
        answer(request_id=request_.pk, carrier_id=tabi.pk, note="Me too.", acting=STAFF, at=AT + DAY)
    request_.refresh_from_db()
    assert (note_in(request_), request_.handled_by, request_.answered_at) == ("Called back.", "staff:7", AT + DAY)
    assert open_requests(tabi.pk) == []


def test_is_wiped_thirty_days_after_the_answer_and_not_before(request_: HelpRequest, tabi: Carrier) -> None:
    assert wipe(at=AT + 400 * DAY) == 0, "what nobody has answered stays"
    answer(request_id=request_.pk, carrier_id=tabi.pk, note="Called back.", acting=STAFF, at=AT + DAY)
    assert wipe(at=AT + 31 * DAY - timedelta(seconds=1)) == 0
    assert wipe(at=AT + 31 * DAY) == 1
    assert wipe(at=AT + 31 * DAY) == 0
    request_.refresh_from_db()
    assert (written_in(request_), note_in(request_)) == (None, "")
    assert request_.asked_at == AT, "the time stands"


def test_the_clock_wipes(request_: HelpRequest, tabi: Carrier) -> None:
    answer(request_id=request_.pk, carrier_id=tabi.pk, note="Called back.", acting=STAFF, at=AT)
    with time_machine.travel(AT + 30 * DAY, tick=False):
        every_minute(0)
    request_.refresh_from_db()
    assert written_in(request_) is None


def test_a_neighbour_sees_and_answers_nothing(request_: HelpRequest, tabi: Carrier, tonari: Carrier) -> None:
    with carrier_scope(tonari.pk):
        assert open_requests(tabi.pk) == []
        with pytest.raises(HelpRequest.DoesNotExist):
            answer(request_id=request_.pk, carrier_id=tonari.pk, note="x", acting=STAFF, at=AT)
