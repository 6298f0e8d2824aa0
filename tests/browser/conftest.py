"""How does a test drive a real browser through the real site?

Chromium on a phone-sized window, the site on a thread of this process, the engine's own loop as the worker. Every
request that leaves the machine is noted by `visit`; there must be none.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.terminations.play import Clock, work
from tojimari.lines.models import Line
from tojimari.platform.database.scope import every_carrier

PHONE = {"width": 360, "height": 640}
ONE = ["zh-Hans"]
"""For states that cost a walk: the language of most readers. `test_every_address` looks at each page of the portal in
two, `test_no_english_left` reads them in all, and `test_rules_of_the_page` walks each way out in all four."""
LOCALES = {"ja": "ja-JP", "en": "en-GB", "zh-Hans": "zh-CN", "zh-Hant": "zh-TW"}


@pytest.fixture(scope="session", autouse=True)
def _database_beside_the_browser() -> Iterator[None]:
    """The browser's driver keeps an event loop in this thread; Django would refuse to touch the database beside it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


WHOLE = "/usr/bin/chromium"
"""The browser with all that belongs to it: a camera, the icon of a tab."""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The same engine without a window, where it is there: it needs a third less time."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium-headless-shell") or WHOLE,
            headless=True,
            args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
        )
        yield browser
        browser.close()


@dataclass
class Visit:
    """One person's window. `foreign`: requests that went anywhere but to the site; `trouble`: the console's errors."""

    page: Page
    url: str
    foreign: list[str] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        self.page.goto(self.url + path)


Open = Callable[..., Visit]


@pytest.fixture
def visit(chromium: Browser, live_server: LiveServer) -> Iterator[Open]:
    """Open a window in a language, by default on a phone in Shanghai that reads simplified Chinese."""
    contexts = []

    def open_window(
        language: str = "zh-Hans", *, script: bool = True, width: int = PHONE["width"], height: int = PHONE["height"]
    ) -> Visit:
        context = chromium.new_context(
            locale=LOCALES[language],
            timezone_id="Asia/Shanghai",
            viewport={"width": width, "height": height},
            has_touch=True,
            java_script_enabled=script,
        )
        contexts.append(context)
        window = Visit(context.new_page(), live_server.url)
        window.page.on(
            "request",
            lambda request: (
                window.foreign.append(request.url)
                if not request.url.startswith((live_server.url, "data:", "blob:"))
                else None
            ),
        )
        window.page.on(
            "console", lambda message: window.trouble.append(message.text) if message.type == "error" else None
        )
        return window

    yield open_window
    for context in contexts:
        context.close()


@pytest.fixture
def worker(transactional_db: None) -> Callable[[], None]:
    """Do all work of the system that there is, letting its waiting times pass."""

    def do() -> None:
        with every_carrier():
            work(Clock(datetime.now(UTC)))

    return do


@pytest.fixture
def people(transactional_db: None, sim_line: Line, esim_line: Line, tanaka_line: Line) -> tuple[Line, Line, Line]:
    """Wang's physical SIM with roaming, Wang's eSIM, and Tanaka's physical SIM with a debt."""
    return sim_line, esim_line, tanaka_line
