"""What is said when a request cannot be taken, or not confirmed any more, after the database was away?"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

_CALL = _("Call us, or come back in an hour.")

REASONS: dict[str, tuple[Text, Text]] = {
    "spool.too_large": (_("That is too long."), _("Type only what the field asks for.")),
    "spool.too_many": (_("Many requests came from your connection within an hour."), _CALL),
    "spool.full": (_("We cannot take more requests just now."), _CALL),
    "spool.no_disk": (_("Your request could not be kept."), _CALL),
    "late.not_this": (
        _("This request was confirmed already, or it is not for this line."),
        _("Look at your lines: what you have asked for is listed there."),
    ),
    "late.too_old": (
        _("This request is too old to be confirmed."),
        _("Close your line on this page anew, or call us if the earlier time matters."),
    ),
}
