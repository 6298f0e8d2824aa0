"""Does a line end once and as chosen, whatever taps, tabs, time and a bad connection do meanwhile?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from playwright.sync_api import Error, Route

from tests.browser.conftest import Open, Visit
from tests.browser.staff import review
from tests.browser.test_journeys import sign_in, the_case
from tests.browser.test_pages import problems
from tests.portal.conftest import newest_code
from tojimari.lines.models import Line, Service
from tojimari.network.seed import seed
from tojimari.platform.database.scope import every_carrier
from tojimari.terminations.models import Termination
from tojimari.terminations.queries import early_stop

pytestmark = pytest.mark.browser

WANG = "wang@mail.example"
People = tuple[Line, Line, Line]


def confirm_page(window: Visit, line: Line, end: str = "month-end", more: str = "") -> None:
    window.go(f"/lines/{line.pk}/close/confirm/?end={end}{more}")


def press(window: Visit) -> None:
    window.page.click(".pair button")


def cases() -> int:
    with every_carrier():
        return Termination.objects.count()


def test_each_kind_is_closed_in_two_screens_after_the_list_of_lines(
    visit: Open, people: People, roaming: Service
) -> None:
    language = "zh-Hans"
    window = visit(language)
    page = window.page
    sign_in(window, people[0])
    seen: list[str] = []
    page.on("framenavigated", lambda frame: seen.append(frame.url.removeprefix(window.url)))
    wrong: dict[str, list[str]] = {}
    for name, way in {
        "roaming": f"/lines/{people[0].pk}/roaming/",
        "esim": f"/lines/{people[1].pk}/close/",
        "physical_sim": f"/lines/{people[0].pk}/close/",
    }.items():
        window.go("/lines/")
        seen.clear()
        page.click(f'a[href="{way}"]')
        wrong[f"{name} 1"] = problems(window, language)
        assert page.locator("main input:checked").count() == 0
        if name != "roaming":
            page.locator("input[name=end]").first.check()
        page.locator(".pair .button").first.click()
        wrong[f"{name} 2"] = problems(window, language)
        boxes = [page.locator(".pair .button").nth(place).bounding_box() for place in (0, 1)]
        assert boxes[0] is not None
        assert boxes[1] is not None
        assert (boxes[0]["width"], boxes[0]["height"]) == (boxes[1]["width"], boxes[1]["height"])
        press(window)
        page.wait_for_url("**/receipt/")
        wrong[f"{name} receipt"] = problems(window, language)
        assert len(seen) == 3, seen
    assert {name: found for name, found in wrong.items() if found} == {}
    assert (window.foreign, window.trouble) == ([], [])
    assert cases() == 3


def test_after_a_double_tap_and_the_back_button_there_is_one_case(visit: Open, people: People) -> None:
    window = visit()
    sign_in(window, people[1])
    confirm_page(window, people[1])
    window.page.dblclick(".pair button")
    window.page.wait_for_url("**/receipt/")
    receipt = window.page.url
    window.page.go_back()
    if window.page.locator(".pair button").count():
        press(window)
    window.page.wait_for_url("**/cases/**")
    assert window.page.url.startswith(receipt.removesuffix("receipt/"))
    assert cases() == 1


def test_two_tabs_give_one_case(visit: Open, people: People) -> None:
    window = visit()
    sign_in(window, people[1])
    confirm_page(window, people[1])
    other = window.page.context.new_page()
    other.goto(window.page.url.replace("month-end", "3bd"))
    for page in (window.page, other):
        page.click(".pair button")
        page.wait_for_url("**/receipt/")
    assert window.page.url == other.url
    assert cases() == 1
    assert the_case().effective == "month-end"


def test_an_answer_that_is_lost_on_its_way_can_be_asked_for_again(visit: Open, people: People) -> None:
    window = visit()
    sign_in(window, people[1])
    confirm_page(window, people[1], more="&stop=1")
    lost: list[str] = []

    def lose(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.request.url)
            route.fetch(max_redirects=0)
            route.abort("connectionreset")
        else:
            route.continue_()

    window.page.route("**/confirm/**", lose)
    press(window)
    with pytest.raises(Error):
        window.page.wait_for_url("**/receipt/", timeout=1000)
    assert cases() == 1
    confirm_page(window, people[1], more="&stop=1")
    window.page.wait_for_url("**/cases/**")
    assert the_case().reference in window.page.content()
    assert cases() == 1


def test_a_code_that_is_needed_anew_keeps_the_choice(visit: Open, people: People) -> None:
    window = visit()
    sign_in(window, people[1])
    confirm_page(window, people[1], more="&stop=1")
    make_the_proof_old()
    press(window)
    window.page.wait_for_selector("#id_code")
    window.page.fill("#id_code", newest_code(WANG))
    window.page.click("main form .button")
    window.page.wait_for_url("**/confirm/?end=month-end&stop=1")
    press(window)
    window.page.wait_for_url("**/receipt/")
    with every_carrier():
        assert early_stop(the_case(), the_case().requested_at).asked
    assert the_case().effective == "month-end"


def make_the_proof_old() -> None:
    """As if six minutes had passed since the code."""
    for row in Session.objects.all():
        store = SessionStore(row.session_key)
        kept = store.get("subscriber")
        if kept:
            old = datetime.fromisoformat(kept["proved_at"]) - timedelta(minutes=6)
            store["subscriber"] = kept | {"proved_at": old.isoformat()}
            store.save()


def test_the_ticks_of_the_check_list_stay_in_the_window_and_are_never_sent(visit: Open, people: People) -> None:
    window = visit()
    sign_in(window, people[1])
    window.go(f"/lines/{people[1].pk}/close/")
    boxes = window.page.locator("[data-ticks] input")
    boxes.nth(1).check()
    window.page.check('input[value="month-end"]')
    press(window)
    assert window.page.url.endswith("/confirm/?end=month-end&date=")
    window.page.go_back()
    window.page.reload()
    assert [boxes.nth(place).is_checked() for place in range(3)] == [False, True, False]


def test_data_and_calls_stop_before_the_end_and_come_back(
    visit: Open, people: People, worker: Callable[[], None]
) -> None:
    with every_carrier():
        seed([people[1].target])
    window = visit("ja")
    sign_in(window, people[1])
    window.go(f"/lines/{people[1].pk}/close/")
    window.page.check('input[value="month-end"]')
    window.page.check("input[name=stop]")
    press(window)
    assert "通信と通話" in window.page.inner_text(".facts")
    press(window)
    window.page.wait_for_url("**/receipt/")
    assert problems(window, "ja") == []
    case = the_case()
    window.go(f"/cases/{case.reference}/")
    window.page.click(f'a[href="/cases/{case.reference}/stop/"]')
    assert problems(window, "ja") == []
    press(window)
    window.page.wait_for_url(f"**/cases/{case.reference}/")
    assert "今止めて" in window.page.inner_text("main")
    window.page.click(f'a[href="/cases/{case.reference}/stop/"]')
    assert problems(window, "ja") == []
    press(window)
    worker()
    review(the_case())
    worker()
    with every_carrier():
        done = the_case()
    assert (done.state, done.ends_at) == ("completed", case.ends_at)
    assert (window.foreign, window.trouble) == ([], [])


def test_without_javascript_the_choice_arrives_all_the_same(visit: Open, people: People) -> None:
    window = visit("zh-Hant", script=False)
    sign_in(window, people[1])
    window.go(f"/lines/{people[1].pk}/close/")
    window.page.locator("[data-ticks] input").first.check()
    window.page.check('input[value="month-end"]')
    window.page.check("input[name=stop]")
    press(window)
    assert window.page.url.endswith("/confirm/?end=month-end&date=&stop=1")
    press(window)
    window.page.wait_for_url("**/receipt/")
    with every_carrier():
        assert early_stop(the_case(), the_case().requested_at).asked
    assert (window.foreign, window.trouble) == ([], [])
