"""Does a person get in with what they have, and does nobody learn which numbers exist?"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.portal.conftest import SignIn, newest_code, sent_to
from tojimari.codes.models import Code
from tojimari.lines.models import Line
from tojimari.messages.models import Message
from tojimari.platform.database.scope import every_carrier

WANG = "wang@mail.example"
NOON = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


def body_without_chance(content: bytes) -> str:
    """A page without what differs from one request to the next for everybody: the form's token."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", content.decode())


@pytest.mark.parametrize(
    "spelling",
    [
        lambda line: "0" + line.msisdn[2:],
        lambda line: f"+{line.msisdn}",
        lambda line: f"０{line.msisdn[2:4]} ー {line.msisdn[4:8]}－{line.msisdn[8:]}",
        lambda line: line.iccid,
        lambda line: f"{line.iccid[:4]} {line.iccid[4:]}",
        lambda line: line.order_number.lower(),
    ],
)
def test_takes_a_line_in_any_spelling(browser: Client, sim_line: Line, spelling: Callable[[Line], str]) -> None:
    answer = browser.post("/sign-in/", {"identifier": spelling(sim_line)})
    assert answer["Location"] == "/sign-in/code/"
    browser.post("/sign-in/code/", {"code": newest_code(WANG)})
    assert browser.get("/lines/").status_code == 200


def test_answers_the_same_for_a_line_that_does_not_exist(sim_line: Line) -> None:
    pages = []
    for number in ("0" + sim_line.msisdn[2:], "09099999999"):
        browser = Client(SERVER_NAME="tabi.example", HTTP_ACCEPT_LANGUAGE="en")
        asked = browser.post("/sign-in/", {"identifier": number})
        shown = browser.get("/sign-in/code/")
        wrong = browser.post("/sign-in/code/", {"code": "000000"})
        assert asked.status_code == 302
        seen = (asked["Location"], shown.status_code, wrong.status_code)
        pages.append((seen, *(body_without_chance(page.content).replace(number, "") for page in (shown, wrong))))
    assert pages[0] == pages[1]


def test_asks_the_database_as_much_for_a_line_that_does_not_exist(sim_line: Line) -> None:
    counts = []
    for number in (sim_line.order_number, "T-99999999"):
        browser = Client(SERVER_NAME="tabi.example", HTTP_ACCEPT_LANGUAGE="en")
        with CaptureQueriesContext(connection) as asked:
            browser.post("/sign-in/", {"identifier": number})
        counts.append(sum("SAVEPOINT" not in query["sql"] for query in asked))
    assert counts[0] == counts[1]


def test_nothing_is_sent_for_a_line_that_does_not_exist(browser: Client) -> None:
    browser.post("/sign-in/", {"identifier": "09099999999"})
    with every_carrier():
        assert not Message.objects.exists()


def test_gives_a_known_and_an_unknown_line_the_same_limits(sim_line: Line) -> None:
    """Other spellings of a number must not be a way to ask more often for one that does not exist."""
    spellings = ["0{}", "+81{}", "0{} ", "81{}", "０{}", "+81 {}"]
    counts = []
    for tail in (sim_line.msisdn[2:], "9099999999"):
        browser = Client(SERVER_NAME="tabi.example", HTTP_ACCEPT_LANGUAGE="en")
        counts.append([browser.post("/sign-in/", {"identifier": form.format(tail)}).status_code for form in spellings])
    assert counts[0] == counts[1]
    assert counts[0][-1] == 200


def test_a_right_guess_for_a_line_that_does_not_exist_opens_nothing(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tojimari.codes.actions.secrets.randbelow", lambda most: 123456)
    browser.post("/sign-in/", {"identifier": "09099999999"})
    assert browser.post("/sign-in/code/", {"code": "123456"}).status_code == 200
    assert browser.get("/lines/").status_code == 302


def test_refuses_a_code_after_ten_minutes_and_keeps_what_was_typed(browser: Client, sim_line: Line) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        browser.post("/sign-in/", {"identifier": sim_line.order_number})
        code = newest_code(WANG)
        clock.shift(timedelta(minutes=10, seconds=1))
        page = browser.post("/sign-in/code/", {"code": code}).content.decode()
        assert "no longer valid" in page
        assert sim_line.order_number in page
        assert f'value="{code}"' in page
        browser.post("/sign-in/code/again/")
        assert browser.post("/sign-in/code/", {"code": newest_code(WANG)}).status_code == 302


def test_takes_a_code_only_in_the_browser_that_asked(browser: Client, sim_line: Line) -> None:
    other = Client(SERVER_NAME="tabi.example", HTTP_ACCEPT_LANGUAGE="en")
    browser.post("/sign-in/", {"identifier": sim_line.msisdn})
    code = newest_code(WANG)
    other.post("/sign-in/", {"identifier": sim_line.msisdn})
    assert other.post("/sign-in/code/", {"code": code}).status_code == 200 or newest_code(WANG) == code
    assert browser.post("/sign-in/code/", {"code": code}).status_code == 302


def test_takes_a_code_with_spaces_and_full_width_digits(browser: Client, sim_line: Line) -> None:
    browser.post("/sign-in/", {"identifier": sim_line.msisdn})
    code = newest_code(WANG)
    typed = f" {code[:3]} {code[3:].translate(str.maketrans('0123456789', '０１２３４５６７８９'))}"
    assert browser.post("/sign-in/code/", {"code": typed}).status_code == 302


def test_changes_the_session_key_at_sign_in(browser: Client, sim_line: Line) -> None:
    browser.post("/sign-in/", {"identifier": sim_line.msisdn})
    before = browser.cookies["sessionid"].value
    browser.post("/sign-in/code/", {"code": newest_code(WANG)})
    assert browser.cookies["sessionid"].value != before


def test_forgets_who_it_was_after_fifteen_idle_minutes(browser: Client, sim_line: Line, sign_in: SignIn) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        sign_in(browser, sim_line)
        clock.shift(timedelta(minutes=14))
        assert browser.get("/lines/").status_code == 200
        clock.shift(timedelta(minutes=14))
        assert browser.get("/lines/").status_code == 200
        clock.shift(timedelta(minutes=16))
        assert browser.get("/lines/").status_code == 302


def test_forgets_who_it_was_after_an_hour_in_any_case(browser: Client, sim_line: Line, sign_in: SignIn) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        sign_in(browser, sim_line)
        for _ in range(5):
            clock.shift(timedelta(minutes=12))
            assert browser.get("/lines/").status_code == 200
        clock.shift(timedelta(minutes=1))
        assert browser.get("/lines/").status_code == 302


def test_leads_nobody_to_another_site_after_signing_in(browser: Client, sim_line: Line) -> None:
    browser.post("/sign-in/", {"identifier": sim_line.msisdn, "next": "https://evil.example/"})
    answer = browser.post("/sign-in/code/", {"code": newest_code(WANG)})
    assert answer["Location"] == "/lines/"


def test_signing_out_ends_the_session_on_the_server(wang_here: Client) -> None:
    stolen = wang_here.cookies["sessionid"].value
    wang_here.post("/sign-out/")
    thief = Client(SERVER_NAME="tabi.example")
    thief.cookies["sessionid"] = stolen
    assert thief.get("/lines/").status_code == 302


def test_stores_and_shows_the_code_nowhere_but_in_the_mail(browser: Client, sim_line: Line) -> None:
    browser.post("/sign-in/", {"identifier": sim_line.msisdn})
    code = newest_code(WANG)
    assert code not in browser.get("/sign-in/code/").content.decode()
    assert all(code not in subject for subject in sent_to(WANG))
    with every_carrier():
        assert code.encode() not in bytes(Code.objects.get().digest)
