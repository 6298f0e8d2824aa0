"""What does a row of a quote look like, and what do rows have in common?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from tojimari.lines.models import LineMoney, Plan
from tojimari.rules.charges import Charge, FinalMonth, Tier, final_month, tax_within
from tojimari.rules.figures import value


def row(text_code: str, charge: Charge, *, on: date | None = None, **more: str) -> dict[str, Any]:
    """Return a row as it is kept. `on` is the day whose rate of consumption tax is within; None where no tax is."""
    rounded = {"rounding": charge.rounding} if charge.rounding else {}
    return {
        "code": charge.code.value,
        "text_code": text_code,
        "amount_yen": charge.amount_yen,
        "legal_basis": charge.legal_basis,
        "tax_percent": value("consumption_tax_percent", on) if on else 0,
        **rounded,
        **more,
    }


def tax_of(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, int]]:
    """Return how much tax is within the rows, once for each rate; what bears no tax is left out."""
    sums: dict[int, int] = defaultdict(int)
    for one in rows:
        if one["tax_percent"]:
            sums[one["tax_percent"]] += one["amount_yen"]
    return [
        {"percent": percent, "of_yen": yen, "tax_yen": tax_within(yen, percent)}
        for percent, yen in sorted(sums.items())
    ]


def months(first: date, last: date) -> list[date]:
    """Return the first days of the months from that of `first` to that of `last`."""
    from_month, to_month = (day.year * 12 + day.month - 1 for day in (first, last))
    return [date(number // 12, number % 12 + 1, 1) for number in range(from_month, to_month + 1)]


def fee_of_month(plan: Plan, day: date, said: LineMoney | None) -> tuple[int, bool | None]:
    """Return a plan's fee for the month of `day`, and whether its use is known; None where use does not decide.

    A plan by use costs what the band reached so far costs; without data of use its highest band, or its monthly fee
    where the books have no bands. Prepaid plans are for their own policy to judge.
    """
    if plan.final_month_policy != FinalMonth.USAGE_TIER:
        return plan.monthly_fee_yen, None
    tiers = [Tier(edge, fee) for edge, fee in plan.tiers]
    if not tiers:
        return plan.monthly_fee_yen, False
    if said is None or said.used_mb is None or said.used_month != day.replace(day=1):
        return max(tier.fee_yen for tier in tiers), False
    return final_month(FinalMonth.USAGE_TIER, day, tiers=tiers, used_mb=said.used_mb).amount_yen, True
