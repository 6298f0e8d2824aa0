"""What does a face show of a final bill, and what does a quote need to know?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from tojimari.lines.models import Bill
from tojimari.money.models import FinalBill, Incoming, Payment, Refund, Supplement
from tojimari.rules.calendar import jst_date

UNPAID = "charge.unpaid_bill"
"""The row of a quote that asks for a bill of before."""


EARLY_USE = "charge.early_use"
"""The row of a quote that was made within the first days."""


def final_bill_of(case_id: int) -> FinalBill | None:
    """Return the final bill of a case, None while there is none. One query."""
    return FinalBill.objects.filter(case_id=case_id).first()


def bills_for_quote(line_ids: Sequence[int], *, at: datetime, whole: Sequence[int] = ()) -> list[Bill]:
    """Return the bills that a quote made at `at` may need, by line and month: unpaid ones, and all from this month on.

    One query. A month that is billed and paid is among them, so that it is not charged again. Of the lines `whole` all
    bills are returned.
    """
    this_month = jst_date(at).replace(day=1)
    wanted = Q(paid_on=None) | Q(month__gte=this_month)
    if whole:
        wanted |= Q(line_id__in=whole)
    return list(Bill.objects.filter(wanted, line_id__in=line_ids).order_by("line_id", "month"))


@dataclass(frozen=True, slots=True)
class Paid:
    """What was paid under one receipt. Yen include consumption tax."""

    receipt: str
    yen: int
    at: datetime
    place: str
    """Code of the shop; empty where none is known."""


@dataclass(frozen=True, slots=True)
class Owed:
    """How much of a quote is paid already. The total stays what was confirmed; yen include consumption tax."""

    unpaid: Mapping[str, int]
    """Unpaid bills that the quote asks for and nobody has paid, by month ("2026-10")."""
    paid_yen: int
    left_yen: int
    payments: Sequence[Paid] = ()
    """One for each receipt, in the order of paying."""

    @property
    def receipts(self) -> list[str]:
        """The numbers of the receipts that were given."""
        return [paid.receipt for paid in self.payments]

    @property
    def unpaid_yen(self) -> int:
        return sum(self.unpaid.values())


def counts(payment: Payment, lines: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a payment of a bill of before counts against these rows."""
    return any(
        row["text_code"] == EARLY_USE or (row["text_code"] == UNPAID and row["month"] == payment.month) for row in lines
    )


def owed(case_id: int, quote: Mapping[str, Any]) -> Owed:
    """Return what of a case's quote was paid at the counter, and what is left. One query.

    A payment counts only against a row that the quote still has: a quote that was made anew after it asks no more for
    that bill. In the first days every bill is replaced, so that whatever was paid of them counts.
    """
    lines = quote.get("lines", ())
    rows = {row["month"]: row["amount_yen"] for row in lines if row["text_code"] == UNPAID}
    payments = [paid for paid in Payment.objects.filter(case_id=case_id).order_by("pk") if counts(paid, lines)]
    paid_yen = sum(paid.amount_yen for paid in payments)
    done = {paid.month for paid in payments}
    return Owed(
        unpaid={month: yen for month, yen in rows.items() if month not in done},
        paid_yen=paid_yen,
        left_yen=quote.get("total_yen", 0) - paid_yen,
        payments=_by_receipt(payments),
    )


@dataclass(frozen=True, slots=True)
class Balance:
    """How it stands with a final bill. Yen include consumption tax."""

    total_yen: int
    supplements: Sequence[Supplement]
    payments: Sequence[Paid]
    """Bills of before that were paid at the counter while the case was running."""
    incoming: Sequence[Incoming]
    refunds: Sequence[Refund]

    @property
    def asked_yen(self) -> int:
        """The final bill and what was billed beside it."""
        return self.total_yen + sum(one.amount_yen for one in self.supplements)

    @property
    def paid_yen(self) -> int:
        return sum(one.yen for one in self.payments) + sum(one.amount_yen for one in self.incoming)

    @property
    def back_yen(self) -> int:
        """What goes back, whether it is paid yet or not."""
        return sum(one.amount_yen for one in self.refunds)

    @property
    def left_yen(self) -> int:
        """What is left to pay; below nothing only for the moment until a refund is made of it."""
        return self.asked_yen - self.paid_yen + self.back_yen


def balance(bill: FinalBill) -> Balance:
    """Return how it stands with a final bill. Four queries."""
    quote = {"lines": bill.lines, "total_yen": bill.total_yen}
    return Balance(
        bill.total_yen,
        supplements=list(Supplement.objects.filter(bill=bill).order_by("pk")),
        payments=owed(bill.case_id, quote).payments,
        incoming=list(Incoming.objects.filter(bill=bill).order_by("pk")),
        refunds=list(Refund.objects.filter(bill=bill).order_by("pk")),
    )


def open_refunds(carrier_id: int) -> QuerySet[Refund]:
    """Return the refunds that nobody has paid yet, the most urgent first. One query."""
    return Refund.objects.filter(carrier_id=carrier_id, paid_at=None).select_related("bill").order_by("due_on", "pk")


def overdue_refunds(carrier_id: int, today: date) -> int:
    """Return how many refunds should have been paid before `today` (Japan). One query."""
    return Refund.objects.filter(carrier_id=carrier_id, paid_at=None, due_on__lt=today).count()


def partly_paid(carrier_id: int) -> list[tuple[FinalBill, Balance]]:
    """Return the final bills for which some money came in and some is left, the oldest first.

    One query, and four for each bill found: those are few.
    """

    def sum_of(model: type[Incoming] | type[Supplement]) -> Coalesce:
        sums = model.objects.filter(bill=OuterRef("pk")).values("bill").annotate(yen=Sum("amount_yen")).values("yen")
        return Coalesce(Subquery(sums), 0)

    bills = (
        FinalBill.objects.filter(carrier_id=carrier_id)
        .filter(Exists(Incoming.objects.filter(bill=OuterRef("pk"))))
        .annotate(came_yen=sum_of(Incoming), beside_yen=sum_of(Supplement))
        .filter(came_yen__lt=F("total_yen") + F("beside_yen"))
        .order_by("issued_at")
    )
    return [(bill, found) for bill in bills if (found := balance(bill)).left_yen > 0]


def _by_receipt(payments: Sequence[Payment]) -> list[Paid]:
    """One entry for each receipt; it may stand for several bills."""
    groups: dict[str, list[Payment]] = {}
    for payment in payments:
        groups.setdefault(payment.receipt_number, []).append(payment)
    return [
        Paid(number, sum(one.amount_yen for one in group), group[0].paid_at, group[0].place)
        for number, group in groups.items()
    ]
