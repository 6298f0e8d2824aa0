"""What do staff do about money after the end: pay back what must go back, note what came in, bill late use?

The list shows what waits, the most urgent first; nothing leaves it until somebody has done it by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from tojimari.desk.access import Right, Staff, names_of, staff_page
from tojimari.money.actions import NUMBER_MOST, is_provisional
from tojimari.money.models import FinalBill, PaidTo, Refund, Way
from tojimari.money.queries import balance, final_bill_of, open_refunds, unpaid_bills, unpaid_count
from tojimari.money.words import CHARGES, LATE_USE, PAID_TO
from tojimari.platform.acting import Refused
from tojimari.rules.calendar import jst_date
from tojimari.terminations import final_bills
from tojimari.terminations.access import case_for_staff
from tojimari.terminations.reasons import refusal_text
from tojimari.terminations.refund_accounts import Told, told

_MOST = 200

_day = forms.DateInput(attrs={"type": "date"})


class IncomingForm(forms.Form):
    """Money that came in for a final bill."""

    amount_yen = forms.IntegerField(label=gettext_lazy("Yen"), max_value=2_000_000_000)
    received_on = forms.DateField(label=gettext_lazy("Day on which it came"), widget=_day)
    way = forms.ChoiceField(
        label=gettext_lazy("How it came"),
        choices=[(Way.TRANSFER, gettext_lazy("Bank transfer")), (Way.COUNTER, gettext_lazy("At the counter"))],
    )
    number = forms.CharField(label=gettext_lazy("Number of the transfer or receipt"), max_length=NUMBER_MOST)


class LateUseForm(forms.Form):
    """A supplementary bill, or a correction."""

    text_code = forms.ChoiceField(label=gettext_lazy("What for"), choices=[(code, CHARGES[code]) for code in LATE_USE])
    amount_yen = forms.IntegerField(
        label=gettext_lazy("Yen, tax included; below nothing for a correction"),
        min_value=-2_000_000_000,
        max_value=2_000_000_000,
    )
    used_on = forms.DateField(label=gettext_lazy("Day of use"), widget=_day)
    source = forms.CharField(label=gettext_lazy("Number of the record"), max_length=NUMBER_MOST)


class PaidBackForm(forms.Form):
    """A refund that was paid."""

    to = forms.ChoiceField(label=gettext_lazy("Where it went"), choices=list(PAID_TO.items()))
    number = forms.CharField(label=gettext_lazy("Number of the transfer back"), max_length=NUMBER_MOST)


@staff_page(Right.MONEY)
@require_safe
def money(request: HttpRequest, staff: Staff) -> HttpResponse:
    """What must go back, the most urgent first, and which final bills are not paid, the longest due first."""
    today = jst_date(timezone.now())
    refunds = [(one, _days(one.made_at, today)) for one in open_refunds(staff.carrier.pk)[:_MOST]]
    unpaid = [
        (bill, stands, _days(bill.issued_at, today)) for bill, stands in unpaid_bills(staff.carrier.pk, most=_MOST)
    ]
    facts = {
        "staff": staff,
        "refunds": refunds,
        "today": today,
        "unpaid": unpaid,
        "unpaid_count": unpaid_count(staff.carrier.pk) if len(unpaid) == _MOST else len(unpaid),
    }
    return render(request, "desk/money.html", facts)


def _days(since: datetime, today: date) -> int:
    """How long something waits, in days of Japan's calendar."""
    return max((today - jst_date(since)).days, 0)


@staff_page(Right.MONEY)
@require_http_methods(["GET", "HEAD", "POST"])
def money_of(request: HttpRequest, staff: Staff, reference: str) -> HttpResponse:
    """One final bill: how it stands, and the three things that can be done about it."""
    case = case_for_staff(staff.carrier.pk, reference)
    bill = final_bill_of(case.pk)
    if bill is None:
        raise Http404
    do = request.POST.get("do", "")
    sent = {key: request.POST if do == key else None for key in ("in", "late", "back")}
    wanted = request.POST.get("refund", "") if do == "back" else ""
    refund = _refund(bill, wanted) if do == "back" else None
    shown: dict[str, forms.Form] = {
        "in": IncomingForm(sent["in"], prefix="in"),
        "late": LateUseForm(sent["late"], prefix="late"),
        "back": PaidBackForm(sent["back"], prefix="back", auto_id=f"id_{wanted}_%s"),
    }
    deeds: Mapping[str, Callable[[], None]] = {
        "in": lambda: _take_in(staff, bill, shown["in"]),
        "late": lambda: _bill_late(staff, bill, shown["late"]),
        "back": lambda: _pay_back(staff, refund, shown["back"]),
    }
    if do in deeds and shown[do].is_valid():
        try:
            deeds[do]()
        except Refused as refused:
            field = str(refused.facts.get("field", ""))
            shown[do].add_error(field if field in shown[do].fields else None, refusal_text(refused))
        else:
            messages.success(request, _("Noted."))
            return redirect("desk:money_of", case.reference)
    now = timezone.now()
    stands, account = balance(bill), told(bill)
    refunds = [
        (one, shown["back"] if refund is not None and one.pk == refund.pk else _empty(one, account))
        for one in stands.refunds
    ]
    facts = {
        "staff": staff,
        "case": case,
        "bill": bill,
        "stands": stands,
        "refunds": refunds,
        "account": account,
        "taken_by": _name(account),
        "provisional": is_provisional(bill, now),
        "today": jst_date(now),
        "incoming_form": shown["in"],
        "late_form": shown["late"],
    }
    return render(
        request, "desk/money_of.html", facts, status=409 if any(form.errors for form in shown.values()) else 200
    )


def _name(account: Told | None) -> str:
    """Who took the account, to pay; empty where nobody did."""
    return next(iter(names_of([account.taken_by]).values()), "") if account is not None else ""


def _empty(refund: Refund, account: Told | None) -> PaidBackForm:
    """A form for each refund, with fields of its own; it says where to, as the customer told it."""
    initial = {"to": account.where.value} if account is not None else {}
    return PaidBackForm(prefix="back", auto_id=f"id_{refund.pk}_%s", initial=initial)


def _take_in(staff: Staff, bill: FinalBill, form: forms.Form) -> None:
    given = form.cleaned_data
    final_bills.take_in(
        bill=bill,
        amount_yen=given["amount_yen"],
        received_on=given["received_on"],
        way=Way(given["way"]),
        number=given["number"],
        acting=staff.acting,
        at=timezone.now(),
    )


def _bill_late(staff: Staff, bill: FinalBill, form: forms.Form) -> None:
    final_bills.bill_late_use(bill=bill, acting=staff.acting, at=timezone.now(), **form.cleaned_data)


def _refund(bill: FinalBill, wanted: str) -> Refund:
    """The refund that a form is about. Raises `Http404`."""
    refunds = Refund.objects.select_related("bill").filter(bill=bill)
    refund = refunds.filter(pk=int(wanted)).first() if wanted.isascii() and wanted.isdigit() else None
    if refund is None:
        raise Http404
    return refund


def _pay_back(staff: Staff, refund: Refund | None, form: forms.Form) -> None:
    if refund is not None:
        given = form.cleaned_data
        final_bills.pay_back(
            refund=refund, number=given["number"], to=PaidTo(given["to"]), acting=staff.acting, at=timezone.now()
        )
