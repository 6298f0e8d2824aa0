"""Which mails belong to the moments of a case? They are put down in the transaction of the moment itself, once each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext, override

from tojimari.counter.models import Visit
from tojimari.counter.words import PAPERS
from tojimari.lines.queries import email_of
from tojimari.messages import early_texts, review_texts, texts, visit_texts
from tojimari.messages.actions import Letter, put
from tojimari.messages.models import MessageKind
from tojimari.network.elements.simulated.element import NAME as SIMULATED
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
    """Tell the subscriber that their visit was "booked", "moved" to this time, "cancelled" or "missed"."""
    language = texts.tag(case.language)
    with override(language):
        bring = [*(str(PAPERS[paper]) for paper in papers), gettext("The SIM card. We take it back.")]
    shop = visit.shop
    appointment = visit_texts.Appointment(
        visit.starts_at,
        shop.name(language),
        shop.address(language),
        shop.station(language),
        shop.phone,
        visit.code,
        bring,
    )
    match what:
        case "cancelled":
            written = visit_texts.cancelled(language, _about(case), appointment)
        case "missed":
            written = visit_texts.missed(language, _about(case), appointment)
        case _:
            written = visit_texts.booked(language, _about(case), appointment, moved=what == "moved")
    _put(case, f"visit {visit.pk} {what}", written, at)


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


def _about(case: Termination) -> texts.About:
    return texts.About.of(
        case.line.target,
        reference=case.reference,
        carrier=case.carrier.name(texts.tag(case.language)),
        scope=case.scope,
        simulated=case.steps.filter(lane=SIMULATED).exists(),
    )


def _put(case: Termination, key: str, written: texts.Written, at: datetime) -> None:
    """Put a mail down, if the person has an address; a second time changes nothing."""
    to = email_of(case.subscriber_id)
    if to:
        put(
            Letter(case.carrier_id, MessageKind.EMAIL, to, written, case_id=case.pk, reference=case.reference, key=key),
            at=at,
        )
