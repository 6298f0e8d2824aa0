"""What do our mails say when a line falls silent before its contract ends, and when it is on again?

Each is put down when the network has said so, never when it was only asked for.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from tojimari.messages.links import CASE
from tojimari.messages.texts import About, Written, end_moment, parts, tag, written

Said = tuple[str, str, str, str]
"""Subject, what was done, when the contract ends, and the way to the case, with their placeholders."""


def off(language: str, about: About, *, ends_at: datetime) -> Written:
    """Data and calls are off in the network; the contract still ends on its day, for the same yen."""
    with override(tag(language)):
        said = (
            _("Data and calls are off (%(reference)s)"),
            _("As you asked, the network has switched off data and calls of this line: %(number)s"),
            _("Your contract still ends: %(time)s"),
            _("Until then you can switch them on again on the page of your case: %(link)s"),
        )
        return _written(language, "data_off", about, ends_at, said, _("Nothing that is used after today is charged."))


def on_again(language: str, about: About, *, ends_at: datetime) -> Written:
    """The network has the line back as it was; it still ends on its day."""
    with override(tag(language)):
        said = (
            _("Data and calls are on again (%(reference)s)"),
            _("As you asked, the network has switched data and calls of this line on again: %(number)s"),
            _("Your request goes on. Your contract still ends: %(time)s"),
            _("Your case, without signing in: %(link)s"),
        )
        return _written(language, "data_on_again", about, ends_at, said)


def _written(language: str, name: str, about: About, ends_at: datetime, said: Said, *more: str) -> Written:
    """Put the paragraphs that both share around what each says. `more` follows what was done."""
    subject, done, ends, way = said
    end = end_moment(ends_at, language)
    unchanged = _("Neither the last day nor what you pay has changed.")
    return written(
        language,
        parts(name, about, ends=end, link=CASE, nothing_else=unchanged),
        subject % {"reference": about.reference},
        done % {"number": about.number or about.iccid},
        *more,
        ends % {"time": end},
        unchanged,
        way % {"link": CASE},
        _("Keep this link to yourself: it shows your case."),
        _("If it was not you who asked for this, please ask us at once."),
        about.carrier,
    )
