"""How does an operator end a whole file of lines?"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from getpass import getuser
from hashlib import file_digest
from pathlib import Path
from typing import IO, Any

from django.utils.module_loading import import_string
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tojimari.cli import CommandError
from tojimari.cli.named import carrier_named
from tojimari.lines import words as line_words
from tojimari.lines.models import Carrier
from tojimari.lines.table import Table, Unreadable
from tojimari.network import words as network_words
from tojimari.network.elements import names
from tojimari.network.routing import OSMOHLR, SIMULATED, lanes_for
from tojimari.platform.acting import Acting, Refused, Role
from tojimari.platform.config import config
from tojimari.platform.database.scope import every_carrier
from tojimari.platform.health import alive
from tojimari.rules import effective as effective_rules
from tojimari.rules.calendar import jst
from tojimari.terminations import file_wishes
from tojimari.terminations.engine.claim import release_expired
from tojimari.terminations.engine.loop import new_owner, run_once
from tojimari.terminations.files import Row, Standing, Wish, open_file, request_rows, standing
from tojimari.terminations.handlers import HOUSE
from tojimari.terminations.models import Channel, FileWish, Termination
from tojimari.terminations.planning import Examples, for_staff_at_once
from tojimari.terminations.procedures import steps_for
from tojimari.terminations.reasons import reason_text, refusal_text

HELP = "end every line that a file names, with a result file; safe to interrupt and to run again"

# Staff belong to the desk, which this face does not know: it is called by name.
ASKING = "tojimari.desk.files.asking"

LOOK_EVERY = 1.0
COLUMNS = ("line", "identifier", "reference", "state", "code", "text", "ends_at", "total_yen")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="CSV or Excel with a column iccid, msisdn or order_number")
    parser.add_argument("--carrier", required=True, metavar="SLUG", help="whose lines")
    parser.add_argument(
        "--effective", required=True, metavar="WHEN", help="now, month-end, a day (2026-12-31), or business days (5bd)"
    )
    parser.add_argument("--reason", required=True, help="why; kept with every case")
    parser.add_argument("--scope", default="line", choices=("line", "roaming"), help="what ends (default: the line)")
    parser.add_argument(
        "--by", metavar="EMAIL", help="the member of staff who asks; a colleague then confirms it at the desk"
    )
    parser.add_argument("--alone", action="store_true", help="do it without a second person, where that is allowed")
    parser.add_argument("--dry-run", action="store_true", help="say what would happen and what stands in the way")
    parser.add_argument("--no-wait", action="store_true", help="ask for everything and do not wait for the work")


@dataclass
class Tally:
    """What became of the rows so far. Cases are kept by id: eight bytes each, for a file of any size."""

    rows: int = 0
    created: int = 0
    known: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    for_staff: Counter[str] = field(default_factory=Counter)
    """Cases that the network would leave to staff at once, by reason. Of a dry run."""
    cases: dict[int, None] = field(default_factory=dict)
    yen: int = 0
    kinds: set[str] = field(default_factory=set)
    examples: Examples = field(default_factory=Examples)
    """One line of each sort, for the commands of a dry run."""

    def add(self, rows: Sequence[Row]) -> None:
        planned: list[Termination] = []
        for row in rows:
            self.rows += 1
            if row.refused is not None or row.termination is None:
                self.refused[row.refused.code if row.refused else "line.unknown"] += 1
                continue
            self.created += row.created
            self.kinds.add(row.termination.kind)
            self.known += not row.created
            self.yen += row.termination.quote.get("total_yen", 0) if row.created else 0
            if row.created and row.termination._state.adding:  # in a dry run
                self.examples.add(row.termination)
                planned.append(row.termination)
            if row.termination.pk is not None:
                self.cases[row.termination.pk] = None
        self.for_staff.update(for_staff_at_once(planned))

    @property
    def plan(self) -> dict[str, Any]:
        """What whoever confirms the file must know."""
        refused = sum(self.refused.values())
        counts = {"rows": self.rows, "cases": self.created, "known": self.known, "refused": refused, "yen": self.yen}
        return {**counts, "for_staff": dict(self.for_staff), "sorts": self.examples.plans()}


def run(args: argparse.Namespace) -> int:
    """Exit code 0 when every row is closed or under way, 1 when rows came back, 2 when the file cannot be used."""
    table, wish, wanted = _opened(args)
    at = datetime.now(UTC)
    tally = Tally()
    if not args.dry_run:
        order = _order(args, table, wish, wanted, at)
        if order is None:
            return 1
        wish = replace(wish, acting=Acting(Role.CARRIER, f"{wish.acting.key}-{order.reference}"))
    with every_carrier(), _progress(Console(stderr=True)) as progress:
        task = progress.add_task("checking" if args.dry_run else "asking", total=table.lines)
        for rows in request_rows(table, wish, at=at, dry=args.dry_run):
            tally.add(rows)
            progress.update(task, completed=tally.rows)
        progress.update(task, completed=tally.rows, total=tally.rows)
        if args.dry_run:
            _say_plan(tally, wish, at)
            return 1 if tally.refused else 0
        stands = standing(list(tally.cases), at=at)
        if not args.no_wait:
            stands = _wait(progress, list(tally.cases))
        result = _write_result(table, wish, at)
    _say_end(tally, wish, stands, result)
    return 1 if tally.refused or stands.stuck else 0


def _order(
    args: argparse.Namespace, table: Table, wish: Wish, wanted: file_wishes.Wanted, at: datetime
) -> FileWish | None:
    """Return the wish by which this file may be run, or say who must do what first, and return None."""
    if args.alone and not (config().files_alone or config().demo):
        raise CommandError("--alone is not allowed here (TOJIMARI_FILES_ALONE); give --by EMAIL instead")
    with every_carrier():
        order = file_wishes.confirmed(wanted, at=at)
        if order is not None and (args.alone or not order.alone):
            return order
        if args.alone:
            return file_wishes.ask_alone(wanted, user=getuser(), at=at)
        if not args.by:
            raise CommandError("ending a file of lines takes two people: give --by EMAIL, the one of you who asks")
        acting: Acting | None = import_string(ASKING)(wanted.carrier, args.by)
        if acting is None:
            raise CommandError(
                f"{args.by} may not end files of lines at {wanted.carrier.slug}: see `tojimari staff list`"
            )
        tally = Tally()
        for rows in request_rows(table, wish, at=at, dry=True):
            tally.add(rows)
        order = file_wishes.ask(wanted, plan=tally.plan, acting=acting, at=at)
    _say_plan(tally, wish, at)
    print(f"Asked for as {order.reference}. A colleague of {args.by} looks at it at the desk, under “Files of lines”.")
    print("When they have confirmed it, run the same command again.")
    return None


def _opened(args: argparse.Namespace) -> tuple[Table, Wish, file_wishes.Wanted]:
    """Check everything that can be wrong before anything is asked for."""
    carrier = carrier_named(args.carrier)
    try:
        effective_rules.ends_at(effective_rules.parse(args.effective), datetime.now(UTC))
    except Refused as refused:
        raise CommandError(f"--effective {args.effective}: {refusal_text(refused)}") from None
    others = {info.get("network") for info in alive("worker")} - {config().network}
    if others:
        # Otherwise lines would be asked for on one network, and said to be closed on another.
        raise CommandError(
            f"this shell is connected to the network {config().network!r}, a running worker to {others.pop()!r}; "
            "give both the same TOJIMARI_HOME and TOJIMARI_OSMOHLR_HOST"
        )
    try:
        table = open_file(args.file)
    except Unreadable as unreadable:
        raise CommandError(line_words.reason(unreadable.code, unreadable.facts)) from None
    with open(args.file, "rb") as content:
        digest = file_digest(content, "sha256").hexdigest()
    acting = Acting(Role.CARRIER, f"file-{digest[:16]}")
    wanted = file_wishes.Wanted(carrier, digest, args.file.name, args.scope, args.effective, args.reason)
    return table, Wish(carrier, args.scope, args.effective, args.reason, acting), wanted


def _wait(progress: Progress, cases: list[int]) -> Standing:
    """Wait until no case can go on by itself now. Where no worker is alive this process does the work itself."""
    task = progress.add_task("closing", total=len(cases))
    alone = not alive("worker")
    if alone:
        progress.console.print("No worker is running: this command does the work itself.")
    owner = new_owner()
    while True:
        began = time.monotonic()
        stands = standing(cases, at=datetime.now(UTC))
        progress.update(task, completed=len(cases) - stands.working)
        if not stands.working:
            return stands
        # Counting a million cases takes a while; the work has nine parts of ten of the time.
        pause = max(LOOK_EVERY, 9 * (time.monotonic() - began))
        if alone:
            release_expired(at=datetime.now(UTC))
            _work_for(pause, owner)
        else:
            time.sleep(pause)


def _work_for(seconds: float, owner: str) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not sum(run_once(lane, owner=owner) for lane in (*names(), HOUSE)):
            return


def _write_result(table: Table, wish: Wish, at: datetime) -> Path:
    """Write what became of each row, reading the file once more, so that memory does not grow with it."""
    path = table.path.with_name(f"{table.path.stem}.result.csv")
    part = path.with_name(f".{path.name}.part")
    try:
        with open(part, "w", encoding="utf-8-sig", newline="") as file:
            _write_rows(file, request_rows(table, wish, at=at, dry=True))
        part.replace(path)
    except OSError as error:
        raise CommandError(
            f"everything was asked for, but the result file {path} cannot be written ({error.strerror}); "
            "make its folder writable and run the command again"
        ) from None
    return path


def _write_rows(file: IO[str], chunks: Iterator[Sequence[Row]]) -> None:
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for rows in chunks:
        for row in rows:
            writer.writerow([row.number, row.identifier, *_facts(row)])


def _facts(row: Row) -> list[Any]:
    case = row.termination
    if case is None or row.refused is not None:
        refused = row.refused or Refused("line.unknown")
        return ["", "refused", refused.code, refusal_text(refused), "", ""]
    ends = jst(case.ends_at).isoformat(timespec="seconds")
    return [case.reference, case.state, case.code, "", ends, case.quote.get("total_yen", "")]


def _say_plan(tally: Tally, wish: Wish, at: datetime) -> None:
    ends = effective_rules.ends_at(effective_rules.parse(wish.effective), at)
    print(
        f"{tally.rows} rows: {tally.created} would be asked for, {tally.known} are already, "
        f"{sum(tally.refused.values())} cannot be."
    )
    if tally.created:
        print(f"They would end at {jst(ends):%Y-%m-%d %H:%M} Japan time; {tally.yen:,} yen would go on final bills.")
    for kind in sorted(tally.kinds):
        print(f"  {kind}: {', '.join(steps_for(wish.carrier, kind, Channel.FILE))}")
    for sort in tally.examples.plans():
        print("\n".join(commands_of(sort)))
    if tally.kinds:
        print("Until the first “remove” begins each can be withdrawn; after that there is no way back.")
    for code, count in tally.for_staff.most_common():
        print(f"  {count} of them would wait for staff, {code}: {' '.join(reason_text(code))}")
    _say_refused(tally)
    print(f"Network: {_network(wish.carrier, wish.scope)}. Nothing was written.")


def commands_of(sort: Mapping[str, Any]) -> Iterator[str]:
    """What would be sent for one sort of lines, element by element; identifiers of one line of it, masked."""
    lanes = ", then ".join(sort["lanes"])
    yield f"{sort['lines']} x {sort['kind']} at {lanes}. For one of them this would be sent:"
    for step in sort["steps"]:
        if step["no_return"]:
            yield "  ---- no way back from here on ----"
        yield f"  {step['step']} ({step['lane']})"
        if step["orders"] is None:
            yield "    it does not say beforehand what it sends"
        elif not step["orders"]:
            yield "    nothing is sent"
        for order in step["orders"] or ():
            note = network_words.note(order["note"])
            sent = f"{order['port']} > {order['sent']}" if order["sent"] else ""
            yield f"    {sent}{f'  ({note})' if sent and note else note}"


def _say_end(tally: Tally, wish: Wish, stands: Standing, result: Path) -> None:
    print(
        f"{tally.rows} rows: {tally.created} newly asked for, {tally.known} asked for before, "
        f"{sum(tally.refused.values())} not possible."
    )
    print(
        f"Closed {stands.closed}, under way {stands.working}, waiting for a date, a person or the network "
        f"{stands.waiting}, stuck {stands.stuck}, withdrawn or rejected {stands.over}."
    )
    _say_refused(tally)
    print(f"Network: {_network(wish.carrier, wish.scope)}. Row by row: {result}")


def _network(carrier: Carrier, scope: str) -> str:
    """Name the elements at which lines of the carrier, or their roaming, may end."""
    used = sorted({lane for kind in ("physical_sim", "esim") for lane in lanes_for(carrier.elements, kind, scope)})
    if SIMULATED in used:
        return "SIMULATED, no real line is touched" if used == [SIMULATED] else f"partly SIMULATED: {', '.join(used)}"
    host = config().osmohlr_host
    return ", ".join(f"OsmoHLR on {host}" if lane == OSMOHLR and host else lane for lane in used)


def _say_refused(tally: Tally) -> None:
    for code, count in tally.refused.most_common():
        print(f"  {count} x {code}: {' '.join(reason_text(code))}")


@contextmanager
def _progress(console: Console) -> Iterator[Progress]:
    """Show bars on a terminal, and nothing at all into a file or a pipe."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not sys.stderr.isatty()) as progress:
        yield progress
