"""Can a reviewer work on a narrow screen and by keyboard alone, and does the person find the question?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User

from tests.browser.conftest import ONE, Open, Visit
from tests.browser.test_journeys import sign_in
from tests.browser.test_pages import problems
from tests.terminations.play import Clock, ask, work
from tojimari.desk.models import Membership
from tojimari.lines.models import Carrier, Line, Subscriber
from tojimari.platform.database.scope import every_carrier
from tojimari.terminations.models import Step, Termination

pytestmark = pytest.mark.browser

PASSWORD = "a long password"


def staff_at(window: Visit, carrier: Carrier, role: str, *names: str) -> None:
    """Sign a member of staff in, the way they do."""
    email = f"{role}@mail.example"
    user = User.objects.create_user(role, email, PASSWORD, last_name=names[0], first_name=names[1])
    with every_carrier():
        Membership.objects.create(user=user, carrier=carrier, role=role)
    window.go("/desk/")
    window.page.fill("#id_login", email)
    window.page.fill("#id_password", PASSWORD)
    window.page.keyboard.press("Enter")
    window.page.wait_for_selector("nav .away")


def begin(line: Line) -> Termination:
    """A case of a company's eSIM: its rule wants two people, because nobody has seen an authority."""
    clock = Clock(datetime.now(UTC))
    with every_carrier():
        Subscriber.objects.filter(pk=line.subscriber_id).update(corporate=True)
        case = ask(line, clock, effective="3bd", channel="portal")
        work(clock, forward=False)
    return case


@pytest.mark.parametrize("language", ONE)
def test_every_page_of_a_review_can_be_used_by_everybody(visit: Open, people: list[Line], language: str) -> None:
    esim = people[1]
    case = begin(esim)
    window = visit(language, width=320)
    page, wrong = window.page, {}

    def look(name: str) -> None:
        if found := problems(window, language):
            wrong[name] = found

    staff_at(window, esim.carrier, "lead", "鈴木", "花子")
    window.go("/desk/reviews/")
    look("queue")
    page.click("main form .button")
    page.wait_for_url("**/desk/reviews/*/")
    page.click("main summary")
    look("review")
    page.select_option("#question", "authority")
    page.locator("form:has(#question) .button").click()
    page.wait_for_url("**/desk/reviews/")
    look("queue, asked")
    page.click(".ways a")
    look("review, asked")

    person = visit(language)
    sign_in(person, esim)
    person.go(f"/cases/{case.reference}/")
    if found := problems(person, language):
        wrong["case"] = found
    person.page.click("#case .note a.button")
    person.page.click(".pair button")
    if found := problems(person, language):
        wrong["answer refused"] = found
    person.page.fill("#id_answer", "王小明")
    person.page.click(".pair button")
    person.page.wait_for_url(f"**/cases/{case.reference}/")

    window.go("/desk/reviews/")
    look("queue, answered")
    page.click("main td form .button")
    look("review, answered")
    with every_carrier():
        Step.objects.filter(termination=case, name="settle").update(state="stuck", code="network.moved")
    window.go("/desk/stuck/")
    for summary in page.locator("main summary").all():
        summary.click()
    look("stuck")
    assert wrong == {}
    assert (window.foreign, window.trouble, person.foreign, person.trouble) == ([], [], [], [])


def test_a_reviewer_decides_with_the_keyboard_alone(visit: Open, people: list[Line]) -> None:
    esim = people[1]
    case = begin(esim)
    for role, names in (("reviewer", ("高橋", "美咲")), ("lead", ("伊藤", "一郎"))):
        window = visit("en", width=1280, height=900, script=False)
        staff_at(window, esim.carrier, role, *names)
        page = window.page
        window.go("/desk/reviews/")
        page.locator("main form .button").first.focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/desk/reviews/*/")
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.id") == "note":
                break
        page.keyboard.type("Looked at it.")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**/desk/reviews/")
        assert case.reference in page.inner_text(".note")
    with every_carrier():
        assert case.steps.get(name="review").state == "done"
