"""What will a line cost, month by month, if nothing is done?

Only what the books know: the monthly fee, how the plan charges, and what options cost beside it. Where use decides,
each month is a range from the lowest to the highest band; where the plan is prepaid, it charges nothing, and what
lapses with its validity is named.
What is assumed stands in `rules/data/forecast.toml` and is named on the page.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tojimari.lines.models import Bill, FinalMonthPolicy, Line, Plan, Service, ServiceState
from tojimari.rules.assumptions import assumed


@dataclass(frozen=True, slots=True)
class MonthAhead:
    """One month. Yen include consumption tax; `low_yen` and `high_yen` differ only where use decides."""

    month: date
    low_yen: int
    high_yen: int
    options_yen: int = 0
    """Of both: what options cost beside the plan."""
    billed: bool = False
    """Its bill is made already, so that nothing new is charged."""
    lapses_yen: int = 0
    """Balance that can no longer be used after this month: no charge, but lost."""
    over: bool = False
    """The prepaid validity has ended before this month begins."""

    @property
    def plan_yen(self) -> int:
        """The lowest fee of the plan itself."""
        return self.low_yen - self.options_yen

    @property
    def added_yen(self) -> int:
        """What use, with background data, may add to the lowest fee."""
        return self.high_yen - self.low_yen


@dataclass(frozen=True, slots=True)
class Forecast:
    """The months from the current one on."""

    months: tuple[MonthAhead, ...]
    by_use: bool
    prepaid: bool
    valid_until: date | None
    goes_on_yen: int = 0
    """What options cost a month that do not end with the line: they are charged after it, too."""

    @property
    def plan_yen(self) -> int:
        return sum(month.plan_yen for month in self.months)

    @property
    def options_yen(self) -> int:
        return sum(month.options_yen for month in self.months)

    @property
    def low_yen(self) -> int:
        return sum(month.low_yen for month in self.months)

    @property
    def high_yen(self) -> int:
        return sum(month.high_yen for month in self.months)

    @property
    def added_yen(self) -> int:
        return self.high_yen - self.low_yen

    @property
    def lapses_yen(self) -> int:
        return sum(month.lapses_yen for month in self.months)

    @property
    def highest_yen(self) -> int:
        """The tallest bar of the picture."""
        return max((month.high_yen + month.lapses_yen for month in self.months), default=0)


@dataclass(frozen=True, slots=True)
class _Options:
    """Yen a month: of options that are over with the line, and of those that go on without it."""

    end_yen: int
    goes_on_yen: int


def _options(services: Iterable[Service]) -> _Options:
    priced = [one for one in services if one.state != ServiceState.TERMINATED and one.monthly_fee_yen]
    goes_on = sum(one.monthly_fee_yen or 0 for one in priced if one.lives_on)
    return _Options(sum(one.monthly_fee_yen or 0 for one in priced) - goes_on, goes_on)


def forecast(
    line: Line, plan: Plan, bills: Iterable[Bill], *, today: date, services: Iterable[Service] = ()
) -> Forecast:
    """Return what `line` costs from the month of `today` (Japan) on, if it is neither closed nor changed.

    `bills` are the line's bills: a month that has one is charged already and costs nothing new. Unpaid bills are owed
    either way and are no part of it. `services` are the line's: options whose price is not in the books are no part of
    it either.
    """
    billed = {bill.month for bill in bills}
    first = today.replace(day=1)
    months = [_shifted(first, count) for count in range(assumed("months_ahead", today))]
    ends = line.valid_until if plan.prepaid else None
    options = _options(services)
    return Forecast(
        months=tuple(_month(month, line, plan, options, billed, ends, today) for month in months),
        by_use=_by_use(plan),
        prepaid=plan.prepaid,
        valid_until=ends,
        goes_on_yen=options.goes_on_yen,
    )


def _by_use(plan: Plan) -> bool:
    return not plan.prepaid and plan.final_month_policy == FinalMonthPolicy.USAGE_TIER


def _month(
    month: date, line: Line, plan: Plan, options: _Options, billed: set[date], ends: date | None, today: date
) -> MonthAhead:
    if plan.prepaid:
        over = ends is not None and ends < max(month, today)
        last = ends is not None and not over and ends.replace(day=1) == month
        beside = options.goes_on_yen + (0 if over or month in billed else options.end_yen)
        lapses = max(line.balance_yen, 0) if last else 0
        return MonthAhead(month, beside, beside, options_yen=beside, lapses_yen=lapses, over=over)
    if month in billed:
        return MonthAhead(month, 0, 0, billed=True)
    high = plan.monthly_fee_yen
    low = high * assumed("lowest_band_percent", today) // 100 if _by_use(plan) else high
    beside = options.end_yen + options.goes_on_yen
    return MonthAhead(month, low + beside, high + beside, options_yen=beside)


def _shifted(first: date, months: int) -> date:
    """The first day of a later month."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1)
