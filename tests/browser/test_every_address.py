"""Is every page of the portal fit for everybody? The addresses are read from the URL table, so that none is forgotten.

Width, targets, headings and words left in English in each language; axe, which finds the same in all of them, in one
language of four by turns.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.browser.conftest import Open
from tests.browser.test_journeys import sign_in
from tests.browser.test_pages import problems
from tests.browser.walks import LANGUAGES
from tests.counter.conftest import a_shop
from tests.portal.test_walls import filled, patterns
from tests.terminations.guided_play import a_plan
from tests.terminations.play import Clock, ask
from tojimari.lines.models import Bill, Line
from tojimari.messages.links import guided_token
from tojimari.platform.database.scope import every_carrier

pytestmark = pytest.mark.browser

NO_PAGE = {
    f"portal:{name}"
    for name in (
        *("case_now", "open_case", "code_again", "sign_out", "new_saved_code", "visit_cancel", "outage", "late"),
        *("visit_wait", "visit_offer"),
        *("passkey_sign_in", "passkey_sign_in_options", "passkey_add", "passkey_add_options", "passkey_prove"),
        *("passkey_decline", "passkey_remove"),
        *("guided_keep", "guided_mine", "guided_open", "guided_leave", "guided_picture", "guided_evidence_remove"),
    )
}
"""Addresses that show nothing by themselves: parts of a page, links that lead on, and what only takes a form. The page
of a late wish needs one: `test_rules_of_the_page` looks at it."""

PAGES = [
    path
    for path, name, _ in sorted(patterns(), key=lambda one: one[1])
    if name.startswith("portal:") and name not in NO_PAGE and not path.endswith((".json", ".ics"))
]


def test_there_are_pages_to_look_at() -> None:
    assert len(PAGES) >= 25


@pytest.mark.parametrize("turn", range(len(LANGUAGES)), ids=LANGUAGES)
def test_every_page_is_fit_for_everybody(visit: Open, people: tuple[Line, Line, Line], turn: int) -> None:
    language, (sim, _, _) = LANGUAGES[turn], people
    with every_carrier():
        a_shop(sim.carrier, "shinjuku")
        Bill.objects.create(
            carrier=sim.carrier, line=sim, month=date(2026, 10, 1), amount_yen=1078, due_on=date(2026, 11, 30)
        )
        case = ask(sim, Clock(datetime.now(UTC)), effective="month-end", channel="portal")
    plan = a_plan(at=datetime.now(UTC), host_id=sim.carrier_id)
    window = visit(language, width=320)
    sign_in(window, sim)
    window.go(f"/guide/cases/{plan.reference}/open/{guided_token(plan.reference)}/")
    wrong: dict[str, list[str]] = {}
    for number, path in enumerate(PAGES):
        path = path.replace("guide/cases/<str:reference>", f"guide/cases/{plan.reference}")
        window.go(filled(path, case))
        if found := problems(window, language, by_ear=number % len(LANGUAGES) == turn):
            wrong[path] = found
    assert wrong == {}
    assert window.foreign == []
    # The browser's console repeats the status of a page that refuses: 404, 409. Those pages were looked at as well.
    assert [said for said in window.trouble if "status of 4" not in said] == []
