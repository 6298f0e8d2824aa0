"""How much does a page weigh for a traveller who pays for each byte, and does it ask anybody else for anything?

The pages are those of the address list: a new one is weighed without being named here. They come from the site as it
runs in earnest, with WhiteNoise and its packed files; the test server's own way to give files out does not pack them.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles.finders import find
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test.testcases import LiveServerThread
from django.urls import NoReverseMatch, reverse
from playwright.sync_api import Browser, Page, Request

from tests.browser.conftest import WHOLE, Open, Visit
from tests.browser.test_journeys import reference_on, sign_in
from tests.browser.test_pages import FIRST_VIEW_MOST
from tojimari.lines.models import Line
from tojimari.portal import urls

pytestmark = pytest.mark.browser

ALWAYS_THERE = {"front", "sign_in", "lines", "close", "close_confirm", "roaming", "receipt", "case", "withdraw"}


class FilesFromTheSite(StaticFilesHandler):
    """Leaves the files to the site itself."""

    def _should_handle(self, path: str) -> bool:
        return False


@pytest.fixture
def earnest(transactional_db: None) -> Iterator[str]:
    """The address of the site with its own middleware giving out the files."""
    thread = LiveServerThread("localhost", static_handler=FilesFromTheSite)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    assert thread.error is None
    yield f"http://localhost:{thread.port}"
    thread.terminate()


def addresses(line: Line, reference: str) -> Iterator[tuple[str, str]]:
    """Name and address of every page that is the reader's own: this line, this case."""
    known = {"line_id": line.pk, "reference": reference}
    for pattern in urls.urlpatterns:
        wanted = {name: known[name] for name in pattern.pattern.converters if name in known}
        try:
            yield str(pattern.name), reverse(f"portal:{pattern.name}", kwargs=wanted)
        except NoReverseMatch:
            continue  # it needs a secret or a shop besides


class Links(HTMLParser):
    """What a browser asks for by itself when it shows a page."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag in ("script", "img", "iframe", "source") and said.get("src"):
            self.asked.append(str(said["src"]))
        elif tag == "link" and said.get("rel") in ("stylesheet", "icon", "preload", "modulepreload"):
            self.asked.append(str(said["href"]))


@dataclass
class Wire:
    """Fetches as a browser that keeps nothing, packed where the site packs, and counts what came."""

    host: str
    cookies: str
    sizes: dict[str, int] = field(default_factory=dict)

    def fetch(self, path: str) -> tuple[HTTPResponse, bytes, int]:
        headers = {"Accept-Encoding": "gzip", "Accept-Language": "ja", "Cookie": self.cookies, "Accept": "text/html"}
        with closing(HTTPConnection(self.host)) as connection:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            packed = answer.read()
        head = sum(len(f"{name}: {value}\r\n") for name, value in answer.getheaders())
        plain = gzip.decompress(packed) if answer.getheader("Content-Encoding") == "gzip" else packed
        return answer, plain, len(packed) + head

    def page(self, path: str) -> tuple[int, list[str]] | None:
        """Bytes of a page with all that it asks for, and what it asks for. `None`: that is no page."""
        answer, body, size = self.fetch(path)
        if answer.status != 200 or "html" not in str(answer.getheader("Content-Type")):
            return None
        links = Links()
        links.feed(body.decode())
        for asked in links.asked:
            if asked.startswith("/") and asked not in self.sizes:
                self.sizes[asked] = self.fetch(asked)[2]
        return size + sum(self.sizes.get(asked, 0) for asked in links.asked), links.asked


def seen_by_chromium(page: Page, address: str) -> tuple[int, set[str]]:
    """The same, as a real browser counts it."""
    requests: list[Request] = []
    page.on("request", lambda request: requests.append(request))
    page.goto(address, wait_until="networkidle")
    sizes = [request.sizes() for request in requests]
    total = sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)
    return total, {one.url.removeprefix("http://").partition("/")[2] for one in requests[1:]}


def asked_to_close(visit: Open, address: str, line: Line) -> tuple[Visit, str]:
    """A window of somebody who is signed in and has asked to close the eSIM, and the case's reference."""
    window = visit("ja")
    window.url = address
    sign_in(window, line)
    window.go(f"/lines/{line.pk}/close/confirm/?end=3bd")
    window.page.click(".pair button")
    window.page.wait_for_url("**/receipt/")
    return window, reference_on(window)


def test_every_page_is_light_and_asks_nobody_else(
    chromium: Browser, visit: Open, earnest: str, people: tuple[Line, Line, Line]
) -> None:
    sim, esim, _ = people
    window, reference = asked_to_close(visit, earnest, esim)
    kept = window.page.context.storage_state()
    wire = Wire(urlsplit(earnest).netloc, "; ".join(f"{one['name']}={one['value']}" for one in kept["cookies"]))
    weights: dict[str, int] = {}
    for name, path in addresses(sim, reference):
        if found := wire.page(path):
            weights[name] = found[0]
            assert [asked for asked in found[1] if not asked.startswith(("/static/", "data:"))] == [], name
    assert {name: weight for name, weight in weights.items() if weight > FIRST_VIEW_MOST} == {}
    assert weights.keys() >= ALWAYS_THERE
    # Does a browser see the same? On the page with the most of its own scripts.
    browser = chromium.browser_type.launch(executable_path=WHOLE, args=["--no-sandbox", "--disable-gpu"])
    with browser.new_context(locale="ja-JP", storage_state=kept) as nothing_kept:
        total, asked = seen_by_chromium(nothing_kept.new_page(), f"{earnest}/sign-in/")
    browser.close()
    counted = wire.page("/sign-in/")
    assert counted is not None
    assert asked == {one.removeprefix("/") for one in counted[1]}
    assert abs(total - counted[0]) < 0.1 * total


def packed_files() -> list[Path]:
    folder = Path(str(find("vendor/htmx-2.0.11.min.js"))).parent
    return sorted(folder.glob("*.gz"))


@pytest.mark.parametrize("packed", packed_files(), ids=lambda path: path.name)
def test_a_packed_file_holds_what_its_file_holds(packed: Path) -> None:
    assert gzip.decompress(packed.read_bytes()) == packed.with_suffix("").read_bytes()
