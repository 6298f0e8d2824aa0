"""How does a browser look at hundreds of pages in seconds?

One page in Chromium, with the real style sheets and axe loaded once. The body of each page, as the test client got it,
is put in the place of the last one. Scripts do not run here: this is a page as somebody sees it who has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.contrib.staticfiles.finders import find
from playwright.sync_api import Browser, Route
from pytest_django import Settings

from tests.browser.test_pages import LOOK, RULES, judged
from tests.portal.conftest import TABI, TONARI
from tojimari.lines.models import Carrier, Line

_ORIGIN = "http://glass.example"
_SHEETS = re.compile(r'<link rel="stylesheet" href="([^"]+)">')
_FETCHED = re.compile(
    r'<(?:img|script|iframe|source)[^>]*\ssrc="(?!/(?!/)|data:)[^"]*"|<link[^>]*\shref="(?!/(?!/))[^"]*"'
)
_WORDS = re.compile(r">[^<]*[^<\s][^<]*<")
_VALUE = re.compile(
    r'\s(?:value|datetime)="[^"]+"|(?<=\saria-label=)"[^"]+"|(?<=\scontent=)"[^"]+"|TJ(?:-[0-9A-Z]{4}){3}'
)
_LANGUAGE = re.compile(r'<html lang="[^"]+"|<form class="languages".*?</form>', re.DOTALL)

_PUT = """page => {
  const fresh = new DOMParser().parseFromString(page, "text/html")
  document.documentElement.lang = fresh.documentElement.lang
  document.title = fresh.title
  document.body.replaceWith(document.adoptNode(fresh.body))
}"""


class Glass:
    """A narrow window without a site behind it."""

    def __init__(self, chromium: Browser, *, width: int = 320) -> None:
        self._context = chromium.new_context(viewport={"width": width, "height": 640}, has_touch=True)
        self._page = self._context.new_page()
        self._page.route("**/*", self._give)
        self._sheets: list[str] = []
        self._heard: set[str] = set()

    def close(self) -> None:
        self._context.close()

    def problems(self, page: str, language: str, *, by_ear: bool = True) -> list[str]:
        """Everything that is wrong with a page, as `test_pages.problems` finds it.

        Pages that differ in their words alone are the same to axe: it looks at one of them. Width, targets, texts and
        the language that a page says it is in are looked at on every page.
        """
        sheets = _SHEETS.findall(page)
        assert sheets, "a page without style"
        if sheets != self._sheets:
            self._sheets = sheets
            self._page.goto(f"{_ORIGIN}/")
            self._page.evaluate(AXE_SCRIPT)
        self._page.evaluate(_PUT, page)
        shape = _LANGUAGE.sub("", _VALUE.sub("", _WORDS.sub("> <", page)))
        by_ear = by_ear and shape not in self._heard
        wrong = judged(self._page.evaluate(LOOK, RULES if by_ear else None), language)
        if by_ear and not wrong:
            self._heard.add(shape)
        return wrong + [f"fetched from elsewhere: {foreign}" for foreign in _FETCHED.findall(page)]

    def _give(self, route: Route) -> None:
        """The empty page at the origin's root; below it, files as the site has them."""
        path, static = urlsplit(route.request.url).path, f"/{settings.STATIC_URL.strip('/')}/"
        file = find(path.removeprefix(static)) if path.startswith(static) else None
        if path == "/":
            links = "".join(f'<link rel="stylesheet" href="{sheet}">' for sheet in self._sheets)
            route.fulfill(content_type="text/html", body=f"<!doctype html><html><head>{links}<title>x</title></head>")
        elif file:
            route.fulfill(path=Path(str(file)))
        else:
            route.fulfill(status=404, body="")


@pytest.fixture(scope="session")
def glass(chromium: Browser) -> Iterator[Glass]:
    found = Glass(chromium)
    yield found
    found.close()


@pytest.fixture
def lines(
    settings: Settings, sim_line: Line, esim_line: Line, tanaka_line: Line, tonari_line: Line
) -> tuple[Line, Line, Line, Line]:
    """Wang's two lines, Tanaka's and the neighbour's; each carrier under its own host name."""
    settings.ALLOWED_HOSTS = [TABI, TONARI]
    for line, host in ((sim_line, TABI), (tonari_line, TONARI)):
        Carrier.objects.filter(pk=line.carrier_id).update(hosts=[host])
    return sim_line, esim_line, tanaka_line, tonari_line
