"""What does our mail say when a passkey is added to somebody's account, or removed from it?

Whoever did it need not read it; whoever did not must learn of it at once (NIST SP 800-63B-4 4.6).
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from tojimari.messages.texts import Parts, Written, moment, tag, written


def added(language: str, *, carrier: str, label: str, hotline: str, at: datetime) -> Written:
    """A passkey was added. `label` is what the person calls it, and may be empty."""
    with override(tag(language)):
        time, people = moment(at, language), _people(hotline)
        return written(
            language,
            _parts("passkey_added", carrier, time, label, people),
            _("A passkey was added (%(carrier)s)") % {"carrier": carrier},
            _("A passkey was added to your account: %(time)s") % {"time": time},
            _named(label),
            _("Whoever holds that device can sign in with it and close your lines."),
            _("If it was not you: sign in with a code and remove it on the page of your passkeys."),
            people,
            carrier,
        )


def removed(language: str, *, carrier: str, label: str, hotline: str, at: datetime) -> Written:
    """A passkey was removed, and opens nothing any more."""
    with override(tag(language)):
        time, people = moment(at, language), _people(hotline)
        return written(
            language,
            _parts("passkey_removed", carrier, time, label, people),
            _("A passkey was removed (%(carrier)s)") % {"carrier": carrier},
            _("A passkey was removed from your account: %(time)s") % {"time": time},
            _named(label),
            _("It opens nothing here any more. You can delete it on your device, too."),
            _("If it was not you who removed it, please ask us at once."),
            people,
            carrier,
        )


def _named(label: str) -> str:
    return _("Its name: %(label)s") % {"label": label} if label else ""


def _people(hotline: str) -> str:
    return _("A person to talk to: %(number)s") % {"number": hotline} if hotline else ""


def _parts(name: str, carrier: str, time: str, label: str, people: str) -> Parts:
    return Parts(name, {"carrier": carrier, "time": time, "label": _named(label), "person": people})
