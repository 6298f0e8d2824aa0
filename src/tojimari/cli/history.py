"""Is what this installation keeps as proof still whole? `tojimari history check` recomputes all of it."""

from __future__ import annotations

import argparse
from pathlib import Path

from django.utils.translation import gettext

from tojimari.cli import CommandError
from tojimari.platform.database.scope import every_carrier
from tojimari.proofs import keys
from tojimari.proofs.stock import Looked, look
from tojimari.proofs.verification import KeysUnusable, TrustedKey, trusted_keys
from tojimari.proofs.words import TEXTS

HELP = "look whether every history, certificate and root that is kept is whole"

WHOLE, NOT_WHOLE = 0, 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    words = parser.add_subparsers(dest="word", required=True, metavar="WORD")
    check = words.add_parser("check", help="recompute everything and name what is not whole; changes nothing")
    check.add_argument(
        "--keys",
        metavar="JWKS_FILE",
        type=Path,
        help="the published keys, best from a copy kept elsewhere; otherwise those of this machine",
    )


def run(args: argparse.Namespace) -> int:
    """Print each fault as it is found, and then how much was looked at. 0: all is whole; 1: something is not."""
    trusted = _trusted(args.keys)
    looked, faults = Looked(), 0
    with every_carrier():
        for fault in look(trusted, looked):
            faults += 1
            entry = f" (entry {fault.number})" if fault.number else ""
            print(f"not whole: {fault.where}: {fault.code}{entry}\n  {gettext(TEXTS[fault.code])}")
    print(
        f"{looked.histories:,} histories with {looked.entries:,} entries, {looked.certificates:,} certificates, "
        f"{looked.roots:,} roots: {'all whole' if not faults else f'{faults:,} faults'}"
    )
    return NOT_WHOLE if faults else WHOLE


def _trusted(named: Path | None) -> dict[str, TrustedKey]:
    """The keys that are believed. An installation that has none yet believes nobody: it has signed nothing."""
    path = named or keys.folder() / keys.PUBLISHED
    if named is None and not path.exists():
        return {}
    try:
        return trusted_keys(path.read_bytes())
    except KeysUnusable as trouble:
        raise CommandError(f"{path}: {gettext(TEXTS[trouble.code])}") from trouble
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}. Name the published keys with --keys FILE.") from error
