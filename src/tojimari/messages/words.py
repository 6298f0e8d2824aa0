"""What do this room's states and reason codes say to a person?"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tojimari.messages.models import Message, MessageState

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

DELIVERIES: dict[str, Text] = {
    "accepted": pgettext_lazy("state of a message", "On its way"),
    "delivered": pgettext_lazy("state of a message", "Delivered"),
    "undelivered": pgettext_lazy("state of a message", "Could not be delivered"),
    "expired": pgettext_lazy("state of a message", "Could not be delivered in time"),
}
"""What the other side told after it was sent. Where it told nothing, "Sent" is all that is known."""

SEEN_TO: dict[str, Text] = {
    "letter": pgettext_lazy("what staff did", "Wrote a letter"),
    "called": pgettext_lazy("what staff did", "Called"),
    "counter": pgettext_lazy("what staff did", "Told them at the counter"),
    "needless": pgettext_lazy("what staff did", "Nothing: they know it already"),
}

UNSURE = _("It may have arrived twice: a connection broke while it was sent.")


def standing(message: Message) -> Text:
    """Say how a message stands, as far as anybody told."""
    if message.state == MessageState.SENT:
        if message.channel == "shown":
            return SHOWN
        return DELIVERIES.get(message.delivery, STATES["sent"])
    return STATES[message.state]


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
    "message.no_address": (
        _("We know no e-mail address and no other number of this person."),
        _("Write a letter or call, and note it here."),
    ),
    "message.too_late": (_("The code in it was no longer valid."), _("Ask for a new code.")),
    "message.no_channel": (
        _("No way of sending is set up for this kind of message."),
        _("Set a mail server or an SMS gateway; it is then sent by itself."),
    ),
    "message.server_away": (_("The mail server could not be reached."), _("We try again by ourselves.")),
    "message.unsendable": (_("The address or the text cannot be sent as mail."), _("Check the e-mail address.")),
    "message.not_taken": (_("The mail server does not take mail for this address."), _("Check the e-mail address.")),
    "message.answer_lost": (
        _("The connection broke just after it was handed over. It may have arrived, and may arrive twice."),
        _("Wait: it goes out again by itself, and a second copy bears the same number."),
    ),
    "message.gateway_away": (
        _("The SMS gateway could not be reached, or has trouble."),
        _("We try again by ourselves."),
    ),
    "message.gateway_busy": (_("The SMS gateway has too much to do."), _("We try again by ourselves.")),
    "message.gateway_refuses": (
        _("The SMS gateway does not let us in, or does not take our sender."),
        _("Check the settings of the SMS gateway; `tojimari doctor` tells what it answers."),
    ),
    "message.number_wrong": (_("The SMS gateway knows no such number."), _("Check the number.")),
    "message.sms_not_taken": (
        _("The SMS gateway does not take this message."),
        _("Look up its status code, and check the text."),
    ),
    "message.foreign_link": (
        _("The text of this SMS holds an address that is not the carrier's own. It was not sent."),
        _("Take the address out of the text, or enter the domain as one of the carrier's own."),
    ),
    "message.not_waiting": (
        _("Nobody needs to see to this message any more."),
        _("Load the page again: a colleague may have been first."),
    ),
    "message.asked_too_often": (_("This was tried too often."), _("Wait %(minutes)s minutes and try again.")),
    "message.too_many": (
        _("Many messages go to this address at the moment."),
        _("Wait: it goes out by itself within the hour."),
    ),
    "message.which_way": (_("It is not said what was done."), _("Choose what you did.")),
    "message.given_up": (_("It could not be sent for two days."), _("Check the mail server and the e-mail address.")),
}
