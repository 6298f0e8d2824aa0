"""What does a person see of their final bill: what it asks for, what came in, what goes back, and how to pay it?"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tojimari.lines.paying import ways_to_pay
from tojimari.messages.costs import settlement
from tojimari.money.actions import is_provisional
from tojimari.money.models import FinalBill
from tojimari.money.queries import balance, final_bill_of
from tojimari.portal.visitor import Visitor, case_page
from tojimari.terminations.models import Termination
from tojimari.terminations.refund_accounts import told
from tojimari.terminations.stops import stops_of


def settled(case: Termination, bill: FinalBill) -> dict[str, Any]:
    """How it stands with a final bill, how it can be paid, and what the mail says of both. Six queries."""
    stands = balance(bill)
    return {
        "bill": bill,
        "stands": stands,
        "ways": ways_to_pay(case.carrier_id),
        "said": settlement(stands.said, case.quote),
        "account": told(bill) if stands.waits_to_go_back else None,
    }


@case_page
@require_safe
def final_bill(request: HttpRequest, who: Visitor, case: Termination) -> HttpResponse:
    """The final bill as it was made, and all that happened to it since; "not found" until there is one."""
    bill = final_bill_of(case.pk)
    if bill is None:
        raise Http404
    facts = settled(case, bill) | {
        "case": case,
        "provisional": is_provisional(bill, timezone.now()),
        "stops": stops_of([case.pk]).get(case.pk, ()),
    }
    return render(request, "portal/final_bill.html", facts)
