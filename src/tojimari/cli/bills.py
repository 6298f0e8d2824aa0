"""How do payments of bills, and use that was heard of late, get in from a shell? By `lines paid` and `lines usage`."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tojimari.cli import CommandError

if TYPE_CHECKING:
    from tojimari.lines.models import Carrier


def add_arguments(verbs: Any) -> list[argparse.ArgumentParser]:
    """Add both verbs, and return their parsers."""
    paid: argparse.ArgumentParser = verbs.add_parser(
        "paid", help="say that an unpaid bill, or a final bill, was paid, by its payment number"
    )
    paid.add_argument("number", help="the payment number, as the customer was shown it: RF34 0000 0042")
    paid.add_argument("--on", type=date.fromisoformat, metavar="DAY", help="2026-11-30, Japan time (default: today)")
    paid.add_argument("--transfer", metavar="NUMBER", help="number of the transfer; a final bill needs it")
    paid.add_argument("--yen", type=int, metavar="N", help="what came for a final bill (default: all that is left)")
    usage: argparse.ArgumentParser = verbs.add_parser(
        "usage",
        help="bill use that was heard of after the end (roaming records) from a file; safe to run again",
        description="Exit code 0: all rows are in. 1: bad rows came back in FILE.bad.csv. 2: the file cannot be used.",
    )
    usage.add_argument(
        "file", type=Path, metavar="FILE", help="CSV or Excel: record, what, amount_yen, used_on, and bill or iccid"
    )
    return [paid, usage]


def paid(carrier: Carrier, args: argparse.Namespace) -> int:
    """Exit code 1 when there is no such bill, or nothing is left to pay of it."""
    from tojimari.platform.acting import SYSTEM
    from tojimari.platform.database.scope import carrier_scope
    from tojimari.rules.calendar import jst_date
    from tojimari.rules.identifiers import payment
    from tojimari.terminations.settling import pay_by_transfer

    number = payment.read(args.number)
    if number is None:
        raise CommandError("this is no payment number: it begins with RF, and its check digits do not fit")
    now = datetime.now(UTC)
    on = args.on or jst_date(now)
    with carrier_scope(carrier.pk):
        if number >= payment.FINAL:
            return _final_bill_paid(carrier, args, on, now)
        bill = pay_by_transfer(bill_id=number, on=on, acting=SYSTEM, at=now)
    if bill is None:
        print(f"{carrier.slug} has no such bill that is unpaid.", file=sys.stderr)
        return 1
    print(f"Paid: {bill.month:%Y-%m}, {bill.amount_yen:,} yen.")
    return 0


def _final_bill_paid(carrier: Carrier, args: argparse.Namespace, on: date, now: datetime) -> int:
    from tojimari.money.models import Way
    from tojimari.money.queries import balance
    from tojimari.platform.acting import SYSTEM
    from tojimari.terminations import final_bills

    if not args.transfer:
        raise CommandError("this is a final bill: name the transfer with --transfer NUMBER, so that it counts once")
    bill = final_bills.bill_named(carrier.pk, args.number)
    yen = args.yen if args.yen is not None else balance(bill).left_yen
    if args.yen is None and not yen:
        print(f"Nothing is left to pay for {bill.reference}.", file=sys.stderr)
        return 1
    final_bills.take_in(
        bill=bill, amount_yen=yen, received_on=on, way=Way.TRANSFER, number=args.transfer, acting=SYSTEM, at=now
    )
    stands = balance(bill)
    back = sum(refund.amount_yen for refund in stands.refunds if refund.paid_at is None)
    print(f"Paid: final bill of {bill.reference}, {yen:,} yen; {stands.left_yen:,} yen left.", end="")
    print(f" {back:,} yen are to be paid back: see the desk." if back else "")
    return 0


def usage(carrier: Carrier, args: argparse.Namespace) -> int:
    """Exit code 1 when rows came back."""
    from tojimari.platform.acting import SYSTEM
    from tojimari.platform.database.scope import carrier_scope
    from tojimari.terminations.late_use_file import bill_file

    with carrier_scope(carrier.pk):
        taken = bill_file(args.file, carrier=carrier, acting=SYSTEM, at=datetime.now(UTC))
    print(f"{taken.rows:,} rows:")
    print(f"  {taken.billed:>12,}  billed now, {taken.billed_yen:,} yen")
    print(f"  {taken.already:>12,}  billed before")
    print(f"  {taken.bad:>12,}  bad", end="")
    print(f", with reasons in {taken.bad_path}" if taken.bad_path else "")
    return 1 if taken.bad else 0
