"""Does the first page, and what it leads to, work on a small phone, in each language, without help from a script?"""

from __future__ import annotations

import pytest

from tests.browser.conftest import ONE, Open, Visit
from tests.browser.test_journeys import sign_in
from tests.browser.test_pages import LANGUAGES, problems
from tojimari.lines.models import Bill, Line, Plan
from tojimari.platform.database.scope import every_carrier

pytestmark = pytest.mark.browser

People = tuple[Line, Line, Line]
OPEN_PAGES = ("/is-it-real/", "/another-carrier/", "/which-kind/", "/which-kind/?stay=long", "/which-kind/?phone=x")


def box(window: Visit, what: str) -> tuple[float, float]:
    """Where the first such element begins and ends, in pixels from the top."""
    found = window.page.locator(what).first.bounding_box()
    assert found is not None
    return found["y"], found["y"] + found["height"]


def open_all(window: Visit) -> None:
    for summary in window.page.locator("main summary").all():
        summary.click()


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_tap_closes_and_the_ways_beside_it_begin_on_the_first_screen(
    visit: Open, people: People, language: str
) -> None:
    window = visit(language, script=False)
    window.go("/")
    assert box(window, "main a.button.big")[1] <= 640
    assert box(window, 'a[href="/case/"]')[1] <= 640
    window.page.click("main a.button.big")
    assert window.page.locator("#id_identifier").count() == 1


@pytest.mark.parametrize("language", ONE)
def test_the_pages_that_answer_questions(visit: Open, people: People, language: str) -> None:
    window, wrong = visit(language, width=320), {}
    for path in OPEN_PAGES:
        window.go(path)
        wrong[path] = problems(window, language)
    for phone in ("esim", "no_esim", "unknown"):
        window.go("/which-kind/")
        window.page.check('input[value="first_visit"]')
        window.page.check(f'input[value="{phone}"]')
        with window.page.expect_navigation():
            window.page.click("main form .button")
        wrong[phone] = problems(window, language)
    host = window.url.split("//")[1].split(":")[0]
    for text in (
        "",
        f"http://{host}/",
        "https://bit.ly/1",
        f"http://a@{host}/",
        "https://198.51.100.1/",
        "a@b.example",
        "ドコモ https://www.docomo.ne.jp/ https://docomo-pay.duckdns.org/ https://softbank.jp.a-long-name.example.info/",
    ):
        window.go("/is-it-real/")
        window.page.fill("#id_text", text)
        with window.page.expect_navigation():
            window.page.click("main form .button")
        wrong[text] = problems(window, language)
    assert {name: found for name, found in wrong.items() if found} == {}
    assert window.foreign == []


@pytest.mark.parametrize("language", ONE)
def test_what_if_i_do_not(visit: Open, people: People, language: str) -> None:
    sim, esim, _ = people
    with every_carrier():
        Bill.objects.create(carrier=sim.carrier, line=sim, month="2026-10-01", amount_yen=1078, due_on="2026-11-30")
    window, wrong = visit(language, width=320), {}
    sign_in(window, sim)
    open_all(window)
    wrong["lines"] = problems(window, language)
    for line in (sim, esim):
        window.go(f"/lines/{line.pk}/if-not/")
        open_all(window)
        wrong[line.kind] = problems(window, language)
    with every_carrier():
        Plan.objects.filter(pk=sim.plan_id).update(final_month_policy="usage_tier")
    window.go(f"/lines/{sim.pk}/if-not/")
    open_all(window)
    wrong["by use"] = problems(window, language)
    assert {name: found for name, found in wrong.items() if found} == {}
    assert window.page.get_by_role("img").first.get_attribute("aria-labelledby") == "ahead-title ahead-desc"
    assert window.page.locator(".pair .button.plain").count() == 2
    assert window.foreign == []
    assert window.trouble == []
