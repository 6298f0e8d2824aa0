"""What does it cost, to the yen, and who says so?

An amount is named only where it follows from a stated fact and from what the person says they pay. Otherwise it is
`Unknown`, with the question for the carrier.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tojimari.guide import ways
from tojimari.guide.answers import Answers
from tojimari.guide.facts import CarrierFacts, Closing, EarlyFee, LineKind, MonthCharge
from tojimari.guide.say import Say, Unknown
from tojimari.rules.calendar import add_months, jst_date, month_end
from tojimari.rules.charges import FinalMonth, final_month, penalty_cap


@dataclass(frozen=True, slots=True)
class Yen:
    """An amount including tax, and why it is this one. `sources` are keys of `CarrierFacts.sources`."""

    amount: int
    basis: Say
    sources: tuple[str, ...]
    up_to: bool = False
    """True: the most that may be asked for, perhaps less or nothing."""


Cost = Yen | Unknown

_FEE_NOT_SAID = Unknown(Say("unknown.monthly_fee"))


def of_another_month(answers: Answers, sources: tuple[str, ...]) -> Cost:
    """Return what it costs when a line that ends with a month only runs on for the next one."""
    return _fee(answers, Say("basis.next_month"), sources)


def of_another_period(answers: Answers, sources: tuple[str, ...]) -> Cost:
    """Return what it costs when a plan renews."""
    return _fee(answers, Say("basis.next_period"), sources)


def of_another_day(facts: CarrierFacts, closing: Closing, end: date, answers: Answers) -> Cost:
    """Return what it costs when a line that could have ended on `end` runs on for a day."""
    charge, sources = ways.month_charge(facts, closing)
    last = end == month_end(end)
    match charge:
        case None:
            return Unknown(Say("unknown.month_charge"), Say("ask.month_charge"))
        case MonthCharge.PRORATED:
            if answers.monthly_fee_yen is None:
                return _FEE_NOT_SAID
            return Yen(_a_day(end, answers.monthly_fee_yen), Say("basis.by_the_day"), sources)
        case MonthCharge.FULL if last:
            return _fee(answers, Say("basis.full_month"), sources)
        case MonthCharge.FULL:
            return Yen(0, Say("basis.same_month"), sources)
        case MonthCharge.USAGE_BAND if last:
            return _fee(answers, Say("basis.band"), sources)
        case MonthCharge.USAGE_BAND:
            return Yen(0, Say("basis.same_band"), sources)


def of_ending(facts: CarrierFacts, kind: LineKind, answers: Answers, at: datetime) -> tuple[Cost, ...]:
    """Return what ending the line at `at` costs: the ordinary fee, and the fee for ending early where it applies.

    Where no source speaks of a fee, the answer is one `Unknown`.
    """
    applying = ways.applying(facts, kind, answers)
    found = [*_ordinary_fees(applying)]
    for way in applying:
        if way.early_fee and (cost := _early(way.early_fee, way.source_of("early_fee"), answers, at)):
            found.append(cost)
    if not found and not any(way.early_fee for way in applying):
        found.append(Unknown(Say("unknown.fee"), Say("ask.fee")))
    return tuple(dict.fromkeys(found))


def _ordinary_fees(applying: Iterable[Closing]) -> Iterable[Cost]:
    for way in applying:
        if way.fee_jpy is not None:
            yield Yen(way.fee_jpy, Say("basis.ordinary_fee"), (way.source_of("fee_jpy"),))


def _early(fee: EarlyFee, source: str, answers: Answers, at: datetime) -> Cost | None:
    """The fee for ending early; None where it does not apply any more, or never did."""
    begun = answers.contracted_on
    if begun is None:
        return Unknown(Say("unknown.early_fee_day", {"months": fee.months}), Say("ask.early_fee_day"))
    free_from = add_months(begun, fee.months)
    if jst_date(at) >= free_from or (fee.contracts_from and begun < fee.contracts_from):
        return None
    if fee.yen is None:
        return Unknown(Say("unknown.early_fee", {"day": free_from}), Say("ask.early_fee"))
    return Yen(fee.yen, _early_basis(begun, free_from, answers, at), (source,), fee.up_to)


def _early_basis(begun: date, free_from: date, answers: Answers, at: datetime) -> Say:
    """Why it is asked for, and the most that the law allows where the person's own fee tells it.

    The general cap is named: which carriers stand under the lower one is no fact of the directory.
    """
    cap = None
    if answers.monthly_fee_yen:
        cap = penalty_cap(
            answers.monthly_fee_yen, contracted_on=begun, ends_on=jst_date(at), designated=False, corporate=False
        )
    if cap is None:
        return Say("basis.early_fee", {"day": free_from})
    return Say("basis.early_fee_capped", {"day": free_from, "cap": cap.amount_yen, "law": cap.legal_basis})


def _a_day(end: date, fee_yen: int) -> int:
    """The difference between the bill of this end and that of the next day."""
    after = end + timedelta(days=1)
    longer = final_month(FinalMonth.DAILY_PRORATA, after, monthly_fee_yen=fee_yen).amount_yen
    if after.month != end.month:
        return longer
    return longer - final_month(FinalMonth.DAILY_PRORATA, end, monthly_fee_yen=fee_yen).amount_yen


def _fee(answers: Answers, basis: Say, sources: tuple[str, ...]) -> Cost:
    return _FEE_NOT_SAID if answers.monthly_fee_yen is None else Yen(answers.monthly_fee_yen, basis, sources)
