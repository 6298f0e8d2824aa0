"""How does a person say to which account their money goes back?

Only after signing in, never by a link or a saved code, and with a code that was asked for on this very page: whoever
holds a browser that was left open, or a code for something else, cannot send the money elsewhere. The code is typed
together with the account, so that nothing of it has to wait anywhere: what was typed comes back in the page and stands
in no address, session or log.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import structlog
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tojimari.money.models import FinalBill
from tojimari.money.queries import final_bill_of
from tojimari.platform.acting import Refused
from tojimari.portal import asking
from tojimari.portal.forms import CodeForm
from tojimari.portal.forms_refund import FORMS, AccountForm
from tojimari.portal.views.entry import as_they_came
from tojimari.portal.visitor import Visitor, subscriber_page
from tojimari.rules.identifiers.account import Account, Where
from tojimari.terminations import refund_accounts
from tojimari.terminations.access import case_of_subscriber
from tojimari.terminations.models import Termination
from tojimari.terminations.reasons import refusal_text

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Here:
    """Who asks for what, on this page."""

    request: HttpRequest
    who: Visitor
    case: Termination
    bill: FinalBill
    at: datetime

    @property
    def wish(self) -> asking.Asked:
        """A code for this and nothing else, on the way on which the person came in."""
        return replace(as_they_came(self.request, self.case.line), purpose=asking.REFUND)


@subscriber_page
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def refund_account(request: HttpRequest, who: Visitor, reference: str) -> HttpResponse:
    """First where the bank is, and a code; then the account together with the code."""
    case = case_of_subscriber(who.subscriber_id, reference)
    bill = final_bill_of(case.pk)
    if bill is None:
        raise Http404
    here, where = _Here(request, who, case, bill, timezone.now()), _where(request)
    if request.method == "POST" and where is not None and refund_accounts.why_not(bill) is None:
        match request.POST.get("do"):
            case "code":
                return _first_code(here, where)
            case "again":
                return _another_code(here, where)
            case _:
                return _tell(here, where)
    if where is None or asking.asked(request, asking.REFUND) is None:
        return _page(here)
    return _page(here, form=FORMS[where](), code_form=CodeForm())


def _where(request: HttpRequest) -> Where | None:
    wanted = (request.POST if request.method == "POST" else request.GET).get("where", "")
    return Where(wanted) if wanted in list(Where) else None


def _first_code(here: _Here, where: Where) -> HttpResponse:
    """Send a code and lead on to the fields. Its address says in which form the account will be, and nothing more."""
    trouble = _send(here)
    if trouble is not None:
        return _page(here, trouble=trouble)
    return redirect(f"{reverse('portal:refund_account', args=[here.case.reference])}?{urlencode({'where': where})}")


def _another_code(here: _Here, where: Where) -> HttpResponse:
    """Send one more code; what was typed stays."""
    form, trouble = FORMS[where](initial=here.request.POST.dict()), _send(here)
    return _page(here, form=form, code_form=CodeForm(), trouble=trouble, sent_again=trouble is None)


def _send(here: _Here) -> Refused | None:
    """Send a code; return why none went."""
    wish = here.wish
    if not wish.to:
        return Refused("code.nowhere")
    try:
        asking.ask(here.request, wish, at=here.at)
    except Refused as refused:
        return refused
    return None


def _tell(here: _Here, where: Where) -> HttpResponse:
    """Take the account, if everything is right and the code is."""
    form, code_form = FORMS[where](here.request.POST), CodeForm(here.request.POST)
    both = form.is_valid() & code_form.is_valid()
    if not both or form.account is None:
        return _page(here, form=form, code_form=code_form)
    digits = code_form.cleaned_data["code"]
    try:
        wish = _proved(here, form.account, digits)
        refund_accounts.tell(
            bill=here.bill, account=form.account, proof=wish.proof(digits), acting=here.who.acting, at=here.at
        )
    except Refused as refused:
        log.warning("refund_account.refused", code=refused.code)
        if not refused.code.startswith("code."):
            return _page(here, trouble=refused)
        code_form.add_error("code", refusal_text(refused))
        return _page(here, form=form, code_form=code_form)
    messages.success(here.request, gettext("Thank you. We send the money to this account."))
    return redirect("portal:refund_account", here.case.reference)


def _proved(here: _Here, account: Account, digits: str) -> asking.Asked:
    """Return the wish whose code these digits are; a form that came twice is as good. Raises `Refused`."""
    wish = asking.asked(here.request, asking.REFUND)
    if wish is None or wish.subscriber != here.who.subscriber_id:
        raise Refused("code.expired")
    if refund_accounts.was_told(bill=here.bill, account=account, proof=wish.proof(digits)):
        return wish
    if not asking.is_right(here.request, wish, digits, at=here.at):
        raise Refused("code.wrong")
    return wish


def _page(here: _Here, *, form: AccountForm | None = None, trouble: Refused | None = None, **more: Any) -> HttpResponse:
    refused = refund_accounts.why_not(here.bill)
    trouble = refused or trouble
    facts = {
        "case": here.case,
        "account": refund_accounts.told(here.bill),
        "ending": refund_accounts.ending_of(here.bill),
        "form": form,
        "may_tell": refused is None,
        "trouble": refusal_text(trouble) if trouble is not None else "",
        "asked": asking.asked(here.request, asking.REFUND),
    }
    wrong = trouble is not None or any(one is not None and one.errors for one in (form, more.get("code_form")))
    posted = here.request.method == "POST"
    return render(here.request, "portal/refund_account.html", facts | more, status=409 if wrong and posted else 200)
