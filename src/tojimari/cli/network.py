"""What does the network say about a line, and how does a test network get lines to close?"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from django.utils import translation

from tojimari.cli import CommandError
from tojimari.cli.named import carrier_named
from tojimari.lines.access import line_by_identifier
from tojimari.lines.models import Carrier, Line, LineState
from tojimari.network import words
from tojimari.network.actions import Named, name_orders
from tojimari.network.elements.osmohlr.wire import Trouble
from tojimari.network.looking import Looked, look
from tojimari.network.routing import lanes_for
from tojimari.network.seed import seed_by_element
from tojimari.platform.database.scope import carrier_scope
from tojimari.platform.work import Target
from tojimari.rules.identifiers.iccid import check as check_iccid

HELP = "ask the network about a line; take in names of eSIM orders; fill a test network with a carrier's lines"

LOOK_SECONDS = 30.0
LONGEST_MATCHING_ID = 255


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    show = verbs.add_parser("show", help="ask the line's network elements what they hold; changes nothing")
    show.add_argument("identifier", help="phone number, ICCID or order number, in any spelling")
    show.add_argument(
        "--scope", choices=("line", "roaming"), default="line", help="what of it; the whole line if not given"
    )
    fill = verbs.add_parser(
        "seed", help="create the carrier's active lines in their HLRs, with random keys; for test networks only"
    )
    orders = verbs.add_parser(
        "orders",
        help="take in under which matching id each eSIM profile was ordered",
        description="A profile server cancels an order only under the matching id that it was confirmed with.",
    )
    orders.add_argument("file", type=Path, metavar="FILE", help="CSV (UTF-8) with the columns iccid and matching_id")
    for verb in (show, fill, orders):
        verb.add_argument("--carrier", required=True, metavar="SLUG", help="whose lines")


def run(args: argparse.Namespace) -> int:
    carrier = carrier_named(args.carrier)
    with carrier_scope(carrier.pk):
        if args.verb == "orders":
            return _orders(carrier, args.file)
        return _show(carrier, args.identifier, args.scope) if args.verb == "show" else _seed(carrier)


def _show(carrier: Carrier, identifier: str, scope: str) -> int:
    """Print what was sent to the elements and what they hold. Exit code 0 when one knows the line, 1 when none does.

    2 when one could not say; the others are printed all the same.
    """
    line = line_by_identifier(carrier, identifier)
    if line is None:
        raise CommandError(f"{carrier.slug} has no such line; a line that is closed is found by its ICCID")
    lanes = lanes_for(carrier.elements, line.kind, scope, line.imsi)
    said = look(lanes, line.target, scope, within=LOOK_SECONDS)
    with translation.override("en"):  # like everything else that the command prints
        print("\n".join(row for one in said for row in _told(one)))
    silent = [f"{one.lane} could not say: {one.code}" for one in said if one.code]
    if silent:
        raise CommandError("; ".join(silent))
    return 0 if any(one.facts.get("known") for one in said) else 1


def _told(one: Looked) -> Iterator[str]:
    """What one element has said, for a person: the talk, and then what follows from it."""
    yield f"{one.lane} {one.address}".strip() + (" (simulated)" if one.simulated else "")
    for said in one.exchange:
        yield f"  {said['port']} > {said['sent']}"
        yield from (f"  {said['port']} < {row}" for row in str(said["back"]).splitlines())
    for name, found in one.facts.items():
        if isinstance(found, Mapping) and found:
            yield f"  {words.fact(name)}:"
            yield from (f"    {field}: {words.value(field, held)}" for field, held in found.items())
        else:
            yield f"  {words.fact(name)}: {words.value(name, found)}"


def _seed(carrier: Carrier) -> int:
    """Fill the test networks. Exit code 1 when a line could not be put anywhere."""
    try:
        done = seed_by_element(_active(carrier), carrier.elements)
    except LookupError as error:
        raise CommandError(str(error)) from None
    except Trouble as trouble:
        raise CommandError(f"an HLR does not take the lines: {trouble}; run it again, nothing is made twice") from None
    if not (done.created or done.not_ours or done.no_range):
        print(f"{carrier.slug} has no line that runs and has an IMSI")
    for lane, many in done.created.items():
        print(f"{many} lines of {carrier.slug} created in {lane}")
    for lane, many in done.not_ours.items():
        print(f"{many} lines are left to {lane}: it is not filled by this command")
    if done.no_range:
        print(f"{done.no_range} lines are left out: no element of their group has a range for their IMSI")
    return 1 if done.no_range else 0


def _orders(carrier: Carrier, file: Path) -> int:
    """Take in matching ids, all or none of them."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            rows = list(csv.DictReader(text))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CommandError(f"{file} cannot be read: {error}") from None
    if not rows or not {"iccid", "matching_id"} <= rows[0].keys():
        raise CommandError(f"{file} needs the columns iccid and matching_id, and at least one row")
    bad = [place for place, row in enumerate(rows, start=2) if not _is_order(row)]
    if bad:
        raise CommandError(
            f"{file}: rows {', '.join(map(str, bad[:20]))} name no ICCID or no matching id; nothing done"
        )
    named = [Named(check_iccid(row["iccid"]).value, row["matching_id"].strip()) for row in rows]
    print(f"{name_orders(named, carrier_id=carrier.pk)} orders of {carrier.slug} are known by their matching ids")
    return 0


def _is_order(row: Mapping[str, str | None]) -> bool:
    matching_id = (row["matching_id"] or "").strip()
    return check_iccid(row["iccid"] or "").valid and 0 < len(matching_id) <= LONGEST_MATCHING_ID


def _active(carrier: Carrier) -> Iterator[Target]:
    lines = Line.objects.filter(carrier=carrier, state=LineState.ACTIVE).exclude(imsi="")
    for line in lines.order_by("pk").iterator(chunk_size=2000):
        yield line.target
