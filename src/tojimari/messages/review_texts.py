"""What does our mail say when staff ask a subscriber back?"""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import override

from tojimari.messages.links import CASE
from tojimari.messages.texts import About, Written, parts, tag, written


def asked(language: str, about: About, *, question: str) -> Written:
    """The case waits for an answer. `question` is in the reader's language already, or in the words of our staff."""
    with override(tag(language)):
        never = _("Write no card number, no passport number and no code. We never ask for them.")
        return written(
            language,
            parts("question", about, question=question, link=CASE, never_asked=never),
            _("We have a question (%(reference)s)") % {"reference": about.reference},
            _("Before your request goes on, our staff needs an answer from you:"),
            question,
            _("Answer on the page of your case: %(link)s") % {"link": CASE},
            never,
            _("Your request keeps the time at which we received it, and its last day does not move."),
            about.carrier,
        )
