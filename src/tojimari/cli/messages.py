"""How does Tojimari hear that a mail came back? The mail server hands it to `tojimari messages bounce`.

The answer is made for mail servers: 0 whenever the notification was read, whether or not it said anything of ours, so
that no mail about a mail is ever written; 75 ("try again later", sysexits.h) while the database is away.
"""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime

HELP = "take in mail that came back"
DJANGO = True

AGAIN_LATER = 75


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    what = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    bounce = what.add_parser("bounce", help="read one mail that came back from standard input")
    bounce.add_argument(
        "--to", metavar="ADDRESS", help="the address it came to; otherwise ORIGINAL_RECIPIENT, or its own header fields"
    )


def run(args: argparse.Namespace) -> int:
    """Read one notification and write down what it says."""
    from django.db import OperationalError

    from tojimari.messages.bounces import LARGEST, addresses, bounced
    from tojimari.platform.database.scope import every_carrier

    raw = sys.stdin.buffer.read(LARGEST)
    told = [args.to or os.environ.get("ORIGINAL_RECIPIENT", "")]
    try:
        with every_carrier():
            message = bounced(raw, to=[*told, *addresses(raw)], at=datetime.now(UTC))
    except OperationalError:
        print("The database is away. Hand it over again later.", file=sys.stderr)
        return AGAIN_LATER
    print("It says nothing of a message of ours." if message is None else f"message {message.pk}: {message.delivery}")
    return 0
