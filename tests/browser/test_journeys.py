"""Does a traveller who reads Chinese get out on a phone, in two screens, for each of the three kinds?"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.browser.conftest import Open, Visit
from tests.browser.staff import attest_roaming, do_the_counter, review
from tests.portal.conftest import newest_code
from tojimari.lines.models import Line, Service
from tojimari.platform.database.scope import every_carrier
from tojimari.terminations.models import Termination

pytestmark = pytest.mark.browser

WANG = "wang@mail.example"
BUTTON = "main form .button"


def sign_in(window: Visit, line: Line) -> None:
    """From the first page to the list of lines."""
    window.go("/")
    window.page.click("main a.button.big")
    window.page.fill("#id_identifier", f"0{line.msisdn[2:]}")
    window.page.click(BUTTON)
    window.page.wait_for_selector("#id_code")
    window.page.fill("#id_code", newest_code(WANG))
    window.page.click(BUTTON)
    window.page.wait_for_url("**/lines/")


def reference_on(window: Visit) -> str:
    found = re.search(r"TJ-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", window.page.content())
    assert found is not None
    return found[0]


def the_case() -> Termination:
    with every_carrier():
        return Termination.objects.select_related("line", "carrier").get()


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_closes_an_esim(
    visit: Open, people: tuple[Line, Line, Line], worker: Callable[[], None], *, script: bool
) -> None:
    line = people[1]
    window = visit("zh-Hans", script=script)
    sign_in(window, line)
    window.page.click(f'a[href="/lines/{line.pk}/close/"]')  # screen 1
    assert "在手机上删除 eSIM 并不会终止合约" in window.page.inner_text("main")
    window.page.check('input[value="3bd"]')
    window.page.click(".pair button")  # screen 2
    assert "尾号" in window.page.inner_text(".facts")
    window.page.click(".pair button")
    window.page.wait_for_url("**/receipt/")
    assert reference_on(window) == the_case().reference
    worker()
    review(the_case())
    worker()
    window.go(f"/cases/{the_case().reference}/")
    assert "已注销" in window.page.inner_text('[role="status"]')
    with window.page.expect_download() as download:
        window.page.click('a[href$="certificate.json"]')
    assert download.value.suggested_filename == f"certificate-{the_case().reference}.json"
    assert window.foreign == []
    assert window.trouble == []


def test_closes_a_physical_sim(visit: Open, people: tuple[Line, Line, Line], worker: Callable[[], None]) -> None:
    line = people[0]
    window = visit("zh-Hans")
    sign_in(window, line)
    window.page.click(f'a[href="/lines/{line.pk}/close/"]')
    assert "护照或在留卡" in window.page.inner_text("main")
    window.page.check('input[value="now"]')
    window.page.click(".pair button")
    window.page.click(".pair button")
    window.page.wait_for_url("**/receipt/")
    assert "到我们的任意门店" in window.page.inner_text("main")
    assert "上海：" in window.page.inner_text(".facts")
    worker()
    do_the_counter(the_case())
    worker()
    window.go(f"/cases/{the_case().reference}/")
    assert "已注销" in window.page.inner_text('[role="status"]')
    assert "模拟网络" in window.page.inner_text("#case")
    assert (window.foreign, window.trouble) == ([], [])


def test_turns_roaming_off(
    visit: Open, people: tuple[Line, Line, Line], roaming: Service, worker: Callable[[], None]
) -> None:
    line = people[0]
    window = visit("zh-Hans")
    sign_in(window, line)
    window.page.click(f'a[href="/lines/{line.pk}/roaming/"]')
    window.page.click(".pair a.button")
    window.page.click(".pair button")
    window.page.wait_for_url("**/receipt/")
    worker()
    attest_roaming(the_case())
    worker()
    window.go(f"/cases/{the_case().reference}/")
    assert "漫游已关闭" in window.page.inner_text('[role="status"]')
    window.go("/lines/")
    assert "使用中" in window.page.inner_text("main")
    assert (window.foreign, window.trouble) == ([], [])


def test_the_status_page_follows_the_case_by_itself(
    visit: Open, people: tuple[Line, Line, Line], worker: Callable[[], None]
) -> None:
    window = visit("zh-Hans")
    sign_in(window, people[1])
    window.go(f"/lines/{people[1].pk}/close/confirm/?end=3bd")
    window.page.click(".pair button")
    window.page.wait_for_url("**/receipt/")
    window.page.clock.install()
    window.go(f"/cases/{the_case().reference}/")
    worker()
    window.page.clock.run_for(16_000)
    window.page.wait_for_selector(".steps .done:nth-child(2)")
    assert (window.foreign, window.trouble) == ([], [])
