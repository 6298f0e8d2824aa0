"""When may a person say to which account a refund goes, and when do staff hold it fast to pay?

What is kept here is sealed already: this room cannot read it. Whoever calls has locked the bill.
"""

from __future__ import annotations

from datetime import datetime

from tojimari.money.models import FinalBill, Refund, RefundAccount
from tojimari.platform.acting import Acting, Refused
from tojimari.rules.identifiers.account import Where


def account_of(bill: FinalBill) -> RefundAccount | None:
    """Return what was told for the refunds of a bill. One query."""
    return RefundAccount.objects.filter(bill=bill).first()


def why_not(bill: FinalBill) -> Refused | None:
    """Return why no account can be told now: `money.nothing_goes_back`, `money.account_taken`; None where one can."""
    if not Refund.objects.filter(bill=bill, paid_at=None).exists():
        return Refused("money.nothing_goes_back")
    if RefundAccount.objects.filter(bill=bill, taken_at__isnull=False).exists():
        return Refused("money.account_taken")
    return None


def keep(bill: FinalBill, *, where: Where, sealed: bytes, at: datetime) -> None:
    """Keep an account in place of the one before. Raises `Refused` as `why_not` says."""
    refused = why_not(bill)
    if refused is not None:
        raise refused
    told = {"carrier_id": bill.carrier_id, "where": where.value, "sealed": sealed, "told_at": at}
    RefundAccount.objects.update_or_create(bill=bill, defaults=told)


def take(bill: FinalBill, *, acting: Acting, at: datetime) -> RefundAccount:
    """Hold the account fast, because somebody pays now; who took it first stays named.

    Raises `Refused`: `money.no_account` where none was told, or it is erased; `money.nothing_goes_back`.
    """
    account = account_of(bill)
    if account is None or not account.sealed:
        raise Refused("money.no_account")
    if not Refund.objects.filter(bill=bill, paid_at=None).exists():
        raise Refused("money.nothing_goes_back")
    if account.taken_at is None:
        account.taken_at, account.taken_by = at, str(acting)
        account.save(update_fields=["taken_at", "taken_by"])
    return account


def let_go(bill: FinalBill) -> bool:
    """Let the account be told anew; return whether it was held."""
    return RefundAccount.objects.filter(bill=bill, taken_at__isnull=False).update(taken_at=None, taken_by="") > 0
