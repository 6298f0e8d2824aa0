"""How does a person stop data and calls before the contract ends, and switch them on again?

It is a choice beside the end of the contract, and can be undone until that day. Neither the day nor a yen moves.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tojimari.platform.acting import Refused
from tojimari.portal.proving import code_first, must_prove
from tojimari.portal.visitor import Visitor, case_page
from tojimari.terminations import actions
from tojimari.terminations.models import Termination
from tojimari.terminations.queries import case_view, early_stop


@case_page
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, who: Visitor, case: Termination) -> HttpResponse:
    """One page, one button: stop data and calls now, or switch them on again, whichever is possible."""
    now, refused_code = timezone.now(), ""
    if request.method == "POST":
        if must_prove(who, now):
            return code_first(request, case, after=reverse("portal:stop", args=[case.reference]), at=now)
        deed = actions.start_again if request.POST.get("on") else actions.stop_early
        try:
            deed(termination=case, acting=who.acting, at=now)
        except Refused as refused:
            refused_code = refused.code
        else:
            return redirect("portal:case", case.reference)
    facts = {
        "case": case,
        "stop": early_stop(case, now),
        "view": case_view(case),
        "refusal_code": refused_code,
        "now": now,
    }
    return render(request, "portal/stop.html", facts, status=409 if refused_code else 200)
