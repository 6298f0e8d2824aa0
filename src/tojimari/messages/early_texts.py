"""What do our mails say when a line falls silent before its contract ends, and when it is on again?

Each is put down when the network has said so, never when it was only asked for.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from tojimari.messages.links import CASE
from tojimari.messages.texts import About, Written, end_moment, tag


def off(language: str, about: About, *, ends_at: datetime) -> Written:
    """Data and calls are off in the network; the contract still ends on its day, for the same yen."""
    with override(tag(language)):
        return _written(
            language,
            about,
            _("Data and calls are off (%(reference)s)") % {"reference": about.reference},
            _("As you asked, the network has switched off data and calls of this line: %(number)s"),
            _("Your contract still ends: %(time)s") % {"time": end_moment(ends_at, language)},
            _("Until then you can switch them on again on the page of your case: %(link)s") % {"link": CASE},
        )


def on_again(language: str, about: About, *, ends_at: datetime) -> Written:
    """The network has the line back as it was; it still ends on its day."""
    with override(tag(language)):
        return _written(
            language,
            about,
            _("Data and calls are on again (%(reference)s)") % {"reference": about.reference},
            _("As you asked, the network has switched data and calls of this line on again: %(number)s"),
            _("Your request goes on. Your contract still ends: %(time)s") % {"time": end_moment(ends_at, language)},
            _("Your case, without signing in: %(link)s") % {"link": CASE},
        )


def _written(language: str, about: About, subject: str, done: str, ends: str, way: str) -> Written:
    """Put the paragraphs that both share around what each says."""
    paragraphs = (
        _("The network is simulated here: no real line was touched.") if about.simulated else "",
        done % {"number": about.number or about.iccid},
        ends,
        _("Neither the last day nor what you pay has changed."),
        way,
        _("Keep this link to yourself: it shows your case."),
        _("If it was not you who asked for this, please ask us at once."),
        about.carrier,
    )
    # A name from a carrier's own data must not break a header into two.
    return Written(tag(language), " ".join(subject.split()), "\n\n".join(filter(None, paragraphs)) + "\n")
