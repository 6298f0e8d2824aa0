"""How does a person say to which account their money goes back, and how do staff come to read it?

The account lies sealed beside the final bill. History, mails and logs say that one was told and in which form, at most
with its last digits in a message to the person; the number itself stands nowhere else.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tojimari.codes.sealed import seal, unseal
from tojimari.money import refund_accounts as money
from tojimari.money.actions import locked_bill
from tojimari.money.models import FinalBill, RefundAccount
from tojimari.platform.acting import Acting, Refused
from tojimari.rules.identifiers.account import Account, Where
from tojimari.terminations import letters
from tojimari.terminations.engine.cases import Cases


@dataclass(frozen=True, slots=True)
class _Opened:
    account: Account
    proof: str


def tell(*, bill: FinalBill, account: Account, proof: str, acting: Acting, at: datetime) -> None:
    """Take an account for the refunds of a bill, in place of the one before, and tell the person of it.

    `proof` stands for the code by which the person proved to be there: the same account with the same proof twice is
    as once. Raises `Refused`: `money.nothing_goes_back`, `money.account_taken`.
    """
    with transaction.atomic(durable=True):
        cases = Cases([bill.case_id])
        locked = locked_bill(bill.pk)
        if was_told(bill=locked, account=account, proof=proof):
            return
        text = json.dumps({"told": dict(account.told), "proof": proof}, ensure_ascii=False)
        money.keep(locked, where=account.where, sealed=seal(text, about=_about(bill.pk)), at=at)
        cases.note(cases[bill.case_id], "refund.account_told", actor=acting, at=at, where=account.where.value)
        letters.refund_account(bill.case_id, account.ending, at=at)
        cases.save()


def was_told(*, bill: FinalBill, account: Account, proof: str) -> bool:
    """Say whether this very account was told with this very proof: then the form has come twice."""
    kept = money.account_of(bill)
    return kept is not None and _open(kept) == _Opened(account, proof)


def why_not(bill: FinalBill) -> Refused | None:
    """Return why no account can be told now, or None."""
    return money.why_not(bill)


@dataclass(frozen=True, slots=True)
class Told:
    """What anybody who sees a case may know of the account."""

    where: Where
    told_at: datetime
    is_taken: bool
    """Whether staff are paying now."""
    taken_by: str


def told(bill: FinalBill) -> Told | None:
    """Return whether an account was told for the refunds of a bill, and in which form. One query."""
    kept = money.account_of(bill)
    return Told(Where(kept.where), kept.told_at, kept.taken_at is not None, kept.taken_by) if kept else None


def ending_of(bill: FinalBill) -> str:
    """Return the last digits of the account, for the person who told it; empty where there is none."""
    kept = money.account_of(bill)
    opened = _open(kept) if kept else None
    return opened.account.ending if opened else ""


def read(*, bill: FinalBill, acting: Acting, at: datetime) -> Account:
    """Open the account for a member of staff who pays now. From now on it does not change; each reading is noted.

    Raises `Refused`: `money.no_account`, `money.nothing_goes_back`.
    """
    with transaction.atomic(durable=True):
        cases = Cases([bill.case_id])
        opened = _open(money.take(locked_bill(bill.pk), acting=acting, at=at))
        if opened is None:
            raise Refused("money.no_account")
        cases.note(cases[bill.case_id], "refund.account_read", actor=acting, at=at)
        cases.save()
    return opened.account


def let_go(*, bill: FinalBill, acting: Acting, at: datetime) -> None:
    """Let the person tell another account: this one did not work. Twice is the same as once."""
    with transaction.atomic(durable=True):
        cases = Cases([bill.case_id])
        if money.let_go(locked_bill(bill.pk)):
            cases.note(cases[bill.case_id], "refund.account_let_go", actor=acting, at=at)
            cases.save()


def _open(kept: RefundAccount) -> _Opened | None:
    """None for what is erased, or cannot be opened on this installation."""
    text = unseal(bytes(kept.sealed), about=_about(kept.bill_id)) if kept.sealed else None
    if text is None:
        return None
    opened = json.loads(text)
    return _Opened(Account(Where(kept.where), opened["told"]), opened["proof"])


def _about(bill_id: int) -> str:
    return f"account for refunds of bill {bill_id}"
