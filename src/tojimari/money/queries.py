"""What does a face show of a final bill, and what does a quote need to know?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from tojimari.lines.models import Bill
from tojimari.money.models import FinalBill
from tojimari.rules.calendar import jst_date


def final_bill_of(case_id: int) -> FinalBill | None:
    """Return the final bill of a case, None while there is none. One query."""
    return FinalBill.objects.filter(case_id=case_id).first()


def bills_for_quote(line_ids: Sequence[int], *, at: datetime) -> list[Bill]:
    """Return the bills that a quote made at `at` may need, by line and month: unpaid ones, and all from this month on.

    One query. A month that is billed and paid is among them, so that it is not charged again.
    """
    this_month = jst_date(at).replace(day=1)
    wanted = Q(paid_on=None) | Q(month__gte=this_month)
    return list(Bill.objects.filter(wanted, line_id__in=line_ids).order_by("line_id", "month"))
