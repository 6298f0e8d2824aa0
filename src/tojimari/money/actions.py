"""How does a quote become the final bill, what is written down of money that came in, and how does money go back?

All yen of a case meet in one sum (`balance`): what the bills ask for, less what came in, plus what goes back. Whatever
came in beyond it becomes a refund in the same transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from tojimari.lines.actions import hold_unpaid_bills
from tojimari.lines.models import Bill, Carrier
from tojimari.lines.paying import ways_to_pay
from tojimari.money.days import days_to_pay, due_day, named_later, refund_day
from tojimari.money.models import FinalBill, Incoming, PaidTo, Payment, Refund, Supplement, Way, issuer_of
from tojimari.money.queries import balance, counts
from tojimari.money.refund_accounts import let_go
from tojimari.money.words import LATE_USE
from tojimari.platform.acting import Acting, Refused
from tojimari.platform.database.bulk import insert_new
from tojimari.rules.calendar import jst_date
from tojimari.rules.stops import Stop


@dataclass(frozen=True, slots=True)
class Ended:
    """A case whose line has ended, with the quote its subscriber confirmed."""

    carrier_id: int
    case_id: int
    reference: str
    line_id: int
    quote: Mapping[str, Any]


def bill(ended: Sequence[Ended], *, at: datetime) -> dict[int, FinalBill]:
    """Write the final bill of each case from its quote as it stands; return them by case.

    A case that has its bill keeps it: running twice writes nothing new and changes no yen. What goes back to a person
    becomes a refund in the same transaction (電気通信事業法 26-3(4)), so that none is forgotten.
    """
    with transaction.atomic():
        return _bill(ended, at)


def _bill(ended: Sequence[Ended], at: datetime) -> dict[int, FinalBill]:
    # Whoever is just taking money for an unpaid bill is waited for, and counted below; who comes later finds this bill.
    hold_unpaid_bills(one.line_id for one in ended)
    terms = {carrier_id: ways_to_pay(carrier_id).days for carrier_id in {one.carrier_id for one in ended}}
    issuers = {key: issuer_of(carrier) for key, carrier in Carrier.objects.in_bulk(list(terms)).items()}
    rows = [
        {
            "carrier_id": one.carrier_id,
            "case_id": one.case_id,
            "reference": one.reference,
            "line_id": one.line_id,
            "lines": list(one.quote["lines"]),
            "total_yen": one.quote["total_yen"],
            "issued_at": at,
            "issuer": issuers[one.carrier_id],
            "tax": list(one.quote.get("tax", ())),
            "provisional_until": one.quote.get("provisional_until"),
            "settled_at": None if one.quote.get("provisional_until") else at,
            "due_on": _due_on(one.quote.get("pay_days") or terms[one.carrier_id], at)
            if one.quote["total_yen"] > 0
            else None,
            "paid_up_at": None if one.quote["total_yen"] > 0 else at,
        }
        for one in ended
    ]
    fresh = set(insert_new(FinalBill, rows, returning="case_id"))
    found = {bill.case_id: bill for bill in FinalBill.objects.filter(case_id__in=[one.case_id for one in ended])}
    paid = _paid_at_counter([found[case_id] for case_id in fresh])
    goes_back = {case_id: paid.get(case_id, 0) - found[case_id].total_yen for case_id in fresh}
    if covered := [found[case_id].pk for case_id in paid if goes_back[case_id] >= 0]:
        FinalBill.objects.filter(pk__in=covered).update(paid_up_at=at)
    Refund.objects.bulk_create(
        _refund(found[case_id], "bill", yen, at) for case_id, yen in sorted(goes_back.items()) if yen > 0
    )
    return found


def _due_on(carrier_days: int | None, at: datetime) -> date | None:
    """Until when a bill of this instant is to be paid; None where nobody can say it yet."""
    today = jst_date(at)
    return due_day(today, days_to_pay(carrier_days, today))


def _paid_at_counter(bills: Sequence[FinalBill]) -> dict[int, int]:
    """What was paid at the counter of rows that these bills have, by case. One query."""
    by_case = {bill.case_id: bill for bill in bills}
    paid: dict[int, int] = {}
    for payment in Payment.objects.filter(case_id__in=list(by_case)):
        if counts(payment, by_case[payment.case_id].lines):
            paid[payment.case_id] = paid.get(payment.case_id, 0) + payment.amount_yen
    return paid


def _refund(bill: FinalBill, cause: str, amount_yen: int, at: datetime) -> Refund:
    due_on = refund_day(jst_date(at))
    return Refund(carrier_id=bill.carrier_id, bill=bill, cause=cause, amount_yen=amount_yen, due_on=due_on, made_at=at)


def record_payments(
    case_id: int, bills: Sequence[Bill], *, receipt_number: str, place: str, acting: Acting, at: datetime
) -> int:
    """Write down that these bills were paid at the counter under one receipt; return the yen taken.

    `place` is the code of the shop, or empty where none is known.
    The quote and the final bill of the case keep their yen; what was paid is shown beside them.
    """
    Payment.objects.bulk_create(
        Payment(
            carrier_id=bill.carrier_id,
            case_id=case_id,
            bill_id=bill.pk,
            month=f"{bill.month:%Y-%m}",
            amount_yen=bill.amount_yen,
            receipt_number=receipt_number,
            paid_at=at,
            taken_by=str(acting),
            place=place,
        )
        for bill in bills
    )
    return sum(bill.amount_yen for bill in bills)


NUMBER_MOST = 64
"""Characters of the number of a transfer, receipt or record."""


def locked_bill(bill_id: int) -> FinalBill:
    """Return a final bill, locked for the rest of the transaction: two who note money for it wait for each other."""
    return FinalBill.objects.select_for_update().get(pk=bill_id)


def take_in(
    bill: FinalBill, *, amount_yen: int, received_on: date, way: Way, number: str, acting: Acting, at: datetime
) -> tuple[Incoming, bool]:
    """Write down money that came for a locked final bill; return it, and whether it is new.

    Twice under the same number is the same as once, also where a provider tells of what staff have noted by hand. What
    is beyond the bill becomes a refund. Raises `Refused`: `money.amount`, `money.day`, `money.number_missing`, or
    `money.number_taken` where the number stands for other money, or for the very same that came in another way.
    """
    number = _number(number)
    if amount_yen <= 0:
        raise Refused("money.amount", field="amount_yen")
    if received_on > jst_date(at):
        raise Refused("money.day", field="received_on")
    same = Incoming.objects.filter(bill=bill, number=number, amount_yen=amount_yen).exclude(way=way).first()
    if same is not None and way == Way.PROVIDER:
        return same, False
    if same is not None:
        raise Refused("money.number_taken", field="number")
    incoming, fresh = Incoming.objects.get_or_create(
        carrier_id=bill.carrier_id,
        way=way,
        number=number,
        defaults={
            "bill": bill,
            "amount_yen": amount_yen,
            "received_on": received_on,
            "noted_by": str(acting),
            "noted_at": at,
        },
    )
    if not fresh and (incoming.bill_id, incoming.amount_yen) != (bill.pk, amount_yen):
        raise Refused("money.number_taken", field="number")
    if fresh:
        square(bill, f"incoming:{incoming.pk}", at=at)
    return incoming, fresh


def supplement(
    bill: FinalBill,
    *,
    source: str,
    text_code: str,
    amount_yen: int,
    used_on: date,
    last_day: date,
    stops: Sequence[Stop] = (),
    acting: Acting,
    at: datetime,
) -> tuple[Supplement, bool]:
    """Write a supplementary bill beside a locked final bill, which stays as it is; return it, and whether it is new.

    The same source twice is the same as once. A correction, below nothing, is possible at any time; use can be billed
    only as long as the bill is provisional, and none of a day before the contract, nor after the one on which the line
    was switched off, nor on which it was off in between (`stops`). Raises `Refused`: `money.amount`, `money.late_use`,
    `money.used_after_end`, `money.used_before_contract`, `money.used_after_stop`, `money.bill_is_final`,
    `money.number_missing`, `money.number_taken`.
    """
    source = _number(source)
    known = Supplement.objects.filter(carrier_id=bill.carrier_id, source=source).first()
    if known is not None:
        if (known.bill_id, known.amount_yen) != (bill.pk, amount_yen):
            raise Refused("money.number_taken", field="source")
        return known, False
    if text_code not in LATE_USE:
        raise Refused("money.late_use", field="text_code")
    if amount_yen == 0 or (amount_yen < 0) != (text_code == "charge.correction"):
        raise Refused("money.amount", field="amount_yen")
    if used_on > last_day:
        raise Refused("money.used_after_end", field="used_on")
    if amount_yen > 0 and used_on < bill.line.contract_on:
        raise Refused("money.used_before_contract", field="used_on")
    off_at = bill.line.number_off_at
    off = any(stop.covers(used_on) for stop in stops) or (off_at is not None and used_on > jst_date(off_at))
    if amount_yen > 0 and off:
        raise Refused("money.used_after_stop", field="used_on")
    if amount_yen > 0 and not is_provisional(bill, at):
        raise Refused("money.bill_is_final")
    made = Supplement.objects.create(
        carrier_id=bill.carrier_id,
        bill=bill,
        source=source,
        text_code=text_code,
        amount_yen=amount_yen,
        used_on=used_on,
        due_on=_due_on(ways_to_pay(bill.carrier_id).days, at) if amount_yen > 0 else None,
        issued_at=at,
        issued_by=str(acting),
    )
    square(bill, f"supplement:{made.pk}", at=at)
    return made, True


def is_provisional(bill: FinalBill, at: datetime) -> bool:
    """Whether use may still be billed. The day decides, not when somebody gets round to settling."""
    return bill.settled_at is None and bill.provisional_until is not None and jst_date(at) <= bill.provisional_until


def square(bill: FinalBill, cause: str, *, at: datetime) -> Refund | None:
    """Reckon anew how it stands with a locked final bill, and keep whether anything is left to pay.

    What came in beyond it becomes a refund, which is returned; None where nothing did.
    """
    left = balance(bill).left_yen
    if (left <= 0) != (bill.paid_up_at is not None):
        bill.paid_up_at = at if left <= 0 else None
        bill.save(update_fields=["paid_up_at"])
    if left >= 0:
        return None
    refund = _refund(bill, cause, -left, at)
    refund.save()
    return refund


def pay_back(refund_id: int, *, number: str, to: PaidTo, acting: Acting, at: datetime) -> Refund:
    """Say by name that a refund was paid, under the number of its transfer, and where to. Twice is the same as once.

    The account that staff held fast to pay is let go with the last refund of its bill. Raises `Refused`:
    `money.number_missing`; `money.paid_back` where it was paid under another number.
    """
    number = _number(number)
    refund = Refund.objects.select_for_update().get(pk=refund_id)
    if refund.paid_at is not None:
        if refund.paid_number != number:
            raise Refused("money.paid_back", field="number")
        return refund
    refund.paid_at, refund.paid_by, refund.paid_number, refund.paid_to = at, str(acting), number, to.value
    refund.save(update_fields=["paid_at", "paid_by", "paid_number", "paid_to"])
    if not Refund.objects.filter(bill_id=refund.bill_id, paid_at=None).exists():
        let_go(refund.bill)
    return refund


def name_days(bills: Sequence[FinalBill], confirmed: Mapping[int, int | None], *, at: datetime) -> dict[int, date]:
    """Say of locked bills, and of what was billed beside them, until when to pay what named no day yet.

    `confirmed`: the days to pay that were confirmed, by case. Returns the day for each case of which one is said now,
    the last one where there are several; nothing where still nobody can say it. Safe to run twice.
    """
    terms = {carrier_id: ways_to_pay(carrier_id).days for carrier_id in {bill.carrier_id for bill in bills}}
    found: dict[int, date] = {}
    by_day: dict[tuple[type[FinalBill | Supplement], date], list[int]] = defaultdict(list)

    def say(row: FinalBill | Supplement, case_id: int, days: int | None) -> None:
        issued_on = jst_date(row.issued_at)
        day = named_later(issued_on, days_to_pay(days or terms[row.carrier_id], issued_on), jst_date(at))
        if day is not None:
            by_day[type(row), day].append(row.pk)
            found[case_id] = max(day, found.get(case_id, day))

    for bill in bills:
        if bill.due_on is None and bill.total_yen > 0:
            say(bill, bill.case_id, confirmed.get(bill.case_id))
    for one in Supplement.objects.filter(bill__in=bills, due_on=None, amount_yen__gt=0).select_related("bill"):
        say(one, one.bill.case_id, None)
    for (model, day), keys in by_day.items():
        model.objects.filter(pk__in=keys).update(due_on=day)
    return found


def settle_bills(case_ids: Sequence[int], *, at: datetime) -> list[int]:
    """Say of provisional bills whose day has passed that they are final; return the cases of those that changed."""
    wanted = FinalBill.objects.filter(case_id__in=case_ids, settled_at=None, provisional_until__lt=jst_date(at))
    locked = list(wanted.select_for_update().order_by("pk"))
    FinalBill.objects.filter(pk__in=[bill.pk for bill in locked]).update(settled_at=at)
    return [bill.case_id for bill in locked]


def nag(*, at: datetime) -> list[Refund]:
    """Return the refunds that are overdue and of which that was not said today, and keep that it is said now."""
    today = jst_date(at)
    overdue = (
        Refund.objects.select_for_update(of=("self",))
        .select_related("bill")
        .filter(paid_at=None, due_on__lt=today)
        .order_by("pk")
    )
    found = [one for one in overdue if one.nagged_at is None or jst_date(one.nagged_at) < today]
    Refund.objects.filter(pk__in=[one.pk for one in found]).update(nagged_at=at)
    return found


def _number(text: str) -> str:
    """A number as it is kept. It is compared, so nothing of it is masked here; in events it is."""
    number = " ".join(text.split())[:NUMBER_MOST]
    if not number:
        raise Refused("money.number_missing", field="number")
    return number
