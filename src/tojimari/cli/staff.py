"""How does an operator give members of staff their accounts, and take them away?"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from django.utils.module_loading import import_string
from rich.console import Console
from rich.table import Table

from tojimari.cli import CommandError
from tojimari.cli.named import carrier_named
from tojimari.lines.models import Carrier
from tojimari.platform.acting import Refused
from tojimari.platform.database.scope import carrier_scope

HELP = "give members of staff their accounts at a carrier, list them, take them away"

# Staff belong to the desk, which this face does not know: it is called by name.
DESK = "tojimari.desk"

COMPLAINTS = {
    "staff.unknown_role": "there is no role {role!r}; there are: clerk, agent, reviewer, lead, auditor, admin",
    "staff.unknown_shop": "the carrier has no shop {shop!r}",
    "staff.no_place": "nobody of that address works for the carrier",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    add = verbs.add_parser("add", help="give somebody a place, or change its role and shops; prints a first password")
    add.add_argument("email", metavar="EMAIL", help="address to sign in with")
    add.add_argument("--carrier", required=True, metavar="SLUG", help="at which carrier")
    add.add_argument("--role", required=True, metavar="ROLE", help="clerk, agent, reviewer, lead, auditor or admin")
    add.add_argument("--given-name", default="", metavar="NAME")
    add.add_argument("--family-name", default="", metavar="NAME")
    add.add_argument(
        "--shop", action="append", default=[], metavar="CODE", help="bind to a shop; may be repeated (default: all)"
    )
    listed = verbs.add_parser("list", help="list who works for a carrier, with role, shops and second factor")
    listed.add_argument("--carrier", required=True, metavar="SLUG", help="at which carrier")
    remove = verbs.add_parser(
        "remove", help="take a place away; open sessions end, and the account with the last place"
    )
    remove.add_argument("email", metavar="EMAIL")
    remove.add_argument("--carrier", required=True, metavar="SLUG", help="at which carrier")
    reset = verbs.add_parser(
        "reset", help="take password and second factors away, end open sessions, and mail a link for a new password"
    )
    reset.add_argument("email", metavar="EMAIL")
    reset.add_argument("--carrier", required=True, metavar="SLUG", help="at which carrier")


def run(args: argparse.Namespace) -> int:
    carrier = carrier_named(args.carrier)
    with carrier_scope(carrier.pk):
        try:
            match args.verb:
                case "add":
                    _add(carrier, args)
                case "list":
                    _list(carrier)
                case "remove":
                    take = import_string(f"{DESK}.staffing.take_place")
                    take(carrier=carrier, email=args.email, at=datetime.now(UTC))
                    print(f"{args.email} does not work for {carrier.name_en} any more.")
                case "reset":
                    reset = import_string(f"{DESK}.staffing.reset_by_command")
                    reset(carrier=carrier, email=args.email, at=datetime.now(UTC))
                    print(
                        f"Password and second factors of {args.email} are gone. A mail with a new link is on its way."
                    )
        except Refused as refused:
            raise CommandError(COMPLAINTS[refused.code].format(**refused.facts)) from None
    return 0


def _add(carrier: Carrier, args: argparse.Namespace) -> None:
    given = import_string(f"{DESK}.staffing.give_place")(
        carrier=carrier,
        email=args.email,
        role=args.role,
        names=(args.given_name, args.family_name),
        shops=args.shop,
        at=datetime.now(UTC),
    )
    print(f"{args.email} works for {carrier.name_en} as {args.role}.")
    if given.created:
        print(f"First password, shown this once: {given.password}")
        print("At the first sign-in a passkey or an authenticator app must be set up before the desk opens.")


def _list(carrier: Carrier) -> None:
    table = Table(title=f"Staff of {carrier.name_en}")
    for heading in ("name", "e-mail", "role", "shops", "second factor", "account"):
        table.add_column(heading, no_wrap=heading == "e-mail")
    for one in import_string(f"{DESK}.roles.members")(carrier.pk, "en"):
        factor, account = ("yes" if one.second_factor else "NO"), ("open" if one.active else "shut")
        table.add_row(one.name, one.email, one.role, ", ".join(one.shops) or "all", factor, account)
    console = Console()
    Console(width=None if console.is_terminal else 160).print(table)
