"""Does a traveller get out of a line at another carrier on a phone, by finger, by ear and without JavaScript?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.browser.conftest import ONE, Open, Visit
from tests.browser.test_pages import problems
from tests.browser.walks import LANGUAGES, said
from tojimari.lines.models import Carrier
from tojimari.platform.database.scope import every_carrier
from tojimari.terminations.guided.models import GuidedCase, GuidedEvidence

pytestmark = pytest.mark.browser


@pytest.fixture
def here(transactional_db: None, tabi: Carrier) -> Carrier:
    return tabi


def photo(folder: Path) -> Path:
    """A screenshot as a phone saves it."""
    found = folder / "screen.png"
    Image.new("RGBA", (300, 600), (20, 90, 160, 200)).save(found)
    return found


def reference_on(window: Visit) -> str:
    found = re.search(r"TJ-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", window.page.url)
    assert found is not None, window.page.url
    return found[0]


def pages(window: Visit, picture: Path) -> Iterator[str]:
    """Walk every page and error state of a plan; each name is given while its page is open."""
    page = window.page
    window.go("/guide/start/")
    yield "carriers"
    page.fill("#q", "zzzz")
    page.click("main form button")
    yield "no carrier found"
    page.fill("#q", "ドコモ")
    page.click("main form button")
    page.click('a[href="/guide/start/docomo/"]')
    yield "kinds"
    page.click('a[href="/guide/start/docomo/physical_sim/"]')
    yield "questions"
    page.fill("#id_monthly_fee_yen", "?")
    page.click("main form p .button")
    page.wait_for_selector(".error")
    yield "questions, wrong"
    page.fill("#id_monthly_fee_yen", "2970")
    page.check('input[name="keep_number"][value="no"]')
    page.fill("#id_leaving_on", "2099-12-10")
    page.click("main form p .button")
    page.wait_for_url("**/guide/plan/")
    yield "plan"
    page.click("main form .button.big")
    page.wait_for_url("**/guide/cases/**")
    reference = reference_on(window)
    yield "case, kept"
    window.go(f"/guide/cases/{reference}/steps/1/")
    yield "step"
    page.set_input_files("#id_picture", picture)
    page.fill("#id_receipt_number", "A-4711")
    page.click('button[value="add"]')
    page.wait_for_selector("img.kept")
    yield "step, with evidence"
    page.click('button[value="done"]')
    page.wait_for_url(f"**/guide/cases/{reference}/")
    yield "case, a step done"
    window.go(f"/guide/cases/{reference}/reminders/")
    page.fill("#id_email", "li")
    page.click('button[value="ask"]')
    page.wait_for_selector(".error")
    yield "reminders, wrong"
    page.fill("#id_email", "li@mail.example")
    page.click('button[value="ask"]')
    page.wait_for_selector("#id_code")
    yield "reminders, code"
    window.go(f"/guide/cases/{reference}/charged/")
    page.fill("#id_on", "2026-10-01")
    page.fill("#id_yen", "2970")
    page.click("main form p .button")
    page.wait_for_selector(".card .yen")
    yield "charged"
    page.click(f'a[href="/guide/cases/{reference}/complaint/"]')
    yield "complaint"
    page.fill("#id_name", "李娜")
    page.fill("#id_email", "li@mail.example")
    page.fill("#id_number", "09012345678")
    page.click("main form p .button")
    page.wait_for_selector("article.letter")
    yield "complaint, written"
    window.go(f"/guide/cases/{reference}/anew/")
    yield "anew"
    window.go(f"/guide/cases/{reference}/end/")
    yield "end"
    page.click('button[value="delete"]')
    page.wait_for_url("**/guide/case/gone/")
    yield "gone"
    window.go("/guide/case/")
    yield "find"


@pytest.mark.parametrize("language", ONE)
def test_every_page_of_a_plan(visit: Open, here: Carrier, tmp_path: Path, language: str) -> None:
    window = visit(language, width=320, height=640)
    wrong: dict[str, list[str]] = {}
    for name in pages(window, photo(tmp_path)):
        if found := problems(window, language):
            wrong[name] = found
    assert wrong == {}
    assert window.foreign == []
    assert window.trouble == []
    with every_carrier():
        assert not GuidedCase.objects.exists()
        assert not GuidedEvidence.objects.exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_ui_19_each_step_says_who_acts_and_nothing_says_that_we_close_the_line(
    visit: Open, here: Carrier, language: str
) -> None:
    window = visit(language)
    page = window.page
    window.go("/guide/start/docomo/physical_sim/")
    page.check('input[name="keep_number"][value="no"]')
    page.click("main form p .button")
    page.wait_for_url("**/guide/plan/")
    steps = page.locator("ol.steps > li")
    actors = steps.locator("[data-actor]").evaluate_all("found => found.map(one => one.dataset.actor)")
    assert len(actors) == steps.count() > 4
    assert set(actors) == {"person", "carrier"}
    for step in steps.filter(has=page.locator('[data-actor="person"]')).all():
        assert step.locator("[data-actor]").inner_text() == said(language, "You do this")
    keep = said(language, "Keep: %(things)s.").partition("%(things)s")[0].strip()
    assert sum(keep in step for step in steps.evaluate_all("found => found.map(one => one.textContent)")) >= 3
    ours = said(language, "We do not run this carrier. Only the carrier can say that your line is closed.")
    assert ours in page.inner_text("main")


def test_without_javascript_the_whole_way_works(visit: Open, here: Carrier, tmp_path: Path) -> None:
    window = visit("zh-Hans", script=False)
    assert list(pages(window, photo(tmp_path)))[-1] == "find"
