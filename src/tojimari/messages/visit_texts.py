"""What do our mails say about a visit to a shop? When, where, what to bring, and how to change it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from tojimari.messages.links import CASE
from tojimari.messages.texts import About, Written, moment, tag


@dataclass(frozen=True, slots=True)
class Appointment:
    """A visit as a mail tells of it; every text is in the reader's language already."""

    starts_at: datetime
    shop: str
    address: str
    station: str
    phone: str
    code: str
    papers: Sequence[str]


def booked(language: str, about: About, appointment: Appointment, *, moved: bool = False) -> Written:
    """The visit is booked, or was moved to this time."""
    with override(tag(language)):
        subject = (
            _("Your visit was moved (%(reference)s)") if moved else _("Your visit is booked (%(reference)s)")
        ) % {"reference": about.reference}
        return _written(
            language,
            subject,
            _marker(about),
            _("We expect you: %(time)s") % {"time": moment(appointment.starts_at, language)},
            _where(appointment),
            _("Show this code at the counter: %(code)s") % {"code": appointment.code},
            _bring(appointment),
            _("To change or cancel the visit, open your case: %(link)s") % {"link": CASE},
            _("The day on which the contract ends does not move, even if you come later."),
            about.carrier,
        )


def cancelled(language: str, about: About, appointment: Appointment) -> Written:
    """The visit is off. The request goes on, so somebody must still come."""
    with override(tag(language)):
        return _written(
            language,
            _("Your visit was cancelled (%(reference)s)") % {"reference": about.reference},
            _marker(about),
            _("You no longer have an appointment: %(shop)s, %(time)s")
            % {"shop": appointment.shop, "time": moment(appointment.starts_at, language)},
            _("Your request to close the line goes on. Come without an appointment, or choose another time: %(link)s")
            % {"link": CASE},
            about.carrier,
        )


def missed(language: str, about: About, appointment: Appointment) -> Written:
    """Nobody came. That costs nothing and moves nothing; another time is one tap away."""
    with override(tag(language)):
        return _written(
            language,
            _("We did not see you at the shop (%(reference)s)") % {"reference": about.reference},
            _marker(about),
            _("We expected you: %(shop)s, %(time)s")
            % {"shop": appointment.shop, "time": moment(appointment.starts_at, language)},
            _("Choose another shop or another time: %(link)s") % {"link": CASE},
            _("You can also come without an appointment. It costs nothing that you could not come."),
            _("The day on which the contract ends does not move, even if you come later."),
            about.carrier,
        )


def _where(appointment: Appointment) -> str:
    station = _("Nearest station: %(station)s") % {"station": appointment.station} if appointment.station else ""
    return "\n".join(filter(None, (appointment.shop, appointment.address, station, appointment.phone)))


def _bring(appointment: Appointment) -> str:
    return "\n".join([_("Bring:"), *(f"- {paper}" for paper in appointment.papers)])


def _marker(about: About) -> str:
    return _("The network is simulated here: no real line was touched.") if about.simulated else ""


def _written(language: str, subject: str, *paragraphs: str) -> Written:
    # A name from a carrier's own data must not break a header into two.
    return Written(tag(language), " ".join(subject.split()), "\n\n".join(filter(None, paragraphs)) + "\n")
