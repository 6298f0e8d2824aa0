"""Which mails belong to the moments of a case? They are put down in the transaction of the moment itself, once each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext, override

from tojimari.counter.models import Visit, WaitingPlace
from tojimari.counter.words import PAPERS
from tojimari.lines.queries import email_of
from tojimari.messages import early_texts, refund_texts, review_texts, texts, visit_texts, waiting_texts
from tojimari.messages.actions import Letter, put
from tojimari.messages.models import MessageKind
from tojimari.network.elements.simulated.element import NAME as SIMULATED
from tojimari.rules.calendar import jst_date
from tojimari.terminations.called import number_besides
from tojimari.terminations.models import CaseState, Channel, Termination
from tojimari.terminations.reasons import reason_text
from tojimari.terminations.words import Text

PEOPLE = (Channel.PORTAL, Channel.DESK)
"""Channels whose cases a person asked for, who gets a receipt. What a carrier orders itself is told at the end only."""


def receipt(case: Termination, *, at: datetime) -> None:
    """Tell the subscriber that the request has been taken, until when the line runs, and what it costs."""
    if case.channel in PEOPLE:
        about = _about(case)
        written = texts.receipt(
            case.language, about, requested_at=case.requested_at, ends_at=case.ends_at, quote=case.quote
        )
        _put(case, "receipt", written, at)


def end_changed(case: Termination, *, at: datetime) -> None:
    """Tell the subscriber the new end and the new yen; each change is told once."""
    written = texts.end_changed(case.language, _about(case), ends_at=case.ends_at, quote=case.quote)
    _put(case, f"end_changed {at.isoformat()}", written, at)


def off_early(case_id: int, *, at: datetime) -> None:
    """Tell the subscriber that the network has switched their line off before its contract ends; each time once."""
    case = Termination.objects.select_related("line", "carrier").get(pk=case_id)
    _put(case, f"off_early {at.isoformat()}", early_texts.off(case.language, _about(case), ends_at=case.ends_at), at)


def on_again(case_id: int, *, at: datetime) -> None:
    """Tell the subscriber that their line is on again until its contract ends; each time once."""
    case = Termination.objects.select_related("line", "carrier").get(pk=case_id)
    _put(
        case, f"on_again {at.isoformat()}", early_texts.on_again(case.language, _about(case), ends_at=case.ends_at), at
    )


def visit(case: Termination, visit: Visit, what: str, papers: Sequence[str], *, at: datetime) -> None:
    """Tell the subscriber of their visit: "booked", "moved" to this time, "cancelled", "missed" or "unfinished"."""
    language = texts.tag(case.language)
    with override(language):
        bring = [*(str(PAPERS[paper]) for paper in papers), gettext("The SIM card. We take it back.")]
    appointment = _appointment(visit, language, bring)
    match what:
        case "cancelled":
            written = visit_texts.cancelled(language, _about(case), appointment)
        case "called_off":
            written = visit_texts.called_off(language, _about(case), appointment)
        case "missed":
            written = visit_texts.missed(language, _about(case), appointment)
        case "unfinished":
            written = waiting_texts.unfinished(language, _about(case), appointment)
        case _:
            written = visit_texts.booked(language, _about(case), appointment, moved=what == "moved")
    _put(case, f"visit {visit.pk} {what}", written, at)


def _appointment(visit: Visit, language: str, bring: Sequence[str] = ()) -> visit_texts.Appointment:
    shop = visit.shop
    return visit_texts.Appointment(
        visit.starts_at,
        shop.name(language),
        shop.address(language),
        shop.station(language),
        shop.phone,
        visit.code,
        bring,
    )


def offer(case: Termination, visit: Visit, *, at: datetime) -> None:
    """Tell the subscriber that a seat is held for them, and until when."""
    language = texts.tag(case.language)
    until = visit.held_until or visit.starts_at
    _put(
        case,
        f"visit {visit.pk} offered",
        waiting_texts.offered(language, _about(case), _appointment(visit, language), until=until),
        at,
    )


def offer_over(case: Termination, place: WaitingPlace, *, at: datetime) -> None:
    """Tell the subscriber that what was held for them has gone to the next, and how to wait again."""
    if place.offer is None:
        return
    language = texts.tag(case.language)
    appointment = _appointment(place.offer, language)
    _put(case, f"waiting {place.pk} over", waiting_texts.offer_over(language, _about(case), appointment), at)


def waited_in_vain(case: Termination, place: WaitingPlace, *, at: datetime) -> None:
    """Tell the subscriber that no time came free on the days that suited them."""
    language = texts.tag(case.language)
    shop = place.shop.name(language)
    _put(case, f"waiting {place.pk} in vain", waiting_texts.waited_in_vain(language, _about(case), shop), at)


def closing_form(case: Termination, forms: Sequence[waiting_texts.FormText], *, digest: str, at: datetime) -> str:
    """Send the subscriber the closing form; return the address, or an empty text where none is known.

    The same words are sent once a day of Japan's calendar, however often the button is pressed.
    """
    key = f"form {digest[:16]} {jst_date(at).isoformat()}"
    return _put(case, key, waiting_texts.closing_form(case.language, _about(case), forms), at)


def given_back(case_id: int, state: CaseState, code: str, *, at: datetime) -> None:
    """Tell the subscriber that the case was withdrawn, or rejected for the reason `code`: everything is as before."""
    case = Termination.objects.select_related("line", "carrier").get(pk=case_id)
    if state == CaseState.REJECTED:
        with override(texts.tag(case.language)):
            what, way_on = reason_text(code)
        _put(case, "rejected", texts.rejected(case.language, _about(case), reason=what, way_on=way_on), at)
    else:
        _put(case, "withdrawn", texts.withdrawn(case.language, _about(case)), at)


def question(case_id: int, question_id: int, asked: Text, *, at: datetime) -> None:
    """Tell the subscriber what staff ask them; `asked` is looked up in their language."""
    case = Termination.objects.select_related("line", "carrier").get(pk=case_id)
    with override(texts.tag(case.language)):
        written = review_texts.asked(case.language, _about(case), question=str(asked))
    _put(case, f"question {question_id}", written, at)


def refund_account(case_id: int, ending: str, *, at: datetime) -> None:
    """Tell the subscriber that an account was told for their money: by mail, and by SMS to another number of theirs.

    Both, because whoever told it may be reading one of the two.
    """
    case = Termination.objects.select_related("line", "carrier").get(pk=case_id)
    about, hotline, key = _about(case), case.carrier.hotline, f"refund_account {at.isoformat()}"
    _put(case, key, refund_texts.told(case.language, about, ending=ending, hotline=hotline, at=at), at)
    number = number_besides(case.line)
    if number:
        said = refund_texts.told_by_sms(case.language, about, ending=ending, hotline=hotline)
        by_sms = Letter(
            case.carrier_id,
            MessageKind.SMS,
            number,
            said,
            case_id=case.pk,
            reference=case.reference,
            key=f"{key} by SMS",
        )
        put(by_sms, at=at)


def _about(case: Termination) -> texts.About:
    return texts.About.of(
        case.line.target,
        reference=case.reference,
        carrier=case.carrier.name(texts.tag(case.language)),
        scope=case.scope,
        simulated=case.steps.filter(lane=SIMULATED).exists(),
    )


def _put(case: Termination, key: str, written: texts.Written, at: datetime) -> str:
    """Put a mail down, if the person has an address, and return that; a second time changes nothing."""
    # Whose line was found in the network long after its end was told of the end then, and is nobody's customer now.
    to = "" if case.channel == Channel.REPAIR else email_of(case.subscriber_id)
    if to:
        put(
            Letter(case.carrier_id, MessageKind.EMAIL, to, written, case_id=case.pk, reference=case.reference, key=key),
            at=at,
        )
    return to
