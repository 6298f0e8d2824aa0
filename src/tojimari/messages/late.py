"""What do we write to somebody whose request was taken while our database was away?

Both mails say the same of the request itself: it was taken, when, and that nothing is closed. Only the subscriber's
own address gets the one with the link. The other tells nothing about any line, because anybody may get it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from tojimari.messages.texts import Parts, Written, moment, tag, written


@dataclass(frozen=True, slots=True)
class Late:
    """What both mails are about: the request, the carrier's name in the reader's language, and when it was sent."""

    reference: str
    carrier: str
    asked_at: datetime


def please_confirm(language: str, about: Late, *, link: str, until: datetime) -> Written:
    """To the subscriber: sign in and confirm; the request then counts from the moment it was sent."""
    with override(tag(language)):
        time = moment(until, language)
        return written(
            language,
            _parts("late_confirm", language, about, until=time, link=link),
            _("Please confirm your request (%(reference)s)") % {"reference": about.reference},
            _("Our system was down when you sent your request. It is back now."),
            _received(about, language),
            _("Sign in here with a code and confirm:") + "\n" + link,
            _("Then your request counts from the time it was received. Please confirm by %(time)s.") % {"time": time},
            _("Nothing is closed before you confirm. If it was not you, you need not do anything."),
            about.carrier,
        )


def looked_at(language: str, about: Late) -> Written:
    """To an address that we do not know: a person looks at it. Says nothing about any line."""
    with override(tag(language)):
        return written(
            language,
            _parts("late_looked_at", language, about),
            _("We have your request (%(reference)s)") % {"reference": about.reference},
            _("Our system was down when you sent your request. It is back now."),
            _received(about, language),
            _("We could not match what you sent by ourselves, so our staff looks at it."),
            _(
                "You can also start again on our page, with a code. "
                "Tell our staff the reference: the time above is kept."
            ),
            _("Nothing is closed yet. If it was not you, you need not do anything."),
            about.carrier,
        )


def _received(about: Late, language: str) -> str:
    named = _("Reference: %(reference)s") % {"reference": about.reference}
    return named + "\n" + _("Received: %(time)s") % {"time": moment(about.asked_at, language)}


def _parts(name: str, language: str, about: Late, **facts: str) -> Parts:
    received = moment(about.asked_at, language)
    return Parts(name, {"carrier": about.carrier, "reference": about.reference, "received": received, **facts})
