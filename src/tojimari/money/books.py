"""What must be known of lines before a quote can be made?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tojimari.lines.models import Bill, LineMoney
from tojimari.lines.paying import WaysToPay, ways_to_pay
from tojimari.lines.queries import options_beside_plans
from tojimari.money.queries import bills_for_quote
from tojimari.rules.early_exit import window


@dataclass(frozen=True, slots=True)
class Books:
    """What a quote needs to know of a line besides its plan."""

    bills: Sequence[Bill] = ()
    options_yen: int = 0
    """What the options that end with the line cost a month beside the plan, consumption tax included."""
    said: LineMoney | None = None
    """What the books say of the line's money besides; None where they say nothing."""
    paying: WaysToPay | None = None
    """What the carrier's terms say of paying a final bill; None where nobody has asked."""


def books_for_quote(line_ids: Sequence[int], *, carrier_id: int, at: datetime) -> dict[int, Books]:
    """Return what quotes made at `at` need to know of these lines of one carrier, by line. Four queries.

    Of a line that may be in its first days all bills are returned: what was paid of them may have to go back.
    """
    said = {one.line_id: one for one in LineMoney.objects.filter(line_id__in=line_ids)}
    bills: dict[int, list[Bill]] = defaultdict(list)
    for bill in bills_for_quote(line_ids, at=at, whole=[key for key, one in said.items() if _may_be_early(one, at)]):
        bills[bill.line_id].append(bill)
    options, paying = options_beside_plans(line_ids), ways_to_pay(carrier_id)
    return {
        line_id: Books(bills.get(line_id, ()), options.get(line_id, 0), said.get(line_id), paying)
        for line_id in line_ids
    }


def _may_be_early(said: LineMoney, at: datetime) -> bool:
    if said.started_on is None:
        return False
    return window(said.documents_on, said.started_on, said.corrected_documents_on).in_time(at)
