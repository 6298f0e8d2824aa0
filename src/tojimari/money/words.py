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
}

# Reason code -> (what is the matter, the way on).
REASONS: dict[str, tuple[Text, Text]] = {
    "money.no_quote": (
        _("The case has no quote, so no bill can be made from it."),
        _("Our staff looks into it. Nothing else is charged."),
    ),
}
