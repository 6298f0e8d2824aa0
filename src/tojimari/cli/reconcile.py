"""How does an operator find ghost lines: lines that books and network do not agree on?"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

import polars as pl
from django.db.models import Count
from django.utils.module_loading import import_string
from rich.console import Console
from rich.table import Table

from tojimari.cli import CommandError
from tojimari.cli.named import carrier_named
from tojimari.lines.models import Carrier
from tojimari.network.reconciling import queries, runs
from tojimari.network.reconciling.by_hand import removal
from tojimari.network.reconciling.columns import FINDING
from tojimari.network.reconciling.exports import MostlyBad
from tojimari.network.reconciling.inputs import Inputs, is_beginning
from tojimari.network.reconciling.kinds import Kind, Source
from tojimari.network.reconciling.meanings import meanings
from tojimari.network.reconciling.models import Reconciliation
from tojimari.network.reconciling.words import KINDS
from tojimari.platform.acting import Acting, Refused, Role
from tojimari.platform.database.scope import carrier_scope
from tojimari.rules.calendar import jst
from tojimari.terminations import repairs
from tojimari.terminations.reasons import reason_text, refusal_text

# Staff belong to the desk, which this face does not know: it is called by name.
ASKING = "tojimari.desk.ghosts.asking"

HELP = "compare the books with the network, find ghost lines, and ask for their repair"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    run = verbs.add_parser("run", help="compare now, and keep what was found; nothing else is changed")
    _add_inputs(run)
    listed = verbs.add_parser("list", help="comparisons that were made, newest first")
    show = verbs.add_parser("show", help="what a comparison found")
    show.add_argument("reference", help="RC-1A2B-3C4D")
    repair = verbs.add_parser("repair", help="ask for the removal of what is closed and alive; a colleague confirms it")
    repair.add_argument("reference", help="RC-1A2B-3C4D")
    repair.add_argument("--by", required=True, metavar="EMAIL", help="the member of staff who asks")
    for verb in (run, listed, show, repair):
        verb.add_argument("--carrier", required=True, metavar="SLUG", help="whose lines")
        verb.add_argument("--json", action="store_true", help="print JSON")


def _add_inputs(run: argparse.ArgumentParser) -> None:
    run.add_argument("--hlr-database", type=Path, metavar="FILE", help="database of an OsmoHLR; it is only read")
    run.add_argument("--hlr-file", type=Path, metavar="FILE", help="CSV or Parquet: imsi, and msisdn, barred")
    run.add_argument("--live", action="store_true", help="ask the connected network line by line; for small sets")
    run.add_argument("--smdp-file", type=Path, metavar="FILE", help="CSV or Parquet of a profile server: iccid, state")
    run.add_argument("--bills-file", type=Path, metavar="FILE", help="CSV or Parquet: month, and iccid, imsi or msisdn")
    run.add_argument(
        "--as-of", metavar="TIME", help="when the exports were made: 2026-11-22T03:00+09:00, or now; needed for files"
    )
    run.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="FILE.NAME=HEADING",
        help="what a column is called there: hlr.imsi=IMSI_NO",
    )
    run.add_argument(
        "--imsi", action="append", default=[], metavar="DIGITS", help="this HLR serves IMSIs that begin so, no others"
    )
    run.add_argument("--csv", type=Path, metavar="FILE", help="write every finding, with full identifiers")
    run.add_argument("--dry-run", action="store_true", help="keep nothing")


def run(args: argparse.Namespace) -> int:
    """Exit code 0 when nothing was found, 1 when something was, 2 when it could not be compared."""
    carrier = carrier_named(args.carrier)
    try:
        with carrier_scope(carrier.pk):
            match args.verb:
                case "list":
                    return _list(carrier, args)
                case "show":
                    return _show(carrier, args)
                case "repair":
                    return _ask(carrier, args)
            return _run(carrier, args)
    except Refused as refused:
        raise CommandError(refusal_text(refused)) from None


def _run(carrier: Carrier, args: argparse.Namespace) -> int:
    at = datetime.now(UTC)
    files = [args.hlr_database, args.hlr_file, args.smdp_file, args.bills_file]
    if not args.as_of and any(files):
        raise CommandError("say with --as-of when the files were made; `--as-of now` for a database that is in use")
    if wrong := [one for one in args.imsi if not is_beginning(one)]:
        raise CommandError(f"--imsi {wrong[0]}: write digits, as in --imsi 44010")
    as_of = _moment(args.as_of, at)
    inputs = Inputs(
        database=args.hlr_database,
        live=args.live,
        hlr=args.hlr_file,
        smdp=args.smdp_file,
        billing=args.bills_file,
        mappings=_mappings(args.column),
        imsis=args.imsi,
    )
    try:
        found = runs.look(carrier, inputs, as_of=as_of, at=at)
    except MostlyBad as refused:
        bad = {refused.source: refused.bad}
        _say_bad(bad, sys.stderr)
        if args.csv:
            _write(bad, args.csv)
        raise
    if args.csv:
        _write(found.bad, args.csv, found.findings)
    kept = None
    if not args.dry_run:
        acting = Acting(Role.CARRIER, "shell")
        kept = runs.keep(carrier, found, as_of=as_of, acting=acting, begun_at=at, at=datetime.now(UTC))
    reference = kept.reference if kept else ""
    if args.json:
        facts = _facts(reference, as_of, found.lines, found.sources, found.counts, not_judged=found.not_judged)
        print(json.dumps(facts, ensure_ascii=False))
    else:
        _say(reference, as_of, found.lines, found.sources, found.counts)
        _say_meanings(found.findings.select("kind", "source", "detail").unique().iter_rows())
        if found.not_judged:
            print(f"Lines not judged, as the books changed them since one hour before: {found.not_judged:,}.")
        _say_bad(found.bad, sys.stdout)
    return 1 if found.findings.height else 0


def _moment(text: str | None, at: datetime) -> datetime:
    if text in (None, "now"):
        return at
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        raise CommandError(f"--as-of {text}: write 2026-11-22T03:00+09:00") from None
    if moment.tzinfo is None:
        raise CommandError(f"--as-of {text}: the zone is missing; write 2026-11-22T03:00+09:00")
    return moment


def _mappings(given: list[str]) -> Mapping[Source, Mapping[str, str]]:
    names = {"hlr": Source.HLR, "smdp": Source.SMDP, "bills": Source.BILLING}
    mappings: dict[Source, dict[str, str]] = {}
    for one in given:
        place, equals, heading = one.partition("=")
        file, dot, name = place.partition(".")
        if not (equals and dot and heading and name) or file not in names:
            raise CommandError(f"--column {one}: write hlr.imsi=HEADING; files are {', '.join(names)}")
        mappings.setdefault(names[file], {})[name] = heading
    return mappings


def _facts(
    reference: str, as_of: datetime, lines: int, sources: Any, counts: Mapping[str, int], **more: Any
) -> dict[str, Any]:
    return {
        "reference": reference,
        "as_of": as_of.isoformat(),
        "lines": lines,
        "sources": list(sources),
        "found": dict(counts),
        **more,
    }


def _say(reference: str, as_of: datetime, lines: int, sources: Any, counts: Mapping[str, int]) -> None:
    table = Table(title=f"{reference} {jst(as_of):%Y-%m-%d %H:%M} Japan time".strip(), title_justify="left")
    table.add_column("what was found")
    table.add_column("how many", justify="right")
    for kind in Kind:
        table.add_row(str(KINDS[kind][0]), f"{counts[kind]:,}" if kind in counts else "not looked for")
    Console(width=None if sys.stdout.isatty() else 100).print(table)
    read = [one for one in sources if "not_asked" not in one]
    told = "; ".join(f"{one['name']}: {one['rows']:,} rows, {one['bad']:,} unusable" for one in read)
    print(f"{lines:,} lines in the books. {told}".strip())
    for one in sources:
        if "not_asked" in one:
            print(f"{one['name']}: cannot be asked line by line; lines not looked at there: {one['not_asked']:,}.")
    if counts.get(Kind.STRANGER):
        print("Unknown to the books: take a line in with `tojimari lines import FILE --carrier SLUG`, or remove it by")
        print("hand; `--csv` names each in full. At the VTY of an OsmoHLR (port 4258):")
        print("".join(f"  {line}\n" for line in removal("imsi IMSI")), end="")
    if Kind.ACTIVE_GONE not in counts and sources:
        print("Lines that are gone were not looked for: a row's identifier could not be read, or no HLR was given.")


def _say_meanings(found: Iterable[tuple[Any, ...]]) -> None:
    for text in meanings((kind, source, detail) for kind, source, detail in found):
        print(f"- {text}")


def _say_bad(found: Mapping[Source, pl.DataFrame], where: TextIO) -> None:
    for source, bad in found.items():
        by_reason = bad.group_by("reason", maintain_order=True).agg(pl.col("row").head(5), pl.len())
        for reason, rows, many in by_reason.iter_rows():
            more = f" and {many - len(rows):,} more" if many > len(rows) else ""
            print(f"  {source}: row {', '.join(rows)}{more}: {' '.join(reason_text(reason))}", file=where)


def _write(bad_rows: Mapping[Source, pl.DataFrame], path: Path, findings: pl.DataFrame | None = None) -> None:
    """Write findings and unusable rows. Whoever reads it reads customers' numbers: it is the owner's alone."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.touch(mode=0o600)
        bad = [
            rows.select(
                pl.lit("unusable_row").alias("kind"), pl.lit(str(source)).alias("source"), key="row", detail="reason"
            )
            for source, rows in bad_rows.items()
        ]
        found = pl.DataFrame(schema=FINDING) if findings is None else findings
        pl.concat([found, *bad], how="diagonal").write_csv(part, include_bom=True)
        part.replace(path)
    except OSError as error:
        raise CommandError(f"{path} cannot be written ({error.strerror}); nothing was kept") from None


def _run_of(carrier: Carrier, reference: str) -> Reconciliation:
    found = queries.run_by_reference(carrier.pk, reference)
    if found is None:
        raise CommandError(f"{carrier.slug} has no comparison {reference}; see `tojimari reconcile list`")
    return found


def _ask(carrier: Carrier, args: argparse.Namespace) -> int:
    """Ask for a repair. Exit code 1: nothing is done before a colleague has confirmed it at the desk."""
    kept = _run_of(carrier, args.reference)
    acting: Acting | None = import_string(ASKING)(carrier, args.by)
    if acting is None:
        raise CommandError(f"{args.by} may not ask for repairs at {carrier.slug}: see `tojimari staff list`")
    wish = repairs.ask(kept, acting=acting, at=datetime.now(UTC))
    number = repairs.to_repair(kept).aggregate(lines=Count("line_id", distinct=True))["lines"]
    if args.json:
        print(json.dumps({"reference": wish.reference, "confirmed": wish.confirmed, "lines": number}))
    else:
        print(f"Asked for as {wish.reference}: {number:,} lines would be removed from the network.")
        print(f"A colleague of {args.by} looks at it at the desk, under “Ghost lines”; a worker then does it.")
    return 0 if wish.confirmed else 1


def _list(carrier: Carrier, args: argparse.Namespace) -> int:
    kept = queries.runs_of(carrier.pk)[:50]
    if args.json:
        print(json.dumps([_facts(one.reference, one.as_of, one.lines, one.sources, one.counts) for one in kept]))
        return 0
    for one in kept:
        names = ", ".join(source["name"] for source in one.sources)
        found, strangers = queries.found_in(one)
        more = f"; {strangers:,} unknown to the books" if strangers else ""
        print(f"{one.reference}  {jst(one.as_of):%Y-%m-%d %H:%M}  {found:>7,} found  {names}{more}")
    return 0


def _show(carrier: Carrier, args: argparse.Namespace) -> int:
    kept = _run_of(carrier, args.reference)
    rows = queries.findings_of(kept)
    if args.json:
        listed = list(rows.values("id", "kind", "source", "line_id", "key", "ends", "detail"))
        print(json.dumps(_facts(kept.reference, kept.as_of, kept.lines, kept.sources, kept.counts, findings=listed)))
    else:
        _say(kept.reference, kept.as_of, kept.lines, kept.sources, kept.counts)
        _say_meanings(rows.order_by().values_list("kind", "source", "detail").distinct())
    return 1 if sum(kept.counts.values()) else 0
