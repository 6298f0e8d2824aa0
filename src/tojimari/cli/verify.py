"""Is this certificate genuine? `tojimari verify` checks it offline, with the published keys and no database."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tojimari.cli.speech import language_of, translator, write_utf8
from tojimari.proofs.records import RecordFinding, check_record, is_record
from tojimari.proofs.stamps import StampTrouble, authorities
from tojimari.proofs.verification import LARGEST, Finding, KeysUnusable, trusted_keys, verify
from tojimari.proofs.words import TEXTS, gettext_noop, shown_by

HELP = "check a certificate offline, with the published keys only"
DJANGO = False

VALID, NOT_VALID, NOT_CHECKED, RECORD = 0, 1, 2, 3
"""What the command answers. A genuine record of steps has its own answer: no script takes it for a certificate."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", metavar="FILE", help='the certificate; "-" reads it from standard input')
    parser.add_argument(
        "--keys", metavar="JWKS_FILE", type=Path, help="the operator's published keys; otherwise those of this machine"
    )
    parser.add_argument(
        "--tsa", metavar="PEM_FILE", type=Path, help="certificates of the time stamping authority that you believe"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--lang", help="language of the texts: ja, en, zh-Hans or zh-Hant; otherwise LC_ALL or LANG")


def run(args: argparse.Namespace) -> int:
    """Print what was found.

    Returns 0 for a valid certificate, 1 for one that is not, 2 when it could not be checked, 3 for a genuine record of
    steps, which is no certificate.
    """
    translate = translator(args.lang or language_of(os.environ))
    path = args.keys or _own_keys()
    try:
        keys = trusted_keys(_read(path))
        data = _read(args.file)
        believed = authorities(args.tsa) if args.tsa else []
    except StampTrouble as trouble:
        return _not_checked(f"{args.tsa}: {trouble.code}: {translate(TEXTS[trouble.code])}")
    except KeysUnusable as trouble:
        return _not_checked(f"{path}: {trouble.code}: {translate(TEXTS[trouble.code])}")
    except OSError as error:
        way_on = "" if args.keys else " " + translate(gettext_noop("Name the published keys with --keys FILE."))
        missing = str(error.filename) == str(path)
        return _not_checked(f"{error.filename}: {error.strerror}.{way_on if missing else ''}")
    if is_record(data):
        record = check_record(data, keys)
        write_utf8(_record_as_json(record, translate) if args.json else _record_as_text(record, translate))
        return RECORD if record.genuine else NOT_VALID
    finding = verify(data, keys, believed)
    write_utf8(_as_json(finding, translate) if args.json else _as_text(finding, translate))
    return VALID if finding.valid else NOT_VALID


def _own_keys() -> Path:
    from tojimari.proofs.keys import PUBLISHED, folder

    return folder() / PUBLISHED


def _read(path: Path | str) -> bytes:
    """Read a file, but never more than could be a certificate."""
    if path == "-":
        return sys.stdin.buffer.read(LARGEST + 1)
    with Path(path).open("rb") as stream:
        return stream.read(LARGEST + 1)


def _not_checked(text: str) -> int:
    print(f"not checked: {text}", file=sys.stderr)
    return NOT_CHECKED


def _as_json(finding: Finding, translate: Callable[[str], str]) -> str:
    if not finding.valid:
        answer: dict[str, Any] = {"valid": False, "code": finding.code, "text": translate(TEXTS[finding.code])}
        if finding.number:
            answer["entry"] = finding.number
        return json.dumps(answer, ensure_ascii=False)
    said = finding.statement
    answer = {
        "valid": True,
        "reference": said["reference"],
        "issued_at": said.get("issued_at"),
        "kid": finding.kid,
        "simulated": said.get("simulated"),
        "terminated": said.get("terminated"),
        "profile": said.get("profile"),
        "case": said.get("case"),
        "line": said.get("line"),
        "entries": said["chain"]["events"],
        "added_later": [{"name": one["name"], "at": one["at"]} for one in finding.addendum.get("later", ())],
        "in_root_of": finding.included.day or None,
        "time_stamp": finding.included.stamp or None,
        "stamped_at": finding.included.stamped_at or None,
    }
    return json.dumps(answer, ensure_ascii=False)


def _as_text(finding: Finding, translate: Callable[[str], str]) -> str:
    if not finding.valid:
        entry = f" (entry {finding.number})" if finding.number else ""
        return f"not valid: {finding.code}{entry}\n  {translate(TEXTS[finding.code])}"
    said = finding.statement
    case, line, how = (dict(said.get(name) or {}) for name in ("case", "line", "terminated"))
    rows = {
        "reference": said["reference"],
        "carrier": dict(said.get("carrier") or {}).get("name_en", ""),
        "ended": case.get("scope", ""),
        "line": " ".join(f"{name} {line[name]['shown']}" for name in ("msisdn", "iccid") if name in line),
        "requested": case.get("requested_at", ""),
        "contract ended" if case.get("scope", "line") == "line" else "service ended": case.get("ends_at", ""),
        "issued": said.get("issued_at", ""),
        "attested by": how.get("name", ""),
        "profile": dict(said.get("profile") or {}).get("stands", ""),
        "history": f"{said['chain']['events']} entries, none changed",
        "in the root of": finding.included.day,
        "time stamp": _stamp(finding, translate),
        "key": finding.kid,
    }
    lines = ["valid: signed by the operator, and unchanged", "  " + translate(TEXTS[shown_by(said)])]
    lines += [f"  {name}: {_plain(value)}" for name, value in rows.items() if value]
    later = finding.addendum.get("later", ())
    added = [f"{one['at']} {translate(TEXTS.get(one['name'], one['name']))}" for one in later]
    return "\n".join([*lines, *(f"  added later: {_plain(one)}" for one in added)])


def _stamp(finding: Finding, translate: Callable[[str], str]) -> str:
    """Say since when the root has existed by an authority's word, and whether that word was checked."""
    found = finding.included
    if found.stamp == "unchecked":
        return f"{found.stamped_at} (unchecked) {translate(TEXTS['stamp.unchecked'])}"
    return found.stamped_at


def _record_as_json(found: RecordFinding, translate: Callable[[str], str]) -> str:
    code = "record.what" if found.genuine else found.code
    answer: dict[str, Any] = {"valid": False, "code": code, "text": translate(TEXTS[code])}
    if found.genuine:
        said = found.statement
        told = {name: said.get(name) for name in ("reference", "issued_at", "carrier", "steps")}
        answer["record_of_steps"] = {"genuine": True, "kid": found.kid, **told}
    return json.dumps(answer, ensure_ascii=False)


def _record_as_text(found: RecordFinding, translate: Callable[[str], str]) -> str:
    what = translate(TEXTS["record.what"])
    if not found.genuine:
        return f"not valid: {found.code}\n  {translate(TEXTS[found.code])}\n  {what}"
    said = found.statement
    steps = said.get("steps")
    rows = {
        "reference": said.get("reference", ""),
        "carrier": dict(said.get("carrier") or {}).get("name_en", ""),
        "issued": said.get("issued_at", ""),
        "steps": len(steps) if isinstance(steps, list) else 0,
        "key": found.kid,
    }
    lines = ["no certificate: record of steps", f"  {what}", "  " + translate(TEXTS["record.genuine"])]
    return "\n".join([*lines, *(f"  {name}: {_plain(value)}" for name, value in rows.items() if value)])


def _plain(value: object) -> str:
    """Return a signed text for a terminal: a name must not be able to move the cursor or colour what is said."""
    return "".join(char if char.isprintable() else "?" for char in str(value))
