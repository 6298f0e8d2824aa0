"""What happens to a final bill after it was made? Money comes in, late use is billed beside it, and money goes back.

The bill itself is never changed. Each act is noted in the history of its case, in one transaction with its row.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import structlog
from django.db import transaction

from tojimari.money import actions as money
from tojimari.money.models import FinalBill, Incoming, PaidTo, Refund, Supplement, Way
from tojimari.money.queries import balance, without_day
from tojimari.platform.acting import SYSTEM, Acting, Refused
from tojimari.rules.calendar import jst_date
from tojimari.rules.identifiers import payment
from tojimari.rules.masking import mask
from tojimari.terminations import bill_letters
from tojimari.terminations.engine.cases import Cases
from tojimari.terminations.models import Termination
from tojimari.terminations.references import normalised
from tojimari.terminations.stops import stops_of

log = structlog.get_logger(__name__)

AT_ONCE = 500
"""Bills in one transaction of the nightly tick."""


def payment_number(bill: FinalBill) -> str:
    """Return the number that a person writes on the transfer for a final bill."""
    return payment.reference(payment.FINAL + bill.pk)


def bill_named(carrier_id: int, text: str) -> FinalBill:
    """Return a carrier's final bill by its payment number or the reference of its case, in any spelling.

    Raises `Refused` with `money.no_bill`.
    """
    number = payment.read(text)
    bills = FinalBill.objects.filter(carrier_id=carrier_id)
    if number is not None:
        found = bills.filter(pk=number - payment.FINAL).first()
    else:
        found = bills.filter(reference=normalised(text)).first()
    if found is None:
        raise Refused("money.no_bill", field="reference")
    return found


def take_in(
    *, bill: FinalBill, amount_yen: int, received_on: date, way: Way, number: str, acting: Acting, at: datetime
) -> Incoming:
    """Note that money came for a final bill. Twice under one number is once; more than is asked for becomes a refund.

    Raises `Refused` as `money.actions.take_in` does.
    """
    with transaction.atomic(durable=True):
        cases = Cases([bill.case_id])
        incoming, fresh = money.take_in(
            money.locked_bill(bill.pk),
            amount_yen=amount_yen,
            received_on=received_on,
            way=way,
            number=number,
            acting=acting,
            at=at,
        )
        if fresh:
            cases.note(
                cases[bill.case_id],
                "bill.money_came",
                actor=acting,
                at=at,
                amount_yen=amount_yen,
                way=str(way),
                number=mask(incoming.number),
                left_yen=balance(bill).left_yen,
            )
            cases.save()
    return incoming


def bill_late_use(
    *,
    bill: FinalBill,
    source: str,
    text_code: str,
    amount_yen: int,
    used_on: date,
    acting: Acting,
    at: datetime,
) -> Supplement:
    """Make a supplementary bill beside a final bill, or a correction, as `note_late_use` does, and return it."""
    made, _ = note_late_use(
        bill=bill,
        source=source,
        text_code=text_code,
        amount_yen=amount_yen,
        used_on=used_on,
        acting=acting,
        at=at,
    )
    return made


def note_late_use(
    *,
    bill: FinalBill,
    source: str,
    text_code: str,
    amount_yen: int,
    used_on: date,
    acting: Acting,
    at: datetime,
) -> tuple[Supplement, bool]:
    """Make a supplementary bill beside a final bill, or a correction; return it, and whether it is new.

    The same source twice is once. Raises `Refused` as `money.actions.supplement` does.
    """
    with transaction.atomic(durable=True):
        cases = Cases([bill.case_id])
        quote = Termination.objects.values_list("quote", flat=True).get(pk=bill.case_id)
        made, fresh = money.supplement(
            money.locked_bill(bill.pk),
            source=source,
            text_code=text_code,
            amount_yen=amount_yen,
            used_on=used_on,
            last_day=date.fromisoformat(quote["last_day"]),
            stops=stops_of([bill.case_id]).get(bill.case_id, ()),
            acting=acting,
            at=at,
        )
        if fresh:
            cases.note(
                cases[bill.case_id],
                "bill.supplemented",
                actor=acting,
                at=at,
                amount_yen=amount_yen,
                for_what=text_code,
                used_on=used_on.isoformat(),
            )
            cases.save()
    return made, fresh


def pay_back(*, refund: Refund, number: str, to: PaidTo, acting: Acting, at: datetime) -> Refund:
    """Say by name that a refund was paid, and where to. Raises `Refused` as `money.actions.pay_back` does."""
    with transaction.atomic(durable=True):
        cases = Cases([refund.bill.case_id])
        before = Refund.objects.values_list("paid_at", flat=True).get(pk=refund.pk)
        paid = money.pay_back(refund.pk, number=number, to=to, acting=acting, at=at)
        if before is None:
            cases.note(
                cases[refund.bill.case_id],
                "refund.paid",
                actor=acting,
                at=at,
                amount_yen=paid.amount_yen,
                number=mask(paid.paid_number),
                to=paid.paid_to,
            )
            cases.save()
    return paid


def settle_due(*, at: datetime) -> int:
    """Make provisional bills final whose day has passed, in batches; return how many. Safe to run twice or late."""
    settled = 0
    while True:
        due = FinalBill.objects.filter(settled_at=None, provisional_until__lt=jst_date(at)).order_by("case_id")
        case_ids = list(due.values_list("case_id", flat=True)[:AT_ONCE])
        if not case_ids:
            return settled
        settled += _settle(case_ids, at)


def _settle(case_ids: Sequence[int], at: datetime) -> int:
    with transaction.atomic():
        cases = Cases(case_ids)
        changed = money.settle_bills(case_ids, at=at)
        for case_id in changed:
            cases.note(cases[case_id], "bill.settled", actor=SYSTEM, at=at)
        cases.save()
    return len(changed)


def name_days(*, at: datetime) -> int:
    """Say until when to pay, where a bill could name no day because the holidays of its year were not official.

    Returns of how many cases it is said now, which are told of it by mail: none as long as they are not. In batches;
    safe to run twice or late.
    """
    said, last = 0, 0
    while case_ids := list(
        without_day().filter(case_id__gt=last).order_by("case_id").values_list("case_id", flat=True)[:AT_ONCE]
    ):
        said += _name_days(case_ids, at)
        last = case_ids[-1]
    return said


def _name_days(case_ids: Sequence[int], at: datetime) -> int:
    with transaction.atomic():
        cases = Cases(case_ids)
        confirmed = dict(Termination.objects.filter(pk__in=case_ids).values_list("pk", "quote__pay_days"))
        bills = without_day().filter(case_id__in=case_ids).order_by("pk").select_for_update(of=("self",))
        named = money.name_days(list(bills), confirmed, at=at)
        for case_id, day in named.items():
            cases.note(cases[case_id], "bill.day_named", actor=SYSTEM, at=at, due_on=day.isoformat())
        cases.save()
        bill_letters.days_named(named, at=at)
    return len(named)


def nag(*, at: datetime) -> int:
    """Say once a day of each refund that is overdue; return how many there are to say it of."""
    with transaction.atomic():
        found = money.nag(at=at)
        cases = Cases({refund.bill.case_id for refund in found})
        for refund in found:
            days = (jst_date(at) - refund.due_on).days
            log.warning("refund.overdue", carrier_id=refund.carrier_id, reference=refund.bill.reference, days=days)
            cases.note(cases[refund.bill.case_id], "refund.overdue", actor=SYSTEM, at=at, days=days)
        cases.save()
    return len(found)
