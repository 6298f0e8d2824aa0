"""Which lines does a person have, and what can be done with each?"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tojimari.lines.models import LineState, ServiceKind, ServiceState
from tojimari.lines.queries import LineView, lines_of_subscriber
from tojimari.portal.visitor import Visitor, subscriber_page
from tojimari.terminations.models import Termination
from tojimari.terminations.queries import cases_of_subscriber


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
    """All lines of the person who is signed in. Four queries whatever their number."""
    cases: dict[int, list[Termination]] = {}
    for case in cases_of_subscriber(who.subscriber_id):
        cases.setdefault(case.line_id, []).append(case)
    rows = [Row(view, cases.get(view.line.pk, [])) for view in lines_of_subscriber(who.subscriber_id)]
    return render(request, "portal/lines.html", {"rows": rows})
