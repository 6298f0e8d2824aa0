"""How can an unpaid bill of a carrier be paid? Entered by its administrator, with history.

There is no standard: a carrier that has entered nothing is believed to have written it on the bill.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tojimari.lines.changes import newest, record
from tojimari.lines.models import Carrier, Change
from tojimari.platform.acting import Acting, Refused

PAYING = "paying"
"""The name of this setting in the history."""

LONGEST = 300
"""Characters of a bank account: bank, branch, kind, number and holder take less."""

SHORTEST_TERM, LONGEST_TERM = 7, 90
"""Days from a final bill to the day until which it is to be paid, at the least and at the most."""

_SHOP, _SLIP, _BANK, _DAYS = "shop: yes", "slip: yes", "bank: ", "days: "


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

    def __bool__(self) -> bool:
        return self.shop or self.slip or bool(self.bank)

    @property
    def kept(self) -> str:
        """The lines of the history."""
        said = [_SHOP] * self.shop + [_SLIP] * self.slip
        term = [] if self.days is None else [f"{_DAYS}{self.days}"]
        return "\n".join(said + [f"{_BANK}{line}" for line in self.bank.splitlines()] + term)

    @classmethod
    def of(cls, kept: str) -> WaysToPay:
        """Read them back."""
        lines = kept.splitlines()
        account = [line.removeprefix(_BANK) for line in lines if line.startswith(_BANK)]
        days = next((int(line.removeprefix(_DAYS)) for line in lines if line.startswith(_DAYS)), None)
        return cls(shop=_SHOP in lines, slip=_SLIP in lines, bank="\n".join(account), days=days)


def ways_to_pay(carrier_id: int) -> WaysToPay:
    """Return how a carrier's bills can be paid. One query."""
    return WaysToPay.of(newest(carrier_id, PAYING))


def check_ways(wanted: WaysToPay) -> WaysToPay:
    """Return the ways as they are kept.

    Raises `Refused` with `settings.bank` for an account that is no account, and with `settings.days` for a day to pay
    that is too near or too far.
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
    return WaysToPay(wanted.shop, wanted.slip, account, wanted.days)


def set_ways_to_pay(*, carrier: Carrier, wanted: WaysToPay, seen: int, acting: Acting, at: datetime) -> Change | None:
    """Change how bills can be paid. `seen` is the newest change that the person had before them.

    Raises `Refused`: as `check_ways`, and `settings.changed` when a colleague was first.
    """
    after = check_ways(wanted).kept
    with transaction.atomic(durable=True):
        before = ways_to_pay(carrier.pk).kept
        return record(carrier=carrier, setting=PAYING, before=before, after=after, seen=seen, acting=acting, at=at)
