"""What do our mails say to somebody who closes a line at a carrier that is not connected?

They remind of what the person has planned, the more plainly the nearer the deadline is. None says that a line was
closed: we do not see what the carrier does. Mails go only to an address that was confirmed, and each one has the way to
stop them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.core import Locale
from babel.dates import format_skeleton, get_timezone_location
from django.utils.translation import gettext as _
from django.utils.translation import override

from tojimari.messages.costs import yen
from tojimari.messages.links import GUIDED
from tojimari.messages.texts import LOCALES, Written, how_to_check, moment, tag
from tojimari.rules.calendar import JST


@dataclass(frozen=True, slots=True)
class GuidedAbout:
    """What a mail is about: the case, the carrier, the steps, and where the person reads the clock."""

    reference: str
    carrier: str
    steps: tuple[str, ...] = ()
    zone: str = ""

    @property
    def step(self) -> str:
        """The last of the steps: those before it prepare for it."""
        return self.steps[-1] if self.steps else ""


def confirm(language: str, about: GuidedAbout, *, digits: str, until: datetime) -> Written:
    """The code that confirms an address for reminders. Nothing else can be done with it."""
    with override(tag(language)):
        return _written(
            language,
            # Translators: subject of a mail with a one-time code. The code itself must not stand here.
            _("Your code for reminders"),
            _("Your code: %(code)s") % {"code": digits},
            _("It is valid until %(time)s, once, and only on the page on which you asked for it.")
            % {"time": moment(until, language)},
            _("If you did not ask for reminders, you need not do anything. We then send nothing more."),
        )


def remind(
    language: str, about: GuidedAbout, *, due: datetime, hours_left: int, missing_yen: int | None = None
) -> Written:
    """A deadline comes nearer."""
    with override(tag(language)):
        cost = _("If you miss it: %(yen)s more.") % {"yen": yen(missing_yen)} if missing_yen else ""
        return _written(
            language,
            _subject(hours_left) % {"step": about.step, "reference": about.reference},
            _steps(about),
            _("Do it by: %(time)s") % {"time": _both(due, language, about.zone)},
            cost,
            _("Where, how, and which words to tap: %(link)s") % {"link": GUIDED},
            _("Done already? Tick it on that page, and we stop reminding you of it."),
            _stop(),
        )


def missed(language: str, about: GuidedAbout, *, due: datetime) -> Written:
    """A deadline has passed, and nobody told us that it was kept. Once."""
    with override(tag(language)):
        return _written(
            language,
            _("The deadline has passed: %(step)s (%(reference)s)") % {"step": about.step, "reference": about.reference},
            _steps(about),
            _("It was: %(time)s") % {"time": _both(due, language, about.zone)},
            _("Did you do it? Then tick it: %(link)s") % {"link": GUIDED},
            _("If not, do it now all the same. On the same page you can have your plan made anew from today."),
            _("Did the carrier give you more time? Enter the new day there."),
            _stop(),
        )


def your_turn(language: str, about: GuidedAbout) -> Written:
    """The day has come from which a step may be done."""
    with override(tag(language)):
        return _written(
            language,
            _("Now you can do this: %(step)s (%(reference)s)") % {"step": about.step, "reference": about.reference},
            _steps(about),
            _("Until today it was too early. How to do it: %(link)s") % {"link": GUIDED},
            _stop(),
        )


def facts_changed(language: str, about: GuidedAbout) -> Written:
    """What is known of the carrier was corrected. The plan stays as it is until the person says otherwise."""
    with override(tag(language)):
        return _written(
            language,
            _("What we know of %(carrier)s has changed (%(reference)s)")
            % {"carrier": about.carrier, "reference": about.reference},
            _("Your plan is still the one that you kept. We have not changed anything in it."),
            _("Look at it, and have it made anew if you want: %(link)s") % {"link": GUIDED},
            _stop(),
        )


def _steps(about: GuidedAbout) -> str:
    named = _("%(carrier)s: %(step)s")
    return "\n".join(named % {"carrier": about.carrier, "step": step} for step in about.steps)


def _subject(hours_left: int) -> str:
    if hours_left <= 12:
        return _("Last call, only hours left: %(step)s (%(reference)s)")
    if hours_left <= 48:
        return _("Due tomorrow at the latest: %(step)s (%(reference)s)")
    if hours_left <= 24 * 4:
        return _("Only a few days left: %(step)s (%(reference)s)")
    return _("Coming up: %(step)s (%(reference)s)")


def _stop() -> str:
    return _("You asked us to remind you. On the same page you can stop it, or delete everything.")


def _both(at: datetime, language: str, zone: str) -> str:
    """Japan's time, and below it the same moment where the person is."""
    japan = moment(at, language)
    if not zone or at.astimezone(ZoneInfo(zone)).utcoffset() == at.astimezone(JST).utcoffset():
        return japan
    locale = Locale.parse(LOCALES[tag(language)])
    local = at.astimezone(ZoneInfo(zone))
    place = get_timezone_location(ZoneInfo(zone), locale=locale, return_city=True)
    there = f"{format_skeleton('yMMMd', local, locale=locale)} {local:%H:%M}"
    return japan + "\n" + _("%(place)s: %(time)s") % {"place": place, "time": there}


def _written(language: str, subject: str, *paragraphs: str) -> Written:
    body = "\n\n".join(filter(None, (*paragraphs, how_to_check()))) + "\n"
    return Written(tag(language), " ".join(subject.split()), body)
