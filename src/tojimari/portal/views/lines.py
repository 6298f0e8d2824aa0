"""Which lines does a person have, and what can be done with each?"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tojimari.codes import passkeys
from tojimari.lines.hosts import host_name
from tojimari.lines.models import LineState, ServiceKind, ServiceState
from tojimari.lines.queries import LineView, lines_of_subscriber
from tojimari.portal.visitor import Visitor, subscriber_page
from tojimari.terminations.models import Termination
from tojimari.terminations.queries import cases_of_subscriber

ON_A_PAGE = 20
"""More would weigh too much for a phone abroad."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line on the page, with its cases, newest first."""

    view: LineView
    cases: list[Termination]

    def is_ending(self, scope: str) -> bool:
        return any(case.is_open and case.scope == scope for case in self.cases)

    @property
    def may_close(self) -> bool:
        return self.view.line.state == LineState.ACTIVE and not self.is_ending("line")

    @property
    def may_turn_roaming_off(self) -> bool:
        roaming = self.view.service(ServiceKind.ROAMING)
        active = roaming is not None and roaming.state == ServiceState.ACTIVE
        return active and self.may_close and not self.is_ending(ServiceKind.ROAMING)


@subscriber_page
@require_safe
def lines(request: HttpRequest, who: Visitor) -> HttpResponse:
    """The lines of the person who is signed in, a page of them. Five queries whatever their number."""
    page = _page_number(request)
    views = lines_of_subscriber(who.subscriber_id, start=(page - 1) * ON_A_PAGE, most=ON_A_PAGE + 1)
    shown = views[:ON_A_PAGE]
    cases: dict[int, list[Termination]] = {}
    for case in cases_of_subscriber(who.subscriber_id).filter(line__in=[view.line.pk for view in shown]):
        cases.setdefault(case.line_id, []).append(case)
    facts = {
        "rows": [Row(view, cases.get(view.line.pk, [])) for view in shown],
        "page": page,
        "before": page - 1,
        "after": page + 1 if len(views) > ON_A_PAGE else 0,
        "passkeys": _passkeys(request, who, shown),
    }
    return render(request, "portal/lines.html", facts)


def _passkeys(request: HttpRequest, who: Visitor, shown: list[LineView]) -> str:
    """What is said of passkeys here: "has" leads to them, "open" offers one to a resident, "" says nothing."""
    stands = passkeys.how_it_stands(who.subscriber_id)
    resident = any(view.line.state == LineState.ACTIVE and not view.plan.prepaid for view in shown)
    may_offer = stands == "open" and resident and passkeys.is_possible(host_name(request.get_host()))
    return stands if stands == "has" or may_offer else ""


def _page_number(request: HttpRequest) -> int:
    """The page that the address asks for; whatever is no page is the first one."""
    asked = request.GET.get("page", "")
    return min(max(int(asked), 1), 100_000) if asked.isascii() and asked.isdigit() and len(asked) < 8 else 1
