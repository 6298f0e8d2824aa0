"""What do this room's states and reason codes say to a person?"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Text = str | Promise

STATES: dict[str, Text] = {
    "queued": pgettext_lazy("state of a message", "Waiting to be sent"),
    "sending": pgettext_lazy("state of a message", "Being sent"),
    "sent": pgettext_lazy("state of a message", "Sent"),
    "failed": pgettext_lazy("state of a message", "Not sent"),
    "refused": pgettext_lazy("state of a message", "Held back"),
}

SHOWN = pgettext_lazy("state of a message", "Shown here, not sent")
"""Instead of "Sent" where the channel is "shown"."""

# Reason code -> (what is the matter, the way on).
REASONS: dict[str, tuple[Text, Text]] = {
    "message.number_off": (
        _("The number is switched off. Nothing is sent to it any more: its next holder is somebody else."),
        _("Use the e-mail address."),
    ),
    "message.text_wrong": (
        _("This text cannot be used. Nothing was saved."),
        _("Mend what is named below."),
    ),
    "message.too_late": (_("The code in it was no longer valid."), _("Ask for a new code.")),
    "message.no_channel": (
        _("No way of sending is set up for this kind of message."),
        _("Set a mail server; it is then sent by itself."),
    ),
    "message.server_away": (_("The mail server could not be reached."), _("We try again by ourselves.")),
    "message.unsendable": (_("The address or the text cannot be sent as mail."), _("Check the e-mail address.")),
    "message.not_taken": (_("The mail server does not take mail for this address."), _("Check the e-mail address.")),
    "message.given_up": (_("It could not be sent for two days."), _("Check the mail server and the e-mail address.")),
}
