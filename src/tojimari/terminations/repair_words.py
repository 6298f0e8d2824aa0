"""What is said when a ghost line cannot be repaired?"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

REASONS: dict[str, tuple[Text, Text]] = {
    "repair.nothing": (
        _("Nothing of this comparison can be repaired by a termination."),
        _("Settle the rest by hand."),
    ),
    "repair.too_old": (_("This comparison is too old."), _("Compare again, and ask for the repair of that.")),
    "repair.decided": (_("A colleague has decided on this already."), _("Load the page again.")),
    "repair.own_wish": (_("You asked for this repair yourself."), _("A colleague must look at it and confirm it.")),
    "repair.not_closed": (_("The books no longer call this line closed."), _("Compare again.")),
    "repair.identity_in_use": (
        _("Another line has this IMSI by now."),
        _("Look at both lines. Nothing was done to either."),
    ),
}
