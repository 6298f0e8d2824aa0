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

from tests.cast import MakeLine, a_subscriber
from tests.portal.conftest import SignIn, newest_code, sent_to
from tests.portal.test_closing import confirm
from tojimari.codes.models import Code
from tojimari.lines.models import ContactPoint, Line
from tojimari.messages.models import Message
from tojimari.platform.config import config
from tojimari.platform.database.scope import every_carrier
from tojimari.rules.identifiers import iccid
from tojimari.terminations.models import Step

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
        lambda line: f"ICCID：{line.iccid}",
        lambda line: line.msisdn[2:],
    ],
)
def test_takes_a_line_in_any_spelling(browser: Client, sim_line: Line, spelling: Callable[[Line], str]) -> None:
    answer = browser.post("/sign-in/", {"identifier": spelling(sim_line)})
    assert answer["Location"] == "/sign-in/code/"
    browser.post("/sign-in/code/", {"code": newest_code(WANG)})
    assert browser.get("/lines/").status_code == 200


def test_takes_an_eid(browser: Client, esim_line: Line) -> None:
    browser.post("/sign-in/", {"identifier": f"{esim_line.eid[:16]} {esim_line.eid[16:]}"})
    assert "(EID)" in browser.get("/sign-in/code/").content.decode()
    browser.post("/sign-in/code/", {"code": newest_code(WANG)})
    assert browser.get("/lines/").status_code == 200


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("8981100000000000011", "check digit of this ICCID"),
        ("8981100000000000", "18 to 20 digits"),
        ("89049032123451234512345678901234", "check digits of this EID"),
        ("8904903212345123451234567890123", "An EID has 32 digits"),
        ("0901234567", "too few or too many digits"),
        ("+8613800138000", "not a telephone number of Japan"),
        ("12", "too short"),
        ("我的手机", "cannot be read"),
        ("wang@mail.example", "does not say which line"),
        ("", "Type one of the four"),
    ],
)
def test_says_beside_the_field_what_is_wrong_and_keeps_what_was_typed(browser: Client, typed: str, said: str) -> None:
    answer = browser.post("/sign-in/", {"identifier": typed})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert re.search(said, page)
    assert f'value="{typed}"' in page or not typed
    assert 'id="id_identifier_error"' in page


@pytest.mark.parametrize(("language", "said"), [("ja", "ICCID"), ("zh-CN", "ICCID"), ("zh-TW", "ICCID")])
def test_says_it_in_the_readers_language(language: str, said: str) -> None:
    browser = Client(SERVER_NAME="tabi.example", HTTP_ACCEPT_LANGUAGE=language)
    page = browser.post("/sign-in/", {"identifier": "8981100000000000011"}).content.decode()
    error = re.search(r'id="id_identifier_error"[^>]*>([^<]+)<', page)
    assert error is not None
    assert said in error[1]
    assert "check digit" not in error[1]


def test_warns_of_a_sim_from_abroad_and_takes_it_all_the_same(browser: Client, make_line: MakeLine) -> None:
    card = iccid.with_check_digit("894411006812345678")
    for known in (False, True):
        if known:
            make_line(iccid=card, email="far@mail.example")
        assert browser.post("/sign-in/", {"identifier": card}).status_code == 302
        page = browser.get("/sign-in/code/").content.decode()
        assert "This SIM was not issued in Japan" in page
        assert "/another-carrier/" in page
    assert browser.post("/sign-in/code/", {"code": newest_code("far@mail.example")}).status_code == 302


def test_a_code_by_sms_needs_the_order_number(browser: Client, sim_line: Line, esim_line: Line) -> None:
    for typed in (f"0{sim_line.msisdn[2:]}", sim_line.iccid, esim_line.eid):
        page = browser.post("/sign-in/", {"identifier": typed, "by": "sms"}).content.decode()
        assert "type your order number" in page
        assert f'value="{typed}"' in page
    with every_carrier():
        assert not Message.objects.exists()


def test_a_code_by_sms_goes_to_another_number_and_opens(browser: Client, sim_line: Line, esim_line: Line) -> None:
    browser.post("/sign-in/", {"identifier": sim_line.order_number, "by": "sms"})
    with every_carrier():
        message = Message.objects.get()
    assert (message.kind, message.to) == ("sms", esim_line.msisdn)
    assert esim_line.msisdn[-4:] not in browser.get("/sign-in/code/").content.decode()
    assert browser.post("/sign-in/code/", {"code": newest_code(esim_line.msisdn)}).status_code == 302
    assert browser.get("/lines/").status_code == 200


def test_who_has_no_mail_is_asked_again_by_sms_and_the_case_says_so(browser: Client, make_line: MakeLine) -> None:
    line = make_line()
    number = line.msisdn
    with time_machine.travel(NOON, tick=False) as clock:
        browser.post("/sign-in/", {"identifier": line.order_number, "by": "sms"})
        browser.post("/sign-in/code/", {"code": newest_code(number)})
        assert browser.get("/lines/").status_code == 200
        clock.shift(timedelta(minutes=10))
        path = f"/lines/{line.pk}/close/confirm/?end=date&date=2026-12-31"
        assert confirm(browser, path) == "/sign-in/code/"
        assert browser.post("/sign-in/code/", {"code": newest_code(number)})["Location"] == path
        assert confirm(browser, path).endswith("/receipt/")
    with every_carrier():
        assert set(Message.objects.values_list("kind", "to")) == {("sms", number)}
        assert Step.objects.get(name="verify").evidence["sent_by"] == "sms"


def test_sends_no_sms_to_a_number_that_is_off(browser: Client, make_line: MakeLine) -> None:
    line = make_line()
    with every_carrier():
        ContactPoint.objects.create(carrier=line.carrier, subscriber=line.subscriber, kind="sms", value=line.msisdn)
        Line.objects.filter(pk=line.pk).update(number_off_at=NOON, state="terminated")
        make_line(msisdn=line.msisdn, subscriber=a_subscriber(line.carrier, "C-2"))  # given out again
    assert browser.post("/sign-in/", {"identifier": line.order_number, "by": "sms"}).status_code == 302
    with every_carrier():
        assert not Message.objects.exists()


def test_offers_no_sms_where_none_can_be_sent(browser: Client, sim_line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "By SMS" in browser.get("/sign-in/").content.decode()
    strict = config().model_copy(update={"demo": False})
    monkeypatch.setattr("tojimari.messages.channels.config", lambda: strict)
    assert "By SMS" not in browser.get("/sign-in/").content.decode()
    browser.post("/sign-in/", {"identifier": sim_line.order_number, "by": "sms"})
    with every_carrier():
        assert Message.objects.get().kind == "email"


@pytest.mark.parametrize("by", ["email", "sms"])
def test_both_ways_answer_the_same_for_an_order_that_does_not_exist(sim_line: Line, esim_line: Line, by: str) -> None:
    pages, counts = [], []
    for order in (sim_line.order_number, "T-99999999"):
        browser = Client(SERVER_NAME="tabi.example", HTTP_ACCEPT_LANGUAGE="en")
        with CaptureQueriesContext(connection) as asked:
            answer = browser.post("/sign-in/", {"identifier": order, "by": by})
        counts.append(sum("SAVEPOINT" not in query["sql"] for query in asked))
        shown = browser.get("/sign-in/code/")
        pages.append((answer.status_code, body_without_chance(shown.content).replace(order, "")))
    assert pages[0] == pages[1]
    assert counts[0] == counts[1]


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
