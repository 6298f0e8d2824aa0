"""How does a quote become the final bill, and what is written down of a payment before it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tojimari.lines.models import Bill
from tojimari.money.models import FinalBill, Payment
from tojimari.platform.acting import Acting
from tojimari.platform.database.bulk import insert_new


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

    A case that has its bill keeps it: running twice writes nothing new and changes no yen.
    """
    rows = [
        {
            "carrier_id": one.carrier_id,
            "case_id": one.case_id,
            "reference": one.reference,
            "line_id": one.line_id,
            "lines": list(one.quote["lines"]),
            "total_yen": one.quote["total_yen"],
            "issued_at": at,
        }
        for one in ended
    ]
    insert_new(FinalBill, rows, returning="case_id")
    found = FinalBill.objects.filter(case_id__in=[one.case_id for one in ended])
    return {bill.case_id: bill for bill in found}


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
