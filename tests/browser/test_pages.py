"""Can everybody use every page: by ear, on a narrow phone, in their language, with nothing from elsewhere?"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.contrib.auth.models import User
from playwright.sync_api import Browser

from tests.browser.conftest import ONE, Open, Visit
from tests.browser.test_journeys import reference_on, sign_in
from tojimari.desk.models import Membership
from tojimari.lines.models import Line
from tojimari.platform.database.scope import every_carrier

pytestmark = pytest.mark.browser

LANGUAGES = ["ja", "en", "zh-Hans", "zh-Hant"]
LIGHT = (
    *("aria-allowed-role", "aria-deprecated-role", "empty-heading", "empty-table-header", "focus-order-semantics"),
    *("form-field-multiple-labels", "heading-order", "hidden-content", "image-redundant-alt", "landmark-unique"),
    *("landmark-banner-is-top-level", "landmark-contentinfo-is-top-level", "landmark-main-is-top-level"),
    *("landmark-no-duplicate-banner", "landmark-no-duplicate-contentinfo", "landmark-no-duplicate-main"),
    *("landmark-one-main", "meta-viewport-large", "page-has-heading-one", "presentation-role-conflict", "region"),
    *("scope-attr-valid", "skip-link", "table-duplicate-name"),
)
"""Rules of axe whose findings are never serious or critical, and so never counted: a fifth of the time."""
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {light: {"enabled": False} for light in LIGHT},
    "resultTypes": ["violations"],  # what is right need not be listed: half the time
}
FIRST_VIEW_MOST = 60 * 1024


def problems(window: Visit, language: str, *, by_ear: bool = True) -> list[str]:
    """Everything that is wrong with the page as it stands; `by_ear`: axe, which is slow, looks at it too."""
    window.page.wait_for_load_state()  # a click before may just be leading here
    if by_ear and not window.page.evaluate("'axe' in globalThis"):
        window.page.evaluate(AXE_SCRIPT)
    return judged(window.page.evaluate(LOOK, RULES if by_ear else None), language)


def judged(seen: Mapping[str, Any], language: str) -> list[str]:
    """What is wrong with a page that `LOOK` has looked at."""
    wrong = list(seen["by_ear"])
    if seen["lang"] != language:
        wrong.append(f"lang is {seen['lang']}")
    if seen["too_wide"] > 0:
        wrong.append(f"{seen['too_wide']} px too wide")
    if seen["headings"] != 1:
        wrong.append("not exactly one h1")
    if seen["inline"]:
        wrong.append("something inline")
    if language != "en" and (left := english_left(seen["text"], seen["meant"])):
        wrong.append(f"still in English: {left}")
    return wrong + [f"too small to hit: {target}" for target in seen["small"]]


# One question for all of it: each trip to the browser costs more than what is asked. Of axe counts what is serious or
# critical. Targets: WCAG 2.2, 2.5.8 asks for 24 px, except for links inside a sentence; ours are 44 px.
LOOK = """async axe_options => ({
  by_ear: axe_options === null ? [] : (await axe.run(axe_options)).violations
    .filter(found => ["serious", "critical"].includes(found.impact))
    .map(found => `${found.id}: ${found.nodes[0].html.slice(0, 120)}`),
  lang: document.documentElement.getAttribute("lang"),
  too_wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  headings: document.querySelectorAll("h1").length,
  inline: document.querySelectorAll("[style], script:not([src]):not([type='application/json'])").length,
  text: document.body.innerText,
  meant: [...document.querySelectorAll("[lang='ja-Latn'], [translate='no']")].map(e => e.innerText),
  small: [...document.querySelectorAll("button, .button, input:not([type=hidden]), select, summary, nav a, .foot a")]
    .filter(e => e.checkVisibility())
    .map(e => [e, (e.closest("label") ?? e).getBoundingClientRect()])
    .filter(([e, box]) => box.height > 0 && (box.height < 43.5 || box.width < 24))
    .map(([e, box]) => `${e.outerHTML.slice(0, 80)} ${box.width}x${box.height}`),
})"""

KNOWN_LATIN = re.compile(
    r"English|Tojimari|tojimari|Travel 30 days|Wi-Fi|WeChat|LINE|Apple|Google|eSIM|SIM|ICCID|MNP|NFC|Tabi Mobile"
    r"|TJ-[0-9A-Z-]+|[\w.…]+@\S+|certificate\.json|published\.json|--keys|verify|demo|JSON|wang|tabi"
    r"|NTT docomo|My docomo|d ACCOUNT|Keitai Watch|Apache License"
)


def english_left(text: str, meant: Sequence[str]) -> list[str]:
    """Runs of English words on a page of another language: texts that nobody has translated.

    `meant`: Japanese in Latin letters, to be read aloud; and names.
    """
    for words in sorted(meant, key=len, reverse=True):  # the longest first: one may be a part of another
        text = text.replace(words, " ")
    text = KNOWN_LATIN.sub(" ", text)
    return re.findall(r"[A-Za-z]+(?: [A-Za-z]+)+", text)


def test_no_rule_is_left_out_whose_findings_count(chromium: Browser) -> None:
    with chromium.new_context() as context:
        page = context.new_page()
        page.evaluate(AXE_SCRIPT)
        weights = dict(page.evaluate("axe._audit.rules.map(rule => [rule.id, rule.impact])"))
    assert {weights[light] for light in LIGHT} <= {"minor", "moderate"}


@pytest.mark.parametrize("language", ONE)
def test_every_page_of_the_desk(
    visit: Open, people: tuple[Line, Line, Line], worker: Callable[[], None], language: str
) -> None:
    sim = people[0]
    person = visit(language)
    sign_in(person, sim)
    for path in (f"/lines/{sim.pk}/roaming/confirm/", f"/lines/{sim.pk}/close/confirm/?end=now"):
        person.go(path)
        person.page.click(".pair button")
        person.page.wait_for_url("**/receipt/")
    reference = reference_on(person)
    worker()
    user = User.objects.create_user("lead", "lead@mail.example", "a long password", first_name="花子", last_name="鈴木")
    with every_carrier():
        Membership.objects.create(user=user, carrier=sim.carrier, role="lead")
    window = visit(language, width=320, height=640)
    page = window.page
    wrong: dict[str, list[str]] = {}

    def look(name: str) -> None:
        if found := problems(window, language):
            wrong[name] = found

    window.go("/desk/")
    look("login")
    page.fill("#id_login", "lead@mail.example")
    page.fill("#id_password", "a long password")
    page.click("main form .button")
    page.wait_for_url("**/desk/")
    look("home")
    steps = page.locator("main table a.button")
    for path in [str(steps.nth(n).get_attribute("href")) for n in range(steps.count())]:
        window.go(path)
        look(path)
        page.click(".pair button")
        look(f"{path} refused")
    for path in (f"/desk/cases/{reference}/", "/desk/find/", "/staff/2fa/"):
        window.go(path)
        for summary in page.locator("main summary").all():
            summary.click()
        look(path)
    assert wrong == {}
    assert (window.foreign, window.trouble) == ([], [])


@pytest.mark.parametrize("language", ONE)
def test_the_first_page_shows_its_button_without_scrolling(visit: Open, people: object, language: str) -> None:
    window = visit(language)
    window.go("/")
    box = window.page.locator("main a.button.big").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 640


def test_a_first_view_is_light(visit: Open, people: object) -> None:
    window = visit("ja")
    sizes: list[int] = []
    window.page.on("response", lambda answer: sizes.append(len(answer.body())))
    window.go("/")
    window.page.wait_for_load_state("networkidle")
    assert 0 < sum(sizes) <= FIRST_VIEW_MOST


def test_the_language_is_kept_and_follows_the_browser(visit: Open, people: object) -> None:
    window = visit("zh-Hant")
    window.go("/")
    assert window.page.get_attribute("html", "lang") == "zh-Hant"
    window.page.click('button[value="ja"]')
    assert window.page.inner_text("h1") == "携帯電話の回線を解約"
    window.go("/sign-in/")
    assert window.page.get_attribute("html", "lang") == "ja"
