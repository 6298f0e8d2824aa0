"""What does our mail say when staff ask a subscriber back?"""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import override

from tojimari.messages.links import CASE
from tojimari.messages.texts import About, Written, tag


def asked(language: str, about: About, *, question: str) -> Written:
    """The case waits for an answer. `question` is in the reader's language already, or in the words of our staff."""
    with override(tag(language)):
        paragraphs = (
            _("The network is simulated here: no real line was touched.") if about.simulated else "",
            _("Before your request goes on, our staff needs an answer from you:"),
            question,
            _("Answer on the page of your case: %(link)s") % {"link": CASE},
            _("Write no card number, no passport number and no code. We never ask for them."),
            _("Your request keeps the time at which we received it, and its last day does not move."),
            about.carrier,
        )
        # A name from a carrier's own data must not break a header into two.
        subject = " ".join((_("We have a question (%(reference)s)") % {"reference": about.reference}).split())
        return Written(tag(language), subject, "\n\n".join(filter(None, paragraphs)) + "\n")
