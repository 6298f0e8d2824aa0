"""What do staff do with a request that came in while the system was down, and that nobody could be asked to confirm?

They see what was typed, by when, and where to write; they reach the person and note what they did. The note ends it,
and what was typed is wiped with it.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tojimari.desk.access import Right, Staff, staff_page
from tojimari.platform.acting import Refused
from tojimari.terminations.access import late_wish_for_staff
from tojimari.terminations.late import answered
from tojimari.terminations.queries import late_wishes_for_staff

_MOST = 50


@staff_page(Right.CALL)
@require_http_methods(["GET", "HEAD", "POST"])
def late(request: HttpRequest, staff: Staff) -> HttpResponse:
    """The list, oldest first; a note under one of them ends it."""
    refusal = ""
    if request.method == "POST":
        wish = late_wish_for_staff(staff.carrier.pk, request.POST.get("reference", ""))
        try:
            answered(wish=wish, note=request.POST.get("note", ""), acting=staff.acting, at=timezone.now())
        except Refused as refused:
            refusal = refused.code
        else:
            return redirect("desk:late")
    facts = {"staff": staff, "waiting": late_wishes_for_staff(staff.carrier.pk)[:_MOST], "refusal_code": refusal}
    return render(request, "desk/late.html", facts, status=409 if refusal else 200)
