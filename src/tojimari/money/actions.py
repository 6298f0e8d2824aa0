"""How does a quote become the final bill?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tojimari.money.models import FinalBill
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
