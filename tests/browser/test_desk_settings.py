"""Can the administrator change a procedure by keyboard, on a narrow screen, in any language, and see what is wrong?"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from tests.browser.conftest import ONE, Open, Visit
from tests.browser.test_pages import problems
from tests.counter.conftest import a_shop
from tojimari.desk.models import Membership
from tojimari.lines.models import Carrier
from tojimari.platform.database.scope import every_carrier
from tojimari.terminations.procedures import shipped

pytestmark = pytest.mark.browser

STANDARD = shipped("tabi", "esim").text


def as_admin(window: Visit, carrier: Carrier) -> None:
    """Sign in as the carrier's administrator."""
    user = User.objects.create_user("admin", "admin@tabi.example", "correct-horse-battery", first_name="Aoi")
    with every_carrier():
        Membership.objects.create(user=user, carrier=carrier, role="admin")
    window.go("/staff/login/")
    window.page.fill("#id_login", "admin@tabi.example")
    window.page.fill("#id_password", "correct-horse-battery")
    window.page.click("main form button[type=submit], main form .button")


@pytest.mark.parametrize("language", ONE)
def test_the_way_of_a_change_is_fit_for_everybody(
    transactional_db: None, visit: Open, tabi: Carrier, language: str
) -> None:
    window = visit(language)
    page, found = window.page, {}
    as_admin(window, tabi)
    window.go("/desk/settings/")
    found["settings"] = problems(window, language)
    page.click("a[href$='/procedures/esim/']")
    page.fill("#hold_hours", "two")
    page.press("#hold_hours", "Enter")
    page.wait_for_selector("#hold_hours_error")
    found["no number"] = procedure_problems(window, language)
    page.click("main form details summary")
    for name, hours in (("wrong", "-1"), ("right", "48")):
        page.fill("#text", STANDARD.replace("wait_hours = 24", f"wait_hours = {hours}"))
        page.focus("button[value=check]")
        page.keyboard.press("Enter")
        page.wait_for_selector(".note.bad" if name == "wrong" else ".note.good")
        found[name] = procedure_problems(window, language)
        assert page.locator("button[value=save]").count() == (name == "right")
    page.focus("button[value=save]")
    page.keyboard.press("Enter")
    page.wait_for_selector("button[value=back]", state="attached")
    for summary in page.locator("summary").all():
        summary.click()
    found["saved"] = procedure_problems(window, language)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
    assert (window.foreign, window.trouble) == ([], [])


def procedure_problems(window: Visit, language: str) -> list[str]:
    """What is wrong with the page; the procedure itself and what is wrong with it are in English in every language."""
    return [one for one in problems(window, language) if not one.startswith("still in English")]


TEXT = "/desk/settings/texts/receipt/zh-hans/"


@pytest.mark.parametrize("language", ONE)
def test_texts_hotlines_domains_and_shops_are_fit_for_everybody(
    transactional_db: None, visit: Open, tabi: Carrier, language: str
) -> None:
    a_shop(tabi, "shinjuku")
    window = visit(language)
    page, found = window.page, {}
    as_admin(window, tabi)
    window.go("/desk/settings/texts/")
    found["texts"] = problems(window, language)
    window.go(TEXT)
    page.fill("#body", "{refrence}")
    page.press("#subject", "Enter")
    page.wait_for_selector("#body_error")
    found["wrong text"] = procedure_problems(window, language)
    walk: dict[str, tuple[str, Callable[[], None], str]] = {
        "text": (TEXT, lambda: page.fill("#subject", "{reference} 已收到"), "#subject"),
        "hotlines": ("/desk/settings/hotlines/", lambda: page.fill("#number_1", "+81120000000"), "#hours_1"),
        "domains": ("/desk/settings/domains/", lambda: page.fill("#domains", "tabi-mobile.jp"), "button[value=check]"),
        "shop": ("/desk/settings/shops/shinjuku/", lambda: page.fill("#closes_on", "2027-01-31"), "#phone"),
    }
    for name, (path, change, field) in walk.items():
        window.go(path)
        change()
        page.press(field, "Enter")
        page.wait_for_selector("button[value=save]")
        found[f"{name}, looked at"] = procedure_problems(window, language)
        page.focus("button[value=save]")
        page.keyboard.press("Enter")
        page.wait_for_selector(".note.good")
        for summary in page.locator("main summary").all():
            summary.click()
        found[f"{name}, saved"] = procedure_problems(window, language)
    window.go("/desk/settings/new-shop/")
    page.press("#code", "Enter")
    page.wait_for_selector("#code_error")
    found["empty shop"] = procedure_problems(window, language)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
    assert (window.foreign, window.trouble) == ([], [])
