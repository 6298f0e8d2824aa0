"""What becomes of a month that was billed before the contract's end, and of which days are left?

A bill in the books is never made again. Where it is for days after the last one, these are taken off: of the last month
only where the plan charges it by the day, as its terms say; of a month that begins after the end always, because there
is no contract to charge for (民法 703). What is not paid is then not asked for, and what is paid goes back.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from tojimari.lines.models import Bill, Line, LineMoney, Plan
from tojimari.money.rows import fee_of_month, row
from tojimari.rules.calendar import month_end
from tojimari.rules.charges import TERMS, Charge, ChargeCode, FinalMonth, Rounding, final_month, given_back

AFTER_END = "charge.after_end"
"""The row that takes off what was billed for days after the end."""

NO_CONTRACT = "民法 703"


def rest_of_month(
    bill: Bill, line: Line, plan: Plan, day: date, options_yen: int, said: LineMoney | None
) -> list[dict[str, Any]]:
    """Return the row that takes off the days after `day` of a bill for its month; none where the plan takes none off.

    Never more than the bill has beyond the days used: what else stands on it was used.
    """
    if plan.final_month_policy != FinalMonth.DAILY_PRORATA:
        return []
    fees = (fee_of_month(plan, day, said)[0], options_yen)
    whole, used = (sum(_by_the_day(line, plan, until, fee) for fee in fees if fee) for until in (month_end(day), day))
    rest = min(whole - used, bill.amount_yen - used)
    if rest <= 0:
        return []
    charge = replace(given_back(rest, TERMS), rounding=plan.rounding)
    return [row(AFTER_END, charge, on=day, month=f"{day:%Y-%m}")]


def month_after(bill: Bill, plan: Plan) -> dict[str, Any]:
    """Return the row for the bill of a month that begins after the end: unpaid it is not asked for, paid it goes back.

    A prepaid plan's terms alone say what comes back of it.
    """
    back = 0 if bill.paid_on is None or plan.prepaid else bill.amount_yen
    charge = Charge(ChargeCode.REFUND, -back, NO_CONTRACT)
    return row(AFTER_END, charge, on=bill.month, month=f"{bill.month:%Y-%m}")


def _by_the_day(line: Line, plan: Plan, until: date, monthly_yen: int) -> int:
    return final_month(
        FinalMonth.DAILY_PRORATA,
        until,
        monthly_fee_yen=monthly_yen,
        started_on=line.contract_on,
        rounding=Rounding(plan.rounding),
    ).amount_yen
