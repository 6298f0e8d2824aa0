"""What do our mails say of money: what ending costs, until when it is to be paid, and how it goes back?

Before the end the quote speaks; afterwards the final bill does, with its own day. All of it stands in one place of a
mail, so that a carrier's own words have it as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from babel.core import Locale
from babel.dates import format_skeleton
from django.utils.translation import get_language, gettext_lazy, to_locale
from django.utils.translation import gettext as _

CHARGES = {
    "charge.unpaid_bill": gettext_lazy("Unpaid bill"),
    "charge.final_month": gettext_lazy("Fee for the last month"),
    "charge.final_options": gettext_lazy("Options in the last month"),
    "charge.penalty": gettext_lazy("Cancellation fee"),
    "charge.usage": gettext_lazy("Use that is not billed yet"),
    "charge.installation": gettext_lazy("Rest of the installation cost"),
    "charge.deposit_back": gettext_lazy("Deposit, paid back"),
    "charge.balance_back": gettext_lazy("Balance, paid back"),
    "charge.early_use": gettext_lazy("Fee for the days used"),
    "charge.contract_cost": gettext_lazy("Cost of making the contract"),
    "charge.paid_before": gettext_lazy("You paid already, given back"),
    "charge.after_end": gettext_lazy("Billed for days after the end"),
    "charge.late_roaming": gettext_lazy("Late use: roaming"),
    "charge.late_use": gettext_lazy("Late use"),
    "charge.correction": gettext_lazy("Correction"),
}
"""The same words as on the page and the bill (`money.words.CHARGES`; a test compares them)."""


def costs(
    quote: Mapping[str, Any], paid: Mapping[str, int] | None = None, bill: Mapping[str, Any] | None = None
) -> str:
    """Return each charge of a quote with the sum, in the language of now; nothing for what costs nothing.

    `paid`: bills paid at the counter, yen by month. `bill`: how it stands with the final bill, by which then is said
    what is to be paid and what goes back; None while there is none, so that the quote says it.
    """
    if not quote:
        return ""
    quoted = "\n".join(_quoted(quote, paid or {}))
    if bill is None:
        return "\n".join([quoted, *_terms(quote)])
    return "\n\n".join(filter(None, (quoted, stands(bill, quote))))


def stands(bill: Mapping[str, Any], quote: Mapping[str, Any]) -> str:
    """Return how it stands with a final bill, and how money comes and goes; empty where neither is left."""
    return "\n".join([*settlement(bill, quote), *_how(bill)])


def _quoted(quote: Mapping[str, Any], paid: Mapping[str, int]) -> Sequence[str]:
    rows = [
        _("%(charge)s: %(amount)s") % {"charge": _charge(row), "amount": yen(row["amount_yen"])}
        for row in quote["lines"]
    ]
    total_yen = quote["total_yen"]
    total = (
        _("Total: %(amount)s") % {"amount": yen(total_yen)}
        if total_yen >= 0
        else _("You get back: %(amount)s") % {"amount": yen(-total_yen)}
    )
    unpaid = {row.get("month") for row in quote["lines"] if row["text_code"] == "charge.unpaid_bill"}
    taken = sum(amount for month, amount in paid.items() if month in unpaid)
    if not taken:
        return [*rows, total]
    already = _("Paid already: %(amount)s") % {"amount": yen(taken)}
    left = _("Left to pay: %(amount)s") % {"amount": yen(total_yen - taken)}
    return [*rows, total, already, left]


def _charge(row: Mapping[str, Any]) -> str:
    """Return what a row is for, with its month where it has one: "Unpaid bill, Nov 2026"."""
    name = str(CHARGES[row["text_code"]])
    if not row.get("month"):
        return name
    month = format_skeleton("yMMM", date.fromisoformat(f"{row['month']}-01"), locale=_locale())
    # Translators: a charge and its month, for example "Unpaid bill, Nov 2026"
    return _("%(charge)s, %(month)s") % {"charge": name, "month": month}


def _terms(quote: Mapping[str, Any]) -> Sequence[str]:
    """Until when what is quoted will have to be paid, or will come back."""
    days, earliest = quote.get("pay_days"), quote.get("pay_not_before")
    if days and earliest:
        said = _("You pay after the end: you have %(days)s days from the final bill, so at least until %(day)s.")
        return [said % {"days": days, "day": _day(earliest)}, *_if_late(quote)]
    if days:
        said = _("You pay after the end: you have %(days)s days from the final bill. It names the day.")
        return [said % {"days": days}, *_if_late(quote)]
    if quote.get("refund_days"):
        return [_("We pay it back within %(days)s days of the final bill.") % {"days": quote["refund_days"]}]
    return []


def _if_late(quote: Mapping[str, Any]) -> Sequence[str]:
    """What the carrier's terms ask for what is paid late; nothing where they ask for nothing."""
    if not quote.get("late_percent"):
        return []
    said = _("From the day after the last day to pay, interest of %(percent)s%% a year is added, by our terms.")
    return [said % {"percent": quote["late_percent"]}]


def settlement(bill: Mapping[str, Any], quote: Mapping[str, Any]) -> Sequence[str]:
    """Return what a final bill leaves to pay and what goes back, each with its day: one text for each.

    `bill` is how it stands (`money.queries.Balance.said`). The page of the case says it in these very words, too.
    """
    said: list[str] = []
    for part in bill.get("parts") or [bill]:
        left, due_on = part.get("left_yen", 0), part.get("due_on")
        if left > 0 and due_on:
            said.append(
                _("Please pay %(amount)s by %(day)s (Japan time).") % {"amount": yen(left), "day": _day(due_on)}
            )
        elif left > 0:
            said.append(_("Please pay %(amount)s.") % {"amount": yen(left)})
    if bill.get("due_on"):
        said += _if_late(quote)
    for refund in bill.get("refunds", ()):
        facts = {"amount": yen(refund["amount_yen"]), "day": _day(refund["due_on"])}
        said.append(_("We pay back %(amount)s, on %(day)s (Japan time) at the latest.") % facts)
    return said


def _how(bill: Mapping[str, Any]) -> Sequence[str]:
    """Where a mail leads for the ways in which money comes and goes: a page can show them, a mail must not."""
    said: list[str] = []
    if bill.get("left_yen", 0) > 0:
        said.append(_("The page of your final bill says how. Your case leads there."))
    if bill.get("refunds"):
        said.append(
            _(
                "It comes by bank transfer. Tell us the account on the page of your final bill: sign in there, a code "
                "comes, and an account abroad will do. Or call us: the number is on the page of your case. "
                "We never ask for the account by mail or SMS."
            )
        )
    return said


def yen(amount: int) -> str:
    """Return an amount of money in the reader's language."""
    # Translators: an amount of money that includes consumption tax, for example "1,100 yen (tax included)"
    return _("%(amount)s yen (tax included)") % {"amount": f"{amount:,}"}


def _day(text: str) -> str:
    """Return a day of Japan's calendar as the reader writes it: "Dec 21, 2026"."""
    return format_skeleton("yMMMd", date.fromisoformat(text), locale=_locale())


def _locale() -> Locale:
    return Locale.parse(to_locale(get_language() or "ja"))
