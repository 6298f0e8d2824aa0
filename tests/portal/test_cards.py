"""Can a person who speaks no Japanese be understood at a counter, on the phone and in a letter, and is nothing kept?"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils.translation import override

from tests.portal.conftest import TABI
from tojimari.guide.words.cards import CARDS, Wish
from tojimari.platform import typesetting
from tojimari.portal.forms_words import EarlyExitForm
from tojimari.portal.views.letters import KINDS
from tojimari.rules.calendar import jst_date

TODAY = jst_date(datetime.now(UTC)).isoformat()
LANGUAGES = ["ja", "en", "zh-hans", "zh-hant"]

WANG = {
    "name": "王 小明",
    "address": "東京都新宿区西新宿1-2-3\r\n201号室",
    "email": "wang@mail.example",
    "phone": "",
    "carrier": "株式会社たびモバイル",
    "carrier_address": "",
    "plan": "Travel 30 days",
    "number": "090-1234-5678",
    "customer": "",
    "made_on": "2026-11-18",
}
MORE: dict[str, dict[str, object]] = {
    "early-exit": {"scheme": EarlyExitForm.UNKNOWN, "received": TODAY, "started": TODAY},
    "close": {"end": "2026-11-30", "leaving": ""},
    "charges": {"ended_on": "2026-10-31", "charge1_on": "2026-11-30", "charge1_yen": "2970", "evidence": "mail\nbill"},
    "advice": {"office": "188", "charge1_on": "2026-11-30", "charge1_yen": "2970", "more": ["wrote", "little"]},
}
TITLES = {
    "early-exit": "初期契約解除の通知書",
    "close": "回線契約の解約のお願い",
    "charges": "解約後のご請求の停止と返金のお願い",
    "advice": "ご相談の内容",
}


def said(answer: Any) -> str:
    """The page as one line of text, without its marks."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def filled_in(slug: str) -> dict[str, object]:
    return {**WANG, **MORE[slug]}


# At the counter and on the phone -------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("wish", list(Wish))
def test_every_card_is_japanese_for_staff_in_every_language(language: str, wish: Wish, browser: Client) -> None:
    browser.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    card = CARDS[wish]
    answer = browser.get(f"/guide/cards/{wish}/")
    page = said(answer)
    for sentence in (*card.says, *(question.asked for question in card.questions)):
        with override(language):
            meaning = str(sentence.meaning)
        assert sentence.ja in page
        assert language == "ja" or meaning in page
        with override("en"):
            assert (str(sentence.meaning) in page) == (language == "en")
    assert "no-store" in answer["Cache-Control"]
    spoken = said(browser.get(f"/guide/cards/{wish}/phone/"))
    assert all(sentence.romaji in spoken for sentence in card.says)


def test_what_staff_tap_comes_back_in_the_person_s_language(browser: Client) -> None:
    typed = {
        "fee": "yes",
        "fee-more": "1,100",
        "last_day-more": "2026-11-30",
        "return": "no",
        "confirmation": "mail",
        "digits": "",
    }
    page = said(browser.post("/guide/cards/close/", typed))
    summary = page[page.index("What staff answered") : page.index("Take a screenshot")]
    for part in ("Yes, there is a fee.", "1,100 JPY", "Mon, Nov 30, 2026", "No, there is no need.", "Yes, by e-mail."):
        assert part in summary
    assert "Does any contract" not in summary


def test_what_was_tapped_stays_tapped(browser: Client) -> None:
    html = browser.post("/guide/cards/close/", {"fee": "yes", "receipt-more": '"><script>x</script>'}).content.decode()
    assert 'name="fee" value="yes" checked' in html
    assert "<script>x" not in html


def test_an_answer_that_is_none_is_not_shown(browser: Client) -> None:
    page = said(browser.post("/guide/cards/close/", {"fee": "perhaps", "nonsense": "yes"}))
    assert "What staff answered" not in page


@pytest.mark.parametrize(("typed", "shown"), [("5678", "5678"), ("090-1234-5678", "5678"), ("５６７８", "5678")])
def test_only_the_end_of_the_number_goes_onto_the_card(browser: Client, typed: str, shown: str) -> None:
    page = said(browser.post("/guide/cards/close/", {"digits": typed}))
    assert f"電話番号の最後の桁 {shown}" in page


@pytest.mark.parametrize("typed", ["12", "abcd"])
@pytest.mark.parametrize("path", ["/guide/cards/close/", "/guide/cards/close/phone/"])
def test_what_is_no_number_is_said_beside_the_field(browser: Client, path: str, typed: str) -> None:
    html = browser.post(path, {"digits": typed}).content.decode()
    assert "Type the last 4 digits, and digits only." in html
    assert f'value="{typed}"' in html


def test_the_number_is_said_digit_by_digit_on_the_phone(browser: Client) -> None:
    page = said(browser.post("/guide/cards/close/phone/", {"digits": "4790"}))
    assert "Denwa bangō no saigo wa, yon, nana, kyū, zero desu." in page


@pytest.mark.parametrize(
    ("language", "asked"), [("en", "Eigo o"), ("zh-hans", "Chūgokugo o"), ("zh-hant", "Chūgokugo o")]
)
def test_somebody_who_speaks_the_person_s_language_is_asked_for(language: str, asked: str, browser: Client) -> None:
    browser.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    assert asked in said(browser.get("/guide/cards/close/phone/"))


def test_readings_stand_over_the_words_and_in_brackets_for_old_browsers(browser: Client) -> None:
    html = browser.get("/guide/cards/close/phone/").content.decode()
    assert "<ruby>解約<rp>(</rp><rt>かいやく</rt><rp>)</rp></ruby>" in html


# Letters --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("slug", KINDS)
def test_every_letter_is_written_in_japanese_with_its_meaning_for_the_sender(
    language: str, slug: str, browser: Client
) -> None:
    browser.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    answer = browser.post(f"/guide/letters/{slug}/", filled_in(slug))
    html = answer.content.decode()
    letter = html[html.index('<article class="letter"') : html.index("</article>")]
    for part in (TITLES[slug], "王 小明", "090-1234-5678", "2026年11月18日", "以上"):
        assert part in letter
    assert ('class="means hide-in-print"' in letter) == (language != "ja")
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("slug", KINDS)
def test_every_letter_can_be_had_as_pdf(slug: str, browser: Client) -> None:
    for shape in ("pdf", "pdf-translated"):
        answer = browser.post(f"/guide/letters/{slug}/", {**filled_in(slug), "as": shape})
        assert answer["Content-Type"] == "application/pdf"
        assert re.fullmatch(rf'attachment; filename="letter-{slug}-[0-9-]{{10}}\.pdf"', answer["Content-Disposition"])
        assert "no-store" in answer["Cache-Control"]
        assert answer.content.startswith(b"%PDF-")


def test_the_buttons_of_the_letter_carry_what_was_typed(browser: Client) -> None:
    html = browser.post("/guide/letters/charges/", filled_in("charges")).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html))
    again = browser.post("/guide/letters/charges/", {name: unescape(value) for name, value in hidden.items()})
    assert "解約後のご請求の停止と返金のお願い" in again.content.decode()
    assert "2,970円" in again.content.decode()


def test_what_was_typed_can_be_changed(browser: Client) -> None:
    html = browser.post("/guide/letters/close/", {**filled_in("close"), "as": "form"}).content.decode()
    assert 'value="王 小明"' in html
    assert "aria-invalid" not in html


@pytest.mark.parametrize(
    ("slug", "without", "reason"),
    [
        ("close", {"name": ""}, "Type your name: it stands in the letter."),
        ("close", {"carrier": ""}, "Type the carrier."),
        ("close", {"email": "", "address": "", "phone": ""}, "Give at least one way to answer you"),
        ("close", {"number": ""}, "Type the phone number of the line, or the customer number below."),
        ("close", {"end": "30 November"}, "This is not a day of the calendar."),
        ("close", {"address": "x" * 601}, "This is too long."),
        ("early-exit", {"scheme": ""}, "Choose one."),
        ("early-exit", {"scheme": "confirmation_measure"}, "Choose at least one reason"),
        ("charges", {"charge1_on": "", "charge1_yen": ""}, "Give at least one charge: its day and its yen."),
        ("charges", {"charge1_yen": ""}, "Give both, the day and the yen."),
        ("charges", {"charge1_yen": "-5"}, "Digits only."),
        ("advice", {"office": "police"}, "Choose one."),
    ],
)
def test_what_is_missing_is_said_beside_its_field_and_the_rest_stays(
    browser: Client, slug: str, without: dict[str, str], reason: str
) -> None:
    answer = browser.post(f"/guide/letters/{slug}/", {**filled_in(slug), **without})
    assert reason in said(answer)
    assert 'role="alert"' in answer.content.decode()
    assert "Travel 30 days" in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"received": TODAY, "started": TODAY}, "Send it by the end of"),
        ({"received": "2020-11-01", "started": "2020-11-01"}, "By these dates the 8 days ended on Sun, Nov 8, 2020"),
        ({"received": "", "started": "2020-11-01"}, "they have not begun"),
        ({"scheme": "confirmation_measure", "reasons": ["signal"]}, "Ask the carrier for the last day"),
    ],
)
def test_a_person_is_told_how_their_eight_days_stand(browser: Client, typed: dict[str, object], told: str) -> None:
    assert told in said(browser.post("/guide/letters/early-exit/", {**filled_in("early-exit"), **typed}))


def test_a_link_of_the_directory_fills_in_the_carrier(browser: Client) -> None:
    assert 'value="NTTドコモ"' in browser.get("/guide/letters/close/?carrier=docomo").content.decode()
    assert browser.get("/guide/letters/close/?carrier=../../etc").status_code == 200


def test_a_letter_that_no_font_has_is_offered_for_printing(browser: Client) -> None:
    name = "\ue000"  # a private character, which no font of this machine draws
    answer = browser.post("/guide/letters/close/", {**filled_in("close"), "name": name, "as": "pdf"})
    assert answer["Content-Type"].startswith("text/html")
    assert "Print this page instead" in said(answer)


def test_without_a_japanese_font_the_page_is_the_letter(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, "JAPANESE", ("A font that nobody has",))
    page = browser.post("/guide/letters/close/", {**filled_in("close"), "as": "pdf"})
    assert "No PDF can be made here" in said(page)
    assert 'value="pdf"' not in page.content.decode()
    assert "回線契約の解約のお願い" in said(page)


def test_markup_that_somebody_types_is_text(browser: Client) -> None:
    html = browser.post("/guide/letters/close/", {**filled_in("close"), "name": "<b>#x</b>"}).content.decode()
    assert "<b>#x</b>" not in html
    assert "&lt;b&gt;#x&lt;/b&gt;" in html


def test_those_who_help_are_named_with_their_source(browser: Client) -> None:
    html = browser.get("/guide/letters/").content.decode()
    for number in ("188", "03-5449-0906", "03-5253-5900"):
        assert f">{number}</a>" in html
    assert "https://www.soumu.go.jp/main_sosiki/joho_tsusin/s-jyoho.html" in html
    assert html.count("The number comes from a weak source.") == 1


def test_nothing_that_was_typed_is_kept(browser: Client) -> None:
    browser.post("/guide/letters/charges/", filled_in("charges"))
    browser.post("/guide/cards/close/", {"digits": "5678", "fee": "yes"})
    assert not Session.objects.exists()
    assert "5678" not in browser.get("/guide/cards/close/").content.decode()
    assert set(browser.cookies) <= {"csrftoken"}


@pytest.mark.parametrize("path", ["/guide/cards/nonsense/", "/guide/cards/x/phone/", "/guide/letters/nonsense/"])
def test_what_is_not_there_is_not_found(browser: Client, path: str) -> None:
    assert browser.get(path).status_code == 404


def test_a_form_from_elsewhere_is_refused() -> None:
    strict = Client(enforce_csrf_checks=True, SERVER_NAME=TABI)
    assert strict.post("/guide/letters/close/", filled_in("close")).status_code == 403
