"""Can an agent lead a call by keyboard alone, and read every page of it on a narrow screen?"""

from __future__ import annotations

import pytest

from tests.browser.conftest import Open
from tests.browser.test_desk_reviews import staff_at
from tests.browser.test_pages import problems
from tests.portal.conftest import newest_code
from tojimari.counter.demo import load_shops
from tojimari.desk.models import Call
from tojimari.lines.models import Line
from tojimari.platform.database.scope import every_carrier
from tojimari.terminations.models import Termination

pytestmark = pytest.mark.browser

WANG = "wang@mail.example"


def test_a_call_is_led_by_keyboard_alone_and_can_be_read_in_every_width(
    visit: Open, people: tuple[Line, Line, Line]
) -> None:
    line = people[0]
    load_shops(line.carrier)
    window = visit("ja", width=1280, height=900)
    page, wrong, looked = window.page, {}, 0

    def look(name: str) -> None:
        """The page in Japanese with axe; then narrow, in two more languages by turns."""
        nonlocal looked
        looked += 1
        language = ("zh-Hans", "en")[looked % 2]
        if found := problems(window, "ja"):
            wrong[name] = found
        page.set_viewport_size({"width": 320, "height": 640})
        page.context.add_cookies([{"name": "django_language", "value": language.lower(), "url": window.url}])
        page.reload()
        if found := problems(window, language, by_ear=False):
            wrong[f"{name}, {language}"] = found
        page.context.add_cookies([{"name": "django_language", "value": "ja", "url": window.url}])
        page.set_viewport_size({"width": 1280, "height": 900})
        page.reload()

    def tab_to(selector: str) -> None:
        page.locator("h1").evaluate("h1 => { h1.tabIndex = -1; h1.focus() }")  # the menu is walked elsewhere
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("s => document.activeElement.matches(s)", selector):
                return
        raise AssertionError(f"no way to {selector} by keyboard")

    def press(selector: str) -> None:
        tab_to(selector)
        with page.expect_navigation():
            page.keyboard.press("Enter")

    def write(selector: str, text: str) -> None:
        tab_to(selector)
        page.keyboard.insert_text(text)

    staff_at(window, line.carrier, "agent", "佐藤", "健")
    window.go("/desk/calls/")
    look("calls")
    press('button[name=language][value="zh-hans"].button')
    look("find")
    write("#id_wanted", f"0{line.msisdn[2:]}")
    page.reload()
    assert page.input_value("#id_wanted")  # a broken connection loses nothing
    press("#counter-form .button")
    look("questions")
    press("#counter-form .button")
    assert page.locator(".note.bad[role=alert]").first.is_visible()
    write("#id_name", "王小明")
    write("#id_order_number", line.order_number)
    press("#counter-form .button")
    look("code")
    tab_to("input[name=by]")
    page.keyboard.press("Space")
    press("form:has(input[value=send]) .button")
    write("#id_code", newest_code(WANG))
    press("form:has(input[value=code]) .button")
    look("see")
    press("button[name=scope][value=line]")
    look("ends")
    tab_to("input[name=end]")
    page.keyboard.press("Space")
    press("#counter-form .button")
    look("confirm")
    tab_to("#id_yes")
    page.keyboard.press("Space")
    press("form:has(#id_yes) .button")
    look("done")
    with every_carrier():
        assert Termination.objects.get().channel == "desk"
        reference = Call.objects.get().reference
    window.go(f"/desk/calls/{reference}/visit/?shop=shinjuku")
    look("visit")
    window.go(f"/desk/calls/{reference}/")
    press("form:has(input[value=over]) .button")
    look("over")
    assert page.evaluate("Object.keys(sessionStorage)") == []
    assert wrong == {}
    assert window.foreign == []
    assert [said for said in window.trouble if "409" not in said] == []
