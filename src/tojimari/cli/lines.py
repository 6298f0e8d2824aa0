"""How do a carrier's lines get in, and what does the house know of one?"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from getpass import getuser
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tojimari.cli import CommandError, bills, refuse_old_tables, set_up, speech, start_database

if TYPE_CHECKING:
    from tojimari.lines.company import Company
    from tojimari.lines.imports import Summary
    from tojimari.lines.models import Carrier

HELP = "import lines and the terms of plans, write a sample, show a line, enter a payment, bill late use, add a carrier"
DJANGO = False  # writing a sample needs no database; the other verbs set it up themselves

_NAMES = ("name_ja", "name_en", "name_zh_hans", "name_zh_hant")

PLAIN_EVERY = 50_000
"""Rows between two lines of progress where there is no terminal to draw a bar on."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    importing = verbs.add_parser(
        "import",
        help="import a file of lines; safe to interrupt and to run again",
        description="Exit code 0: all rows are in. 1: bad rows came back in FILE.bad.csv. 2: the file cannot be used.",
    )
    importing.add_argument("file", type=Path, metavar="FILE", help="CSV (UTF-8 or Shift_JIS) or Excel")
    importing.add_argument("--dry-run", action="store_true", help="do everything, take it back, say what would happen")
    importing.add_argument(
        "--resting-numbers", action="store_true", help="take numbers that still rest after their last holder, too"
    )
    sample = verbs.add_parser("sample", help="write the file of a carrier that does not exist")
    sample.add_argument("file", type=Path, nargs="?", default=Path("lines.csv"), metavar="FILE", help="lines.csv")
    sample.add_argument("--count", type=int, required=True, metavar="N", help="number of rows, up to ten million")
    sample.add_argument("--seed", type=int, default=1, metavar="N", help="the same seed gives the same file")
    sample.add_argument("--bad-share", type=float, default=0.01, metavar="X", help="share of bad rows (default 0.01)")
    sample.add_argument("--encoding", default="utf-8", help="utf-8, utf-8-sig or cp932; not for .xlsx")
    show = verbs.add_parser("show", help="show a line with all that belongs to it")
    show.add_argument("identifier", help="phone number, ICCID or order number, in any spelling")
    terms = verbs.add_parser("terms", help="read what the terms of plans say of the end of a contract, from TOML")
    terms.add_argument("file", type=Path, metavar="FILE", help="one table for each plan, named by its code")
    for verb in (importing, show, terms, *bills.add_arguments(verbs)):
        verb.add_argument("--carrier", required=True, metavar="SLUG", help="whose lines")
    carrier = verbs.add_parser("carrier", help="add a carrier, or change what is given of one")
    carrier.add_argument("slug", metavar="SLUG", help="short name in Latin letters, e.g. tabi")
    carrier.add_argument("--name-ja", metavar="NAME", default="", help="in Japanese; a new carrier needs it")
    carrier.add_argument("--name-en", metavar="NAME", default="", help="in English; a new carrier needs it")
    for_chinese = "a new carrier's is the Japanese one if it is not given"
    carrier.add_argument("--name-zh-hans", metavar="NAME", default="", help=f"in simplified Chinese; {for_chinese}")
    carrier.add_argument("--name-zh-hant", metavar="NAME", default="", help=f"in traditional Chinese; {for_chinese}")
    carrier.add_argument("--legal-name", metavar="NAME", help="of the company; stands in certificates")
    carrier.add_argument(
        "--registration", metavar="NUMBER", help="its registration or notification as a carrier; stands in certificates"
    )
    carrier.add_argument(
        "--designated",
        choices=("yes", "no"),
        help="designated under Art. 27-3: a consumer's cancellation fee is 1,000 yen before tax at most (default: no)",
    )
    carrier.add_argument(
        "--invoice-number", metavar="T…", help="T and 13 digits, of consumption tax; stands on final bills"
    )
    carrier.add_argument(
        "--rest-days", type=int, metavar="N", help="days for which its numbers rest; 0 for the default of the house"
    )
    carrier.add_argument("--host", action="append", default=[], help="host name of its portal; may be repeated")
    carrier.add_argument(
        "--element",
        action="append",
        default=[],
        metavar="WHAT=NAME,...",
        help="network elements, in their order, that end physical_sim, esim or roaming; may be repeated",
    )


def run(args: argparse.Namespace) -> int:
    set_up()
    from django.utils import translation

    from tojimari.lines import words
    from tojimari.lines.table import Unreadable
    from tojimari.platform.acting import Refused

    language = speech.tag_of(os.environ)
    verbs: dict[str, Callable[[argparse.Namespace], int]] = {
        "import": _import,
        "sample": _sample,
        "show": _show,
        "paid": _paid,
        "terms": _terms,
        "usage": _usage,
        "carrier": _carrier,
    }
    with translation.override(language):
        try:
            return verbs[args.verb](args)
        except Unreadable as error:
            raise CommandError(words.reason(error.code, error.facts)) from None
        except Refused as refused:
            from tojimari.terminations.reasons import refusal_text

            raise CommandError(refusal_text(refused)) from None


def _database() -> None:
    start_database()
    refuse_old_tables()


def _meant(args: argparse.Namespace) -> Carrier:
    """The carrier that is named. The database must have been started."""
    from tojimari.cli.named import carrier_named

    return carrier_named(args.carrier)


def _import(args: argparse.Namespace) -> int:
    _database()
    from tojimari.lines.imports import import_lines

    carrier = _meant(args)
    began = time.monotonic()
    try:
        with _progress() as progress, _stopping_between_chunks(progress) as told:
            summary = import_lines(
                args.file, carrier=carrier, dry_run=args.dry_run, progress=told, resting_too=args.resting_numbers
            )
    except KeyboardInterrupt:
        after = "Nothing was written." if args.dry_run else "What is in stays in. Run the same command to go on."
        print(f"Interrupted. {after}", file=sys.stderr)
        return 130
    _say(summary, seconds=time.monotonic() - began, dry_run=args.dry_run)
    return 1 if summary.bad else 0


def _say(summary: Summary, *, seconds: float, dry_run: bool) -> None:
    rate = f"{summary.rows / seconds:,.0f}" if seconds else "-"
    print(f"{summary.rows:,} rows in {seconds:.1f} s ({rate} rows/s)" + (", nothing was written:" if dry_run else ":"))
    print(f"  {summary.imported:>12,}  {'would be imported' if dry_run else 'imported'}")
    print(f"  {summary.updated:>12,}  {'would be updated' if dry_run else 'updated'}")
    print(f"  {summary.already_there:>12,}  already there", end="")
    print(f", of these {summary.ended:,} ended or about to end: not touched" if summary.ended else "")
    print(f"  {summary.bad:>12,}  bad", end="")
    print(f", with reasons in {summary.bad_path}" if summary.bad_path else "")


@contextmanager
def _stopping_between_chunks(progress: Callable[[int, int], None]) -> Iterator[Callable[[int, int], None]]:
    """Let Ctrl-C end the import after the chunk that is being stored, and a second Ctrl-C at once.

    In the middle of a COPY the database client would turn the interruption into an error of its own.
    """
    asked = False

    def ask(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        asked = True
        signal.signal(signal.SIGINT, before)

    def tell(done: int, total: int) -> None:
        progress(done, total)
        if asked:
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield tell
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """Draw a bar on a terminal; elsewhere print a line now and then, which reads well in a log."""
    console = Console(stderr=True)
    if not console.is_terminal:
        told = 0

        def tell(done: int, total: int) -> None:
            nonlocal told
            if done - told >= PLAIN_EVERY:
                told = done
                print(f"{done:,} of about {total:,} rows", file=sys.stderr, flush=True)

        yield tell
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as bars:
        task = bars.add_task("importing", total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)


def _sample(args: argparse.Namespace) -> int:
    from tojimari.lines.sample import write_sample

    try:
        bad = write_sample(args.file, args.count, seed=args.seed, bad_share=args.bad_share, encoding=args.encoding)
    except (ValueError, OSError) as error:
        raise CommandError(str(error)) from None
    print(f"{args.file}: {args.count:,} rows of a carrier that does not exist, {bad:,} of them bad on purpose.")
    return 0


def _show(args: argparse.Namespace) -> int:
    """Exit code 1 when there is no such line."""
    _database()
    from tojimari.lines import queries
    from tojimari.lines.access import line_by_identifier
    from tojimari.platform.database.scope import carrier_scope

    carrier = _meant(args)
    with carrier_scope(carrier.pk):
        line = line_by_identifier(carrier, args.identifier)
        if line is None:
            print(f"{carrier.slug} has no such line. A line that has ended is found by its ICCID.", file=sys.stderr)
            return 1
        view = queries.line_view(line)
        contact = queries.email_of(line.subscriber_id)
    facts = {
        "customer": f"{view.subscriber.number}  {view.subscriber.name}",
        "e-mail": contact,
        "kind": line.kind,
        "state": line.state,
        "number": f"+{line.msisdn}" if line.msisdn else "",
        "number off since": line.number_off_at,
        "IMSI": line.imsi,
        "ICCID": line.iccid,
        "EID": line.eid,
        "order number": line.order_number,
        "plan": f"{view.plan.code}  {view.plan.name}  {view.plan.monthly_fee_yen:,} yen a month",
        "contract since": line.contract_on,
        "valid until": line.valid_until,
        "ended at": line.ended_at,
        "balance": f"{line.balance_yen:,} yen",
        "services": ", ".join(f"{service.kind} ({service.state})" for service in view.services),
        "unpaid": ", ".join(f"{bill.month:%Y-%m}: {bill.amount_yen:,} yen" for bill in view.unpaid_bills),
    }
    for name, value in facts.items():
        if value not in ("", None):
            print(f"{name:<18}{value}")
    return 0


def _paid(args: argparse.Namespace) -> int:
    _database()
    return bills.paid(_meant(args), args)


def _usage(args: argparse.Namespace) -> int:
    _database()
    return bills.usage(_meant(args), args)


def _terms(args: argparse.Namespace) -> int:
    _database()
    from tojimari.lines.terms import set_terms
    from tojimari.platform.database.scope import carrier_scope

    try:
        text = args.file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{args.file} cannot be read: {error}") from None
    carrier = _meant(args)
    with carrier_scope(carrier.pk):
        codes = set_terms(text, carrier=carrier)
    print(f"Terms of {len(codes)} plans: {', '.join(codes)}.")
    return 0


def _carrier(args: argparse.Namespace) -> int:
    _database()
    from tojimari.cli.carrier_elements import in_words, merged
    from tojimari.lines import actions
    from tojimari.lines.changes import history
    from tojimari.lines.company import COMPANY, Company, check_company, set_company
    from tojimari.lines.models import Carrier
    from tojimari.platform.acting import SYSTEM, Acting, Role
    from tojimari.platform.database.scope import carrier_scope

    known = Carrier.objects.filter(slug=args.slug).first()
    names = {name: getattr(args, name) or getattr(known, name, "") for name in _NAMES}
    if not names["name_ja"] or not names["name_en"]:
        raise CommandError(f"{args.slug} is new here. Give its names: --name-ja and --name-en")
    elements = merged(known.elements if known else {}, args.element)
    company, at = _company(args, Company.of(known) if known else Company()), datetime.now(UTC)
    # Looked at before anything is written: what is wrong with it must not leave half a carrier behind.
    for refused in check_company(company, at=at)[1].values():
        raise refused
    carrier = actions.add_carrier(
        slug=args.slug,
        **names,
        hosts=args.host or (known.hosts if known else []),
        elements=elements,
        hotline=known.hotline if known else "",
        designated=args.designated == "yes" if args.designated else bool(known and known.designated),
        acting=SYSTEM,
    )
    with carrier_scope(carrier.pk):
        last, shell = history(carrier.pk, COMPANY).first(), f"shell:{getuser()}"
        set_company(
            carrier=carrier,
            wanted=company,
            seen=last.pk if last else 0,
            acting=Acting(Role.CARRIER, shell, shell),
            at=at,
        )
    print(f"{args.slug}: {'changed' if known else 'added'}." + (f" {in_words(elements)}" if elements else ""))
    return 0


def _company(args: argparse.Namespace, now: Company) -> Company:
    """What the carrier is to say of itself as a company: what is given, else what it says `now`; 0 days say nothing."""
    texts = {name: getattr(args, name) for name in ("legal_name", "registration", "invoice_number")}
    days = now.rest_days if args.rest_days is None else args.rest_days or None
    return replace(now, **{name: text for name, text in texts.items() if text is not None}, rest_days=days)
