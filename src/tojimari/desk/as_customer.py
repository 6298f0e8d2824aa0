"""What does the customer see of their case at this moment?

The very piece of the status page that they see, in their language or in the reader's own. Nothing in it can be pressed:
addresses are taken out of it before it is shown, and each look is written down like every other.
"""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from tojimari.desk.access import Right, Staff, knows, staff_page
from tojimari.terminations import procedures
from tojimari.terminations.access import case_for_staff
from tojimari.terminations.models import Termination
from tojimari.terminations.queries import case_view, may_change_end
from tojimari.terminations.standing import standing

_LEADS = re.compile(r"""\s(?:href|action|formaction|hx-[a-z-]+|download)(?:="[^"]*")?(?=[\s>])""")
_HIDDEN = re.compile(r"""<input type="hidden"[^>]*>""")


def _facts(case: Termination) -> dict[str, Any]:
    """What the status page is made from."""
    view, procedure, now = case_view(case), procedures.spec(case.procedure), timezone.now()
    stands = standing(view, procedure, now)
    waits_for_review = stands.step is not None and stands.step.name == "review" and not stands.is_late
    return {
        "case": case,
        "view": view,
        "coming": stands.step,
        "standing": stands,
        "review_by": stands.by if waits_for_review else None,
        "papers": next((step.papers for step in procedure.steps if step.name == "papers"), ()),
        "now": now,
        "may_change": may_change_end(case, now),
    }


def inert(html: str) -> SafeString:
    """Take out of our own page everything that leads or sends somewhere."""
    return mark_safe(_HIDDEN.sub("", _LEADS.sub("", html)))  # noqa: S308 - a page of ours, with less in it


@staff_page(Right.SEE)
@require_safe
def as_customer(request: HttpRequest, staff: Staff, reference: str) -> HttpResponse:
    """The case as its subscriber sees it; `?in=theirs` in their language. Not before they have shown who they are."""
    case = case_for_staff(staff.carrier.pk, reference)
    if not knows(staff, case, timezone.now()):
        return redirect("desk:case", case.reference)
    theirs = request.GET.get("in") == "theirs"
    with override(case.language if theirs else get_language()):
        page = render_to_string("portal/case_now.html", _facts(case), request)
    facts = {"staff": staff, "case": case, "page": inert(page), "theirs": theirs}
    return render(request, "desk/as_customer.html", facts)
