"""How does a person pay what is unpaid, or leave it to the final bill?"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tojimari.lines.access import line_of_subscriber
from tojimari.lines.models import LineKind, LineState
from tojimari.lines.paying import ways_to_pay
from tojimari.lines.queries import unpaid_bills
from tojimari.money.unpaid import are_on_final_bill, pay_apart, put_on_final_bill
from tojimari.portal.visitor import Visitor, subscriber_page
from tojimari.terminations.queries import cases_of_subscriber


@subscriber_page
@require_http_methods(["GET", "HEAD", "POST"])
def unpaid(request: HttpRequest, who: Visitor, line_id: int) -> HttpResponse:
    """Each unpaid bill of a line with its number, the carrier's ways to pay, and the final bill as another way.

    Which of them is chosen moves no yen, so no fresh proof is asked for.
    """
    line = line_of_subscriber(who.subscriber_id, line_id)
    bills = unpaid_bills(line.pk)
    if not bills:
        return redirect("portal:lines")
    may_choose = line.state == LineState.ACTIVE
    if request.method == "POST":
        if may_choose and request.POST.get("on_final_bill") == "1":
            put_on_final_bill(bills, at=timezone.now())
        elif may_choose:
            pay_apart(bills)
        return redirect("portal:unpaid", line.pk)
    case = next((one for one in cases_of_subscriber(who.subscriber_id).filter(line=line) if one.is_open), None)
    facts = {
        "line": line,
        "bills": bills,
        "total_yen": sum(bill.amount_yen for bill in bills),
        "ways": ways_to_pay(line.carrier_id),
        "may_choose": may_choose,
        "chosen": are_on_final_bill(bills),
        "case": case,
        "may_book": case is not None and case.scope == "line" and line.kind == LineKind.PHYSICAL_SIM,
    }
    return render(request, "portal/unpaid.html", facts)
