"""What do our mails say about a visit to a shop? When, where, what to bring, and how to change it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from tojimari.messages.links import CASE
from tojimari.messages.texts import About, Parts, Written, moment, parts, tag, written


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


def soon_by_sms(language: str, about: About, *, starts_at: datetime, shop: str) -> Written:
    """The visit is tomorrow, or today: for somebody whom we reach by SMS alone. `shop` is its name."""
    with override(tag(language)):
        facts = {
            "carrier": about.carrier,
            "reference": about.reference,
            "time": moment(starts_at, language),
            "shop": shop,
        }
        # Translators: an SMS. Keep it as short as you can.
        text = _("%(carrier)s: we expect you at %(shop)s, %(time)s. Bring your ID and the SIM card. No. %(reference)s")
        return Written(tag(language), "", text % facts, Parts("visit_soon_by_sms", facts))


def booked(language: str, about: About, appointment: Appointment, *, moved: bool = False) -> Written:
    """The visit is booked, or was moved to this time."""
    with override(tag(language)):
        subject = (
            _("Your visit was moved (%(reference)s)") if moved else _("Your visit is booked (%(reference)s)")
        ) % {"reference": about.reference}
        return written(
            language,
            _parts(
                "visit_moved" if moved else "visit_booked", language, about, appointment, papers=_bring(appointment)
            ),
            subject,
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
        return written(
            language,
            _parts("visit_cancelled", language, about, appointment),
            _("Your visit was cancelled (%(reference)s)") % {"reference": about.reference},
            _("You no longer have an appointment: %(shop)s, %(time)s")
            % {"shop": appointment.shop, "time": moment(appointment.starts_at, language)},
            _("Your request to close the line goes on. Come without an appointment, or choose another time: %(link)s")
            % {"link": CASE},
            about.carrier,
        )


def missed(language: str, about: About, appointment: Appointment) -> Written:
    """Nobody came. That costs nothing and moves nothing; another time is one tap away."""
    with override(tag(language)):
        return written(
            language,
            _parts("visit_missed", language, about, appointment),
            _("We did not see you at the shop (%(reference)s)") % {"reference": about.reference},
            _("We expected you: %(shop)s, %(time)s")
            % {"shop": appointment.shop, "time": moment(appointment.starts_at, language)},
            _("Choose another shop or another time: %(link)s") % {"link": CASE},
            _("You can also come without an appointment. It costs nothing that you could not come."),
            _("The day on which the contract ends does not move, even if you come later."),
            about.carrier,
        )


def called_off(language: str, about: About, appointment: Appointment) -> Written:
    """The shop is closed at that time after all: our doing, not the person's. Another time is one tap away."""
    with override(tag(language)):
        return written(
            language,
            _parts("visit_called_off", language, about, appointment),
            _("The shop is closed at the time of your visit (%(reference)s)") % {"reference": about.reference},
            _("We are sorry: this visit cannot take place: %(shop)s, %(time)s")
            % {"shop": appointment.shop, "time": moment(appointment.starts_at, language)},
            _("Choose another shop or another time: %(link)s") % {"link": CASE},
            _("Your request goes on. The day on which the contract ends does not move, even if you come later."),
            about.carrier,
        )


def _where(appointment: Appointment) -> str:
    station = _("Nearest station: %(station)s") % {"station": appointment.station} if appointment.station else ""
    return "\n".join(filter(None, (appointment.shop, appointment.address, station, appointment.phone)))


def _bring(appointment: Appointment) -> str:
    return "\n".join([_("Bring:"), *(f"- {paper}" for paper in appointment.papers)])


def _parts(name: str, language: str, about: About, appointment: Appointment, **facts: str) -> Parts:
    where = _where(appointment) if "papers" in facts else appointment.shop
    code = {"code": appointment.code} if "papers" in facts else {}
    time = moment(appointment.starts_at, language)
    return parts(name, about, time=time, shop=where, **code, **facts | {"link": CASE})
