"""Can staff read the overview by ear, on a narrow screen and in their language, and choose a month by keyboard?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User

from tests.browser.conftest import ONE, Open, Visit
from tests.browser.test_pages import problems
from tests.counter.conftest import a_shop
from tests.terminations.play import CLERK, Clock, ask, work
from tojimari.counter.models import Visit as Appointment
from tojimari.desk.models import Membership
from tojimari.lines.models import Line
from tojimari.platform.database.scope import every_carrier
from tojimari.terminations import actions

pytestmark = pytest.mark.browser


@pytest.fixture
def figures(people: tuple[Line, Line, Line]) -> None:
    """A case waits for a visit, one was rejected, one is on hold, one visit was kept."""
    sim, esim, tanaka = people
    clock, shop = Clock(datetime.now(UTC)), a_shop(sim.carrier, "shinjuku")
    with every_carrier():
        first = ask(tanaka, clock, effective="month-end", channel="portal")
        rejected = ask(esim, clock, effective="month-end", channel="portal")
        ask(sim, clock, effective="now", channel="portal")
        work(clock, forward=False)
        actions.reject(termination=rejected, code="rejected.duplicate", acting=CLERK, at=clock.now)
        actions.hold(termination=first, code="hold.request", acting=CLERK, at=clock.now)
        Appointment.objects.create(
            carrier=sim.carrier,
            shop=shop,
            case_id=first.pk,
            reference=first.reference,
            code="V-7K3M-9QXA",
            starts_at=clock.now,
            ends_at=clock.now + shop.length,
            seat=0,
            state="came",
            booked_by="staff:1",
            created_at=clock.now,
            changed_at=clock.now,
        )


def as_lead(window: Visit, line: Line) -> None:
    """Sign in as the lead of a shift."""
    user = User.objects.create_user("lead", "lead@tabi.example", "correct-horse-battery", first_name="Ken")
    with every_carrier():
        Membership.objects.create(user=user, carrier=line.carrier, role="lead")
    window.go("/staff/login/")
    window.page.fill("#id_login", "lead@tabi.example")
    window.page.fill("#id_password", "correct-horse-battery")
    window.page.click("main form button[type=submit], main form .button")


@pytest.mark.usefixtures("figures")
@pytest.mark.parametrize("language", ONE)
def test_the_overview_is_fit_for_everybody(visit: Open, people: tuple[Line, Line, Line], language: str) -> None:
    window = visit(language)
    as_lead(window, people[0])
    window.go("/desk/overview/")
    assert window.page.locator("svg.picture").count() == 2
    for summary in window.page.locator("summary").all():
        summary.click()
    assert problems(window, language) == []
    assert (window.foreign, window.trouble) == ([], [])


@pytest.mark.usefixtures("figures")
def test_a_month_is_chosen_by_keyboard_and_without_script(visit: Open, people: tuple[Line, Line, Line]) -> None:
    window = visit("en", script=False)
    as_lead(window, people[0])
    window.go("/desk/overview/")
    window.page.focus("#month-choice")
    window.page.keyboard.press("Tab")
    window.page.keyboard.press("Enter")
    window.page.wait_for_url("**/desk/overview/?month=*")
    assert window.page.locator("#month-choice option:checked").count() == 1
