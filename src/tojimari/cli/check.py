"""Is this identifier right, or is this link a carrier's own? `tojimari check` asks the rules and needs no database."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

from tojimari.cli import check_link
from tojimari.cli.speech import language_of, one_line, translator, write_utf8
from tojimari.rules import mrz
from tojimari.rules.calendar import JST
from tojimari.rules.identifiers import eid, iccid, imsi, msisdn
from tojimari.rules.identifiers.verdict import Verdict
from tojimari.rules.reasons import text

HELP = "check an ICCID, EID, IMSI, telephone number, machine-readable zone or link"
DJANGO = False


def _check_mrz(value: str) -> Verdict:
    return mrz.check(value, datetime.now(JST).date())


KINDS: dict[str, Callable[[str], Verdict]] = {
    "iccid": iccid.check,
    "eid": eid.check,
    "imsi": imsi.check,
    "msisdn": msisdn.check,
    "mrz": _check_mrz,
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("kind", choices=[*KINDS, "link"])
    parser.add_argument(
        "value", metavar="VALUE", help='what to check; "-" reads it from standard input; a link may stand in a message'
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--lang", help="language of the reason: ja, en, zh-Hans or zh-Hant; otherwise LC_ALL or LANG")


def run(args: argparse.Namespace) -> int:
    """Print the verdict in UTF-8. Returns 0 for a valid value and 1 for one that is not.

    For a link: 0 when every address is on a carrier's list, otherwise 1.
    """
    if args.kind == "link":
        return check_link.run(_value(args.value), args.lang or language_of(os.environ), as_json=args.json)
    verdict = KINDS[args.kind](_value(args.value))
    translate = translator(args.lang or language_of(os.environ))
    write_utf8(_as_json(args.kind, verdict, translate) if args.json else _as_text(args.kind, verdict, translate))
    return 0 if verdict.valid else 1


def _value(given: str) -> str:
    if given != "-":
        return given
    # Bytes, because standard input follows the locale, and a scanner or file may be UTF-8 where the locale is not.
    return sys.stdin.buffer.read().decode(errors="replace")


def _as_json(kind: str, verdict: Verdict, translate: Callable[[str], str]) -> str:
    answer: dict[str, Any] = {"valid": verdict.valid, "kind": kind, "value": verdict.value}
    if verdict.code:
        answer |= {"code": verdict.code, "text": translate(text(verdict.code))}
    answer["facts"] = dict(verdict.facts)
    return one_line(answer)


def _as_text(kind: str, verdict: Verdict, translate: Callable[[str], str]) -> str:
    lines = [f"{kind} {verdict.value}"]
    if verdict.code:
        lines.append(f"  {verdict.code}: {translate(text(verdict.code))}")
    for name, fact in verdict.facts.items():
        shown = ", ".join(fact) if isinstance(fact, tuple) else json.dumps(fact) if isinstance(fact, bool) else fact
        lines.append(f"  {name}: {translate(text(str(fact))) if name == 'warning' else shown}")
    return "\n".join([f"{'valid' if verdict.valid else 'not valid'}: {lines[0]}", *lines[1:]])
