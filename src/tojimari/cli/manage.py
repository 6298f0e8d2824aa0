"""How does an operator reach Django's own commands, such as `migrate`, `createsuperuser` or `dbshell`?"""

from __future__ import annotations

import argparse

from tojimari.cli import set_up, start_database
from tojimari.platform.database.scope import every_carrier

HELP = "Runs one of Django's management commands, for example: tojimari manage createsuperuser"
# The database need not be up to date here: `manage migrate` is what brings it there.
DJANGO = False

WITHOUT_DATABASE = {"compilemessages", "help", "makemessages", "makemigrations", "version"}
"""Commands that read the code only. `makemigrations` asks a database about its history where one runs already."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("words", nargs=argparse.REMAINDER, metavar="COMMAND ...", help="the command and its options")


def run(args: argparse.Namespace) -> int:
    """Pass everything on. Runs for every carrier, as an operator's command may."""
    words: list[str] = args.words or ["help"]
    set_up()
    if words[0] not in WITHOUT_DATABASE:
        start_database()
    from django.core.management import ManagementUtility

    with every_carrier():
        ManagementUtility(["tojimari manage", *words]).execute()
    return 0
