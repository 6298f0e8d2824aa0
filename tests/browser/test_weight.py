"""How much does a page weigh for a traveller who pays for each byte, and does it ask anybody else for anything?

The pages are those of the address list: a new one is weighed without being named here. They come from the site as it
runs in earnest, with WhiteNoise and its packed files; the test server's own way to give files out does not pack them.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import find
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test.testcases import LiveServerThread
from django.urls import NoReverseMatch, reverse
from playwright.sync_api import Browser, Page, Request

from tests.browser.conftest import Open, Visit
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


def weighed(page: Page, address: str) -> tuple[int, list[str]] | None:
    """Bytes over the wire with nothing kept from before, and where they were asked for. `None`: that is no page."""
    answer = page.request.get(address)
    if answer.status != 200 or "html" not in answer.headers["content-type"]:
        return None
    requests: list[Request] = []
    page.on("request", lambda request: requests.append(request))
    page.goto(address, wait_until="networkidle")
    sizes = [request.sizes() for request in requests]
    return sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes), [one.url for one in requests]


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
    signed_in = window.page.context.storage_state()
    weights: dict[str, int] = {}
    foreign: list[str] = []
    for name, path in addresses(sim, reference):
        with chromium.new_context(locale="ja-JP", storage_state=signed_in) as nothing_kept:
            if found := weighed(nothing_kept.new_page(), earnest + path):
                weights[name] = found[0]
                foreign += [url for url in found[1] if not url.startswith((earnest, "data:", "blob:"))]
    assert {name: weight for name, weight in weights.items() if weight > FIRST_VIEW_MOST} == {}
    assert foreign == []
    assert weights.keys() >= ALWAYS_THERE


def packed_files() -> list[Path]:
    folder = Path(str(find("vendor/htmx-2.0.11.min.js"))).parent
    return sorted(folder.glob("*.gz"))


@pytest.mark.parametrize("packed", packed_files(), ids=lambda path: path.name)
def test_a_packed_file_holds_what_its_file_holds(packed: Path) -> None:
    assert gzip.decompress(packed.read_bytes()) == packed.with_suffix("").read_bytes()
