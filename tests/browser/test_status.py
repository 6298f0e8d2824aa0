"""Can everybody follow a case without signing in: each page and state, in each language, on a narrow phone?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.browser.conftest import ONE, Open, Visit
from tests.browser.test_pages import problems
from tests.terminations.play import Clock, ask, show, work
from tojimari.lines.models import Line
from tojimari.messages.links import token_of
from tojimari.network.models import ProfileNotice
from tojimari.platform.database.scope import every_carrier
from tojimari.terminations.models import Step, Termination
from tojimari.terminations.opening import saved_code

pytestmark = pytest.mark.browser


@pytest.fixture
def cases(people: tuple[Line, Line, Line]) -> tuple[Termination, Termination]:
    """Wang has asked for the end of his eSIM at the month's end, and of his physical SIM at once."""
    sim, esim, _ = people
    clock = Clock(datetime.now(UTC))
    with every_carrier():
        asked = (
            ask(esim, clock, effective="month-end", channel="portal"),
            ask(sim, clock, effective="now", channel="portal"),
        )
        work(clock, forward=False)
    return asked


def link_of(case: Termination) -> str:
    return f"/case/{case.reference}/open/{token_of(case.carrier_id, case.reference)}/"


def late(case: Termination) -> None:
    """Let the review have been promised for a day that is long over."""
    with every_carrier():
        Step.objects.filter(termination=case, name="review").update(due_at=datetime.now(UTC) - timedelta(days=30))


def heard_of_profile(case: Termination, state: str) -> None:
    """Let the profile server have sent a notice just now."""
    at = datetime.now(UTC)
    with every_carrier():
        ProfileNotice.objects.create(
            carrier_id=case.carrier_id,
            iccid=case.line.iccid,
            state=state,
            source="server",
            said_at=at,
            received_at=at,
            digest=state,
        )


def status_pages(window: Visit, cases: tuple[Termination, Termination]) -> Iterator[str]:
    """Walk every page and error state; each name is given while its page is open."""
    esim, sim = cases
    page = window.page
    window.go("/case/")
    yield "find"
    page.click("main form .button")
    yield "find, empty"
    page.fill("#id_reference", esim.reference)
    page.fill("#id_code", "0000-0000-0000-0000")
    page.click("main form .button")
    yield "find, wrong"
    window.go(f"/case/{esim.reference}/open/nonsense/")
    yield "link that opens nothing"
    window.go(link_of(esim))
    yield "case"
    late(esim)
    window.go(f"/cases/{esim.reference}/")
    yield "case, late"
    for path in ("receipt/", "change/", "change/?end=date&date=2020-01-01", "withdraw/"):
        window.go(f"/cases/{esim.reference}/{path}")
        yield path
    day = (esim.ends_at + timedelta(days=20)).date().isoformat()
    window.go(f"/cases/{esim.reference}/change/?end=date&date={day}")
    yield "change, confirm"
    page.click(".pair button")
    yield "code first"
    window.go(link_of(sim))
    yield "case of a physical SIM"
    window.go(f"/cases/{sim.reference}/change/")
    yield "change, too late"
    clock = Clock(datetime.now(UTC))
    with every_carrier():
        show(esim, "review", clock, approved="yes")
        work(clock)
    window.go(link_of(esim))
    yield "closed"
    window.go(f"/cases/{esim.reference}/bill/")
    yield "final bill"
    for state in ("installed", "deleted"):
        heard_of_profile(esim, state)
        window.go(f"/cases/{esim.reference}/")
        yield f"closed, profile {state}"
    window.go(f"/cases/{esim.reference}/withdraw/")
    yield "withdraw, too late"


@pytest.mark.parametrize("language", ONE)
def test_every_page_of_the_status(visit: Open, cases: tuple[Termination, Termination], language: str) -> None:
    window = visit(language, width=320, height=640)
    wrong = {name: found for name in status_pages(window, cases) if (found := problems(window, language))}
    assert wrong == {}
    assert window.foreign == []
    assert [said for said in window.trouble if "40" not in said] == []


def test_a_person_without_the_line_gets_in_by_what_they_wrote_down_and_changes_the_day_by_keyboard(
    visit: Open, cases: tuple[Termination, Termination]
) -> None:
    esim, _ = cases
    with every_carrier():
        code = saved_code(esim, at=datetime.now(UTC))
    window = visit("zh-Hant", script=False)
    window.go("/case/")
    page = window.page
    page.focus("#id_reference")
    page.keyboard.type(esim.reference.lower().replace("-", " "))
    page.keyboard.press("Tab")
    page.keyboard.type(code.lower())
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{esim.reference}/")
    page.click(f"a[href='/cases/{esim.reference}/change/']")
    page.check("input[name=end][value=date]")
    page.fill("#id_date", (esim.ends_at + timedelta(days=20)).date().isoformat())
    page.click(".pair button")
    page.focus(".pair button")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{esim.reference}/")
    with every_carrier():
        assert Termination.objects.get(pk=esim.pk).ends_at > esim.ends_at
