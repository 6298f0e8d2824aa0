"""Is every text of the portal there in the reader's language? Without a browser, so that each page is read in each."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client

from tests.browser.test_pages import KNOWN_LATIN
from tests.portal.conftest import SignIn
from tests.portal.every_page import every_page
from tojimari.lines.models import Line

NOT_READ = (
    r"<(script|style|svg|head|datalist)\b.*?</\1>",
    r'<(\w+)\b[^>]*(?:lang="ja-Latn"|translate="no")[^>]*>.*?</\1>',
)
"""What is no text, what is Japanese in Latin letters, and names."""


@pytest.mark.parametrize("language", ["ja", "zh-hans", "zh-hant"])
def test_no_page_is_left_in_english(browser: Client, sign_in: SignIn, sim_line: Line, language: str) -> None:
    opening, paths = every_page(sim_line)
    browser.cookies["django_language"] = language
    sign_in(browser, sim_line)
    browser.get(opening)
    left = {path: english_in(browser.get(path).content.decode()) for path in paths}
    assert len(left) >= 50
    assert {path: words for path, words in left.items() if words} == {}


def test_a_word_of_english_would_be_found() -> None:
    assert english_in("<head><title>A page</title></head><body><p>線路 <b>Close my</b> SIM</p></body>") == ["Close my"]


def english_in(page: str) -> list[str]:
    """Runs of English words that a page shows, as `english_left` finds them in a browser."""
    for apart in NOT_READ:
        page = re.sub(apart, " ", page, flags=re.DOTALL)
    text = html.unescape(re.sub(r"<[^>]+>", "\n", page))
    return re.findall(r"[A-Za-z]+(?: [A-Za-z]+)+", KNOWN_LATIN.sub(" ", text))
