"""What does each of our texts look like? Each with facts of nobody, for whoever writes words of their own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from django.utils.translation import gettext, override

from tojimari.messages import (
    bill_texts,
    call_texts,
    early_texts,
    helped_texts,
    late,
    passkey_texts,
    refund_texts,
    review_texts,
    texts,
    visit_texts,
    waiting_texts,
)
from tojimari.messages.texts import About, Written

REFERENCE = "TJ-0000-0000"
ASKED_AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
ENDS_AT = datetime(2026, 11, 30, 15, 0, tzinfo=UTC)
VISIT_AT = datetime(2026, 11, 25, 5, 20, tzinfo=UTC)
HOTLINE = "+81 3-0000-0000"
QUOTE = {
    "lines": [{"text_code": "charge.final_month", "amount_yen": 1078}],
    "total_yen": 1078,
    "pay_days": 30,
    "pay_not_before": "2026-12-30",
}
BILL = {"total_yen": 1078, "left_yen": 1078, "due_on": "2027-01-04"}

Example = Callable[[str, str], Written]
"""Makes a text in a language, for a carrier of this name."""


def example(name: str, language: str, carrier: str) -> Written:
    """Return the standard text with example facts. Raises `KeyError` for a name that is none."""
    return EXAMPLES[name](language, carrier)


def _about(carrier: str, scope: str = "line") -> About:
    return About(REFERENCE, carrier, scope, "…5678", "…0010")


def _visit() -> visit_texts.Appointment:
    papers = [gettext("Your passport or residence card"), gettext("The SIM card. We take it back.")]
    return visit_texts.Appointment(
        VISIT_AT, "○○ 1", "東京都○○区○○1-2-3", "○○○", "+81 3-0000-0001", "V-0000-0000", papers
    )


def _in(language: str, make: Callable[[], Written]) -> Written:
    with override(texts.tag(language)):
        return make()


def _receipt(language: str, carrier: str, scope: str, quote: dict[str, object]) -> Written:
    return texts.receipt(language, _about(carrier, scope), requested_at=ASKED_AT, ends_at=ENDS_AT, quote=quote)


def _rejected(language: str, carrier: str) -> Written:
    why, way_on = gettext("The reason, in a sentence."), gettext("What can be done now, in a sentence.")
    return texts.rejected(language, _about(carrier), reason=why, way_on=way_on)


def _late_refused(language: str, carrier: str) -> Written:
    why, way_on = gettext("The reason, in a sentence."), gettext("What can be done now, in a sentence.")
    return helped_texts.late_refused(
        language, reference=REFERENCE, carrier=carrier, asked_at=ASKED_AT, reason=why, way_on=way_on
    )


def _waiting(write: Callable[..., Written], **more: object) -> Example:
    return lambda language, carrier: _in(language, lambda: write(language, _about(carrier), _visit(), **more))


def _closing_form(language: str, carrier: str) -> Written:
    form = waiting_texts.FormText("○○○", [("○○", "○○○○")], "○○○○○○○○○○")
    return waiting_texts.closing_form(language, _about(carrier), [form])


def _passkey(write: Callable[..., Written]) -> Example:
    return lambda language, carrier: write(language, carrier=carrier, label="iPhone", hotline=HOTLINE, at=ASKED_AT)


EXAMPLES: dict[str, Example] = {
    "code": lambda language, carrier: texts.code(language, carrier=carrier, digits="000000", until=VISIT_AT),
    "code_by_sms": lambda language, carrier: texts.code_by_sms(
        language, carrier=carrier, digits="000000", until=VISIT_AT
    ),
    "receipt": lambda language, carrier: _receipt(language, carrier, "line", QUOTE),
    "receipt_roaming": lambda language, carrier: _receipt(language, carrier, "roaming", {}),
    "end_changed": lambda language, carrier: texts.end_changed(language, _about(carrier), ends_at=ENDS_AT, quote=QUOTE),
    "withdrawn": lambda language, carrier: texts.withdrawn(language, _about(carrier)),
    "withdrawn_roaming": lambda language, carrier: texts.withdrawn(language, _about(carrier, "roaming")),
    "rejected": lambda language, carrier: _in(language, lambda: _rejected(language, carrier)),
    "question": lambda language, carrier: _in(
        language,
        lambda: review_texts.asked(language, _about(carrier), question=gettext("The question, in a sentence.")),
    ),
    "visit_booked": lambda language, carrier: _in(
        language, lambda: visit_texts.booked(language, _about(carrier), _visit())
    ),
    "visit_moved": lambda language, carrier: _in(
        language, lambda: visit_texts.booked(language, _about(carrier), _visit(), moved=True)
    ),
    "visit_cancelled": lambda language, carrier: _in(
        language, lambda: visit_texts.cancelled(language, _about(carrier), _visit())
    ),
    "visit_called_off": lambda language, carrier: _in(
        language, lambda: visit_texts.called_off(language, _about(carrier), _visit())
    ),
    "visit_missed": lambda language, carrier: _in(
        language, lambda: visit_texts.missed(language, _about(carrier), _visit())
    ),
    "visit_unfinished": _waiting(waiting_texts.unfinished),
    "waiting_offered": _waiting(waiting_texts.offered, until=ENDS_AT),
    "waiting_over": _waiting(waiting_texts.offer_over),
    "waited_in_vain": lambda language, carrier: waiting_texts.waited_in_vain(language, _about(carrier), "○○ 1"),
    "closing_form": _closing_form,
    "visit_soon": lambda language, carrier: texts.visit_soon(
        language, _about(carrier), starts_at=VISIT_AT, where="○○ 1\n東京都○○区○○1-2-3"
    ),
    "visit_soon_by_sms": lambda language, carrier: visit_texts.soon_by_sms(
        language, _about(carrier), starts_at=VISIT_AT, shop="○○ 1"
    ),
    "visit_missing": lambda language, carrier: texts.visit_missing(language, _about(carrier), ends_at=ENDS_AT),
    "ends_soon": lambda language, carrier: texts.ends_soon(language, _about(carrier), ends_at=ENDS_AT, esim=True),
    "data_off": lambda language, carrier: early_texts.off(language, _about(carrier), ends_at=ENDS_AT),
    "data_on_again": lambda language, carrier: early_texts.on_again(language, _about(carrier), ends_at=ENDS_AT),
    "closed": lambda language, carrier: texts.closed(
        language, _about(carrier), ends_at=ENDS_AT, quote=QUOTE, bill=BILL
    ),
    "closed_roaming": lambda language, carrier: texts.closed(
        language, _about(carrier, "roaming"), ends_at=ENDS_AT, quote={}
    ),
    "billed_beside": lambda language, carrier: bill_texts.billed_beside(
        language, _about(carrier), added={"charge.late_roaming": 550}, bill=BILL, quote=QUOTE
    ),
    "day_named": lambda language, carrier: bill_texts.day_named(language, _about(carrier), bill=BILL, quote=QUOTE),
    "delete_profile": lambda language, carrier: texts.delete_profile(language, _about(carrier)),
    "late_confirm": lambda language, carrier: late.please_confirm(
        language, late.Late(REFERENCE, carrier, ASKED_AT), link="https://…/late/", until=VISIT_AT
    ),
    "late_looked_at": lambda language, carrier: late.looked_at(language, late.Late(REFERENCE, carrier, ASKED_AT)),
    "late_refused": lambda language, carrier: _in(language, lambda: _late_refused(language, carrier)),
    "call_code": lambda language, carrier: call_texts.code(language, carrier=carrier, digits="000000", until=VISIT_AT),
    "call_code_by_sms": lambda language, carrier: call_texts.code_by_sms(
        language, carrier=carrier, digits="000000", until=VISIT_AT
    ),
    "call_taken": lambda language, carrier: call_texts.taken(language, _about(carrier)),
    "call_taken_by_sms": lambda language, carrier: call_texts.taken_by_sms(language, _about(carrier), ends_at=ENDS_AT),
    "help_address_code": lambda language, carrier: helped_texts.address_code(
        language, reference="HR-0000-0000", carrier=carrier, digits="000000", until=VISIT_AT
    ),
    "help_saved_code": lambda language, carrier: helped_texts.saved_code(
        language, reference=REFERENCE, carrier=carrier, code="0000-0000-0000-0000"
    ),
    "help_address_added": lambda language, carrier: helped_texts.address_added(
        language, reference=REFERENCE, carrier=carrier, at=ASKED_AT
    ),
    "refund_code": lambda language, carrier: refund_texts.code(
        language, carrier=carrier, digits="000000", until=VISIT_AT
    ),
    "refund_code_by_sms": lambda language, carrier: refund_texts.code_by_sms(
        language, carrier=carrier, digits="000000", until=VISIT_AT
    ),
    "refund_account": lambda language, carrier: refund_texts.told(
        language, _about(carrier), ending="…567", hotline=HOTLINE, at=ASKED_AT
    ),
    "refund_account_by_sms": lambda language, carrier: refund_texts.told_by_sms(
        language, _about(carrier), ending="…567", hotline=HOTLINE
    ),
    "passkey_added": _passkey(passkey_texts.added),
    "passkey_removed": _passkey(passkey_texts.removed),
}
"""Every text that a carrier may say in words of its own, by its name, in the order in which people get them."""
