"""Does a traveller get an appointment on a phone, in every language, by finger, by ear and without JavaScript?"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Response

from tests.browser.conftest import ONE, Open, Visit
from tests.browser.test_journeys import reference_on, sign_in
from tests.browser.test_pages import FIRST_VIEW_MOST, problems
from tojimari.counter.demo import load_shops
from tojimari.counter.models import Shop
from tojimari.counter.models import Visit as Appointment
from tojimari.lines.models import Carrier, Line
from tojimari.platform.database.scope import every_carrier

pytestmark = pytest.mark.browser


@pytest.fixture
def shops(tabi: Carrier, people: tuple[Line, Line, Line]) -> None:
    load_shops(tabi)


def ask_to_close(window: Visit, line: Line, worker: Callable[[], None]) -> str:
    """Sign in and ask to close the physical SIM; return the case's reference."""
    sign_in(window, line)
    window.go(f"/lines/{line.pk}/close/confirm/?end=now")
    window.page.click(".pair button")
    window.page.wait_for_url("**/receipt/")
    worker()
    return reference_on(window)


def booked() -> Appointment | None:
    with every_carrier():
        return Appointment.objects.select_related("shop").filter(state="booked").first()


def pages(window: Visit, line: Line, worker: Callable[[], None]) -> Iterator[str]:
    """Walk every page and error state of a visit; each name is given while its page is open."""
    page = window.page
    reference = ask_to_close(window, line, worker)
    window.go(f"/cases/{reference}/")
    yield "case, without a visit"
    page.click(f'a[href="/cases/{reference}/visit/shops/"]')
    yield "shops"
    page.fill("#id_place", "稚内")
    page.click("#near-form button.plain")
    yield "shops, nothing found"
    page.fill("#id_place", "160-0022")
    page.click("#near-form button.plain")
    yield "shops, by postcode"
    page.click('a[href$="/visit/shops/shinjuku/"]')
    yield "times"
    page.click("main form .pair button")
    page.wait_for_selector("#time-error")
    yield "times, none chosen"
    page.locator("main label.choice").first.click()
    with every_carrier():
        Shop.objects.filter(code="shinjuku").update(closed_days=[], hours={})
    page.click("main form .pair button")
    page.wait_for_selector(".note.bad")
    yield "times, closed meanwhile"
    window.go(f"/cases/{reference}/visit/shops/haneda/")
    page.locator("main label.choice").first.click()
    page.click("main form .pair button")
    page.wait_for_url(f"**/cases/{reference}/visit/")
    yield "visit"
    window.go(f"/cases/{reference}/")
    yield "case, with a visit"
    window.go(f"/cases/{reference}/visit/shops/osaka/")
    yield "times, to move to"


@pytest.mark.parametrize("language", ONE)
def test_every_page_of_a_visit(
    visit: Open, people: tuple[Line, Line, Line], shops: None, worker: Callable[[], None], language: str
) -> None:
    window = visit(language, width=320, height=640)
    wrong: dict[str, list[str]] = {}
    for name in pages(window, people[0], worker):
        if found := problems(window, language):
            wrong[name] = found
    assert wrong == {}
    assert window.foreign == []
    assert [said for said in window.trouble if "409" not in said] == []


def test_without_javascript_a_visit_is_booked_moved_and_cancelled(
    visit: Open, people: tuple[Line, Line, Line], shops: None, worker: Callable[[], None]
) -> None:
    window = visit("zh-Hans", script=False)
    page = window.page
    reference = ask_to_close(window, people[0], worker)
    window.go(f"/cases/{reference}/")
    page.click(f'a[href="/cases/{reference}/visit/shops/"]')
    assert not page.is_visible("#near")
    page.fill("#id_place", "羽田机场")
    page.click("#near-form button.plain")
    assert "羽田" in page.locator("section.card h2").first.inner_text()
    page.locator("section.card .button").first.click()
    page.locator("main label.choice").first.click()
    page.click("main form .pair button")
    first = booked()
    assert first is not None
    assert first.code in page.inner_text("main")
    page.click(".pair a")
    page.click('a[href$="/visit/shops/osaka/"]')
    page.locator("main label.choice").nth(1).click()
    page.click("main form .pair button")
    moved = booked()
    assert moved is not None
    assert (moved.code, moved.shop.code) == (first.code, "osaka")
    page.click(".pair form button")
    page.wait_for_url(f"**/cases/{reference}/")
    assert booked() is None


def test_the_position_sorts_the_shops_and_stands_in_no_address(
    visit: Open, people: tuple[Line, Line, Line], shops: None, worker: Callable[[], None]
) -> None:
    window = visit("en")
    page = window.page
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    reference = ask_to_close(window, people[0], worker)
    page.context.grant_permissions(["geolocation"], origin=window.url)
    page.context.set_geolocation({"latitude": 33.59, "longitude": 130.42})
    window.go(f"/cases/{reference}/visit/shops/")
    with page.expect_navigation():
        page.click("#near button")
    assert "Fukuoka" in page.locator("section.card h2").first.inner_text()
    assert [address for address in addresses if "33.59" in address or "130.42" in address] == []
    assert window.foreign == []


def test_who_does_not_give_the_position_is_told_another_way(
    visit: Open, people: tuple[Line, Line, Line], shops: None, worker: Callable[[], None]
) -> None:
    window = visit("ja")
    reference = ask_to_close(window, people[0], worker)
    window.go(f"/cases/{reference}/visit/shops/")
    window.page.click("#near button")
    window.page.wait_for_selector("#near-failed", state="visible")
    assert window.page.locator("section.card").count() == 4


def weight_of(window: Visit, path: str) -> int:
    """Bytes of everything that a page loads."""
    sizes: list[int] = []

    def note(answer: Response) -> None:
        sizes.append(len(answer.body()))

    window.page.on("response", note)
    window.go(path)
    window.page.wait_for_load_state("networkidle")
    window.page.remove_listener("response", note)
    return sum(sizes)


def test_a_page_of_times_is_light(
    visit: Open, people: tuple[Line, Line, Line], shops: None, worker: Callable[[], None]
) -> None:
    window = visit("ja")
    reference = ask_to_close(window, people[0], worker)
    for page in ("shops/", "shops/haneda/"):
        assert 0 < weight_of(window, f"/cases/{reference}/visit/{page}") <= FIRST_VIEW_MOST, page
