"""What is said when a file of lines cannot be confirmed?"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

REASONS: dict[str, tuple[Text, Text]] = {
    "file.own_wish": (_("You asked for this file yourself."), _("A colleague must look at it and confirm it.")),
    "file.decided": (_("A colleague has decided on this file already."), _("Load the page again.")),
    "file.lapsed": (_("This wish is too old."), _("Let the command be run again; it then asks anew.")),
}
