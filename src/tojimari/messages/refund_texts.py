"""What do we say of the account to which money goes back: before it is told, and when it was?

Whoever wants the money of others begins here. So the code says what it is for, and each account that is told is told of
at once, with nothing of it but its last digits.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from tojimari.messages.texts import About, Parts, Written, moment, parts, tag, written


def code(language: str, *, carrier: str, digits: str, until: datetime) -> Written:
    """A one-time code to tell an account. It stands in the body alone, so that wiping the body wipes it."""
    with override(tag(language)):
        time = moment(until, language)
        nobody = _(
            "Whoever has this code can say where your money goes. Tell it to nobody. Our staff never asks for it."
        )
        return written(
            language,
            Parts("refund_code", {"carrier": carrier, "code": digits, "time": time, "tell_nobody": nobody}),
            # Translators: subject of a mail with a one-time code. The code itself must not stand here.
            _("Your code to tell %(carrier)s an account for your money") % {"carrier": carrier},
            _("Your code: %(code)s") % {"code": digits},
            _("It is valid until %(time)s, once, and only on the page on which you asked for it.") % {"time": time},
            nobody,
            _("If you did not ask for a code, somebody else is signed in as you. Please call us at once."),
            carrier,
        )


def code_by_sms(language: str, *, carrier: str, digits: str, until: datetime) -> Written:
    """The same by SMS: as short as it can be, and without a subject."""
    with override(tag(language)):
        facts = {"carrier": carrier, "code": digits, "time": moment(until, language)}
        # Translators: an SMS. Keep it as short as you can.
        text = _("%(carrier)s: %(code)s tells us the account for your money, until %(time)s. Tell it to nobody.")
        return Written(tag(language), "", text % facts, Parts("refund_code_by_sms", facts))


def told(language: str, about: About, *, ending: str, hotline: str, at: datetime) -> Written:
    """An account was told. `ending` is its last digits: "…567"."""
    with override(tag(language)):
        time, not_you = moment(at, language), _not_you(hotline)
        return written(
            language,
            parts("refund_account", about, account=ending, time=time, not_you=not_you),
            _("An account was told to us for your money (%(reference)s)") % {"reference": about.reference},
            _("For the money that goes back to you, this account was told to us: %(account)s") % {"account": ending},
            _("Told: %(time)s") % {"time": time}
            + "\n"
            + _("Reference: %(reference)s") % {"reference": about.reference},
            not_you,
            _("We never ask for an account by mail or SMS."),
            about.carrier,
        )


def told_by_sms(language: str, about: About, *, ending: str, hotline: str) -> Written:
    """The same by SMS, beside the mail: whoever reads somebody's mail does not always hold their phone."""
    with override(tag(language)):
        facts = {"carrier": about.carrier, "reference": about.reference, "account": ending}
        facts |= {"not_you": _not_you(hotline)}
        # Translators: an SMS. Keep it as short as you can.
        text = _("%(carrier)s: account %(account)s was told for your money, %(reference)s. %(not_you)s")
        return Written(tag(language), "", text % facts, Parts("refund_account_by_sms", facts))


def _not_you(hotline: str) -> str:
    if hotline:
        return _("Was it not you? Call us at once: %(number)s") % {"number": hotline}
    return _("Was it not you? Ask us at once.")
