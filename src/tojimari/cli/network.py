"""What does the network say about a line, and how does a test network get lines to close?"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from datetime import UTC, datetime

from tojimari.cli import CommandError
from tojimari.lines.access import NotFound, carrier_by_slug, line_by_identifier
from tojimari.lines.models import Carrier, Line, LineState
from tojimari.network.elements import element
from tojimari.network.routing import lane_for
from tojimari.network.seed import seed
from tojimari.platform.database.scope import carrier_scope
from tojimari.platform.work import Batch, Target, Work

HELP = "ask the network about a line; fill a test network with a carrier's lines"

LOOK_SECONDS = 30.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    show = verbs.add_parser("show", help="ask the line's network element what it holds; changes nothing")
    show.add_argument("identifier", help="phone number, ICCID or order number, in any spelling")
    fill = verbs.add_parser(
        "seed", help="create the carrier's active lines in the connected HLR, with random keys; for test networks only"
    )
    for verb in (show, fill):
        verb.add_argument("--carrier", required=True, metavar="SLUG", help="whose lines")


def run(args: argparse.Namespace) -> int:
    try:
        carrier = carrier_by_slug(args.carrier)
    except NotFound:
        raise CommandError(f"there is no carrier {args.carrier!r}") from None
    with carrier_scope(carrier.pk):
        return _show(carrier, args.identifier) if args.verb == "show" else _seed(carrier)


def _show(carrier: Carrier, identifier: str) -> int:
    """Print what was sent to the element and what came back. Exit code 0 when the line is known there, 1 when not."""
    line = line_by_identifier(carrier, identifier)
    if line is None:
        raise CommandError(f"{carrier.slug} has no such line; a line that is closed is found by its ICCID")
    lane = lane_for(carrier.elements, line.kind, "line")
    work = Work(step_id=0, case_id=0, case="", name="inspect", scope="line", target=line.target, attempt=1)
    outcome = element(lane).inspect(Batch([work], datetime.now(UTC), time.monotonic() + LOOK_SECONDS))[0]
    evidence = outcome.evidence
    print(f"{lane} {evidence.get('address', '')}".strip() + (" (simulated)" if evidence.get("simulated") else ""))
    for said in evidence.get("exchange", []):
        print(f"  {said['port']} > {said['sent']}")
        for row in str(said["back"]).splitlines():
            print(f"  {said['port']} < {row}")
    if outcome.code:
        raise CommandError(f"the element could not say: {outcome.code}")
    print("known" if evidence.get("known") else "not known: nothing of this line is left in the element")
    return 0 if evidence.get("known") else 1


def _seed(carrier: Carrier) -> int:
    made = seed(_active(carrier))
    print(f"{made} lines of {carrier.slug} created in the network")
    return 0


def _active(carrier: Carrier) -> Iterator[Target]:
    lines = Line.objects.filter(carrier=carrier, state=LineState.ACTIVE).exclude(imsi="")
    for line in lines.order_by("pk").iterator(chunk_size=2000):
        yield line.target
