"""Can everybody get in: with an EID, by SMS, with the papers of the order, or to a person, in each language?"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.conftest import ONE, Open, Visit
from tests.browser.test_journeys import BUTTON
from tests.browser.test_pages import problems
from tests.portal.conftest import newest_code
from tojimari.lines.models import Line
from tojimari.rules.identifiers import iccid

pytestmark = pytest.mark.browser

WANG = "wang@mail.example"
FORM = "main form:not(.away) .button"


def entry_pages(window: Visit, esim: Line) -> Iterator[str]:
    """Walk the pages of the way in, with their error states; each name is given while its page is open."""
    page = window.page
    window.go("/sign-in/?next=/lines/")
    yield "sign in"
    page.fill("#id_identifier", "8981100000000000011")
    page.click(BUTTON)
    page.wait_for_selector("#id_identifier_error")
    yield "wrong check digit"
    page.fill("#id_identifier", iccid.with_check_digit("894411006812345678"))
    page.click(BUTTON)
    page.wait_for_selector("#id_code")
    yield "code for a SIM from abroad"
    window.go("/sign-in/")
    page.fill("#id_identifier", esim.iccid)
    page.check('input[value="sms"]')
    page.click(BUTTON)
    page.wait_for_selector("#id_identifier_error")
    yield "SMS without the order number"
    page.fill("#id_identifier", esim.order_number)
    page.click(BUTTON)
    page.wait_for_selector("#id_code")
    page.click("summary")
    yield "code by SMS"
    page.click('main details a[href*="help"]')
    page.wait_for_selector("#id_order")
    yield "another way in"
    page.click(FORM)
    page.wait_for_selector("#id_order_error")
    yield "another way in, nothing typed"
    page.click('main a[href$="/person/"]')
    page.wait_for_selector("#id_reach")
    yield "ask a person"
    page.click(FORM)
    page.wait_for_selector("#id_reach_error")
    yield "ask a person, nothing typed"
    page.fill("#id_name", "王小明")
    page.fill("#id_reach", "+86 138 0013 8000")
    page.check('input[value="abroad"]')
    page.click(FORM)
    page.wait_for_url("**/asked/")
    yield "asked"


@pytest.mark.parametrize("language", ONE)
def test_every_state_of_the_way_in_can_be_used_by_all(
    visit: Open, people: tuple[Line, Line, Line], language: str
) -> None:
    window = visit(language, width=320)
    found = {name: wrong for name in entry_pages(window, people[1]) if (wrong := problems(window, language))}
    assert found == {}
    assert window.foreign == []
    assert window.trouble == []


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_dead_sim_abroad_is_no_wall(visit: Open, people: tuple[Line, Line, Line], *, script: bool) -> None:
    esim = people[1]
    window = visit("zh-Hant", script=script)
    window.go("/sign-in/")
    window.page.click('main a[href*="help"]')
    window.page.fill("#id_order", esim.order_number)
    window.page.fill("#id_card", f"…{esim.eid[-6:]}")
    window.page.fill("#id_email", WANG)
    window.page.click(FORM)
    window.page.wait_for_selector("#id_code")
    window.page.fill("#id_code", newest_code(WANG))
    window.page.click(BUTTON)
    window.page.wait_for_url("**/lines/")
