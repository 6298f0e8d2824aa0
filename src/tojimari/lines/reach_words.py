"""What is said when a hotline or a domain that an administrator typed cannot be kept? Way on included."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

REASONS: dict[str, tuple[Text, Text]] = {
    "settings.hotline": (
        _("This is no phone number in international form."),
        _("Write it with + and the country: +81312345678."),
    ),
    "settings.hotline_twice": (_("This number stands here twice."), _("Remove one of the two.")),
    "settings.hotline_words": (
        _("The hours are too long, or have a mark that cannot stand there."),
        _("Write at most 100 characters, without semicolons."),
    ),
    "settings.too_many": (_("These are too many; at most %(most)s can be kept."), _("Remove some.")),
    "settings.domain_taken": (
        _("Pages of another carrier stand under %(domain)s."),
        _("Enter only domains that belong to you alone."),
    ),
}

FROM: dict[str, Text] = {
    "anywhere": _("From everywhere"),
    "japan": _("From within Japan"),
    "abroad": _("From abroad"),
}
"""From where a hotline can be called."""
