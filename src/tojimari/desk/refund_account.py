"""How do staff read the account to which money goes back, and let the customer tell another one?

It is shown on this page alone, to whoever pays and at the press of a button: each reading stands in the history of the
case and among the looks, and from the first one on the customer cannot change the account.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from babel.core import Locale
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy, to_locale
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tojimari.desk.access import Right, Staff, staff_page
from tojimari.money.queries import final_bill_of
from tojimari.money.words import ACCOUNT_KINDS
from tojimari.platform.acting import Refused
from tojimari.rules.identifiers.account import CHECKS, Account
from tojimari.terminations import refund_accounts
from tojimari.terminations.access import case_for_staff
from tojimari.terminations.reasons import refusal_text

_FIELDS: Mapping[str, Any] = {
    "country": gettext_lazy("Country of the bank"),
    "bank": gettext_lazy("Bank"),
    "branch": gettext_lazy("Branch"),
    "bic": gettext_lazy("SWIFT code (BIC)"),
    "kind": gettext_lazy("Kind of account"),
    "number": gettext_lazy("Account number"),
    "holder": pgettext_lazy("of a bank account", "Holder"),
    "more": gettext_lazy("What else the bank needs"),
}


@staff_page(Right.MONEY)
@require_POST
def refund_account(request: HttpRequest, staff: Staff, reference: str) -> HttpResponse:
    """Show the account to whoever pays now; or let the customer tell another one, because this one did not work."""
    case = case_for_staff(staff.carrier.pk, reference)
    bill = final_bill_of(case.pk)
    if bill is None:
        raise Http404
    if request.POST.get("do") == "let_go":
        refund_accounts.let_go(bill=bill, acting=staff.acting, at=timezone.now())
        messages.success(request, _("Noted."))
        return redirect("desk:money_of", case.reference)
    try:
        account = refund_accounts.read(bill=bill, acting=staff.acting, at=timezone.now())
    except Refused as refused:
        messages.error(request, refusal_text(refused))
        return redirect("desk:money_of", case.reference)
    return render(request, "desk/refund_account.html", {"staff": staff, "case": case, "rows": _rows(account)})


def _rows(account: Account) -> Sequence[tuple[str, str]]:
    """What was told, in the order in which it was asked for, as staff type it into the bank's form."""
    return [
        (str(_FIELDS[name]), _shown(name, account.told[name])) for name in CHECKS[account.where] if account.told[name]
    ]


def _shown(name: str, value: str) -> str:
    match name:
        case "kind":
            return str(ACCOUNT_KINDS[value])
        case "country":
            names = Locale.parse(to_locale(get_language() or "ja")).territories
            return f"{names.get(value, value)} ({value})"
    return value
