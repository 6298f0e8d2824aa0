"""What does it cost to leave a contract within its first days (初期契約解除), and what goes back?

電気通信事業法 26-3(3): only the service used until then, works and the cost of making the contract, the last two up to
their caps. 26-3(4): whatever was received beyond goes back. So every bill of the contract is replaced: what the law
allows is charged, and what was paid is given back.

The confirmation measure (確認措置) needs a ground that only the carrier can judge: no yen are ever reckoned by it.
Whoever may have it is told until when.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from tojimari.lines.models import Bill, EarlyExit, Line, LineMoney, Plan
from tojimari.money.rows import fee_of_month, months, row
from tojimari.rules.calendar import month_end
from tojimari.rules.charges import (
    EARLY_EXIT,
    GIVEN_BACK,
    Charge,
    ChargeCode,
    FinalMonth,
    Rounding,
    early_exit_cost,
    final_month,
    given_back,
    refuse_beyond_early_exit,
)
from tojimari.rules.early_exit import window

OPEN = "open"
"""No contract document has been received: the days have not begun, so they do not end."""


def leave_until(line: Line, plan: Plan, said: LineMoney | None, asked_at: datetime) -> str | None:
    """Return the last day of the first days as ISO date, or "open", if a request sent at `asked_at` is within them.

    None where it is not, and where the books do not say: without the plan's scheme or the day the service began,
    nothing is guessed. Companies and prepaid contracts are outside (the notice on 26-3).
    """
    if plan.early_exit != EarlyExit.INITIAL_CANCELLATION or plan.prepaid or said is None or said.started_on is None:
        return None
    if line.subscriber.corporate:
        return None
    days = window(said.documents_on, said.started_on, said.corrected_documents_on)
    if not days.in_time(asked_at):
        return None
    return days.last_day.isoformat() if days.last_day else OPEN


def confirmation_until(line: Line, plan: Plan, said: LineMoney | None, asked_at: datetime) -> str | None:
    """Return the last day of the confirmation measure as ISO date, if a request sent at `asked_at` is within it.

    Its days are counted from the day the service began, whatever was received when (施行規則 22-2-7(1)(v)). None where
    the plan has no such measure, and where the books do not say when the service began.
    """
    if plan.early_exit != EarlyExit.CONFIRMATION_MEASURE or plan.prepaid or said is None or said.started_on is None:
        return None
    if line.subscriber.corporate:
        return None
    days = window(said.started_on, said.started_on)
    return days.last_day.isoformat() if days.last_day and days.in_time(asked_at) else None


def rows(
    line: Line, plan: Plan, said: LineMoney | None, bills: Sequence[Bill], day: date, options_yen: int, today: date
) -> list[dict[str, Any]]:
    """Return what may be asked for, and what goes back. There is no row for a penalty: there is none.

    Where no document was received, the first days may be years long. A month before the last one, as of `today`, that
    is on no bill of the books was billed outside them, or never: neither is asked for now.
    """
    if said is None or said.started_on is None:
        raise ValueError("leave_until has said that the person is within the first days")
    billed, last_month = {bill.month for bill in bills}, today.replace(day=1) - timedelta(days=1)
    asked_for = [
        month for month in months(said.started_on, day) if month in billed or month >= last_month.replace(day=1)
    ]
    charges: list[tuple[str, Charge, str]] = []
    for month in asked_for:
        until, name = min(month_end(month), day), f"{month:%Y-%m}"
        charges.append(("charge.early_use", _by_the_day(plan, until, said, fee_of_month(plan, until, said)[0]), name))
        if options_yen:
            charges.append(("charge.final_options", _by_the_day(plan, until, said, options_yen), name))
    if said.usage_yen:
        charges.append(("charge.usage", Charge(ChargeCode.USAGE, said.usage_yen, EARLY_EXIT), ""))
    if plan.contract_cost_yen and said.started_on.replace(day=1) in asked_for:
        cost = early_exit_cost(ChargeCode.CONTRACT_COST, plan.contract_cost_yen, on=said.started_on)
        charges.append(("charge.contract_cost", cost, ""))
    if said.installation_left_yen:
        works = early_exit_cost(ChargeCode.WORKS, said.installation_left_yen, on=said.started_on)
        charges.append(("charge.installation", works, ""))
    for bill in bills:
        if bill.paid_on is not None and bill.amount_yen:
            charges.append(("charge.paid_before", given_back(bill.amount_yen, GIVEN_BACK), f"{bill.month:%Y-%m}"))
    if said.paid_in_advance_yen:
        charges.append(("charge.paid_before", given_back(said.paid_in_advance_yen, GIVEN_BACK), ""))
    refuse_beyond_early_exit(charge for _, charge, _ in charges)
    found = [row(code, charge, on=day, **({"month": month} if month else {})) for code, charge, month in charges]
    if said.deposit_yen:
        found.append(row("charge.deposit_back", given_back(said.deposit_yen, GIVEN_BACK)))
    if line.balance_yen > 0:
        found.append(row("charge.balance_back", given_back(line.balance_yen, GIVEN_BACK)))
    return found


def _by_the_day(plan: Plan, until: date, said: LineMoney, monthly_yen: int) -> Charge:
    """The price of the days used in the month of `until`, whatever the plan says of a last month."""
    used = final_month(
        FinalMonth.DAILY_PRORATA,
        until,
        monthly_fee_yen=monthly_yen,
        started_on=said.started_on,
        rounding=Rounding(plan.rounding),
    )
    return Charge(ChargeCode.USAGE, used.amount_yen, EARLY_EXIT, used.rounding)
