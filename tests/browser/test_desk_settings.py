"""Can the administrator change a procedure by keyboard, on a narrow screen, in any language, and see what is wrong?"""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from tests.browser.conftest import ONE, Open, Visit
from tests.browser.test_pages import problems
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
