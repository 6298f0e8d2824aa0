"""Is every page of the portal fit for everybody? The addresses are read from the URL table, so that none is forgotten.

Width, targets and headings in English, whose words are the longest, and in one of the other languages by turns.
axe, which finds the same in all of them, looks in one of the two.
"""

from __future__ import annotations

import pytest

from tests.browser.conftest import Open
from tests.browser.test_journeys import sign_in
from tests.browser.test_pages import problems
from tests.browser.walks import LANGUAGES
from tests.portal.every_page import every_page
from tojimari.lines.models import Line

pytestmark = pytest.mark.browser

OTHERS = [language for language in LANGUAGES if language != "en"]


@pytest.mark.parametrize("english", [True, False], ids=["en", "by-turns"])
def test_every_page_is_fit_for_everybody(visit: Open, people: tuple[Line, Line, Line], english: bool) -> None:
    opening, paths = every_page(people[0])
    window = visit("en" if english else OTHERS[0], width=320)
    sign_in(window, people[0])
    window.go(opening)
    wrong: dict[str, list[str]] = {}
    for number, path in enumerate(paths):
        language = "en" if english else OTHERS[number % len(OTHERS)]
        window.page.context.add_cookies([{"name": "django_language", "value": language.lower(), "url": window.url}])
        window.go(path)
        if found := problems(window, language, by_ear=(number % 2 == 0) is english):
            wrong[path] = found
    assert wrong == {}
    assert len(paths) >= 50
    assert window.foreign == []
    # The browser's console repeats the status of a page that refuses: 404, 409. Those pages were looked at as well.
    assert [said for said in window.trouble if "status of 4" not in said] == []
