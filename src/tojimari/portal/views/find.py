"""How does a person see their case without signing in, when the line itself may be gone already?

With the reference and the saved code from the receipt, or with the link in any mail about the case. A wrong reference
and a wrong code are answered alike, so nobody learns which references exist.

The link holds a secret of 160 bits in its path, because a part behind "#" would never arrive without JavaScript. It is
taken out of the address at once: the answer is a redirect to the case's own address, without a referrer, and what was
in the path stays in the session alone. The site keeps no access log, and its own log hides such paths. A program that
looks into mails may open the link without harm: it gets a session of its own and changes nothing. The link lives until
90 days after the end.
"""

from __future__ import annotations

import structlog
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from tojimari.codes import saved
from tojimari.platform.acting import Refused
from tojimari.portal import visitor
from tojimari.portal.forms_case import FindCaseForm
from tojimari.portal.tenancy import carrier_of
from tojimari.terminations.access import case_by_reference
from tojimari.terminations.models import Termination
from tojimari.terminations.opening import code_opens, link_opens
from tojimari.terminations.reasons import refusal_text

log = structlog.get_logger(__name__)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def find_case(request: HttpRequest) -> HttpResponse:
    """Ask for reference and saved code, and open the one case that they belong to."""
    after = visitor.own_path(request, request.POST.get("next") or request.GET.get("next") or "")
    form = FindCaseForm(request.POST or None, initial={"reference": _reference_in(after)})
    if form.is_valid():
        try:
            case = _opened(request, form.cleaned_data["reference"], form.cleaned_data["code"])
        except Refused as refused:
            log.warning("case.refused", code=refused.code)
            form.add_error("code", refusal_text(refused))
        else:
            visitor.enter_case(request, case=case, proved=True, at=timezone.now())
            log.info("case.opened", by="saved code")
            mine = _reference_in(after) == case.reference
            return redirect(after if mine else reverse("portal:case", args=[case.reference]))
    return render(request, "portal/find_case.html", {"form": form, "next": after})


@sensitive_variables("code")
def _opened(request: HttpRequest, reference: str, code: str) -> Termination:
    """Return the case that reference and code open. Raises `Refused`, the same for either that is wrong."""
    carrier, now = carrier_of(request), timezone.now()
    saved.take_try(carrier_id=carrier.pk, reference=reference, address=request.META.get("REMOTE_ADDR", ""), at=now)
    case = case_by_reference(carrier.pk, reference)
    right = code_opens(case, code, carrier_id=carrier.pk)
    if case is None or not right:
        raise Refused("case.not_opened")
    return case


def _reference_in(path: str) -> str:
    """The reference in the address of a page about a case, empty for any other page."""
    parts = path.split("/")
    return parts[2] if len(parts) > 3 and parts[1] == "cases" else ""


@sensitive_variables("token")
@require_safe
def open_case(request: HttpRequest, reference: str, token: str) -> HttpResponse:
    """Take the link of a mail, and go on to the case under an address that holds no secret."""
    now = timezone.now()
    case = case_by_reference(carrier_of(request).pk, reference)
    if link_opens(case, token, at=now) and case is not None:
        visitor.enter_case(request, case=case, proved=False, at=now)
        log.info("case.opened", by="link")
        answer = redirect("portal:case", case.reference)
    else:
        log.warning("case.link_refused")
        messages.error(request, gettext("This link no longer opens a case. Use your reference and your saved code."))
        answer = redirect("portal:find_case")
    answer["Referrer-Policy"] = "no-referrer"
    patch_cache_control(answer, no_store=True, private=True)
    return answer
