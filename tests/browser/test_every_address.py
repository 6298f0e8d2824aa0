"""Is every page of the portal fit for everybody? The addresses are read from the URL table, so that none is forgotten.

In English, whose words are the longest, by a browser at the real site, scripts and all; in one of the other languages
by turns behind glass. axe, which finds the same in all of them, looks in one of the two.
"""

from __future__ import annotations

import pytest

from tests.browser.conftest import Open
from tests.browser.glass import Glass, glass, lines
from tests.browser.test_journeys import sign_in
from tests.browser.test_pages import problems
from tests.browser.walks import LANGUAGES
from tests.portal.error_states import Scene
from tests.portal.every_page import every_page
from tojimari.lines.models import Line

__all__ = ["glass", "lines"]
pytestmark = pytest.mark.browser

OTHERS = [language for language in LANGUAGES if language != "en"]


def test_every_page_is_fit_for_everybody(visit: Open, people: tuple[Line, Line, Line]) -> None:
    opening, paths = every_page(people[0])
    window = visit("en", width=320)
    sign_in(window, people[0])
    window.go(opening)
    wrong: dict[str, list[str]] = {}
    for number, path in enumerate(paths):
        window.go(path)
        if found := problems(window, "en", by_ear=number % 2 == 1):
            wrong[path] = found
    assert wrong == {}
    assert len(paths) >= 50
    assert window.foreign == []
    # The browser's console repeats the status of a page that refuses: 404, 409. Those pages were looked at as well.
    assert [said for said in window.trouble if "status of 4" not in said] == []


@pytest.mark.django_db
def test_every_page_is_fit_for_readers_of_other_languages(glass: Glass, lines: tuple[Line, Line, Line, Line]) -> None:
    opening, paths = every_page(lines[0])
    browser = Scene("ja", *lines).inside(lines[0])
    browser.get(opening)
    wrong: dict[str, list[str]] = {}
    for number, path in enumerate(paths):
        language = OTHERS[number % len(OTHERS)]
        browser.cookies["django_language"] = language.lower()
        page = browser.get(path, follow=True).content.decode()
        if found := glass.problems(page, language, by_ear=number % 2 == 0):
            wrong[path] = found
    assert wrong == {}
