"""Does a passkey work in a real browser, with an authenticator of the browser's own?"""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import CDPSession

from tests.browser.conftest import ONE, Open, Visit
from tests.browser.test_journeys import BUTTON
from tests.browser.test_pages import problems
from tests.portal.conftest import newest_code, sent_to
from tojimari.codes.models import Passkey
from tojimari.lines.models import Line
from tojimari.platform.database.scope import every_carrier
from tojimari.terminations.models import Termination

pytestmark = pytest.mark.browser

TANAKA = "tanaka@mail.example"
ADD = 'form[data-passkey="create"] .button'
COME_IN = 'form[data-passkey="get"] button'


def give_a_phone(window: Visit, **more: Any) -> tuple[CDPSession, str]:
    """Put an authenticator into the window that knows its owner's finger; return how it is spoken to, and its name."""
    chrome = window.page.context.new_cdp_session(window.page)
    chrome.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = chrome.send("WebAuthn.addVirtualAuthenticator", {"options": options | more})
    return chrome, made["authenticatorId"]


def sign_in(window: Visit, line: Line) -> None:
    window.go("/sign-in/")
    window.page.fill("#id_identifier", line.iccid)
    window.page.click(BUTTON)
    window.page.wait_for_selector("#id_code")
    window.page.fill("#id_code", newest_code(TANAKA))
    window.page.click(BUTTON)
    window.page.wait_for_url("**/lines/")


def add(window: Visit) -> None:
    window.go("/passkeys/")
    window.page.click(ADD)
    window.page.wait_for_selector(".note.good")


def test_a_resident_adds_one_comes_in_with_it_closes_a_line_and_removes_it(
    visit: Open, people: tuple[Line, Line, Line]
) -> None:
    line = people[2]
    window = visit("ja")
    page = window.page
    chrome, phone = give_a_phone(window)
    sign_in(window, line)
    page.click("[data-passkey-offer] a")
    page.wait_for_url("**/passkeys/")
    page.fill("#passkey-label", "わたしの電話")
    page.click(ADD)
    page.wait_for_selector(".note.good")
    assert "わたしの電話" in page.inner_text("main")
    assert len(sent_to(TANAKA)) == 2  # the code, and that a passkey was added
    (kept,) = chrome.send("WebAuthn.getCredentials", {"authenticatorId": phone})["credentials"]
    assert kept["isResidentCredential"]
    assert kept["rpId"] == "localhost"

    page.click(".menu .away button")
    window.go(f"/sign-in/?next=/lines/{line.pk}/close/")
    page.click(COME_IN)
    page.wait_for_url(f"{window.url}/lines/{line.pk}/close/")  # the whole address: the sign-in has it in its own
    page.get_by_role("radio").first.check()
    page.click(".pair button")
    page.wait_for_url("**/confirm/**")
    page.click(".pair button")
    page.wait_for_url("**/receipt/")
    with every_carrier():
        assert Termination.objects.get().line == line

    window.go("/lines/")
    page.click('a[href="/passkeys/"]')
    page.click(".card .button")
    page.wait_for_selector(".note.good")
    with every_carrier():
        assert not Passkey.objects.exists()
    assert "削除" in sent_to(TANAKA)[-1]
    page.click(".menu .away button")
    window.go("/sign-in/")
    page.click(COME_IN)
    page.wait_for_selector(".note.bad")
    assert window.foreign == []
    assert window.trouble == []


def test_the_same_device_is_not_added_twice_and_says_so(visit: Open, people: tuple[Line, Line, Line]) -> None:
    window = visit("en")
    give_a_phone(window)
    sign_in(window, people[2])
    add(window)
    window.page.click(ADD)
    window.page.get_by_text("This device has a passkey here already.").wait_for()
    with every_carrier():
        assert Passkey.objects.count() == 1


def test_a_device_that_does_not_know_the_person_opens_nothing(visit: Open, people: tuple[Line, Line, Line]) -> None:
    window = visit("en")
    chrome, phone = give_a_phone(window)
    sign_in(window, people[2])
    add(window)
    window.page.click(".menu .away button")
    chrome.send("WebAuthn.setUserVerified", {"authenticatorId": phone, "isUserVerified": False})
    window.go("/sign-in/")
    window.page.click(COME_IN)
    window.page.get_by_text("No passkey was used.").wait_for()
    window.go("/lines/")
    window.page.wait_for_url("**/sign-in/**")


def test_nothing_is_offered_without_javascript_and_nothing_is_missing(
    visit: Open, people: tuple[Line, Line, Line]
) -> None:
    window = visit("en", script=False)
    sign_in(window, people[2])
    assert not window.page.locator("[data-passkey-offer]").is_visible()
    window.go("/passkeys/")
    assert not window.page.locator(ADD).is_visible()
    assert "Without JavaScript a browser can make no passkey." in window.page.inner_text("main")
    window.go("/sign-in/")
    assert not window.page.locator(COME_IN).is_visible()
    assert window.page.locator(BUTTON).first.is_visible()


def test_a_decline_is_kept(visit: Open, people: tuple[Line, Line, Line]) -> None:
    window = visit("en")
    sign_in(window, people[2])
    offer = window.page.locator("[data-passkey-offer]")
    assert offer.is_visible()
    offer.get_by_role("button").click()
    window.page.wait_for_selector(".note.good")
    assert offer.count() == 0


@pytest.mark.parametrize("language", ONE)
def test_every_page_of_it_can_be_used_by_all(visit: Open, people: tuple[Line, Line, Line], language: str) -> None:
    window = visit(language, width=320)
    give_a_phone(window)
    sign_in(window, people[2])
    found = {"offer": problems(window, language)}
    window.go("/passkeys/")
    found["none yet"] = problems(window, language)
    add(window)
    found["one"] = problems(window, language)
    with every_carrier():
        Passkey.objects.update(created_at="2026-01-01T00:00Z", doubted_at="2026-01-02T00:00Z")
    window.go("/passkeys/")
    found["doubted"] = problems(window, language)
    window.page.click(".menu .away button")
    window.go("/sign-in/")
    found["sign in"] = problems(window, language)
    window.page.click(COME_IN)
    window.page.wait_for_selector(".note.bad")
    found["refused"] = problems(window, language)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
    assert window.foreign == []
    assert window.trouble == []
