"""How do staff hand somebody the certificate of their case? As the file, or as PDF in the customer's own language.

Only to whoever may see who the customer is, and each look is written down like every other.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from tojimari.desk.access import Right, Staff, knows, staff_page
from tojimari.platform.acting import Refused
from tojimari.proofs.models import Certificate
from tojimari.proofs.queries import bundle
from tojimari.terminations.access import case_for_staff
from tojimari.terminations.models import Termination
from tojimari.terminations.papers import paper_of
from tojimari.terminations.reasons import refusal_text


def _known_case(staff: Staff, reference: str) -> Termination | None:
    case = case_for_staff(staff.carrier.pk, reference)
    return case if knows(staff, case, timezone.now()) else None


@staff_page(Right.SEE)
@require_safe
def certificate(request: HttpRequest, staff: Staff, reference: str) -> HttpResponse:
    """The certificate with the history that it signs; "not found" until there is one."""
    case = _known_case(staff, reference)
    if case is None:
        return redirect("desk:case", reference)
    try:
        content = bundle(case.reference)
    except Certificate.DoesNotExist:
        raise Http404 from None
    response = JsonResponse(content, json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="certificate-{case.reference}.json"'
    return response


@staff_page(Right.SEE)
@require_safe
def paper(request: HttpRequest, staff: Staff, reference: str) -> HttpResponse:
    """The certificate as PDF, in Japanese and the customer's language; "not found" until there is one."""
    case = _known_case(staff, reference)
    if case is None:
        return redirect("desk:case", reference)
    try:
        content = paper_of(case, language=case.subscriber.language)
    except Certificate.DoesNotExist:
        raise Http404 from None
    except Refused as refused:
        messages.error(request, refusal_text(refused))
        return redirect("desk:case", case.reference)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="certificate-{case.reference}.pdf"'
    return response
