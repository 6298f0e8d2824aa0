"""What do we write where a message about a case did not arrive elsewhere?"""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import override

from tojimari.messages.links import FIND
from tojimari.messages.models import Message
from tojimari.messages.texts import Written, tag
from tojimari.rules.masking import last4, masked_email


def by_mail(message: Message) -> Written:
    """The same words at another address, with a line that says why they come here."""
    masked = masked_email(message.to) or last4(message.to)
    with override(tag(message.language)):
        why = _("We could not deliver this to %(address)s, so we send it here.") % {"address": masked}
        # An SMS has no subject of its own.
        subject = message.subject or _("About your request (%(reference)s)") % {"reference": message.reference}
    return Written(tag(message.language), subject, f"{why}\n\n{message.body}")


def by_sms(message: Message, carrier: str) -> Written:
    """A mail does not fit into an SMS: it says only that there is something to read, and where."""
    facts = {"carrier": carrier, "reference": message.reference, "page": FIND}
    with override(tag(message.language)):
        # Translators: an SMS. Keep it as short as you can.
        text = _("%(carrier)s: our mail about %(reference)s could not be delivered. Please look at your case: %(page)s")
        return Written(tag(message.language), "", text % facts)
