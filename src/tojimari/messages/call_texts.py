"""What do our mails and SMS say to somebody who is on the phone with our staff?

A code for a call is read aloud to staff, which no other code ever is. So its text says in which call it may be said: in
one that the person began. It opens nothing but that call.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from tojimari.messages.links import CASE
from tojimari.messages.texts import About, Written, end_moment, how_to_check, moment, tag


def code(language: str, *, carrier: str, digits: str, until: datetime) -> Written:
    """A one-time code for a call. It stands in the body alone, so that wiping the body wipes it."""
    with override(tag(language)):
        return _written(
            language,
            # Translators: subject of a mail with a one-time code. The code itself must not stand here.
            _("Your code for the call with %(carrier)s") % {"carrier": carrier},
            _("Your code: %(code)s") % {"code": digits},
            _("Read it to our staff in the call that you are in. It is valid until %(time)s, once, in this call alone.")
            % {"time": moment(until, language)},
            _("Did you not call us yourself? Then tell it to nobody and hang up. We never call to ask for a code."),
            carrier,
        )


def code_by_sms(language: str, *, carrier: str, digits: str, until: datetime) -> Written:
    """The same by SMS: as short as it can be, and without a subject."""
    with override(tag(language)):
        # Translators: an SMS. Keep it as short as you can.
        text = _("%(carrier)s: %(code)s, for your call to us alone, until %(time)s. Did somebody call you? Hang up.")
        filled = text % {"carrier": carrier, "code": digits, "time": moment(until, language)}
        return Written(tag(language), "", filled)


def taken(language: str, about: About) -> Written:
    """Our staff took the request for the person: who did it, and how it goes on without this line."""
    with override(tag(language)):
        return _written(
            language,
            _("You called us: how it goes on (%(reference)s)") % {"reference": about.reference},
            _("The network is simulated here: no real line was touched.") if about.simulated else "",
            _("Our staff took your request on the phone, after you had answered questions and a code."),
            _("Reference: %(reference)s") % {"reference": about.reference},
            _("At a shop the reference is enough."),
            _("Your case, without signing in:") + f"\n{CASE}\n" + _("Keep this link to yourself: it shows your case."),
            _(
                "You can also make a saved code, which opens your case when phone and mail are gone: sign in on our"
                " pages, open your case and its receipt, and write the code down."
            ),
            _("Was it not you who called? Take the request back on the page of the case, or ask us at once."),
            about.carrier,
        )


def taken_by_sms(language: str, about: About, *, ends_at: datetime) -> Written:
    """The receipt for somebody whom we reach by SMS alone."""
    with override(tag(language)):
        # Translators: an SMS. Keep it as short as you can.
        text = _("%(carrier)s: your request %(reference)s is noted. End: %(time)s. Follow it or take it back: %(link)s")
        time = end_moment(ends_at, language)
        filled = text % {"carrier": about.carrier, "reference": about.reference, "time": time, "link": CASE}
        return Written(tag(language), "", filled)


def _written(language: str, subject: str, *paragraphs: str) -> Written:
    # A name from a carrier's own data must not break a header into two.
    return Written(
        tag(language), " ".join(subject.split()), "\n\n".join(filter(None, (*paragraphs, how_to_check()))) + "\n"
    )
