"""What does ending this line cost, to the yen, before anybody confirms?

The quote is computed once, when the request is taken, and kept with the case. The confirm screen computes it with the
same two instants and so shows the same yen; the receipt and the final bill repeat it and compute nothing.

Each row names its basis, the rate of consumption tax within it, and how a fraction was rounded where there was one. A
total below nothing goes back to the person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from tojimari.lines.models import Bill, Line, LineMoney, Plan
from tojimari.lines.paying import WaysToPay
from tojimari.money import advance, early
from tojimari.money.days import terms_of_paying
from tojimari.money.rows import fee_of_month, months, row, tax_of
from tojimari.rules.calendar import day_end, jst_date, month_end
from tojimari.rules.charges import (
    TERMS,
    Charge,
    ChargeCode,
    FinalMonth,
    Rounding,
    final_month,
    given_back,
    penalty,
    penalty_cap,
)
from tojimari.rules.figures import value


def quote(
    line: Line,
    plan: Plan,
    bills: Iterable[Bill],
    *,
    requested_at: datetime,
    ends_at: datetime,
    options_yen: int = 0,
    said: LineMoney | None = None,
    asked_at: datetime | None = None,
    paying: WaysToPay | None = None,
) -> dict[str, Any]:
    """Return every yen that is asked for at the end of the contract, JSON-ready; amounts include consumption tax.

    `bills` are the line's bills, paid ones included: a month that was billed is not charged again. `ends_at` is the
    first instant without a contract (24:00 in Japan of the last day), or the request's own instant for an end at once.
    `options_yen` is what the options that end with the line cost a month beside the plan; `said` is what the books say
    of the line's money besides. `asked_at` is when the end was first asked for, where this is another end of the same
    case: it decides whether the person is within the first days (電気通信事業法 26-3(2): sending counts).

    `lines` and their sum `total_yen` are what the final bill asks for. `apart` is what is paid all the same and is no
    part of it: the bills of the months before the last one, and device instalments, which go on. `confirmation_until`
    is the last day of the confirmation measure, None where it does not apply: no yen follow from it.
    `provisional_until` is the last day on which use may still be heard of, None where none can be. What is said of
    paying (`money.days.terms_of_paying`) goes by `paying`, the carrier's terms of the day of the request; None where it
    has said none.
    """
    day = last_day(requested_at=requested_at, ends_at=ends_at)
    ordered = sorted(bills, key=lambda bill: bill.month)
    leaves_early = early.leave_until(line, plan, said, asked_at or requested_at)
    if leaves_early is not None:
        lines = early.rows(line, plan, said, ordered, day, options_yen, jst_date(requested_at))
        apart: list[dict[str, Any]] = []
    else:
        lines = _rows(line, plan, ordered, requested_at, ends_at, options_yen, said)
        apart = _months_before(plan, ordered, jst_date(requested_at), day, options_yen, said)
    if said is not None and said.instalments_left_yen:
        apart.append({"text_code": "apart.instalments", "amount_yen": said.instalments_left_yen})
    total_yen = sum(one["amount_yen"] for one in lines)
    return {
        "lines": lines,
        "total_yen": total_yen,
        "currency": "JPY",
        "tax_included": True,
        "tax": tax_of(lines),
        "last_day": day.isoformat(),
        "apart": apart,
        "early_exit": leaves_early,
        "confirmation_until": early.confirmation_until(line, plan, said, asked_at or requested_at),
        "provisional_until": _provisional_until(plan, day),
        **terms_of_paying(
            total_yen,
            day,
            WaysToPay() if paying is None else paying,
            on=jst_date(requested_at),
            early=leaves_early is not None,
        ),
    }


def last_day(*, requested_at: datetime, ends_at: datetime) -> date:
    """Return the last day of the contract in Japan. A request at midnight for an end at once is on the new day."""
    return max(jst_date(ends_at - timedelta(microseconds=1)), jst_date(requested_at))


def until_the_end_yen(quote: Mapping[str, Any]) -> int:
    """Return what an end costs with the bills that come before it: the figure by which two ends can be compared."""
    before: int = sum(one["amount_yen"] for one in quote.get("apart", ()) if one["text_code"] == "apart.month_before")
    total: int = quote.get("total_yen", 0)
    return total + before


def _rows(
    line: Line,
    plan: Plan,
    bills: Sequence[Bill],
    requested_at: datetime,
    ends_at: datetime,
    options_yen: int,
    said: LineMoney | None,
) -> list[dict[str, Any]]:
    """The rows of an ordinary end."""
    day = last_day(requested_at=requested_at, ends_at=ends_at)
    last, month = day.replace(day=1), f"{day:%Y-%m}"
    found = [_unpaid(bill) for bill in bills if bill.paid_on is None and bill.month <= last]
    in_advance = next((bill for bill in bills if bill.month == last), None)  # then that month is asked for already
    if in_advance is not None:
        found += advance.rest_of_month(in_advance, line, plan, day, options_yen, said)
    else:
        found.append(_final_month(line, plan, day, month, said))
        if options_yen:
            charge = _final_options(line, plan, day, options_yen)
            found.append(row("charge.final_options", charge, on=day, month=month))
    if said is not None and said.usage_yen:
        found.append(row("charge.usage", Charge(ChargeCode.USAGE, said.usage_yen, TERMS), on=day))
    rest = _installation_left(said, jst_date(requested_at), day)
    if rest:
        found.append(row("charge.installation", Charge(ChargeCode.WORKS, rest, TERMS), on=day))
    found.append(_penalty(line, plan, day, ends_at, said))
    found += [advance.month_after(bill, plan) for bill in bills if bill.month > last]
    if said is not None and said.deposit_yen:
        found.append(row("charge.deposit_back", given_back(said.deposit_yen, TERMS)))
    if plan.refunds_balance and line.balance_yen > 0:
        found.append(row("charge.balance_back", given_back(line.balance_yen, TERMS)))
    return found


def _unpaid(bill: Bill) -> dict[str, Any]:
    charge = Charge(ChargeCode.USAGE, bill.amount_yen, TERMS)
    return row("charge.unpaid_bill", charge, on=month_end(bill.month), month=f"{bill.month:%Y-%m}")


def _final_month(line: Line, plan: Plan, day: date, month: str, said: LineMoney | None) -> dict[str, Any]:
    """The last month's fee. Of a plan by use that of the band reached so far; without data of use its highest band.

    Where use decides, the row says so: what comes to be used until the end makes a supplementary bill, and a band that
    was not reached is put right in the person's favour.
    """
    fee, reached = fee_of_month(plan, day, said)
    charge = final_month(
        FinalMonth.FULL_MONTH
        if plan.final_month_policy == FinalMonth.USAGE_TIER
        else FinalMonth(plan.final_month_policy),
        day,
        monthly_fee_yen=fee,
        started_on=line.contract_on,
        rounding=Rounding(plan.rounding),
    )
    more = {} if reached is None else {"by_use": "so_far" if reached else "at_most"}
    return row("charge.final_month", charge, on=day, month=month, **more)


def _final_options(line: Line, plan: Plan, day: date, yen: int) -> Charge:
    """Return the last month's fee of the options. A prepaid plan, or one by use, has not paid for them."""
    by_the_day = plan.final_month_policy == FinalMonth.DAILY_PRORATA
    policy = FinalMonth.DAILY_PRORATA if by_the_day else FinalMonth.FULL_MONTH
    return final_month(policy, day, monthly_fee_yen=yen, started_on=line.contract_on, rounding=Rounding(plan.rounding))


def _penalty(line: Line, plan: Plan, day: date, ends_at: datetime, said: LineMoney | None) -> dict[str, Any]:
    """What the terms ask for an end within the bound term, cut to the cap of the day of the contract. Nothing is shown
    as nothing. Who stays until the last day is over has served the term."""
    over = said is not None and said.bound_until is not None and day_end(said.bound_until) <= ends_at
    agreed = 0 if over else plan.penalty_yen
    if not agreed:
        return row("charge.penalty", penalty(0, None), on=day)
    cap = penalty_cap(
        plan.monthly_fee_yen,
        contracted_on=line.contract_on,
        ends_on=day,
        designated=line.carrier.designated,
        corporate=line.subscriber.corporate,
    )
    return row("charge.penalty", penalty(agreed, cap), on=day)


def _installation_left(said: LineMoney | None, today: date, day: date) -> int:
    """What is left of the works cost on the last day: it declines to nothing over the term, month by month."""
    if said is None or not said.installation_left_yen:
        return 0
    passed = len(months(today, day)) - 1
    return max(said.installation_left_yen - passed * (said.installation_month_yen or 0), 0)


def _months_before(
    plan: Plan, bills: Sequence[Bill], today: date, day: date, options_yen: int, said: LineMoney | None
) -> list[dict[str, Any]]:
    """The months from today's on that end before the last one and are on no bill yet: their bills come as ever."""
    billed = {bill.month for bill in bills}
    paid_off = 0
    found: list[dict[str, Any]] = []
    for month in months(today, day)[:-1]:
        works = (
            min((said.installation_month_yen or 0), max((said.installation_left_yen or 0) - paid_off, 0)) if said else 0
        )
        paid_off += works
        if month in billed:
            continue
        fee = 0 if plan.prepaid else fee_of_month(plan, month, said)[0]
        if fee + options_yen + works:
            month_name = f"{month:%Y-%m}"
            yen = fee + options_yen + works
            found.append({"text_code": "apart.month_before", "month": month_name, "amount_yen": yen})
    return found


def _provisional_until(plan: Plan, day: date) -> str | None:
    """Roaming records come late; what is prepaid was paid when it was used."""
    return None if plan.prepaid else (day + timedelta(days=value("late_usage_days", day))).isoformat()
