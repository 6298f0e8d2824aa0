"""What does a face show of a final bill, and what does a quote need to know?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from tojimari.lines.models import Bill
from tojimari.money.advance import AFTER_END
from tojimari.money.models import FinalBill, Incoming, Payment, Refund, Supplement
from tojimari.rules.calendar import jst_date

Row = TypeVar("Row", Supplement, Incoming, Refund)
"""What stands beside a final bill."""

UNPAID = "charge.unpaid_bill"
"""The row of a quote that asks for a bill of before."""

LAST_MONTH = "charge.final_month"
"""The row of a quote that asks for the last month, which was on no bill yet."""

EARLY_USE = "charge.early_use"
"""The row of a quote that was made within the first days."""

PAID_BEFORE = "charge.paid_before"
"""The row of such a quote that gives back what was paid already."""


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
    return concerns(payment.month, lines)


def concerns(month: str, lines: Sequence[Mapping[str, Any]]) -> bool:
    """Whether money for the bill of a month ("2026-10") belongs to these rows, as they were made while it was unpaid.

    They ask for the bill or, where it came later, for its month; or they do without one that nobody had paid. Rows that
    give money for it back know of it already.
    """
    of_month = [row for row in lines if row.get("month") == month]
    if any(row["text_code"] == UNPAID or (row["text_code"] == LAST_MONTH and row["amount_yen"]) for row in of_month):
        return True
    if any(row["text_code"] in (AFTER_END, PAID_BEFORE) and row["amount_yen"] < 0 for row in of_month):
        return False
    return any(row["text_code"] == AFTER_END for row in of_month) or any(row["text_code"] == EARLY_USE for row in lines)


def owed(case_id: int, quote: Mapping[str, Any]) -> Owed:
    """Return what of a case's quote was paid at the counter, and what is left. One query.

    A payment counts only against a row that the quote still has: a quote that was made anew after it asks no more for
    that bill. In the first days every bill is replaced, so that whatever was paid of them counts.
    """
    return _owed(Payment.objects.filter(case_id=case_id).order_by("pk"), quote)


def _owed(noted: Iterable[Payment], quote: Mapping[str, Any]) -> Owed:
    lines = quote.get("lines", ())
    rows = {row["month"]: row["amount_yen"] for row in lines if row["text_code"] == UNPAID}
    payments = [paid for paid in noted if counts(paid, lines)]
    paid_yen = sum(paid.amount_yen for paid in payments)
    done = {paid.month for paid in payments}
    return Owed(
        unpaid={month: yen for month, yen in rows.items() if month not in done},
        paid_yen=paid_yen,
        left_yen=quote.get("total_yen", 0) - paid_yen,
        payments=_by_receipt(payments),
    )


@dataclass(frozen=True, slots=True)
class Due:
    """A part of what is left to pay, consumption tax included, and until when, Japan time; None: no day was said."""

    left_yen: int
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Balance:
    """How it stands with a final bill. Yen include consumption tax."""

    total_yen: int
    supplements: Sequence[Supplement]
    payments: Sequence[Paid]
    """Bills of before that were paid at the counter while the case was running."""
    incoming: Sequence[Incoming]
    refunds: Sequence[Refund]
    bill_due_on: date | None = None

    @property
    def parts(self) -> Sequence[Due]:
        """What is left, by the day until which it is to be paid; what names no day stands last.

        What came in pays first what is due first (民法 488(4)), and so does a correction. Money that went back has paid
        nothing.
        """
        asked = [(self.total_yen, self.bill_due_on), *((one.amount_yen, one.due_on) for one in self.supplements)]
        by_day: dict[date | None, int] = defaultdict(int)
        for yen, due_on in asked:
            by_day[due_on] += max(yen, 0)
        covered = sum(by_day.values()) - self.left_yen
        found = []
        for due_on, yen in sorted(by_day.items(), key=lambda one: one[0] or date.max):
            left_yen = max(yen - max(covered, 0), 0)
            covered -= yen
            if left_yen:
                found.append(Due(left_yen, due_on))
        return found

    @property
    def due_on(self) -> date | None:
        """Until when the first part of what is left is to be paid, Japan time; None where no day was said."""
        return next((one.due_on for one in self.parts), None)

    def is_late(self, today: date) -> bool:
        """Whether any part of what is left should have been paid before `today` (Japan)."""
        return self.due_on is not None and self.due_on < today

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
    def waits_to_go_back(self) -> bool:
        """Whether anything of it is not paid back yet."""
        return any(one.paid_at is None for one in self.refunds)

    @property
    def left_yen(self) -> int:
        """What is left to pay; below nothing only for the moment until a refund is made of it."""
        return self.asked_yen - self.paid_yen + self.back_yen

    @property
    def said(self) -> dict[str, Any]:
        """What is left to pay until when, and what still goes back until when, as mails and pages say it.

        Empty where neither is left.
        """
        found: dict[str, Any] = {}
        if self.left_yen > 0:
            found = {"left_yen": self.left_yen}
            if self.due_on is not None:
                found["due_on"] = self.due_on.isoformat()
            if len(self.parts) > 1:
                found["parts"] = [
                    {"left_yen": one.left_yen, "due_on": one.due_on and one.due_on.isoformat()} for one in self.parts
                ]
        back = [one for one in self.refunds if one.paid_at is None]
        if back:
            found["refunds"] = [{"amount_yen": one.amount_yen, "due_on": one.due_on.isoformat()} for one in back]
        return found


def balance(bill: FinalBill) -> Balance:
    """Return how it stands with a final bill. Four queries."""
    return balances([bill])[bill.pk]


def balances(bills: Sequence[FinalBill]) -> dict[int, Balance]:
    """Return how it stands with final bills, by bill. Four queries, or none for no bill."""
    if not bills:
        return {}
    keys = [bill.pk for bill in bills]
    beside, came, back = _of_bills(Supplement, keys), _of_bills(Incoming, keys), _of_bills(Refund, keys)
    noted: dict[int, list[Payment]] = defaultdict(list)
    for payment in Payment.objects.filter(case_id__in=[bill.case_id for bill in bills]).order_by("pk"):
        noted[payment.case_id].append(payment)
    return {
        bill.pk: Balance(
            bill.total_yen,
            supplements=beside[bill.pk],
            payments=_owed(noted[bill.case_id], {"lines": bill.lines, "total_yen": bill.total_yen}).payments,
            incoming=came[bill.pk],
            refunds=back[bill.pk],
            bill_due_on=bill.due_on,
        )
        for bill in bills
    }


def _of_bills(model: type[Row], keys: Sequence[int]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in model.objects.filter(bill_id__in=keys).order_by("pk"):
        found[row.bill_id].append(row)
    return found


def open_refunds(carrier_id: int) -> QuerySet[Refund]:
    """Return the refunds that nobody has paid yet, the most urgent first. One query."""
    return Refund.objects.filter(carrier_id=carrier_id, paid_at=None).select_related("bill").order_by("due_on", "pk")


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much money after the end waits for somebody, in numbers alone."""

    refunds: int
    """What nobody has paid back yet, the overdue ones among them."""
    refunds_overdue: int
    bills_overdue: int
    """Final bills of which a part that is left should have been paid before today."""

    def __bool__(self) -> bool:
        return bool(self.refunds or self.bills_overdue)


def waiting(carrier_id: int, today: date) -> Waiting:
    """Return what waits on `today` (Japan). Three queries, and four more where a supplement is not due yet."""
    open_ones = Refund.objects.filter(carrier_id=carrier_id, paid_at=None)
    back = open_ones.aggregate(all=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today)))
    return Waiting(back["all"], back["late"], _overdue_bills(carrier_id, today))


def _overdue_bills(carrier_id: int, today: date) -> int:
    """Where every day to pay has passed, whatever is left is overdue. Only where one has and another has not, or was
    never said, which part is left must be reckoned: these are few, because late use is heard of for some weeks."""
    beside = Supplement.objects.filter(bill=OuterRef("pk"))
    passed, to_come = Exists(beside.filter(due_on__lt=today)), Exists(beside.filter(due_on__gte=today))
    no_day = Q(due_on=None, total_yen__gt=0) | Exists(beside.filter(due_on=None, amount_yen__gt=0))
    late = FinalBill.objects.filter(Q(due_on__lt=today) | passed, carrier_id=carrier_id, paid_up_at=None)
    all_passed = late.exclude(Q(due_on__gte=today) | to_come | no_day).count()
    in_part = balances(list(late.filter(Q(due_on__gte=today) | to_come | no_day)))
    return all_passed + sum(one.is_late(today) for one in in_part.values())


def unpaid_bills(carrier_id: int, *, most: int) -> list[tuple[FinalBill, Balance]]:
    """Return the final bills of which anything is left to pay, the longest due first. Five queries."""
    left = FinalBill.objects.filter(carrier_id=carrier_id, paid_up_at=None)
    bills = list(left.order_by(F("due_on").asc(nulls_first=True), "pk")[:most])
    stands = balances(bills)
    return [(bill, stands[bill.pk]) for bill in bills]


def without_day() -> QuerySet[FinalBill]:
    """Return the final bills of which a part is left to pay and names no day, because nobody could say it."""
    beside = Supplement.objects.filter(bill=OuterRef("pk"), due_on=None, amount_yen__gt=0)
    return FinalBill.objects.filter(Q(due_on=None, total_yen__gt=0) | Exists(beside), paid_up_at=None)


def unpaid_count(carrier_id: int) -> int:
    """Return of how many final bills anything is left to pay. One query."""
    return FinalBill.objects.filter(carrier_id=carrier_id, paid_up_at=None).count()


def _by_receipt(payments: Sequence[Payment]) -> list[Paid]:
    """One entry for each receipt; it may stand for several bills."""
    groups: dict[str, list[Payment]] = {}
    for payment in payments:
        groups.setdefault(payment.receipt_number, []).append(payment)
    return [
        Paid(number, sum(one.amount_yen for one in group), group[0].paid_at, group[0].place)
        for number, group in groups.items()
    ]
