"""Does the camera read the number off a SIM card, and say so when it cannot?

Chromium's camera is a film of a barcode that the test draws. Chromium without a screen has no BarcodeDetector on Linux,
and it is taken away elsewhere: what is tested is the reader that comes with this site. That a browser's own reader is
asked first is shown by a stand-in for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
import segno
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import LOCALES, ONE, PHONE, WHOLE, Open, Visit
from tests.browser.test_pages import problems
from tests.support.barcodes import Picture, blank, code128, png, y4m
from tojimari.rules.identifiers import eid, iccid

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("people")]

ICCID = iccid.with_check_digit("898110000581621234")
SCAN = ".scanner > p > button"
SAID = ".scanner-said"
FIELD = "#id_identifier"
LIBRARY = re.compile(r"/vendor/zxing-[\d.]+\.min\.js$")
WITHOUT_OWN_READER = "delete globalThis.BarcodeDetector;"
OWN_READER = f"""globalThis.BarcodeDetector = class {{
  static async getSupportedFormats() {{ return ["code_128"]; }}
  async detect() {{ return [{{ rawValue: "{ICCID}" }}]; }}
}};"""
OWN_READER_THAT_FAILS = """globalThis.BarcodeDetector = class {
  static async getSupportedFormats() { return ["code_128"]; }
  async detect() { throw new DOMException("Barcode detection service unavailable.", "NotSupportedError"); }
};"""

expect.set_options(timeout=20_000)  # ms; a busy machine decodes slowly

Film = Callable[..., Visit]
Cameras = Callable[[Picture | None], Browser]


@pytest.fixture(scope="module")
def cameras(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cameras]:
    """A browser whose camera shows a picture from now on; `None` is a device without camera. One of each is started."""
    reel = tmp_path_factory.mktemp("camera") / "reel.y4m"
    started: dict[bool, Browser] = {}

    def point_at(picture: Picture | None) -> Browser:
        if picture is not None:
            reel.write_bytes(y4m(picture))
        if (picture is not None) not in started:
            args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
            if picture is None:
                args.append("--use-fake-device-for-media-stream=device-count=0")
            else:
                args += ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={reel}"]
            browser = chromium.browser_type.launch(executable_path=WHOLE, headless=True, args=args)
            started[picture is not None] = browser
        return started[picture is not None]

    yield point_at
    for browser in started.values():
        browser.close()


@pytest.fixture
def film(cameras: Cameras, live_server: LiveServer) -> Iterator[Film]:
    """Open the sign-in page in a window of a browser whose camera shows a picture; `None` is one without camera."""
    contexts: list[BrowserContext] = []

    def open_window(
        picture: Picture | None, *, allowed: bool = True, language: str = "en", before: str = WITHOUT_OWN_READER
    ) -> Visit:
        context = cameras(picture).new_context(
            locale=LOCALES[language], viewport={"width": 320, "height": PHONE["height"]}
        )
        contexts.append(context)
        context.grant_permissions(["camera"] if allowed else [])
        context.add_init_script(before)
        window = Visit(context.new_page(), live_server.url)
        window.page.on("request", lambda request: _note(window, request.url))
        window.page.on("console", lambda said: window.trouble.append(said.text) if said.type == "error" else None)
        window.page.on("pageerror", lambda error: window.trouble.append(str(error)))
        window.go("/sign-in/")
        return window

    yield open_window
    for context in contexts:
        context.close()


def _note(window: Visit, url: str) -> None:
    if not url.startswith((window.url, "data:", "blob:")):
        window.foreign.append(url)


def in_fours(number: str) -> str:
    return " ".join(number[place : place + 4] for place in range(0, len(number), 4))


def watched(page: Page) -> bool:
    """Whether the camera is on."""
    return bool(page.evaluate("Boolean(document.querySelector('video').srcObject)"))


@pytest.mark.parametrize("picture", [code128(ICCID), code128(ICCID, 480, 640).on_its_side()], ids=["level", "sideways"])
def test_the_barcode_on_the_card_fills_the_field(film: Film, picture: Picture) -> None:
    window = film(picture)
    page = window.page
    page.click(SCAN)
    expect(page.locator(FIELD)).to_have_value(ICCID)
    expect(page.locator(FIELD)).to_be_focused()
    expect(page.locator(SAID)).to_contain_text(in_fours(ICCID))
    expect(page.locator(".scanner-region")).to_be_hidden()
    assert not watched(page)
    assert (window.foreign, window.trouble) == ([], [])
    page.keyboard.press("Enter")
    page.wait_for_selector("#id_code")


def test_the_reader_is_fetched_only_when_it_is_wanted(film: Film) -> None:
    window = film(code128(ICCID))
    fetched: list[str] = []
    window.page.on("request", lambda request: fetched.append(request.url))
    window.page.reload()
    assert [url for url in fetched if LIBRARY.search(url)] == []
    window.page.click(SCAN)
    expect(window.page.locator(FIELD)).to_have_value(ICCID)
    assert len([url for url in fetched if LIBRARY.search(url)]) == 1


def test_it_reads_with_the_network_cut(film: Film) -> None:
    window = film(code128(ICCID))
    page = window.page
    page.click(SCAN)
    expect(page.locator(FIELD)).to_have_value(ICCID)
    page.fill(FIELD, "")
    page.context.set_offline(True)
    page.click(SCAN)
    expect(page.locator(FIELD)).to_have_value(ICCID)


def test_a_reader_that_cannot_be_fetched_is_said_and_fetched_the_next_time(film: Film) -> None:
    window = film(code128(ICCID))
    page = window.page
    page.context.set_offline(True)
    page.click(SCAN)
    expect(page.locator(SAID)).to_contain_text("could not start")
    assert not watched(page)
    page.context.set_offline(False)
    page.click(SCAN)
    page.click(SCAN)
    expect(page.locator(FIELD)).to_have_value(ICCID)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ICCID[:-1] + str((int(ICCID[-1]) + 1) % 10), "That is not the number of a SIM card"),
        ("4901234567894", "That is not the number of a SIM card"),
        ("LPA:1$smdp.example$A", "This code installs an eSIM"),
    ],
    ids=["wrong check digit", "another number", "activation code"],
)
def test_another_number_is_not_taken(film: Film, text: str, said: str) -> None:
    window = film(code128(text, 1280, 720))
    page = window.page
    page.click(SCAN)
    expect(page.locator(SAID)).to_contain_text(said)
    assert page.input_value(FIELD) == ""
    assert watched(page)


def test_nothing_found_is_said_and_the_camera_goes_on(film: Film) -> None:
    page = film(blank()).page
    page.evaluate("document.getElementById('scanner').dataset.patience = '0.1'")
    page.click(SCAN)
    expect(page.locator(SAID)).to_contain_text("No barcode found yet")
    assert watched(page)


def test_a_refused_camera_is_said(film: Film) -> None:
    page = film(code128(ICCID), allowed=False).page
    page.click(SCAN)
    expect(page.locator(SAID)).to_contain_text("The camera is not allowed")
    expect(page.locator("video")).to_be_hidden()


def test_a_missing_camera_is_said(film: Film) -> None:
    page = film(None).page
    page.click(SCAN)
    expect(page.locator(SAID)).to_contain_text("No camera was found")


@pytest.mark.parametrize(
    "number", [ICCID, eid.with_check_digits("890490320030000000000000000123")], ids=["ICCID", "EID"]
)
def test_a_photo_does_instead_and_stays_here(film: Film, number: str) -> None:
    window = film(None)
    page = window.page
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    page.click(SCAN)
    photo = png(code128(number, 1600, 1200))
    page.set_input_files(".scanner input", {"name": "sim.png", "mimeType": "image/png", "buffer": photo})
    expect(page.locator(FIELD)).to_have_value(number)
    assert set(sent) == {"GET"}
    assert page.evaluate("document.querySelector('.scanner input').files.length") == 0
    assert page.locator("form .scanner").count() == 0
    assert window.foreign == []


def test_a_picture_of_nothing_but_the_code_is_read_at_whatever_size_it_takes(film: Film) -> None:
    number = "8981100005810363714"  # one of those in whose large squares the reader loses its way
    photo = BytesIO()
    segno.make_qr(number, error="m").save(photo, kind="png", scale=8)
    page = film(None).page
    page.click(SCAN)
    page.set_input_files(".scanner input", {"name": "sim.png", "mimeType": "image/png", "buffer": photo.getvalue()})
    expect(page.locator(FIELD)).to_have_value(number)


@pytest.mark.parametrize(
    ("file", "said"),
    [(png(blank()), "No barcode was found in this photo"), (b"no picture", "This photo cannot be opened")],
    ids=["no barcode", "no picture"],
)
def test_a_photo_that_is_no_help_is_said(film: Film, file: bytes, said: str) -> None:
    page = film(None).page
    page.click(SCAN)
    page.set_input_files(".scanner input", {"name": "sim.png", "mimeType": "image/png", "buffer": file})
    expect(page.locator(SAID)).to_contain_text(said)


def test_by_keyboard_it_opens_and_escape_closes_it(film: Film) -> None:
    page = film(blank()).page
    page.focus(SCAN)
    page.keyboard.press("Enter")
    expect(page.locator(".scanner-close")).to_be_focused()
    expect(page.locator("video")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(SCAN)).to_be_focused()
    expect(page.locator(SCAN)).to_have_attribute("aria-expanded", "false")
    expect(page.locator(".scanner-region")).to_be_hidden()
    assert not watched(page)


@pytest.mark.parametrize("language", ONE)
def test_everybody_can_use_it_while_it_is_open(film: Film, language: str) -> None:
    window = film(blank(), language=language)
    window.page.click(SCAN)
    expect(window.page.locator("video")).to_be_visible()
    assert problems(window, language) == []
    refused = film(blank(), allowed=False, language=language)
    refused.page.click(SCAN)
    expect(refused.page.locator(SAID)).not_to_be_empty()
    assert problems(refused, language) == []


def test_the_browsers_own_reader_is_asked_first(film: Film) -> None:
    window = film(blank(), before=OWN_READER)
    fetched: list[str] = []
    window.page.on("request", lambda request: fetched.append(request.url))
    window.page.click(SCAN)
    expect(window.page.locator(FIELD)).to_have_value(ICCID)
    assert [url for url in fetched if LIBRARY.search(url)] == []


def test_ours_takes_over_where_the_browsers_own_reader_fails(film: Film) -> None:
    page = film(code128(ICCID), before=OWN_READER_THAT_FAILS).page
    page.click(SCAN)
    expect(page.locator(FIELD)).to_have_value(ICCID)


def test_without_javascript_or_camera_nothing_is_offered(visit: Open, film: Film) -> None:
    plain = visit("en", script=False)
    plain.go("/sign-in/")
    expect(plain.page.locator("#scanner")).to_be_hidden()
    old = film(None, before="Object.defineProperty(navigator, 'mediaDevices', { value: undefined });")
    expect(old.page.locator("#scanner")).to_be_hidden()


@pytest.mark.parametrize("path", ["/", "/sign-in/", "/verify/"])
def test_the_camera_needs_no_hole_in_the_policy(client: Client, path: str) -> None:
    policy = client.get(path)["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "blob:" not in policy
