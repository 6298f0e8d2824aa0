"""What does ending this line cost, to the yen, before anybody confirms?

The quote is computed once, when the request is taken, and kept with the case. The confirm screen computes it with the
same two instants and so shows the same yen; the receipt and the final bill repeat it and compute nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from tojimari.lines.models import Bill, Line, Plan
from tojimari.rules.calendar import jst_date
from tojimari.rules.charges import Charge, ChargeCode, FinalMonth, Tier, final_month, penalty

UNPAID_BASIS = "contract terms"


def quote(
    line: Line,
    plan: Plan,
    bills: Iterable[Bill],
    *,
    requested_at: datetime,
    ends_at: datetime,
    options_yen: int = 0,
) -> dict[str, Any]:
    """Return every yen that is asked for at the end of the contract, JSON-ready; amounts include consumption tax.

    `bills` are the line's bills, paid ones included: a month that was billed is not charged again. `ends_at` is the
    first instant without a contract (24:00 in Japan of the last day), or the request's own instant for an end at once.
    `options_yen` is what the options that end with the line cost a month beside the plan.
    The lines are: what is unpaid now, month by month; the fee of the last month by the plan's own policy; the options'
    fee of that month, which follows the plan where it is charged by the day, and is charged in full elsewhere; and the
    penalty, which is nothing and is shown as nothing (電気通信事業法施行規則 22-2-13-2 would allow at
    most one month's fee). Device instalments go on apart from the contract and are no part of it.
    """
    day = last_day(requested_at=requested_at, ends_at=ends_at)
    ordered = sorted(bills, key=lambda bill: bill.month)
    lines = [_unpaid(bill) for bill in ordered if bill.paid_on is None]
    if not any(bill.month == day.replace(day=1) for bill in ordered):  # else that month is asked for already
        month = f"{day:%Y-%m}"
        lines.append(_row("charge.final_month", _final_month(line, plan, day), month=month))
        if options_yen:
            lines.append(_row("charge.final_options", _final_options(line, plan, day, options_yen), month=month))
    lines.append(_row("charge.penalty", penalty(0, None)))
    return {
        "lines": lines,
        "total_yen": sum(row["amount_yen"] for row in lines),
        "currency": "JPY",
        "tax_included": True,
        "last_day": day.isoformat(),
    }


def last_day(*, requested_at: datetime, ends_at: datetime) -> date:
    """Return the last day of the contract in Japan. A request at midnight for an end at once is on the new day."""
    return max(jst_date(ends_at - timedelta(microseconds=1)), jst_date(requested_at))


def _final_month(line: Line, plan: Plan, day: date) -> Charge:
    """Return the last month's fee. Without data of use, a plan by use costs what its highest band costs: its fee."""
    return final_month(
        FinalMonth(plan.final_month_policy),
        day,
        monthly_fee_yen=plan.monthly_fee_yen,
        started_on=line.contract_on,
        tiers=(Tier(None, plan.monthly_fee_yen),),
    )


def _final_options(line: Line, plan: Plan, day: date, yen: int) -> Charge:
    """Return the last month's fee of the options. A prepaid plan, or one by use, has not paid for them."""
    by_the_day = plan.final_month_policy == FinalMonth.DAILY_PRORATA
    policy = FinalMonth.DAILY_PRORATA if by_the_day else FinalMonth.FULL_MONTH
    return final_month(policy, day, monthly_fee_yen=yen, started_on=line.contract_on)


def _unpaid(bill: Bill) -> dict[str, Any]:
    charge = Charge(ChargeCode.USAGE, bill.amount_yen, UNPAID_BASIS)
    return _row("charge.unpaid_bill", charge, month=f"{bill.month:%Y-%m}")


def _row(text_code: str, charge: Charge, **more: str) -> dict[str, Any]:
    return {
        "code": charge.code.value,
        "text_code": text_code,
        "amount_yen": charge.amount_yen,
        "legal_basis": charge.legal_basis,
        **more,
    }
