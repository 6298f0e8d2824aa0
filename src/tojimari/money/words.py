"""What do the rows of a quote or bill, and the refusals of this room, say to a person?"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

CHARGES: dict[str, Text] = {
    "charge.unpaid_bill": _("Unpaid bill"),
    "charge.final_month": _("Fee for the last month"),
    "charge.final_options": _("Options in the last month"),
    "charge.penalty": _("Cancellation fee"),
    "charge.usage": _("Use that is not billed yet"),
    "charge.installation": _("Rest of the installation cost"),
    "charge.deposit_back": _("Deposit, paid back"),
    "charge.balance_back": _("Balance, paid back"),
    "charge.early_use": _("Fee for the days used"),
    "charge.contract_cost": _("Cost of making the contract"),
    "charge.paid_before": _("You paid already, given back"),
    "charge.after_end": _("Billed for days after the end"),
    "charge.late_roaming": _("Late use: roaming"),
    "charge.late_use": _("Late use"),
    "charge.correction": _("Correction"),
}

APART: dict[str, Text] = {
    "apart.month_before": _("Bill for the month"),
    "apart.instalments": _("Rest of your device instalments. They go on as before."),
}
"""What is paid all the same, and is no part of a final bill."""

LATE_USE = ("charge.late_roaming", "charge.late_use", "charge.correction")
"""What a supplementary bill may be for."""

BASES: dict[str, Text] = {"contract terms": _("by the terms of your contract")}
"""What a row rests on; a law is named as it is."""

ROUNDINGS: dict[str, Text] = {
    "down": _("a fraction of a yen is dropped"),
    "up": _("a fraction of a yen is rounded up"),
    "half_up": _("a fraction of a yen is rounded to the nearest"),
}

BY_USE: dict[str, Text] = {
    "so_far": _("by your use so far"),
    "at_most": _("at most; if you use less, the difference is paid back"),
}
"""Where use decides the fee of a month that is not over, or of which nothing is known."""

PAID_TO: dict[str, Text] = {
    "japan": _("To an account at a bank in Japan"),
    "abroad": _("To an account at a bank abroad"),
    "otherwise": _("Otherwise: at the counter, or to the card that had paid"),
}
"""Where a refund went, by `models.PaidTo`."""

ACCOUNT_KINDS: dict[str, Text] = {
    "ordinary": _("Ordinary (普通)"),
    "current": _("Current (当座)"),
    "savings": _("Savings (貯蓄)"),
}
"""Kinds of account in Japan, by `rules.identifiers.account.Kind`."""

# Reason code -> (what is the matter, the way on).
REASONS: dict[str, tuple[Text, Text]] = {
    "money.no_quote": (
        _("The case has no quote, so no bill can be made from it."),
        _("Our staff looks into it. Nothing else is charged."),
    ),
    "webhook.not_genuine": (_("The signature of the message is not good."), _("Check the secret on both sides.")),
    "webhook.not_fresh": (
        _("The message is too old, or from the future."),
        _("Set the clocks right and send it anew."),
    ),
    "webhook.other_body": (_("This message came before with another content."), _("Send new content under a new id.")),
    "webhook.form": (_("The message cannot be read: %(member)s."), _("Compare it with the contract.")),
    "money.no_bill": (_("There is no final bill with this number."), _("Check it for a slip.")),
    "money.amount": (_("This amount cannot be."), _("Write whole yen; only a correction is below nothing.")),
    "money.day": (_("This day is yet to come."), _("Write the day on which the money came.")),
    "money.late_use": (_("This is nothing that a supplementary bill is for."), _("Choose from the list.")),
    "money.used_after_end": (
        _("The contract had ended on this day."),
        _("Use after the end is never charged. Check the day."),
    ),
    "money.used_before_contract": (
        _("The contract had not begun on this day."),
        _("Use before it is not this person's. Check the day, and whose record it is."),
    ),
    "money.used_after_stop": (
        _("The line was off on this day, as its holder asked."),
        _("Use while it is off is never charged. Check the day."),
    ),
    "money.bill_is_final": (
        _("The final bill is final. Late use can no longer be charged."),
        _("A correction that gives money back is still possible."),
    ),
    "money.number_missing": (_("The number is missing."), _("Write the number of the transfer, receipt or record.")),
    "money.number_taken": (
        _("This number stands for other money already."),
        _("Look at what was noted under it, or check the number."),
    ),
    "money.nothing_goes_back": (
        _("No money waits to go back for this case."),
        _("Nothing needs to be told. If you expect money from us, please call us."),
    ),
    "money.account_taken": (
        _("Our staff are sending the money just now, so the account cannot be changed."),
        _("If the account was wrong, please call us at once."),
    ),
    "money.no_account": (
        _("No account is known for this."),
        _("The customer can tell one on the page of the final bill. Never take one from a mail or an SMS."),
    ),
    "money.paid_back": (
        _("A colleague has noted that this was paid back."),
        _("Load the page again. Do not pay twice."),
    ),
}
