"""With which key are certificates signed here? `tojimari keys` shows it, and changes it."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime

HELP = "shows the keys that certificates are signed with, or changes the one in use"
DJANGO = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    words = parser.add_subparsers(dest="word", required=True, metavar="WORD")
    show = words.add_parser(
        "show", help="the published keys, the one in use last; makes the first one if there is none"
    )
    show.add_argument("--json", action="store_true", help="print the JWK Set as it is published")
    words.add_parser("rotate", help="sign with a new key from now on; the old one stays published, with its end")


def run(args: argparse.Namespace) -> int:
    """Do the word. Exit code 2 where a key cannot be used or changed; the message says what to do."""
    from tojimari.cli import CommandError
    from tojimari.proofs import keys

    try:
        if args.word == "rotate":
            print(f"Signed with from now on: {keys.rotate(at=datetime.now(UTC))}")
            print(f"Publish {keys.folder() / keys.PUBLISHED} anew, wherever you keep copies of it.")
            return 0
        published = keys.public_keys()
        in_use = keys.signer().kid
    except keys.KeyTrouble as trouble:
        raise CommandError(str(trouble)) from trouble
    if args.json:
        print(json.dumps(published, indent=2))
        return 0
    for key in published["keys"]:
        print(f"{key['kid']}  {_use(key, in_use)}")
    return 0


def _use(key: dict[str, object], in_use: str) -> str:
    """Say whether a key is in use, or until when what it signed is believed."""
    if key["kid"] == in_use:
        return "in use"
    if not isinstance(key.get("exp"), int):
        return "no longer used"
    return f"until {datetime.fromtimestamp(int(str(key['exp'])), UTC):%Y-%m-%dT%H:%M:%SZ}"
