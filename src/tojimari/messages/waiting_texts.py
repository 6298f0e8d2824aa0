"""What do our mails say to somebody who waits for a time at a shop, was not finished there, or takes the form home?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from tojimari.messages.links import CASE
from tojimari.messages.texts import About, Parts, Written, moment, parts, tag, written
from tojimari.messages.visit_texts import Appointment


@dataclass(frozen=True, slots=True)
class FormText:
    """The closing form in one language: its title, its rows, and the sentence that is signed."""

    title: str
    rows: Sequence[tuple[str, str]]
    declaration: str


def offered(language: str, about: About, appointment: Appointment, *, until: datetime) -> Written:
    """A time has come free and is held. It must be clear that doing nothing gives it to the next person."""
    with override(tag(language)):
        return written(
            language,
            _parts("waiting_offered", language, about, appointment, until=moment(until, language)),
            _("A time at the shop is free for you (%(reference)s)") % {"reference": about.reference},
            _("We hold this time for you: %(time)s") % {"time": moment(appointment.starts_at, language)},
            _place(appointment),
            _("Say yes by: %(time)s") % {"time": moment(until, language)},
            _("Open your case and choose whether you take it: %(link)s") % {"link": CASE},
            _("If you do nothing, the next person gets this time. A visit that is booked already stays as it is."),
            _("The day on which the contract ends does not move, even if you come later."),
            about.carrier,
        )


def offer_over(language: str, about: About, appointment: Appointment) -> Written:
    """Nobody answered in time. Nothing else has changed, and the list is open to them again."""
    with override(tag(language)):
        return written(
            language,
            _parts("waiting_over", language, about, appointment),
            _("The time we held for you has gone to somebody else (%(reference)s)") % {"reference": about.reference},
            _("We did not hear from you in time about: %(shop)s, %(time)s")
            % {"shop": appointment.shop, "time": moment(appointment.starts_at, language)},
            _("You are no longer on the waiting list. Choose a time, or wait again: %(link)s") % {"link": CASE},
            _("You can also come without an appointment."),
            about.carrier,
        )


def waited_in_vain(language: str, about: About, shop: str) -> Written:
    """No time came free on the days that suited."""
    with override(tag(language)):
        return written(
            language,
            parts("waited_in_vain", about, shop=shop, link=CASE),
            _("No time came free at the shop (%(reference)s)") % {"reference": about.reference},
            _("On the days that suited you, no time came free here: %(shop)s") % {"shop": shop},
            _("You can come without an appointment, or choose other days or another shop: %(link)s") % {"link": CASE},
            _("The day on which the contract ends does not move, even if you come later."),
            about.carrier,
        )


def unfinished(language: str, about: About, appointment: Appointment) -> Written:
    """They waited or were called, and nothing was noted before the shop closed. It may have been our doing."""
    with override(tag(language)):
        return written(
            language,
            _parts("visit_unfinished", language, about, appointment),
            _("Your visit to the shop was not finished (%(reference)s)") % {"reference": about.reference},
            _("You were on our list of visitors, but the shop closed before you were done: %(shop)s, %(time)s")
            % {"shop": appointment.shop, "time": moment(appointment.starts_at, language)},
            _("Choose a time, or come without an appointment: %(link)s") % {"link": CASE},
            _("The day on which the contract ends does not move, even if you come later."),
            about.carrier,
        )


def closing_form(language: str, about: About, forms: Sequence[FormText]) -> Written:
    """The form as it stands now, in the reader's language and in Japanese, to be kept or printed."""
    with override(tag(language)):
        filled_in = "\n\n".join(map(_form, forms))
        return written(
            language,
            parts("closing_form", about, form=filled_in, link=CASE),
            _("The form of your request (%(reference)s)") % {"reference": about.reference},
            _("This is the form that is signed at the counter. You need not send it back."),
            filled_in,
            _("Your case: %(link)s") % {"link": CASE},
            about.carrier,
        )


def _form(form: FormText) -> str:
    rows = "\n".join(f"{name}: {value}" for name, value in form.rows)
    return f"* {form.title} *\n\n{rows}\n\n{form.declaration}"


def _place(appointment: Appointment) -> str:
    return f"{appointment.shop}\n{appointment.address}"


def _parts(name: str, language: str, about: About, appointment: Appointment, **facts: str) -> Parts:
    """What a text about a time at a shop is made of; only an offer has to say where the shop is."""
    shop = _place(appointment) if name == "waiting_offered" else appointment.shop
    return parts(name, about, time=moment(appointment.starts_at, language), shop=shop, link=CASE, **facts)
