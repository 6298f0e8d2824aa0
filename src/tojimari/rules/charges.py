"""What may the end of a contract cost, to the yen?

電気通信事業法施行規則 22-2-13-2(1)(ii): for consumer contracts made since 2022-07-01 the carrier may ask for the
service used, a penalty of at most one month's fee, what is left of the works cost, and late interest. Carriers
designated under Art. 27-3 may ask for 1,000 yen before tax at most, since 2019-10-01. The day of the contract decides,
not the day it ends.

Within the eight days of initial cancellation (電気通信事業法 26-3(3)) only the service used, works and the cost of
making the contract may be asked for, the last two up to their caps; what was received beyond goes back (26-3(4)).

Amounts are whole yen including consumption tax; money that is given back is below zero. Where a division leaves a
fraction, it is dropped, in favour of the person who pays, unless the plan says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tojimari.platform.acting import Refused
from tojimari.rules.calendar import month_end
from tojimari.rules.figures import FigureNotKnown, value

TERMS = "contract terms"
EARLY_EXIT = "電気通信事業法 26-3(3)"
GIVEN_BACK = "電気通信事業法 26-3(4)"
_GENERAL = "電気通信事業法施行規則 22-2-13-2(1)(ii)"
_DESIGNATED = "電気通信事業法 27-3, 電気通信事業法施行規則 22-2-17"


class ChargeCode(StrEnum):
    """What a charge is for."""

    USAGE = "usage"  # service and options used until the end, monthly fees among them
    PENALTY = "penalty"
    WORKS = "works"  # what is left of the installation cost
    CONTRACT_COST = "contract_cost"
    LATE_INTEREST = "late_interest"
    REFUND = "refund"  # given back: below zero
    OTHER = "other"


class Rounding(StrEnum):
    """What becomes of a fraction of a yen."""

    DOWN = "down"
    UP = "up"
    HALF_UP = "half_up"


class FinalMonth(StrEnum):
    """How a plan charges the month in which the contract ends. No law decides it; the contract's terms do."""

    FULL_MONTH = "full_month"
    DAILY_PRORATA = "daily_prorata"
    USAGE_TIER = "usage_tier"
    PREPAID_NONE = "prepaid_none"


@dataclass(frozen=True, slots=True)
class Charge:
    """One line of a quote or final bill."""

    code: ChargeCode
    amount_yen: int
    legal_basis: str
    rounding: str = ""
    """How a fraction was rounded, by `Rounding`; empty where nothing was divided."""


@dataclass(frozen=True, slots=True)
class Tier:
    """One price band by data used in the month; `up_to_mb` is None for the last one."""

    up_to_mb: int | None
    fee_yen: int


@dataclass(frozen=True, slots=True)
class Cap:
    """The most that may be asked for, and the provision that says so."""

    amount_yen: int
    legal_basis: str


def penalty_cap(
    monthly_fee_yen: int, *, contracted_on: date, ends_on: date, designated: bool, corporate: bool
) -> Cap | None:
    """Return the cap of the penalty, or None where no statute caps it (corporate, or an older contract).

    `monthly_fee_yen` includes tax and the discounts that last for the whole term, but no limited-time discount.
    `ends_on` decides the tax rate.
    """
    if corporate:
        return None
    if designated:
        try:
            before_tax = value("penalty_cap_designated_ex_tax", contracted_on)
        except FigureNotKnown:
            return None
        with_tax = before_tax * (100 + value("consumption_tax_percent", ends_on)) // 100
        return Cap(min(with_tax, monthly_fee_yen), _DESIGNATED)
    try:
        return Cap(monthly_fee_yen * value("penalty_cap_general_months", contracted_on), _GENERAL)
    except FigureNotKnown:
        return None


def penalty(agreed_yen: int, cap: Cap | None) -> Charge:
    """Return the penalty that may be asked for: what the contract says, cut to the cap."""
    if cap is not None and cap.amount_yen < agreed_yen:
        return Charge(ChargeCode.PENALTY, cap.amount_yen, cap.legal_basis)
    return Charge(ChargeCode.PENALTY, agreed_yen, TERMS)


def divided(amount: int, parts: int, rounding: Rounding = Rounding.DOWN) -> int:
    """Return a whole number of yen: `amount`, which is not below zero, by `parts`."""
    whole, rest = divmod(amount, parts)
    match rounding:
        case Rounding.DOWN:
            return whole
        case Rounding.UP:
            return whole + (rest > 0)
        case Rounding.HALF_UP:
            return whole + (2 * rest >= parts)


def final_month(
    policy: FinalMonth,
    last_day: date,
    *,
    monthly_fee_yen: int = 0,
    started_on: date | None = None,
    tiers: Sequence[Tier] = (),
    used_mb: int = 0,
    rounding: Rounding = Rounding.DOWN,
) -> Charge:
    """Return the charge for the month in which the contract ends; `last_day` is the effective date, charged in full.

    By the day, the month's fee is divided by its calendar days, from the 1st or `started_on`, and the fraction rounded
    as the plan says.
    """
    rounded = ""
    match policy:
        case FinalMonth.FULL_MONTH:
            amount = monthly_fee_yen
        case FinalMonth.DAILY_PRORATA:
            first = last_day.replace(day=1)
            days = (last_day - max(first, started_on or first)).days + 1
            amount = divided(monthly_fee_yen * max(days, 0), month_end(last_day).day, rounding)
            rounded = rounding.value
        case FinalMonth.USAGE_TIER:
            amount = _tier_fee(tiers, used_mb)
        case FinalMonth.PREPAID_NONE:
            amount = 0
    return Charge(ChargeCode.USAGE, amount, TERMS, rounded)


def early_exit_cost(code: ChargeCode, agreed_yen: int, *, on: date) -> Charge:
    """Return what may be asked for works or for making the contract within the first days, cut to its cap.

    Where no cap is known for the day, nothing is asked for: that keeps nobody from leaving.
    """
    name = {ChargeCode.WORKS: "ic_works_cost_cap", ChargeCode.CONTRACT_COST: "ic_contract_cost_cap"}[code]
    try:
        cap = value(name, on)
    except FigureNotKnown:
        cap = 0
    return Charge(code, min(agreed_yen, cap), EARLY_EXIT)


def given_back(amount_yen: int, legal_basis: str) -> Charge:
    """Return money that goes back to the person; `amount_yen` is above zero."""
    return Charge(ChargeCode.REFUND, -amount_yen, legal_basis)


def tax_within(amount_yen: int, percent: int) -> int:
    """Return the consumption tax that an amount includes, its fraction dropped; below zero for what is given back.

    消費税法 57-4 and its order, 70-10: rounded once for each rate of a bill, not for each row.
    """
    tax = abs(amount_yen) * percent // (100 + percent)
    return tax if amount_yen >= 0 else -tax


def refuse_beyond_early_exit(charges: Iterable[Charge]) -> None:
    """Refuse with `charge.not_at_early_exit` any charge that initial cancellation does not allow (26-3(3))."""
    for charge in charges:
        if charge.code not in _EARLY_EXIT:
            raise Refused("charge.not_at_early_exit", charge=charge.code.value)


_EARLY_EXIT = {
    ChargeCode.USAGE,
    ChargeCode.WORKS,
    ChargeCode.CONTRACT_COST,
    ChargeCode.LATE_INTEREST,
    ChargeCode.REFUND,
}


def _tier_fee(tiers: Sequence[Tier], used_mb: int) -> int:
    for tier in tiers:
        if tier.up_to_mb is None or used_mb <= tier.up_to_mb:
            return tier.fee_yen
    raise Refused("charge.no_tier", used_mb=used_mb)
