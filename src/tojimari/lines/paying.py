"""How can an unpaid bill of a carrier be paid? Entered by its administrator, with history.

There is no standard: a carrier that has entered nothing is believed to have written it on the bill.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction

from tojimari.lines.changes import newest, record
from tojimari.lines.models import Carrier, Change
from tojimari.platform.acting import Acting, Refused
from tojimari.rules.calendar import jst_date
from tojimari.rules.figures import value

PAYING = "paying"
"""The name of this setting in the history."""

LONGEST = 300
"""Characters of a bank account: bank, branch, kind, number and holder take less."""

SHORTEST_TERM, LONGEST_TERM = 7, 90
"""Days from a final bill to the day until which it is to be paid, at the least and at the most."""

_SHOP, _SLIP, _BANK, _DAYS, _LATE = "shop: yes", "slip: yes", "bank: ", "days: ", "late interest per mille: "


@dataclass(frozen=True, slots=True)
class WaysToPay:
    """The ways that a carrier takes money for a bill."""

    shop: bool = False
    """At its own shops."""
    slip: bool = False
    """At a convenience store, with the slip that came with the bill."""
    bank: str = ""
    """The account for a transfer, as it has to be written on the form of a Japanese bank; empty: none."""
    days: int | None = None
    """Days from a final bill to the day until which it is to be paid, by the carrier's terms; None where they are not
    said."""
    late_per_mille: int | None = None
    """Interest a year on what is paid late, by the carrier's terms; None where they ask for none. It is named, and
    never reckoned here."""

    def __bool__(self) -> bool:
        return self.shop or self.slip or bool(self.bank)

    @property
    def kept(self) -> str:
        """The lines of the history."""
        said = [_SHOP] * self.shop + [_SLIP] * self.slip
        term = [] if self.days is None else [f"{_DAYS}{self.days}"]
        term += [] if self.late_per_mille is None else [f"{_LATE}{self.late_per_mille}"]
        return "\n".join(said + [f"{_BANK}{line}" for line in self.bank.splitlines()] + term)

    @classmethod
    def of(cls, kept: str) -> WaysToPay:
        """Read them back."""
        lines = kept.splitlines()
        account = [line.removeprefix(_BANK) for line in lines if line.startswith(_BANK)]
        return cls(
            shop=_SHOP in lines,
            slip=_SLIP in lines,
            bank="\n".join(account),
            days=_number(lines, _DAYS),
            late_per_mille=_number(lines, _LATE),
        )


def _number(lines: Sequence[str], name: str) -> int | None:
    return next((int(line.removeprefix(name)) for line in lines if line.startswith(name)), None)


def ways_to_pay(carrier_id: int) -> WaysToPay:
    """Return how a carrier's bills can be paid. One query."""
    return WaysToPay.of(newest(carrier_id, PAYING))


def check_ways(wanted: WaysToPay, on: date) -> WaysToPay:
    """Return the ways as they are kept, judged by the figures of the day `on` (Japan).

    Raises `Refused` with `settings.bank` for an account that is no account, with `settings.days` for a day to pay that
    is too near or too far, and with `settings.late_interest` for more than the law lets a consumer be asked for
    (消費者契約法 9(1)(ii)), or none at all.
    """
    lines = [" ".join(line.split()) for line in wanted.bank.splitlines() if line.strip()]
    account = "\n".join(lines)
    if account and (
        len(account) > LONGEST
        or len(lines) > 8
        or not any(mark.isdigit() for mark in account)
        or not all(line.isprintable() for line in lines)
    ):
        raise Refused("settings.bank", field="bank", most=LONGEST)
    if wanted.days is not None and not SHORTEST_TERM <= wanted.days <= LONGEST_TERM:
        raise Refused("settings.days", field="days", least=SHORTEST_TERM, most=LONGEST_TERM)
    most = value("late_interest_cap_per_mille", on)
    if wanted.late_per_mille is not None and not 0 < wanted.late_per_mille <= most:
        raise Refused("settings.late_interest", field="late", most=percent(most))
    return replace(wanted, bank=account)


def percent(per_mille: int) -> str:
    """Write a rate as people read it: 146 is "14.6", 30 is "3"."""
    return f"{per_mille // 10}.{per_mille % 10}".removesuffix(".0")


def set_ways_to_pay(*, carrier: Carrier, wanted: WaysToPay, seen: int, acting: Acting, at: datetime) -> Change | None:
    """Change how bills can be paid. `seen` is the newest change that the person had before them.

    Raises `Refused`: as `check_ways`, and `settings.changed` when a colleague was first.
    """
    after = check_ways(wanted, jst_date(at)).kept
    with transaction.atomic(durable=True):
        before = ways_to_pay(carrier.pk).kept
        return record(carrier=carrier, setting=PAYING, before=before, after=after, seen=seen, acting=acting, at=at)
