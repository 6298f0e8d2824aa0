"""Can a person who is not signed in find the button, check a link, see which kind suits, and get help elsewhere?"""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.portal.conftest import TABI
from tojimari.guide import link_words
from tojimari.portal import words_ask
from tojimari.rules.kinds import Kind, Reason
from tojimari.rules.links import Finding, Why


def said(answer: object) -> str:
    """The page as one line of text, without its marks."""
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())  # type: ignore[attr-defined]  # a test response
    return re.sub(r"\s+", " ", text)


def test_the_first_page_leads_to_every_way(browser: Client) -> None:
    page = browser.get("/").content.decode()
    assert '<a class="button big" href="/lines/">Close my line</a>' in page
    for path in ("/is-it-real/", "/another-carrier/", "/which-kind/", "/case/"):
        assert f'href="{path}"' in page
        assert browser.get(path).status_code == 200


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        (f"Your line ends: https://{TABI}/lines/", "An address of Tabi Mobile"),
        (f"https://{TABI}.evil.com/", "It looks like Tabi Mobile, but is not on its list"),
        ("https://evil.com/", "Not on our list"),
        ("https://bit.ly/x", "We cannot tell"),
    ],
)
def test_a_pasted_message_gets_a_plain_answer_and_stays_in_the_field(browser: Client, text: str, finding: str) -> None:
    answer = browser.post("/is-it-real/", {"text": text})
    page = answer.content.decode()
    assert finding in page.replace('<span translate="no">Tabi Mobile</span>', "Tabi Mobile")
    assert text in page
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Paste the message or the address."),
        ("hello", "There is no address in this text."),
        ("x" * 2001, "too long"),
    ],
)
def test_what_is_no_address_is_said_beside_the_field(browser: Client, text: str, reason: str) -> None:
    answer = browser.post("/is-it-real/", {"text": text})
    assert reason in said(answer)
    assert 'aria-invalid="true"' in answer.content.decode()
    assert text in answer.content.decode()


def test_each_address_of_a_message_is_answered_for_this_carrier_and_for_others(browser: Client) -> None:
    message = (
        f"ドコモ https://{TABI}/lines/ https://www.docomo.ne.jp/a https://docomo-pay.duckdns.org/ https://evil.com"
    )
    page = said(browser.post("/is-it-real/", {"text": message}))
    for headline in (
        "An address of Tabi Mobile",
        "An address of NTT docomo",
        "It looks like NTT docomo",
        "Not on our list",
    ):
        assert headline in page
    assert page.count("The right address of NTT docomo:") == 2
    assert "Source: " in page
    assert "No answer means that a link is safe." in page
    assert "At most 10 addresses" not in page


def test_more_addresses_than_can_be_answered_are_said_to_be_too_many(browser: Client) -> None:
    many = " ".join(f"https://a{n}.net" for n in range(12))
    assert "At most 10 addresses are answered at once." in said(browser.post("/is-it-real/", {"text": many}))


def test_what_goes_wrong_on_leaving_is_told_before_one_chooses(browser: Client) -> None:
    page = said(browser.get("/which-kind/"))
    for danger in (
        "Not closing costs money",
        "Deleting the eSIM",
        "Save your things first",
        "Do not give away or sell",
    ):
        assert danger in page


def test_a_pasted_address_is_never_a_link(browser: Client) -> None:
    page = browser.post("/is-it-real/", {"text": "https://evil.com/<script>"}).content.decode()
    assert 'href="https://evil' not in page
    assert "<script>" not in page


def test_every_finding_and_reason_has_words() -> None:
    assert set(link_words.FINDINGS) == set(words_ask.FINDING_CLASSES) == set(Finding)
    assert set(link_words.REASONS) == set(Why)
    assert set(words_ask.KINDS) == set(words_ask.SUITS) == set(Kind)
    assert set(words_ask.REASONS) == set(Reason)


def test_another_carrier_s_customer_is_told_the_truth_and_where_help_is(browser: Client) -> None:
    page = said(browser.get("/another-carrier/"))
    assert "This site closes lines of Tabi Mobile only." in page
    assert 'href="tel:188"' in browser.get("/another-carrier/").content.decode()


def test_nothing_is_ticked_and_nothing_suggested_before_one_answers(browser: Client) -> None:
    page = browser.get("/which-kind/").content.decode()
    assert " checked" not in page
    assert "This suits you" not in page
    assert page.count('class="card"') == 3


def test_one_kind_is_suggested_with_reasons_and_the_others_stay(browser: Client) -> None:
    answer = browser.get("/which-kind/?stay=first_visit&phone=esim")
    page = answer.content.decode()
    assert "This suits you: eSIM" in said(answer)
    assert "Your phone can use it." in page
    assert page.count('class="card"') == 3
    assert page.index('id="kind-esim"') < page.index('id="kind-physical_sim"')


def test_a_question_without_an_answer_keeps_the_other_answer(browser: Client) -> None:
    page = browser.get("/which-kind/?stay=long").content.decode()
    assert 'value="long" checked' in page
    assert "Choose one." in page
    assert "Choose one." in browser.get("/which-kind/?stay=nobody&phone=x").content.decode()


def test_leaving_is_told_by_the_carrier_s_own_procedures(browser: Client) -> None:
    page = said(browser.get("/which-kind/"))
    assert "3 business days at the earliest" in page
    assert "Your passport or residence card" in page
    assert "At once. The line itself stays as it is." in page
