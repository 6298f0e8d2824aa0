"""Does somebody without SIM, phone or mailbox get in, or to a person, and does nobody learn anything by asking?"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.portal.conftest import TABI, newest_code
from tests.portal.test_entry import body_without_chance
from tojimari.codes.help import ASKED_FROM_ADDRESS, written_in
from tojimari.codes.models import HelpRequest
from tojimari.lines.models import Line
from tojimari.messages.models import Message
from tojimari.platform.database.scope import every_carrier

WANG = "wang@mail.example"
FRIDAY_NOON = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
PLEA = {"name": "王小明", "reach": "+86 138 0013 8000", "reasons": ["sim_gone", "abroad"], "text": "关西机场买的"}


def papers(line: Line, **other: str) -> dict[str, str]:
    return {"order": line.order_number, "card": line.iccid[-6:], "email": WANG} | other


@pytest.mark.parametrize("card", [lambda line: line.iccid[-6:], lambda line: line.eid[-6:], lambda line: line.iccid])
def test_order_card_and_mail_together_open(browser: Client, esim_line: Line, card: Any) -> None:
    answer = browser.post("/sign-in/help/", papers(esim_line, card=card(esim_line), email="Wang@Mail.Example"))
    assert answer["Location"] == "/sign-in/code/"
    assert browser.post("/sign-in/code/", {"code": newest_code(WANG)}).status_code == 302
    assert browser.get("/lines/").status_code == 200


def test_leads_back_to_where_the_person_wanted_to_go(browser: Client, esim_line: Line) -> None:
    page = browser.get("/sign-in/help/?next=/lines/7/close/").content.decode()
    assert 'name="next" value="/lines/7/close/"' in page
    browser.post("/sign-in/help/", papers(esim_line) | {"next": "/lines/7/close/"})
    assert browser.post("/sign-in/code/", {"code": newest_code(WANG)})["Location"] == "/lines/7/close/"


WRONG: list[dict[str, str]] = [{"order": "T-99999999"}, {"card": "000000"}, {"email": "tanaka@mail.example"}]


@pytest.mark.parametrize("wrong", WRONG, ids=["order", "card", "mail"])
def test_answers_the_same_whatever_is_wrong(esim_line: Line, wrong: dict[str, str]) -> None:
    seen = []
    for given in (papers(esim_line), papers(esim_line, **wrong)):
        browser = Client(SERVER_NAME=TABI, HTTP_ACCEPT_LANGUAGE="en")
        with CaptureQueriesContext(connection) as asked:
            answer = browser.post("/sign-in/help/", given)
        count = sum("SAVEPOINT" not in query["sql"] for query in asked)
        shown = body_without_chance(browser.get("/sign-in/code/").content).replace(given["order"], "")
        tried = body_without_chance(browser.post("/sign-in/code/", {"code": "000000"}).content)
        seen.append((answer.status_code, count, shown, tried.replace(given["order"], "")))
    assert seen[0] == seen[1]
    with every_carrier():
        assert [message.to for message in Message.objects.all()] == [WANG]


@pytest.mark.parametrize("wrong", WRONG, ids=["order", "card", "mail"])
def test_a_right_guess_with_wrong_papers_opens_nothing(
    browser: Client, esim_line: Line, wrong: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tojimari.codes.actions.secrets.randbelow", lambda most: 123456)
    browser.post("/sign-in/help/", papers(esim_line, **wrong))
    assert browser.post("/sign-in/code/", {"code": "123456"}).status_code == 200
    assert browser.get("/lines/").status_code == 302


def test_a_used_up_allowance_tells_nothing_of_the_papers(esim_line: Line) -> None:
    """Codes asked for at the front must not make right papers answer otherwise than wrong ones."""
    front = Client(SERVER_NAME=TABI, HTTP_ACCEPT_LANGUAGE="en")
    for _ in range(6):
        front.post("/sign-in/", {"identifier": esim_line.iccid})
    for given in (papers(esim_line), papers(esim_line, email="tanaka@mail.example")):
        browser = Client(SERVER_NAME=TABI, HTTP_ACCEPT_LANGUAGE="en")
        assert browser.post("/sign-in/help/", given).status_code == 302


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("order", "", "Type the order number"),
        ("order", "12", "too short for an order number"),
        ("card", "1234", "at least the last 6 digits"),
        ("card", "abcdef", "at least the last 6 digits"),
        ("email", "wang(at)mail", "does not look like an e-mail address"),
    ],
)
def test_says_beside_the_field_what_is_wrong(
    browser: Client, esim_line: Line, field: str, typed: str, said: str
) -> None:
    page = browser.post("/sign-in/help/", papers(esim_line, **{field: typed})).content.decode()
    assert said in page
    assert f'id="id_{field}_error"' in page
    assert not typed or f'value="{typed}"' in page


def test_a_person_is_asked_and_the_promise_is_the_next_business_day(browser: Client) -> None:
    with time_machine.travel(FRIDAY_NOON, tick=False):  # Monday the 23rd is a holiday
        answer = browser.post("/sign-in/help/person/", PLEA)
        page = browser.get(answer["Location"]).content.decode()
    with every_carrier():
        request = HelpRequest.objects.get()
        written = written_in(request)
    assert request.reference in page
    assert "Nov 24, 2026 24:00" in page
    assert request.asked_at == FRIDAY_NOON
    assert request.promised_by == datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
    assert request.language == "en"
    assert written is not None
    assert (written.name, written.reach, list(written.reasons)) == (
        "王小明",
        "+86 138 0013 8000",
        ["sim_gone", "abroad"],
    )


def test_what_was_written_stands_nowhere_in_clear(browser: Client) -> None:
    browser.post("/sign-in/help/person/", PLEA)
    with connection.cursor() as cursor, every_carrier():
        cursor.execute("SELECT row_to_json(t)::text || encode(sealed, 'escape') FROM codes_helprequest AS t")
        (row,) = cursor.fetchone()
    assert "138 0013" not in row
    assert "小明" not in row


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("name", "", "Type your name"),
        ("reach", "", "Type an e-mail address or a phone number"),
        ("reach", "somewhere", "does not look like an e-mail address"),
        ("reasons", [], "Tick what happened"),
    ],
)
def test_keeps_what_was_typed_when_something_is_missing(browser: Client, field: str, typed: Any, said: str) -> None:
    plea = PLEA | {field: typed} | ({"text": ""} if field == "reasons" else {})
    answer = browser.post("/sign-in/help/person/", plea)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert said in page
    assert f'id="id_{field}_error"' in page
    assert field == "name" or 'value="王小明"' in page
    with every_carrier():
        assert not HelpRequest.objects.exists()


def test_one_address_cannot_flood_the_staff(browser: Client) -> None:
    for _ in range(ASKED_FROM_ADDRESS):
        assert browser.post("/sign-in/help/person/", PLEA).status_code == 302
    page = browser.post("/sign-in/help/person/", PLEA).content.decode()
    assert "no more for now" in page
    assert "关西机场买的" in page
    assert "+81312345678" in page


def test_there_is_no_receipt_before_anything_was_asked(browser: Client) -> None:
    assert browser.get("/sign-in/help/asked/").status_code == 302


@pytest.mark.parametrize("path", ["/sign-in/help/", "/sign-in/help/person/"])
def test_every_page_of_it_names_a_person_and_188(browser: Client, path: str) -> None:
    page = browser.get(path).content.decode()
    assert "tel:+81312345678" in page
    assert "188" in page
