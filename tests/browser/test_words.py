"""Can staff answer by tapping on a traveller's phone, and can the traveller print a letter, all without scripts?"""

from __future__ import annotations

import pytest

from tests.browser.conftest import ONE, Open
from tests.browser.test_pages import problems

pytestmark = pytest.mark.browser

ANSWERS = "main section.note.good dl"


@pytest.mark.parametrize("language", ONE)
def test_a_card_is_answered_and_a_letter_written_without_scripts(visit: Open, people: object, language: str) -> None:
    window = visit(language, width=320, script=False)
    page = window.page
    wrong: dict[str, list[str]] = {}

    def look(name: str) -> None:
        if found := problems(window, language, by_ear=False):
            wrong[name] = found

    window.go("/guide/cards/close/")
    page.get_by_text("はい、かかります").check()
    page.fill("#fee-more", "1100")
    page.fill("#last_day-more", "2026-11-30")
    page.get_by_text("はい、メールで送ります").check()
    page.click("main form .button.whole")
    assert "1,100 JPY" in page.inner_text(ANSWERS)
    look("card with answers")

    window.go("/guide/letters/charges/")
    page.click("main form .button.whole")
    assert page.locator("[role=alert]").count() >= 4
    look("form with errors")
    page.fill("[name=name]", "王 小明")
    page.fill("[name=email]", "wang@mail.example")
    page.fill("[name=carrier]", "株式会社たびモバイル")
    page.fill("[name=number]", "090-1234-5678")
    page.fill("[name=ended_on]", "2026-10-31")
    page.fill("[name=charge1_on]", "2026-11-30")
    page.fill("[name=charge1_yen]", "2970")
    page.click("main form .button.whole")
    assert page.inner_text(".letter h2").startswith("解約後のご請求の停止と返金のお願い")
    look("letter")
    page.emulate_media(media="print")
    assert page.locator(".letter").is_visible()
    assert not page.locator("h1").is_visible()
    assert not any(page.locator(".letter .means").nth(n).is_visible() for n in range(3))
    page.emulate_media(media="screen")
    with page.expect_download() as saved:
        page.click('button[value="pdf"]')
    assert saved.value.suggested_filename.startswith("letter-charges-")
    assert wrong == {}
    assert (window.foreign, window.trouble) == ([], [])
