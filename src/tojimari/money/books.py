"""What must be known of lines before a quote can be made?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tojimari.lines.models import Bill
from tojimari.lines.queries import options_beside_plans
from tojimari.money.queries import bills_for_quote


@dataclass(frozen=True, slots=True)
class Books:
    """What a quote needs to know of a line besides its plan."""

    bills: Sequence[Bill] = ()
    options_yen: int = 0
    """What the options that end with the line cost a month beside the plan, consumption tax included."""


def books_for_quote(line_ids: Sequence[int], *, at: datetime) -> dict[int, Books]:
    """Return what quotes made at `at` need to know of these lines, by line. Two queries."""
    bills: dict[int, list[Bill]] = defaultdict(list)
    for bill in bills_for_quote(line_ids, at=at):
        bills[bill.line_id].append(bill)
    options = options_beside_plans(line_ids)
    return {line_id: Books(bills.get(line_id, ()), options.get(line_id, 0)) for line_id in line_ids}
