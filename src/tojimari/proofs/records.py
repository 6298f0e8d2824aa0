"""What is signed for somebody who closed a line at a carrier that is not connected?

A record of their own steps: what they say they did, when they told us, and digests of what they keep to show it. The
carrier confirmed nothing of it, so it never says that a line was closed. It has a format and a JOSE type of its own: no
check of certificates takes it for one, and this check takes no certificate for a record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tojimari.platform.version import version
from tojimari.proofs.content import in_japan
from tojimari.proofs.formats import RECORD_FORMAT, RECORD_TYPE
from tojimari.proofs.signing import Signer, signed
from tojimari.proofs.verification import Broken, TrustedKey, read_json, signed_by

RECORD_MEMBERS = {"format", "record"}

WHAT_IT_IS: Mapping[str, str] = {
    "ja": "これは本人が記録した手続きの控えです。通信事業者の確認ではなく、解約されたことを示すものではありません。",
    "en": "These are steps as the person recorded them. The carrier confirmed nothing. "
    "It does not show that a line was closed.",
}
"""Stands in every record, inside what is signed."""


@dataclass(frozen=True, slots=True)
class RecordFinding:
    """What a check found. `statement` is what was signed; empty unless the file is genuine."""

    genuine: bool
    code: str = ""
    kid: str = ""
    statement: Mapping[str, Any] = field(default_factory=dict)


def signed_record(facts: Mapping[str, Any], signer: Signer, *, at: datetime) -> dict[str, Any]:
    """Return the file: `facts` with what the record is, when it was made and by what, signed."""
    statement = {
        **facts,
        "format": RECORD_FORMAT,
        "software": f"tojimari {version()}",
        "mode": "guided",
        "issued_at": in_japan(at),
        "what_this_is": dict(WHAT_IT_IS),
    }
    return {"format": RECORD_FORMAT, "record": signed([statement], signer, kind=RECORD_TYPE)[0]}


def is_record(data: bytes) -> bool:
    """Say whether a file claims to be a record of steps. Claims are cheap: `check_record` says whether it is one."""
    try:
        file = read_json(data, "file.not_json")
    except Broken:
        return False
    return isinstance(file, dict) and file.get("format") == RECORD_FORMAT


def check_record(data: bytes, keys: Mapping[str, TrustedKey]) -> RecordFinding:
    """Check a record of steps against published keys. Never raises for anything that stands in the file."""
    try:
        file = read_json(data, "file.not_json")
        if not isinstance(file, dict) or set(file) != RECORD_MEMBERS or file["format"] != RECORD_FORMAT:
            raise Broken("record.members")
        kid, statement = signed_by(file["record"], keys, kind=RECORD_TYPE, form=RECORD_FORMAT)
    except Broken as broken:
        return RecordFinding(False, broken.code)
    return RecordFinding(True, kid=kid, statement=statement)
