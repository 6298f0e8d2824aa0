"""What do our mails and SMS say to somebody who is on the phone with our staff?

A code for a call is read aloud to staff, which no other code ever is. So its text says in which call it may be said: in
one that the person began. It opens nothing but that call.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from tojimari.messages.links import CASE
from tojimari.messages.texts import About, Parts, Written, end_moment, moment, parts, tag, way_in, written


def code(language: str, *, carrier: str, digits: str, until: datetime) -> Written:
    """A one-time code for a call. It stands in the body alone, so that wiping the body wipes it."""
    with override(tag(language)):
        time = moment(until, language)
        hang_up = _(
            "Did you not call us yourself? Then tell it to nobody and hang up. We never call to ask for a code."
        )
        return written(
            language,
            Parts("call_code", {"carrier": carrier, "code": digits, "time": time, "hang_up": hang_up}),
            # Translators: subject of a mail with a one-time code. The code itself must not stand here.
            _("Your code for the call with %(carrier)s") % {"carrier": carrier},
            _("Your code: %(code)s") % {"code": digits},
            _("Read it to our staff in the call that you are in. It is valid until %(time)s, once, in this call alone.")
            % {"time": time},
            hang_up,
            carrier,
        )


def code_by_sms(language: str, *, carrier: str, digits: str, until: datetime) -> Written:
    """The same by SMS: as short as it can be, and without a subject."""
    with override(tag(language)):
        # Translators: an SMS. Keep it as short as you can.
        text = _("%(carrier)s: %(code)s, for your call to us alone, until %(time)s. Did somebody call you? Hang up.")
        facts = {"carrier": carrier, "code": digits, "time": moment(until, language)}
        return Written(tag(language), "", text % facts, Parts("call_code_by_sms", facts))


def taken(language: str, about: About) -> Written:
    """Our staff took the request for the person: who did it, and how it goes on without this line."""
    with override(tag(language)):
        not_you = _("Was it not you who called? Take the request back on the page of the case, or ask us at once.")
        return written(
            language,
            parts("call_taken", about, not_you=not_you),
            _("You called us: how it goes on (%(reference)s)") % {"reference": about.reference},
            _("Our staff took your request on the phone, after you had answered questions and a code."),
            _("Reference: %(reference)s") % {"reference": about.reference},
            _("At a shop the reference is enough."),
            way_in(),
            _(
                "You can also make a saved code, which opens your case when phone and mail are gone: sign in on our"
                " pages, open your case and its receipt, and write the code down."
            ),
            not_you,
            about.carrier,
        )


def taken_by_sms(language: str, about: About, *, ends_at: datetime) -> Written:
    """The receipt for somebody whom we reach by SMS alone."""
    with override(tag(language)):
        # Translators: an SMS. Keep it as short as you can.
        text = _("%(carrier)s: your request %(reference)s is noted. End: %(time)s. Follow it or take it back: %(link)s")
        time = end_moment(ends_at, language)
        facts = {"carrier": about.carrier, "reference": about.reference, "time": time, "link": CASE}
        return Written(tag(language), "", text % facts, Parts("call_taken_by_sms", facts))
