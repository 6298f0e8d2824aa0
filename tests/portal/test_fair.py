"""Is leaving asked for plainly: no plea, no pressure, no question twice, in any language?

The words are looked for in every text of the portal and of the messages, translated or not, and on the pages as shown.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.test import Client

import tojimari
from tests.portal.conftest import TABI, SignIn
from tojimari.lines.models import Line, Service

LOCALES = Path(tojimari.__file__).parent / "locale"

SHAMING = {
    "en": r"are you sure|sorry to see you|we('ll| will) miss|miss out|don't go|before you leave us|\blose all|give up"
    r"|no thanks|stay with us|special offer|discount|coupon|one last chance|last chance|hurry|only today|regret"
    r"|change your mind\?|why are you leaving|reconsider|limited time|exclusive",
    "ja": r"本当に(よろしい|解約|いい)|もったいない|残念|お得|割引|クーポン|特典|引き止め|考え直|後悔"
    r"|今だけ|限定|お急ぎ|続けませんか|寂し|さみし|ご継続",
    "zh_Hans": r"真的要|确定要|再考虑|可惜|舍不得|优惠|折扣|挽留|后悔|限时|仅限今天|最后机会|赶快|留下来|不再享受",
    "zh_Hant": r"真的要|確定要|再考慮|可惜|捨不得|優惠|折扣|挽留|後悔|限時|僅限今天|最後機會|趕快|留下來|不再享受",
}
SURVEY = r"|survey|feedback|アンケート|问卷|問卷"
"""Named where stored data are listed, but never on a page on which somebody leaves."""
TAGS = {"en": "en", "ja": "ja", "zh_Hans": "zh-hans", "zh_Hant": "zh-hant"}
PRESSING = re.compile(r'type="hidden" name="reason"|<select|<textarea|countdown|<progress|<meter|autofocus')


def texts(language: str) -> list[str]:
    """Every text of the house in one language."""
    source = LOCALES / ("ja" if language == "en" else language) / "LC_MESSAGES" / "django.po"
    with source.open("rb") as file:
        catalogue = read_po(file)
    found: list[str] = []
    for message in catalogue:
        said = message.id if language == "en" else message.string
        if message.id and not message.fuzzy:
            found += [said] if isinstance(said, str) else list(said or ())
    return found


@pytest.mark.parametrize("language", SHAMING)
def test_no_text_of_the_house_pleads_presses_or_shames(language: str) -> None:
    everything = texts(language)
    assert len(everything) > 300
    bad = re.compile(SHAMING[language], re.IGNORECASE)
    assert [text for text in everything if bad.search(text)] == []


@pytest.mark.parametrize("language", SHAMING)
def test_the_pages_of_closing_have_one_question_nothing_ticked_and_the_act_on_the_button(
    sign_in: SignIn, sim_line: Line, esim_line: Line, roaming: Service, language: str
) -> None:
    browser = Client(SERVER_NAME=TABI, HTTP_ACCEPT_LANGUAGE=TAGS[language])
    sign_in(browser, sim_line)
    bad = re.compile(SHAMING[language] + SURVEY, re.IGNORECASE)
    acts = {"en": "Close this line", "ja": "この回線を解約する", "zh_Hans": "注销这条线路", "zh_Hant": "註銷這個門號"}
    for line in (sim_line, esim_line):
        first = browser.get(f"/lines/{line.pk}/close/").content.decode()
        second = browser.get(f"/lines/{line.pk}/close/confirm/?end=month-end").content.decode()
        for page in (first, second):
            main = page.partition("<main")[2].partition("</main>")[0]
            assert not bad.search(main)
            assert not PRESSING.search(main)
            assert " checked" not in main
            assert " required" not in main
        assert f'<button class="button">{acts[language]}</button>' in second
        assert first.count("/keep-number/") == 1
        assert "/keep-number/" not in second
        assert 'name="stop"' not in second


def test_the_choice_of_closing_asks_for_nothing_but_the_day(wang_here: Client, sim_line: Line, esim_line: Line) -> None:
    for line in (sim_line, esim_line):
        page = wang_here.get(f"/lines/{line.pk}/close/").content.decode()
        form = page.partition('<form method="get"')[2].partition("</form>")[0]
        assert set(re.findall(r'name="([a-z_]+)"', form)) == {"end", "date", "stop"}
        second = wang_here.get(f"/lines/{line.pk}/close/confirm/?end=month-end").content.decode()
        asked = second.partition('<form method="post">')[2].partition("</form>")[0]
        names = set(re.findall(r'name="([a-z_]+)"', asked))
        assert names <= {"effective", "seen", "shown", "csrfmiddlewaretoken"}


def test_every_language_offers_the_same_ends_for_the_same_yen(sign_in: SignIn, tanaka_line: Line) -> None:
    offers = set()
    for tag in TAGS.values():
        browser = Client(SERVER_NAME=TABI, HTTP_ACCEPT_LANGUAGE=tag)
        sign_in(browser, tanaka_line)
        page = browser.get(f"/lines/{tanaka_line.pk}/close/").content.decode()
        form = page.partition('<form method="get"')[2].partition("</form>")[0]
        ends = tuple(re.findall(r'name="end" value="([^"]+)"', form))
        yen = tuple(re.findall(r"[0-9]+(?:,[0-9]{3})+", form))
        offers.add((ends, yen))
    assert len(offers) == 1
    ((ends, yen),) = offers
    assert ends[0] == "now"
    assert len(yen) == 2
