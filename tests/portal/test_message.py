"""Can somebody tell our message from a forged one, and learn nothing else?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from django.test import Client

from tests.portal.conftest import TABI, TONARI
from tojimari.lines.models import Carrier
from tojimari.messages.actions import Letter, put
from tojimari.messages.checking import code_of, find, number_of, ready
from tojimari.messages.mail import wire
from tojimari.messages.models import Message, MessageKind, MessageState
from tojimari.messages.texts import Written
from tojimari.platform import visitors
from tojimari.platform.config import read
from tojimari.platform.database.scope import every_carrier
from tojimari.portal.views import message as views
from tojimari.portal.views.message import TRIES_FOR_ONE

PAGE = "/message/"
REFERENCE = "TJ-7K3M-9QXA-4C2T"
Put = Callable[..., Message]


@pytest.fixture
def put_down(tabi: Carrier) -> Put:
    """A message that was sent to Wang, about a case unless said otherwise."""

    def do(reference: str = REFERENCE, kind: MessageKind = MessageKind.EMAIL, **changed: object) -> Message:
        to = "wang@mail.example" if kind == MessageKind.EMAIL else "819099990001"
        with every_carrier():
            written = Written("zh-hans", "线路已注销", "线路已注销。\n")
            made = put(Letter(tabi.pk, kind, to, written, reference=reference), at=datetime.now(UTC))
            state = {"state": MessageState.SENT, "sent_at": datetime.now(UTC)} | changed
            Message.objects.filter(pk=made.pk).update(**state)
            return Message.objects.select_related("carrier").get(pk=made.pk)

    return do


def asked(browser: Client, number: str, code: str) -> str:
    return browser.post(PAGE, {"number": number, "code": code}).content.decode()


OURS, UNKNOWN = "This message is ours.", "We know no such message."


@pytest.mark.parametrize("reference", [REFERENCE, "HR-7K3M-9QXA", ""])
def test_a_message_of_ours_is_known_by_what_stands_at_its_end(browser: Client, put_down: Put, reference: str) -> None:
    message = put_down(reference)
    last = ready(message).rstrip().split("\n")[-1]
    number, code = number_of(message), code_of(message)
    assert number in last
    assert code in last
    assert "tabi.example" in last
    page = asked(browser, number, code)
    assert OURS in page
    assert "w…@mail.example" in page
    assert "线路已注销" in page
    assert message.to not in page
    typed = f" {number.lower().replace('-', ' ').replace('0', 'o')} "
    assert OURS in asked(browser, typed, code.lower().replace("-", "").replace("1", "l"))


def test_what_goes_over_the_wire_bears_it_as_text_and_as_page(put_down: Put) -> None:
    message = put_down()
    message.body = ready(message)
    sent = message_from_bytes(wire(message, read({})), policy=policy.default)
    for part in sent.iter_parts():
        assert code_of(message) in part.get_content()
        assert "http://tabi.example:8000/message/" in part.get_content()


def test_an_sms_bears_it_and_a_code_by_sms_does_not(put_down: Put) -> None:
    about_case = put_down(kind=MessageKind.SMS)
    assert ready(about_case).endswith(f"{REFERENCE} {code_of(about_case)} http://tabi.example:8000/message/")
    code = put_down(reference="", kind=MessageKind.SMS, wipe_at=datetime.now(UTC))
    assert ready(code) == code.body


def test_what_is_not_ours_is_answered_alike(browser: Client, put_down: Put) -> None:
    message, other = put_down(), put_down("TJ-0000-0000-0000")
    wrong = [
        (REFERENCE, "0000-0000"),
        (REFERENCE, code_of(other)),
        ("TJ-1111-1111-1111", code_of(message)),
        ("MS-0000-0000", code_of(message)),
        ("x", "y"),
        ("MS-ZZZZ-ZZZZ-ZZZZ-ZZZZ", "ﾜﾜ"),
    ]
    pages = {asked(browser, number, code).split('<div role="status">')[1].split("<form")[0] for number, code in wrong}
    assert len(pages) == 1
    assert UNKNOWN in pages.pop()


@pytest.mark.parametrize("changed", [{"state": "queued", "sent_at": None}, {"state": "refused"}, {"state": "failed"}])
def test_what_never_went_out_is_not_ours(browser: Client, put_down: Put, changed: dict[str, object]) -> None:
    message = put_down(**changed)
    assert UNKNOWN in asked(browser, REFERENCE, code_of(message))


def test_the_neighbours_message_is_unknown_here(put_down: Put, tonari: Carrier) -> None:
    message = put_down()
    neighbour = Client(SERVER_NAME=TONARI, HTTP_ACCEPT_LANGUAGE="en")
    assert UNKNOWN in asked(neighbour, REFERENCE, code_of(message))
    with every_carrier():
        assert find(message.carrier_id, REFERENCE, code_of(message)) == message
        assert find(tonari.pk, REFERENCE, code_of(message)) is None


def test_nobody_guesses_for_long(browser: Client, put_down: Put) -> None:
    message = put_down()
    for number in range(TRIES_FOR_ONE):
        typed = REFERENCE.lower() if number % 2 else "." * number + REFERENCE.replace("0", "O")
        asked(browser, typed, "0000-0000")
    answer = browser.post(PAGE, {"number": REFERENCE, "code": code_of(message)})
    assert answer.status_code == 429
    assert "This was tried too often." in answer.content.decode()


def test_what_is_missing_is_said_beside_its_field(browser: Client, tabi: Carrier) -> None:
    page = asked(browser, "", "")
    assert "Type the number." in page
    assert "Type the check code." in page


def test_visitors_behind_a_proxy_do_not_share_one_limit(tabi: Carrier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "TRIES_FROM_ADDRESS", 1)
    monkeypatch.setattr(visitors, "config", lambda: read({"TOJIMARI_PROXIES": "127.0.0.1, 10.0.0.0/24"}))
    browser = Client(SERVER_NAME=TABI)
    tries = [("198.51.100.1", "A"), ("198.51.100.2", "B"), ("192.0.2.1, 198.51.100.1", "C")]
    answers = [
        browser.post("/message/", {"number": number, "code": "x"}, headers={"X-Forwarded-For": forwarded}).status_code
        for forwarded, number in tries
    ]
    assert answers == [200, 200, 429]
