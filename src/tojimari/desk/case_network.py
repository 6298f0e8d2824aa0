"""What do the elements of a case say about its line: before, now and after?

The page asks them while it is made, changes nothing, and waits a few seconds at most. Each look is written down like
every other. What a network says tells where somebody's phone is: so it is asked only for who may see whose case it is.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from tojimari.desk.access import Right, Staff, knows, staff_page
from tojimari.terminations.access import case_for_staff
from tojimari.terminations.in_network import in_network, lanes_of
from tojimari.terminations.planning import still_to_be_sent
from tojimari.terminations.queries import case_view


@staff_page(Right.SEE)
@require_GET
def network(request: HttpRequest, staff: Staff, reference: str) -> HttpResponse:
    """Each element's word on the line, read live, and what would still be sent to it."""
    now = timezone.now()
    case = case_for_staff(staff.carrier.pk, reference)
    may_ask = knows(staff, case, now)
    steps = list(case_view(case).steps)
    facts = {
        "staff": staff,
        "case": case,
        "elements": in_network(case, steps, live=True) if may_ask else [],
        "coming": still_to_be_sent(case, steps) if may_ask else [],
        "lanes": lanes_of(steps) if case.is_open else (),
        "may_ask": may_ask,
        "now": now,
    }
    return render(request, "desk/case_network.html", facts)
