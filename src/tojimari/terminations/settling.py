"""What happens to unpaid bills? They are paid at the counter or by transfer, or stay on the final bill.

The quote is what the person confirmed, and the final bill repeats its yen. So a payment changes neither: it is written
down beside them, and what is left to pay is the difference.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from tojimari.lines import actions as lines
from tojimari.lines.models import Bill
from tojimari.money import actions as money
from tojimari.money.models import Way
from tojimari.money.queries import concerns, final_bill_of, owed
from tojimari.platform.acting import Acting, Refused
from tojimari.rules.calendar import jst_date
from tojimari.rules.identifiers import payment
from tojimari.rules.masking import mask
from tojimari.terminations.engine.cases import Cases
from tojimari.terminations.models import OPEN_STATES, CaseState, Termination

RECEIPT_MOST = 64


def pay(*, case: Termination, receipt_number: str, place: str = "", acting: Acting, at: datetime) -> int:
    """Take the unpaid bills that the quote of a running case asks for, under a receipt; return the yen taken now.

    `place` is the code of the shop where it is paid, where the face knows it.
    Twice is the same as once: what is paid is not taken again, and 0 is returned. Raises `Refused` with
    `counter.receipt_missing`, or `termination.over` once the case has ended or its final bill was made.
    """
    number = mask(receipt_number.strip())[:RECEIPT_MOST]
    if not number:
        raise Refused("counter.receipt_missing", field="receipt_number")
    with transaction.atomic(durable=True):
        cases = Cases([case.pk])
        locked = cases[case.pk]
        quote = Termination.objects.values_list("quote", flat=True).get(pk=case.pk)
        wanted = owed(case.pk, quote).unpaid
        bills = lines.pay_bills(locked.line_id, wanted, on=jst_date(at))
        # Asked behind that lock: a worker that is just making the final bill holds it, too.
        if locked.finished or final_bill_of(case.pk) is not None:
            raise Refused("termination.over")
        if not bills:
            return 0
        yen = money.record_payments(case.pk, bills, receipt_number=number, place=place, acting=acting, at=at)
        cases.note(locked, "bills.paid", actor=acting, at=at, amount_yen=yen, bills=len(bills), receipt=number)
        cases.save()
    return yen


def pay_by_transfer(*, bill_id: int, on: date, acting: Acting, at: datetime) -> Bill | None:
    """Write down that money came for one unpaid bill, on a day of Japan's calendar; None if there is no such bill.

    Where its line is being closed, the payment stands beside that case's quote with the bill's payment number as its
    receipt; once the final bill is made, which asks for this bill too, it is money that came for that. So what is paid
    for a month after the end comes back by itself.
    """
    with transaction.atomic(durable=True):
        bill = Bill.objects.filter(pk=bill_id, paid_on=None).first()
        if bill is None:
            return None
        ending = Termination.objects.filter(line_id=bill.line_id, scope="line")
        ending = ending.filter(Q(state__in=OPEN_STATES) | Q(state=CaseState.COMPLETED))
        case = ending.only("pk", "quote").order_by("-pk").first()
        cases = Cases([case.pk] if case else [])
        month = f"{bill.month:%Y-%m}"
        if not lines.pay_bills(bill.line_id, {month: bill.amount_yen}, on=on):
            return None  # somebody else was faster
        asked = case is not None and (
            concerns(month, case.quote.get("lines", ())) or bool(case.quote.get("early_exit"))
        )
        final = final_bill_of(case.pk) if case and asked else None
        number = payment.reference(bill.pk)
        if case and final is not None:
            money.take_in(
                money.locked_bill(final.pk),
                amount_yen=bill.amount_yen,
                received_on=min(on, jst_date(at)),
                way=Way.TRANSFER,
                number=number,
                acting=acting,
                at=at,
            )
            cases.note(cases[case.pk], "bill.money_came", actor=acting, at=at, amount_yen=bill.amount_yen)
            cases.save()
        elif case and asked:
            yen = money.record_payments(case.pk, [bill], receipt_number=number, place="", acting=acting, at=at)
            cases.note(cases[case.pk], "bills.paid", actor=acting, at=at, amount_yen=yen, bills=1, receipt=number)
            cases.save()
    return bill
