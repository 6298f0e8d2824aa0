"""Which pages does the portal have, and what must be there for all of them to show something?

The addresses are read from the URL table, so that none is forgotten.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from tests.counter.conftest import a_shop
from tests.portal.test_walls import filled, patterns
from tests.terminations.guided_play import a_plan
from tests.terminations.play import Clock, ask
from tojimari.lines.models import Bill, Line
from tojimari.messages.links import guided_token
from tojimari.platform.database.scope import every_carrier

NO_PAGE = {
    f"portal:{name}"
    for name in (
        *("case_now", "open_case", "code_again", "sign_out", "new_saved_code", "visit_cancel", "outage", "late"),
        *("visit_wait", "visit_offer", "refund_account"),
        *("profile_progress", "profile_notice", "chip_notice"),
        *("passkey_sign_in", "passkey_sign_in_options", "passkey_add", "passkey_add_options", "passkey_prove"),
        *("passkey_decline", "passkey_remove", "payments_hook", "roots", "root"),
        *("guided_keep", "guided_mine", "guided_open", "guided_leave", "guided_picture", "guided_evidence_remove"),
    )
}
"""Addresses that show nothing by themselves: parts of a page, links that lead on, what only takes a form, and what is
for machines. The page of a late wish needs one: `test_rules_of_the_page` looks at it."""

ADDRESSES = [
    path
    for path, name, _ in sorted(patterns(), key=lambda one: one[1])
    if name.startswith("portal:") and name not in NO_PAGE and not path.endswith((".json", ".ics"))
]


def every_page(sim: Line) -> tuple[str, list[str]]:
    """Make a shop, an unpaid bill, a case and a plan; return the link that opens the plan, and every page."""
    at = datetime.now(UTC)
    with every_carrier():
        a_shop(sim.carrier, "shinjuku")
        Bill.objects.create(
            carrier=sim.carrier, line=sim, month=date(2026, 10, 1), amount_yen=1078, due_on=date(2026, 11, 30)
        )
        case = ask(sim, Clock(at), effective="month-end", channel="portal")
    plan = a_plan(at=at, host_id=sim.carrier_id).reference
    paths = [path.replace("guide/cases/<str:reference>", f"guide/cases/{plan}") for path in ADDRESSES]
    return f"/guide/cases/{plan}/open/{guided_token(plan)}/", [filled(path, case) for path in paths]
