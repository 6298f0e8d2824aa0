"""What does a person choose about a bill that is not paid: to pay it apart, or with the final bill?

The choice is kept, so that nobody is asked again. It changes no yen and no duty: a bill that is unpaid when the line
ends stands on the final bill in any case, and one that is paid before does not.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tojimari.lines.models import Bill
from tojimari.money.models import OnFinalBill


def put_on_final_bill(bills: Iterable[Bill], *, at: datetime) -> None:
    """Keep the choice for these bills. One that was chosen before keeps its time."""
    chosen = [OnFinalBill(carrier_id=bill.carrier_id, bill_id=bill.pk, chosen_at=at) for bill in bills]
    OnFinalBill.objects.bulk_create(chosen, ignore_conflicts=True)


def pay_apart(bills: Iterable[Bill]) -> None:
    """Take the choice back."""
    OnFinalBill.objects.filter(bill_id__in=[bill.pk for bill in bills]).delete()


def are_on_final_bill(bills: Iterable[Bill]) -> bool:
    """Say whether the person has chosen so for all of these bills, and there are any. One query."""
    wanted = {bill.pk for bill in bills}
    return bool(wanted) and OnFinalBill.objects.filter(bill_id__in=wanted).count() == len(wanted)
