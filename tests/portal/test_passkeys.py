"""Can a resident add a passkey, come in with it, close a line and remove it again, and can nobody else?"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.test.utils import override_settings

from tests.portal.conftest import TABI, TONARI, SignIn, newest_code, sent_to
from tests.support.authenticator import Phone
from tojimari.codes.models import Passkey
from tojimari.codes.passkeys import ASKED_FROM_ADDRESS
from tojimari.lines.models import Carrier, Line, Subscriber
from tojimari.messages.models import Message
from tojimari.platform.database.scope import every_carrier
from tojimari.terminations.models import Step, Termination

WANG, TANAKA = "wang@mail.example", "tanaka@mail.example"


@pytest.fixture
def phone() -> Phone:
    return Phone(origin=f"http://{TABI}", host=TABI)


def add(browser: Client, phone: Phone, label: str = "") -> str:
    """Add the phone's passkey to whoever is signed in; return what the page then says."""
    options = browser.post("/passkeys/add/options/")
    assert options.status_code == 200, options.content.decode()
    sent = browser.post("/passkeys/add/", {"credential": phone.makes(options.json()), "label": label}, follow=True)
    return sent.content.decode()


def come_in(browser: Client, phone: Phone, **more: str) -> str:
    """Sign in with the phone; return where that leads."""
    options = browser.post("/sign-in/passkey/options/").json()
    answer = browser.post("/sign-in/passkey/", {"credential": phone.signs(options)} | more)
    assert answer.status_code == 302
    return answer["Location"]


def a_new_browser() -> Client:
    return Client(SERVER_NAME=TABI, HTTP_ACCEPT_LANGUAGE="en")


def test_adds_a_passkey_comes_in_with_it_and_closes_a_line(wang_here: Client, sim_line: Line, phone: Phone) -> None:
    assert "The passkey is ready" in add(wang_here, phone, "my phone")
    assert "my phone" in wang_here.get("/passkeys/").content.decode()
    browser = a_new_browser()
    assert come_in(browser, phone, next=f"/lines/{sim_line.pk}/close/") == f"/lines/{sim_line.pk}/close/"
    page = browser.get(f"/lines/{sim_line.pk}/close/confirm/", {"end": "month-end"})
    assert page.status_code == 200
    assert "we will first send you a new one" not in page.content.decode()
    closed = browser.post(
        f"/lines/{sim_line.pk}/close/confirm/", {"effective": "month-end"} | hidden(page.content.decode())
    )
    assert closed.status_code == 302, closed.content.decode()
    with every_carrier():
        case = Termination.objects.get(line=sim_line)
        evidence = Step.objects.get(termination=case, name="verify").evidence
    assert evidence["method"] == "passkey"
    assert "sent_by" not in evidence


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the form in `main`, by name."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.partition("<main")[2]))


def test_tells_the_person_by_mail_when_one_is_added_and_when_one_is_removed(wang_here: Client, phone: Phone) -> None:
    add(wang_here, phone, "Pixel")
    with every_carrier():
        key = Passkey.objects.get()
    page = wang_here.post(f"/passkeys/{key.pk}/remove/", follow=True).content.decode()
    assert "The passkey is removed" in page
    assert "You have no passkey yet" in page
    assert len(sent_to(WANG)) == 3  # the code, and these two
    with every_carrier():
        assert not Passkey.objects.exists()
        added, removed = Message.objects.filter(to=WANG).order_by("pk")[1:]
    assert "Pixel" in added.body
    assert added.language == removed.language == "zh-hans"
    assert come_in(a_new_browser(), phone).startswith("/sign-in/?")


@pytest.mark.parametrize("path", ["/passkeys/add/", "/passkeys/{}/remove/", "/passkeys/prove/"])
def test_an_old_proof_adds_and_removes_nothing_until_it_is_renewed(wang_here: Client, phone: Phone, path: str) -> None:
    add(wang_here, phone)
    with every_carrier():
        key = Passkey.objects.get()
    options = wang_here.post("/passkeys/add/options/").json()
    other = Phone(origin=phone.origin, host=phone.host)
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=6)):
        page = wang_here.get("/passkeys/").content.decode()
        assert "first show once more that it is you" in page
        assert "data-passkey" not in page
        assert wang_here.post("/passkeys/add/options/").status_code == 403
        answer = wang_here.post(path.format(key.pk), {"credential": other.makes(options)})
        assert answer["Location"] == "/sign-in/code/"
        with every_carrier():
            assert Passkey.objects.get() == key
        assert wang_here.post("/sign-in/code/", {"code": newest_code(WANG)})["Location"] == "/passkeys/"
        assert "data-passkey" in wang_here.get("/passkeys/").content.decode()


def test_a_passkey_renews_the_proof_instead_of_a_code(wang_here: Client, phone: Phone) -> None:
    add(wang_here, phone)
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=6)):
        wang_here.post("/passkeys/prove/")
        assert 'data-passkey="get"' in wang_here.get("/sign-in/code/").content.decode()
        assert come_in(wang_here, phone, next="/passkeys/") == "/passkeys/"
        assert wang_here.post("/passkeys/add/options/").status_code == 200


def test_an_answer_works_once_and_in_its_own_browser(wang_here: Client, phone: Phone) -> None:
    add(wang_here, phone)
    browser, thief = a_new_browser(), a_new_browser()
    credential = {"credential": phone.signs(browser.post("/sign-in/passkey/options/").json())}
    thief.post("/sign-in/passkey/options/")
    assert thief.post("/sign-in/passkey/", credential)["Location"].startswith("/sign-in/?")
    assert browser.post("/sign-in/passkey/", credential)["Location"] == "/lines/"
    assert browser.post("/sign-in/passkey/", credential)["Location"].startswith("/sign-in/?")
    browser.post("/sign-out/")
    assert browser.post("/sign-in/passkey/", credential)["Location"].startswith("/sign-in/?")
    assert browser.get("/lines/").status_code == 302


def test_a_wrong_answer_uses_the_challenge_up(wang_here: Client, phone: Phone) -> None:
    add(wang_here, phone)
    browser = a_new_browser()
    options = browser.post("/sign-in/passkey/options/").json()
    for wrong in ("", "{}", replace(phone, origin="http://evil.example").signs(options)):
        browser.post("/sign-in/passkey/", {"credential": wrong})
    assert browser.post("/sign-in/passkey/", {"credential": phone.signs(options)})["Location"].startswith("/sign-in/?")


def test_what_is_asked_of_a_device_tells_nobody_who_has_a_passkey(wang_here: Client, phone: Phone) -> None:
    before = a_new_browser().post("/sign-in/passkey/options/").json()["publicKey"]
    add(wang_here, phone)
    after = a_new_browser().post("/sign-in/passkey/options/").json()["publicKey"]
    del before["challenge"], after["challenge"]
    assert before == after
    stranger = Phone(origin=phone.origin, host=phone.host, handle=phone.handle)
    unknown, forged = a_new_browser(), a_new_browser()
    come_in(unknown, stranger)
    come_in(forged, replace(stranger, credential_id=phone.credential_id))
    said = [refusal_on(one.get("/sign-in/").content.decode()) for one in (unknown, forged)]
    assert said[0] == said[1]
    assert "does not open anything here" in said[0]


def refusal_on(page: str) -> str:
    return page.partition('role="status"><p>')[2].partition("</p>")[0]


def test_one_internet_address_may_not_ask_without_end(browser: Client) -> None:
    for _ in range(ASKED_FROM_ADDRESS):
        assert browser.post("/sign-in/passkey/options/").status_code == 200
    answer = browser.post("/sign-in/passkey/options/")
    assert answer.status_code == 429
    assert "sign in with a code" in answer.json()["refused"]


def test_opens_the_account_though_every_number_is_off(wang_here: Client, sim_line: Line, phone: Phone) -> None:
    """The account is the subscriber's: papers of a line that ended are still theirs to fetch."""
    add(wang_here, phone)
    with every_carrier():
        Line.objects.filter(pk=sim_line.pk).update(state="terminated", number_off_at=datetime.now(UTC))
    browser = a_new_browser()
    assert come_in(browser, phone) == "/lines/"
    assert "Closed" in browser.get("/lines/").content.decode()


def test_an_account_without_line_and_case_opens_to_nobody(
    wang_here: Client, sim_line: Line, tanaka: Subscriber, phone: Phone
) -> None:
    add(wang_here, phone)
    with every_carrier():
        Line.objects.filter(pk=sim_line.pk).update(subscriber=tanaka)
    assert come_in(a_new_browser(), phone).startswith("/sign-in/?")


def test_a_code_never_goes_where_an_earlier_visitor_of_this_browser_had_theirs(
    wang_here: Client, tanaka_line: Line, sign_in: SignIn, phone: Phone, esim_line: Line
) -> None:
    add(wang_here, phone)
    browser = a_new_browser()
    browser.post("/sign-in/help/", {"order": tanaka_line.order_number, "card": tanaka_line.iccid[-6:], "email": TANAKA})
    assert browser.post("/sign-in/code/", {"code": newest_code(TANAKA)}).status_code == 302
    come_in(browser, phone)
    before = len(sent_to(TANAKA))
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=6)):
        assert browser.post("/passkeys/prove/")["Location"] == "/sign-in/code/"
    assert len(sent_to(TANAKA)) == before


def test_nobody_removes_what_is_not_theirs(wang_here: Client, sign_in: SignIn, tanaka_line: Line, phone: Phone) -> None:
    add(wang_here, phone)
    with every_carrier():
        key = Passkey.objects.get()
    browser = a_new_browser()
    sign_in(browser, tanaka_line)
    assert browser.post(f"/passkeys/{key.pk}/remove/").status_code == 404
    assert browser.post(f"/passkeys/{key.pk + 1}/remove/").status_code == 404
    with every_carrier():
        assert Passkey.objects.filter(pk=key.pk).exists()


def test_works_under_no_host_but_its_own(wang_here: Client, tonari: Carrier, phone: Phone) -> None:
    add(wang_here, phone)
    Carrier.objects.filter(slug="tabi").update(hosts=[TABI, "nobody.example"])
    for host in (TONARI, "nobody.example"):
        there = Client(SERVER_NAME=host, HTTP_ACCEPT_LANGUAGE="en")
        liar = replace(phone, origin=f"http://{host}", host=host)
        assert come_in(there, liar).startswith("/sign-in/?")


def test_is_offered_once_to_residents_and_never_again_when_they_decline(
    browser: Client, sign_in: SignIn, tanaka_line: Line
) -> None:
    sign_in(browser, tanaka_line)
    page = browser.get("/lines/").content.decode()
    assert page.count("data-passkey-offer hidden") == 1
    said = browser.post("/passkeys/decline/", follow=True).content.decode()
    assert "We will not offer this again" in said
    again = a_new_browser()
    sign_in(again, tanaka_line)
    assert "passkey" not in again.get("/lines/").content.decode()


def test_is_not_offered_to_travellers_or_under_an_address_without_a_name(
    browser: Client, sign_in: SignIn, esim_line: Line, tanaka_line: Line
) -> None:
    sign_in(browser, esim_line)
    assert "passkey" not in browser.get("/lines/").content.decode()
    with override_settings(ALLOWED_HOSTS=["127.0.0.1"]):
        Carrier.objects.filter(slug="tabi").update(hosts=["127.0.0.1"])
        by_address = Client(SERVER_NAME="127.0.0.1", HTTP_ACCEPT_LANGUAGE="en")
        sign_in(by_address, tanaka_line)
        assert "passkey" not in by_address.get("/lines/").content.decode()
        assert "cannot be used under this address" in by_address.get("/passkeys/").content.decode()


def test_who_has_one_is_led_to_it_instead(wang_here: Client, phone: Phone) -> None:
    add(wang_here, phone)
    page = wang_here.get("/lines/").content.decode()
    assert 'href="/passkeys/"' in page
    assert "data-passkey-offer" not in page


def test_a_copied_passkey_is_said_to_be_one(wang_here: Client, phone: Phone) -> None:
    phone.count = 5
    add(wang_here, phone)
    assert come_in(a_new_browser(), replace(phone, count=2)).startswith("/sign-in/?")
    page = wang_here.get("/passkeys/").content.decode()
    assert "may have been copied" in page
    assert come_in(a_new_browser(), phone).startswith("/sign-in/?")


def test_nothing_of_a_person_is_kept_by_browsers(wang_here: Client, browser: Client) -> None:
    assert "no-store" in wang_here.get("/passkeys/")["Cache-Control"]
    assert "no-store" in browser.post("/sign-in/passkey/options/")["Cache-Control"]
