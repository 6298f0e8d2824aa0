"""Which data of a person stay where until when: if the contract ends on a day, and if it does not?

The periods are those of `rules.retention`. Most begin with the end of the contract, so while the contract runs they do
not begin at all: that is the whole difference between closing and not closing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from tojimari.rules.assumptions import assumed
from tojimari.rules.calendar import add_months, month_end
from tojimari.rules.quarantine import quarantine
from tojimari.rules.retention import Period, deletable_from, retention

ABOUT_A_PERSON = (
    "contact_address",
    "number_person_link",
    "billing_usage",
    "connection_logs",
    "identity_images",
    "identity_record",
    "closure_evidence",
    "tax_documents",
    "marketing",
    "signed_form",
    "acted_for_by",
    "review_talk",
    "handover_note",
    "help_request",
    "late_wish",
    "refund_account",
    "audit_log_archive",
)
"""What is kept about the holder of a line. The other rows of the table hold no person, or are over within minutes."""

REST = "quarantine_end"
"""The event from which a record runs that stays as long as the number rests."""

_ROLLING = ("connection_logs", "tax_documents", "help_request", "late_wish", "audit_log_archive")
"""Their period runs from each record itself, or from its year, so that the oldest go while the contract still runs."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One kind of record about a person."""

    item: str
    at_closure: str  # restrict | delete | age_out | keep, as in the table
    basis: str  # law | guideline | product
    source: str
    starts: str  # the event from which the period runs
    until: date
    """The last day on which it may be kept if the contract ends on the day asked about."""
    period: Period
    runs_already: bool
    """Whether records go while the contract runs; if not, the period begins only when the contract ends."""
    assumed: bool
    """Whether the day rests on an assumption: when the last bill is paid, or when the carrier's year ends."""


def kept_after(contract_end: date, *, carrier_days: int | None = None, ported_in: bool = False) -> list[Kept]:
    """Return what stays if `contract_end` is the last day of the contract, in Japan; the shortest first.

    `carrier_days` and `ported_in` are what `rules.quarantine` wants to know of a number, to say how long it rests. One
    that was ported in does not rest here, so that nothing is kept of it. Raises `Refused` where a figure does not cover
    the day: never a guess.
    """
    rest = quarantine(contract_end, carrier_days=carrier_days, ported_in=ported_in).free_from
    items = [item for item in ABOUT_A_PERSON if rest is not None or retention(item).starts != REST]
    rows = [_kept(item, contract_end, rest) for item in items]
    return sorted(rows, key=lambda row: row.until)


def _kept(item: str, contract_end: date, rest: date | None) -> Kept:
    """`rest`: the first day on which the number may be given out again."""
    row = retention(item)
    started_on = rest if rest is not None and row.starts == REST else _STARTS[row.starts](contract_end)
    first_free = deletable_from(item, started_on)
    if first_free is None:
        raise ValueError(f"{item} is kept for ever, so it cannot be about a person")
    until, period = first_free - timedelta(days=1), row.period(started_on)
    if row.within_days is not None:
        until, period = started_on + timedelta(days=row.within_days), Period(days=row.within_days)
    elif row.starts == REST:  # the number rests first; what follows is nothing
        period = Period(days=(first_free - contract_end).days)
    return Kept(
        item=item,
        at_closure=row.at_closure,
        basis=row.basis,
        source=row.source,
        starts=row.starts,
        until=max(until, contract_end),
        period=period,
        runs_already=item in _ROLLING,
        assumed=row.starts in _ASSUMED,
    )


def _settled(contract_end: date) -> date:
    return contract_end + timedelta(days=assumed("final_bill_settled_days", contract_end))


def _filing_deadline(contract_end: date) -> date:
    """The day by which the tax return of the year with the last bill is due."""
    billed_on = _settled(contract_end)
    last_month = assumed("fiscal_year_last_month", contract_end)
    year = billed_on.year + (billed_on.month > last_month)
    year_end = month_end(date(year, last_month, 1))
    return add_months(year_end + timedelta(days=1), assumed("filing_months", contract_end)) - timedelta(days=1)


def _same_day(contract_end: date) -> date:
    return contract_end


_STARTS: dict[str, Callable[[date], date]] = {
    "contract_end": _same_day,
    "effective_date": _same_day,
    "closure_done": _same_day,
    "event": _same_day,  # the newest record is of the last day
    "answer": _same_day,  # so is the newest answer
    "final_bill_paid": _settled,
    "final_bill_settled": _settled,
    "refund_paid": _settled,
    "filing_deadline": _filing_deadline,
}
_ASSUMED = {"final_bill_paid", "final_bill_settled", "refund_paid", "filing_deadline"}
