"""How do the pictures in README and docs come about, and how are they made again when the pages change?

    make run                              in one shell, in a data folder that may be filled with a try
    .venv/bin/tojimari demo day           in another, once
    .venv/bin/python scripts/screenshots.py [--site http://127.0.0.1:8000] [--out docs/images]

Chromium signs in to the running demonstration as Wang Xiaoming, asks once for the end of his eSIM, makes a plan for a
line of a carrier that is not connected, signs in to the desk, and takes each page in each language. The numbers are the
demo's own and fixed; references and times differ.
"""

from __future__ import annotations

import argparse
import base64
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

LANGUAGES = {"ja": "ja", "en": "en", "zh-Hans": "zh-hans", "zh-Hant": "zh-hant"}
"""Name in the file -> value of the language cookie."""

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1024, "height": 640}
LARGEST = 120_000
"""Bytes of the largest picture: a repository keeps every version for ever."""

SUBSCRIBER, ESIM, SIM = "060-9999-0001", "060-9999-0002", "060-9999-0001"
SHOP = "fukuoka"
STAFF, PASSWORD = "lead@demo.example", "tojimari-demo"

Picture = dict[str, str]
"""Name of the picture -> address of the page."""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--site", default="http://127.0.0.1:8000")
    parser.add_argument("--out", type=Path, default=Path("docs/images"))
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        with _window(browser, args.site, PHONE) as (context, page):
            _sign_in(page)
            _take(context, page, args.site, args.out, _portal_pages(page) | _guided_pages(page))
        with _window(browser, args.site, DESK) as (context, page):
            _sign_in_as_staff(page)
            _take(context, page, args.site, args.out, _desk_pages(page))
        _side_by_side(browser, args.out, "status")
        browser.close()


@contextmanager
def _window(browser: Browser, site: str, size: dict[str, int]) -> Iterator[tuple[BrowserContext, Page]]:
    context = browser.new_context(
        base_url=site,
        viewport={"width": size["width"], "height": size["height"]},
        locale="en-GB",
        timezone_id="Asia/Tokyo",
        device_scale_factor=1,
    )
    yield context, context.new_page()
    context.close()


def _sign_in(page: Page) -> None:
    page.goto("/sign-in/")
    page.fill("#id_identifier", SUBSCRIBER)
    page.click("main form .button")
    page.wait_for_selector("#id_code")
    messages = page.context.new_page()
    messages.goto("/demo/messages/")
    code = re.search(r"\b\d{6}\b", messages.inner_text("article pre"))
    messages.close()
    if code is None:
        raise SystemExit("The page of sent messages shows no code.")
    page.fill("#id_code", code[0])
    page.click("main form .button")
    page.wait_for_url("**/lines/")


def _sign_in_as_staff(page: Page) -> None:
    page.goto("/desk/")
    page.fill("[name=login]", STAFF)
    page.fill("[name=password]", PASSWORD)
    page.click("main form .button")
    page.wait_for_url("**/desk/")


def _portal_pages(page: Page) -> Picture:
    """The pages to take; asks for the end of the eSIM first if nobody has yet."""
    esim = page.locator("section.card", has_text=ESIM[-4:])
    if esim.locator('a[href$="/close/"]').count():
        esim.locator('a[href$="/close/"]').click()
        page.check('input[value="month-end"]')
        page.click(".pair button")
        page.click(".pair button")
        page.wait_for_url("**/receipt/")
        page.goto("/lines/")
    case = page.locator("section.card", has_text=ESIM[-4:]).locator('a[href*="/cases/"]').first
    close = page.locator("section.card", has_text=SIM[-4:]).locator('a[href$="/close/"]')
    line, status = close.get_attribute("href") or "", case.get_attribute("href") or ""
    return {
        "front": "/",
        "sign-in": "/sign-in/",
        "lines": "/lines/",
        "if-not": line.replace("/close/", "/if-not/"),
        "close": line,
        "confirm": f"{line}confirm/?end=month-end",
        "receipt": f"{status}receipt/",
        "status": status,
    }


def _guided_pages(page: Page) -> Picture:
    """A plan for somebody who flies home in a month, and the card that they show at the shop."""
    page.goto("/guide/start/docomo/physical_sim/")
    today = datetime.now(ZoneInfo("Asia/Tokyo")).date()
    page.check('[name="keep_number"][value="no"]')
    page.fill('[name="contracted_on"]', (today - timedelta(days=150)).isoformat())
    page.fill('[name="leaving_on"]', (today + timedelta(days=25)).isoformat())
    page.fill('[name="monthly_fee_yen"]', "4928")
    page.check('[name="unpaid"][value="no"]')
    page.click("main form button.button")
    page.wait_for_url("**/guide/plan/")
    return {"plan": "/guide/plan/", "carrier": "/guide/carriers/docomo/", "card": "/guide/cards/close/"}


def _desk_pages(page: Page) -> Picture:
    """What waits, a visitor at the counter, and a review; the people come from `tojimari demo day`."""
    page.goto("/desk/counter/")
    page.click(f'button[value="{SHOP}"]')
    visitor = page.locator('main a[href*="/desk/counter/TJ-"]').first.get_attribute("href")
    page.goto("/desk/reviews/")
    review = page.locator('main td a[href*="/desk/reviews/"]').first.get_attribute("href")
    return {"desk": "/desk/", "counter": visitor or "", "review": review or "", "overview": "/desk/overview/"}


def _take(context: BrowserContext, page: Page, site: str, out: Path, pictures: Picture) -> None:
    for name, address in pictures.items():
        for language, cookie in LANGUAGES.items():
            context.add_cookies([{"name": "django_language", "value": cookie, "url": site}])
            page.goto(address)
            _keep(page, out / f"{name}-{language}.png")


def _side_by_side(browser: Browser, out: Path, name: str) -> None:
    """One picture of a page in all languages, for the README."""
    images = [base64.b64encode((out / f"{name}-{language}.png").read_bytes()).decode() for language in LANGUAGES]
    shown = "".join(f'<img width="200" src="data:image/png;base64,{image}">' for image in images)
    style = "body{margin:0;padding:10px;display:flex;gap:10px;background:#e6e6e6}"
    page = browser.new_page(viewport={"width": 850, "height": 453})
    page.set_content(f"<style>{style}</style>{shown}")
    _keep(page, out / f"{name}.png")
    page.close()


def _keep(page: Page, path: Path) -> None:
    size = len(page.screenshot(path=path))
    print(f"{path}  {size / 1000:.0f} kB")
    if size > LARGEST:
        raise SystemExit(f"{path} has {size} bytes; at most {LARGEST} are kept.")


if __name__ == "__main__":
    main()
