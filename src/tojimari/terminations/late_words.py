"""What is said when a request cannot be taken, or not confirmed any more, after the database was away?"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

_CALL = _("Call us, or come back in an hour.")

REFUSALS: dict[str, tuple[Text, Text]] = {
    "late.no_line": (
        _("We find no line that fits what you sent."),
        _("Send it again on our page, with the number on the SIM card (ICCID) or your order number."),
    ),
    "late.not_proved": (
        _("We could not make sure that the request came from the subscriber."),
        _("Sign in on our page with a code and ask again, or come to a shop with your document."),
    ),
    "late.elsewhere": (
        _("This line is not one of ours."),
        _("Ask the carrier whose name stands on the SIM card or on the bill."),
    ),
    "late.over_already": (
        _("This line is closed already, or its closing is under way."),
        _("Nothing is left to do. Look for our mails, or sign in to see your case."),
    ),
}
"""Why staff do not take in a wish from an outage; its sender reads what is the matter and the way on."""

REASONS: dict[str, tuple[Text, Text]] = {
    "spool.too_large": (_("That is too long."), _("Type only what the field asks for.")),
    "spool.too_many": (_("Many requests came from your connection within an hour."), _CALL),
    "spool.full": (_("We cannot take more requests just now."), _CALL),
    "spool.no_disk": (_("Your request could not be kept."), _CALL),
    **REFUSALS,
    "late.method_missing": (
        _("It is not said how the person proved who they are."),
        _("Choose one of the entries."),
    ),
    "late.seen_other": (
        _("The day or the yen have changed since this page was shown."),
        _("Read them out once more, then take the request in."),
    ),
    "late.not_this": (
        _("This request was confirmed already, or it is not for this line."),
        _("Look at your lines: what you have asked for is listed there."),
    ),
    "late.too_old": (
        _("This request is too old to be confirmed."),
        _("Close your line on this page anew, or call us if the earlier time matters."),
    ),
}
