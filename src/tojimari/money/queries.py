"""What does a face show of a final bill?"""

from __future__ import annotations

from tojimari.money.models import FinalBill


def final_bill_of(case_id: int) -> FinalBill | None:
    """Return the final bill of a case, None while there is none. One query."""
    return FinalBill.objects.filter(case_id=case_id).first()
