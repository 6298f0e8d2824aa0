"""Can the pages of rights, looks, files and the second factor be used by everybody, on a narrow screen too?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User

from tests.browser.conftest import ONE, Open
from tests.browser.test_desk_reviews import begin, staff_at
from tests.browser.test_pages import problems
from tests.counter.conftest import a_shop
from tojimari.desk.models import Membership
from tojimari.lines.models import Carrier, Line
from tojimari.platform.acting import Acting, Role
from tojimari.platform.database.scope import every_carrier
from tojimari.terminations.file_wishes import Wanted, ask

pytestmark = pytest.mark.browser


def _a_colleague(carrier: Carrier) -> int:
    """Somebody else with a place, at a carrier with a shop."""
    a_shop(carrier, "shinjuku")
    user = User.objects.create_user("mei", "mei@tabi.example", first_name="芽衣", last_name="田中")
    with every_carrier():
        return Membership.objects.create(user=user, carrier=carrier, role="clerk", shops=["shinjuku"]).pk


@pytest.mark.parametrize("language", ONE)
def test_every_page_of_an_administrator_can_be_used_by_everybody(
    visit: Open, people: list[Line], language: str
) -> None:
    esim = people[1]
    case = begin(esim)
    wanted = Wanted(esim.carrier, "ab" * 32, "leaving.csv", "line", "month-end", "2026")
    plan = {"rows": 1200, "cases": 1150, "known": 30, "refused": 20, "yen": 632500}
    with every_carrier():
        ask(wanted, plan=plan, acting=Acting(Role.STAFF, "4711"), at=datetime.now(UTC))
    window = visit(language, width=320)
    staff_at(window, esim.carrier, "admin", "山本", "誠")
    wrong = {}
    for path in (
        "/desk/roles/",
        f"/desk/cases/{case.reference}/as-customer/",
        f"/desk/cases/{case.reference}/as-customer/?in=theirs",
        f"/desk/audit/?case={case.reference}",
        "/desk/audit/",
        "/desk/files/",
        "/desk/second-factor/",
        "/desk/staff/",
        f"/desk/staff/{_a_colleague(esim.carrier)}/",
    ):
        window.go(path)
        if found := problems(window, language):
            wrong[path] = found
    assert wrong == {}
    assert window.foreign == []


@pytest.mark.parametrize("script", [True, False])
def test_a_file_is_confirmed_by_keyboard_with_and_without_script(visit: Open, people: list[Line], script: bool) -> None:
    carrier = people[0].carrier
    wanted = Wanted(carrier, "cd" * 32, "leaving.csv", "line", "month-end", "2026")
    with every_carrier():
        wish = ask(wanted, plan={}, acting=Acting(Role.STAFF, "4711"), at=datetime.now(UTC))
    window = visit("en", script=script)
    staff_at(window, carrier, "lead", "Suzuki", "Hanako")
    window.go("/desk/files/")
    window.page.focus("button[value=confirm]")
    window.page.keyboard.press("Enter")
    window.page.wait_for_selector(".note.good")
    with every_carrier():
        wish.refresh_from_db()
    assert wish.confirmed is True
