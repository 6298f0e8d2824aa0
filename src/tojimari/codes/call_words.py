"""What do staff on the phone read when something is refused, and which ways on does a caller have?"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

# Reason code -> (what is the matter, the way on).
REASONS: dict[str, tuple[Text, Text]] = {
    "call.not_found": (
        _("Nothing is known under that."),
        _("Ask for the digits once more, or for another number: phone, ICCID, order or reference."),
    ),
    "call.searched_too_often": (
        _("You have searched very often within an hour."),
        _("Wait %(minutes)s minutes, or ask a colleague."),
    ),
    "call.no_answer": (_("Nothing was typed."), _("Type what the caller answers; leave empty what they do not know.")),
    "call.not_enough": (
        _("That is not enough. The system does not tell which answers were right."),
        _("Ask again, slowly. Tries left in this call: %(left)s."),
    ),
    "call.failed": (
        _("The caller could not answer the questions."),
        _("Offer a visit to a shop with a passport, or a request for help. Nothing was changed."),
    ),
    "call.slow_down": (
        _("There were too many wrong answers about this customer within an hour."),
        _("Offer a visit to a shop or a request for help. On the phone they can try again in %(minutes)s minutes."),
    ),
    "call.locked": (
        _("There were so many wrong answers that this customer is not asked on the phone any more."),
        _("Offer a visit to a shop or a request for help. A shift lead can let them be asked again."),
    ),
    "call.cannot_ask": (
        _("Our books hold too little about this customer to ask questions."),
        _("Offer a visit to a shop with a passport, or a request for help."),
    ),
    "call.no_way": (
        _("No code can be sent this way."),
        _("Choose another way. The line itself is never the only way."),
    ),
    "call.code_old": (
        _("The code of this call is older than 5 minutes."),
        _("Send a new one. What was chosen is kept."),
    ),
    "call.not_yes": (
        _("It is not noted that the caller said yes."),
        _("Read the sentences aloud, and tick it when they have agreed."),
    ),
    "call.no_reach": (_("It is not said how we reach the caller."), _("Ask for a mail address or a number.")),
    "call.other_step": (_("This call stands at another step meanwhile."), _("Look at the page as it is now.")),
    "call.over": (_("This call is over."), _("Begin a new one; the customer is then checked again.")),
    "call.questions_wrong": (
        _("This would not be safe enough."),
        _("Ask for two right answers or more, and choose at least one question that no SIM card and no name tells."),
    ),
}
