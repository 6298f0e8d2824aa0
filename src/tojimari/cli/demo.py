"""What can somebody try who has just installed this?

A carrier that does not exist, with a dozen subscribers and lines of each kind. Their data stands in `demo_lines.csv`
and comes in by the import that every carrier uses. Loading it again changes nothing that was tried meanwhile: a line
that was closed stays closed. Every number and card is fixed, so that documentation can name them; none is in use.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from importlib.resources import as_file, files

from django.utils.module_loading import import_string
from rich.console import Console
from rich.table import Table

from tojimari.cli import CommandError, demo_day
from tojimari.counter.demo import load_shops
from tojimari.lines.access import NotFound, carrier_by_slug
from tojimari.lines.actions import add_carrier
from tojimari.lines.imports import import_lines
from tojimari.lines.models import Carrier, Line, LineState
from tojimari.network.elements.osmohlr.wire import Trouble
from tojimari.network.seed import seed
from tojimari.platform.acting import SYSTEM, Refused
from tojimari.platform.config import config
from tojimari.platform.database.scope import carrier_scope

HELP = "load the demo carrier; list the lines that can be tried"

SLUG = "demo"

OWN_ORDERS = "DEMO-"
"""How the order numbers of the demo's own lines begin; files that somebody imported to try have others."""

# The staff belong to the desk, which this face does not know: it is called by name.
STAFF = "tojimari.desk.demo"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("load", help="make the demo carrier, or complete it; what was tried meanwhile stays")
    verbs.add_parser("lines", help="list its own lines and who holds them")
    verbs.add_parser("day", help="send it a day's worth of visitors and of cases to review")
    verbs.add_parser("usage", help="let roaming records of lines that have ended come in late")


def run(args: argparse.Namespace) -> int:
    if args.verb == "lines":
        _print_lines()
        return 0
    if not config().demo:
        raise CommandError("the demonstration is switched off here (TOJIMARI_DEMO)")
    load()
    if args.verb == "day":
        _fill_day(datetime.now(UTC))
    elif args.verb == "usage":
        _late_use(datetime.now(UTC))
    else:
        print("The demo carrier is there. `tojimari demo lines` lists what can be tried.")
    return 0


def load() -> None:
    """Make the demo carrier, its lines, staff and shops, and the lines in the test network. Can be run again and again.

    A network that does not answer is no reason to stop: the site then says so itself.
    """
    # One that is there stays as it is: somebody may be trying another network with it.
    carrier = Carrier.objects.filter(slug=SLUG).first() or add_carrier(
        slug=SLUG,
        name_ja="旅モバイル（デモ）",
        name_en="Tabi Mobile (demo)",
        name_zh_hans="旅途移动（演示）",
        name_zh_hant="旅途行動（示範）",
        elements={"physical_sim": "default", "esim": "default", "roaming": "by_hand"},
        hotline="+81 3-0000-0000",
        acting=SYSTEM,
    )
    with as_file(files("tojimari.cli").joinpath("demo_lines.csv")) as path:
        try:
            summary = import_lines(path, carrier=carrier)
        except Refused as refused:
            if refused.code != "import.running":
                raise
            return  # another process that has just been started loads it at this moment
    if summary.bad:
        raise CommandError(f"{summary.bad} of the demo's own rows were refused; see {summary.bad_path}")
    import_string(f"{STAFF}.load_staff")()
    load_shops(carrier)
    _fill_network(carrier)


def _fill_network(carrier: Carrier) -> None:
    """Create the lines that still run in the test network; one that is about to end, or has ended, stays out of it."""
    with carrier_scope(carrier.pk):
        running = Line.objects.filter(carrier=carrier, state=LineState.ACTIVE).order_by("pk")
        try:
            seed(line.target for line in running)
        except Trouble as trouble:
            Console(stderr=True).print(f"The demo lines could not be put into the network: {trouble}", markup=False)


def _fill_day(at: datetime) -> None:
    carrier = carrier_by_slug(SLUG)
    with carrier_scope(carrier.pk):
        demo_day.fill(carrier, at=at)
    _fill_network(carrier)
    print(
        f"{demo_day.VISITORS} people come to the shop that stands first, and {demo_day.REVIEWS} want an eSIM closed. "
        "The worker takes them in within a minute; then sign in as clerk@demo.example or reviewer@demo.example."
    )


def _late_use(at: datetime) -> None:
    carrier = carrier_by_slug(SLUG)
    with carrier_scope(carrier.pk):
        taken = demo_day.late_use(carrier, at=at)
    print(f"{taken.billed} supplementary bills for late roaming, {taken.billed_yen:,} yen; {taken.already} were there.")


def words(site: str) -> list[str]:
    """What to print under “ready” for somebody who sees this for the first time."""
    return [
        f"  Portal            {site}/   (as Wang Xiaoming 王小明: number 060-9999-0001, or order DEMO-0001)",
        f"  Sent messages     {site}/demo/messages/   (the codes arrive there)",
        f"  Staff signs in    clerk@demo.example, password {import_string(f'{STAFF}.PASSWORD')}",
        "  More lines        tojimari demo lines",
    ]


def _print_lines() -> None:
    try:
        carrier = carrier_by_slug(SLUG)
    except NotFound:
        raise CommandError("the demo carrier is not there; run: tojimari demo load") from None
    table = Table(title=f"{carrier.name_en}: sign in with the number, the ICCID or the order number")
    for heading in ("holder", "language", "kind", "number", "ICCID", "order", "services", "state"):
        table.add_column(heading, no_wrap=heading in ("number", "ICCID", "order"))
    with carrier_scope(carrier.pk):
        own = Line.objects.filter(carrier=carrier, order_number__startswith=OWN_ORDERS)
        lines = own.select_related("subscriber").prefetch_related("services")
        for line in lines.order_by("order_number"):
            running = [service.kind for service in line.services.all() if service.state == "active"]
            table.add_row(
                line.subscriber.name,
                line.subscriber.language,
                line.kind,
                _domestic(line.msisdn),
                line.iccid,
                line.order_number,
                ", ".join(sorted(running)),
                line.state,
            )
    console = Console()
    # Into a pipe the table keeps its columns; on a terminal it fits the window.
    Console(width=None if console.is_terminal else 160).print(table)


def _domestic(msisdn: str) -> str:
    number = "0" + msisdn.removeprefix("81")
    return f"{number[:3]}-{number[3:7]}-{number[7:]}"
