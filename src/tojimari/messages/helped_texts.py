"""What do we write to somebody for whom our staff dealt with a request: a refusal, a new address, a saved code?"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from tojimari.messages.links import CASE
from tojimari.messages.texts import Parts, Written, moment, tag, written


def late_refused(
    language: str, *, reference: str, carrier: str, asked_at: datetime, reason: str, way_on: str
) -> Written:
    """A request from an outage was not taken in. Says nothing about any line: anybody may have sent it."""
    with override(tag(language)):
        # 188 is the consumer hotline of Japan's consumer centres.
        disagree = _("If you do not agree, ask us, or call the consumer hotline 188 in Japan.")
        time = moment(asked_at, language)
        facts = {"time": time, "reason": reason, "way_on": way_on, "if_you_disagree": disagree}
        return written(
            language,
            Parts("late_refused", {"carrier": carrier, "reference": reference, **facts}),
            _("We could not take in your request (%(reference)s)") % {"reference": reference},
            _("You sent us a request while our system was down: %(time)s") % {"time": time},
            reason,
            way_on,
            _("Nothing was closed or changed. If it was not you, you need not do anything."),
            disagree,
            carrier,
        )


def address_code(language: str, *, reference: str, carrier: str, digits: str, until: datetime) -> Written:
    """A code to an address that is not known yet: read out to staff it shows that the person can be reached there."""
    with override(tag(language)):
        time = moment(until, language)
        nobody = _("If you did not ask us for help, tell it to nobody: without it nothing happens.")
        facts = {"reference": reference, "code": digits, "time": time, "tell_nobody": nobody}
        return written(
            language,
            Parts("help_address_code", {"carrier": carrier, **facts}),
            # Translators: subject of a mail with a one-time code. The code itself must not stand here.
            _("A code for your request for help (%(reference)s)") % {"reference": reference},
            _("Your code: %(code)s") % {"code": digits},
            _("Read it out to the member of our staff who is helping you. It shows that you can be reached here."),
            _("It is valid until %(time)s and once. It signs nobody in.") % {"time": time},
            nobody,
            carrier,
        )


def saved_code(language: str, *, reference: str, carrier: str, code: str) -> Written:
    """The code that opens a case which staff opened for the person. It stands in the body alone, and is wiped there."""
    with override(tag(language)):
        nobody = _("Write the code down, and tell it to nobody. We cannot show it again, but you can make a new one.")
        facts = {"reference": reference, "code": code, "tell_nobody": nobody, "link": CASE}
        return written(
            language,
            Parts("help_saved_code", {"carrier": carrier, **facts}),
            _("Your saved code (%(reference)s)") % {"reference": reference},
            _("Our staff opened this case for you. You see it at any time with its reference and this code:"),
            _("Reference: %(reference)s") % {"reference": reference}
            + "\n"
            + _("Saved code: %(code)s") % {"code": code},
            nobody,
            _("Your case, without signing in: %(link)s") % {"link": CASE},
            carrier,
        )


def address_added(language: str, *, reference: str, carrier: str, at: datetime) -> Written:
    """To every address that was known before: staff added another one and opened a case."""
    with override(tag(language)):
        time = moment(at, language)
        not_you = _("If it was not you, call us at once: the case can still be taken back.")
        return written(
            language,
            Parts("help_address_added", {"carrier": carrier, "reference": reference, "time": time, "not_you": not_you}),
            _("Our staff added an address for you (%(reference)s)") % {"reference": reference},
            _("Somebody who showed us your papers could not use this address. Our staff checked them: %(time)s")
            % {"time": time},
            _("They added another e-mail address and opened a case for you. Our mails about it go there."),
            not_you,
            carrier,
        )
