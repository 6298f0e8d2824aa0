"""Who waits for a free time at a shop, in which order, and who is being asked at the moment?"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tojimari.counter.waiting import list_of
from tojimari.desk.access import Right, Staff, staff_page
from tojimari.desk.at_shop import shop_of
from tojimari.terminations import waiting
from tojimari.terminations.access import case_for_staff
from tojimari.terminations.models import Termination


@staff_page(Right.COUNTER)
@require_http_methods(["GET", "HEAD", "POST"])
def waiting_list(request: HttpRequest, staff: Staff) -> HttpResponse:
    """The waiting list of the shop, the next one first; somebody who asks for it is taken off."""
    shop, now = shop_of(request, staff), timezone.now()
    if shop is None:
        return redirect("desk:counter")
    if request.method == "POST":
        case = case_for_staff(staff.carrier.pk, request.POST.get("reference", ""))
        if list_of(shop).filter(case_id=case.pk).exists():
            waiting.leave(case=case, acting=staff.acting, at=now)
        return redirect("desk:counter_waiting")
    places = list(list_of(shop))
    cases = Termination.objects.select_related("subscriber").in_bulk([place.case_id for place in places])
    listed = [(place, cases[place.case_id]) for place in places]
    return render(request, "desk/counter_waiting.html", {"staff": staff, "shop": shop, "listed": listed, "now": now})
