"""How is it shown that a certificate was there on a day, and that nobody slipped it in later?

Each day all histories that moved go into one Merkle tree (see `merkle`), as salted leaves; its root is signed, names
the hash of the day before, and is published. Beside a certificate stands the way from its leaf to that root. Checked
here offline; making it is the business of `days`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from cryptography import x509

from tojimari.proofs import stamps
from tojimari.proofs.broken import Broken, from_base64
from tojimari.proofs.content import in_japan
from tojimari.proofs.formats import LEAF_FORMAT
from tojimari.proofs.merkle import leaf_hash, root_by_path
from tojimari.rules.calendar import jst_date
from tojimari.rules.canonical import NotCanonical, canonical

MEMBERS = {"leaf", "index", "path", "root"}
WITH_STAMP = MEMBERS | {"stamp"}
LEAF_MEMBERS = {"certificate", "events", "head", "salt"}
LONGEST_PATH = 64
HEX32 = re.compile(r"[0-9a-f]{64}")
HEX16 = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Included:
    """In which day's root a certificate is, and since when that root has existed by an authority's word.

    `stamp` is "" without a time stamp, "unchecked" when nobody named a certificate to believe, else "checked".
    """

    day: str = ""
    stamp: str = ""
    stamped_at: str = ""


def leaf_bytes(certificate: str, events: int, head: str, salt: str) -> bytes:
    """Return what is hashed as a leaf. `certificate` is the SHA-256 of its JWS, empty where there is none yet."""
    return canonical({"certificate": certificate, "events": events, "format": LEAF_FORMAT, "head": head, "salt": salt})


def check_inclusion(
    found: Any, jws: str, statement: Mapping[str, Any], root: Mapping[str, Any], believed: Sequence[x509.Certificate]
) -> Included:
    """Check the way from a certificate to `root`, the statement of the root that the caller found rightly signed.

    Raises Broken: `inclusion.form`, `inclusion.certificate` for the leaf of another certificate, `inclusion.path` when
    the way does not end at that root, `inclusion.day` for a root older than the certificate, and the codes of stamps.
    """
    leaf, path = _leaf(found), _path(found)
    if leaf["certificate"] != sha256(jws.encode()).hexdigest() or leaf["events"] < statement["chain"]["events"]:
        raise Broken("inclusion.certificate")
    try:
        hashed = leaf_hash(leaf_bytes(leaf["certificate"], leaf["events"], leaf["head"], leaf["salt"]))
    except NotCanonical:
        raise Broken("inclusion.form") from None
    size, day = root.get("size"), root.get("day")
    if type(size) is not int or not isinstance(day, str) or not isinstance(root.get("root"), str):
        raise Broken("root.signature")
    reached = root_by_path(hashed, found["index"], size, path)
    if reached is None or reached.hex() != root["root"]:
        raise Broken("inclusion.path")
    _check_day(day, statement)
    return _with_stamp(found, day, believed)


def is_inclusion(found: Any) -> bool:
    """Say whether it has the members that it must have, and no others."""
    return isinstance(found, dict) and set(found) in (MEMBERS, WITH_STAMP) and isinstance(found["root"], str)


def _leaf(found: Mapping[str, Any]) -> Mapping[str, Any]:
    leaf = found["leaf"]
    shape = (
        isinstance(leaf, dict)
        and set(leaf) == LEAF_MEMBERS
        and all(isinstance(leaf[name], str) for name in ("certificate", "head", "salt"))
        and type(leaf["events"]) is int
        and HEX32.fullmatch(leaf["certificate"])
        and HEX32.fullmatch(leaf["head"])
        and HEX16.fullmatch(leaf["salt"])
    )
    if not shape or type(found["index"]) is not int:
        raise Broken("inclusion.form")
    checked: Mapping[str, Any] = leaf
    return checked


def _path(found: Mapping[str, Any]) -> list[bytes]:
    path = found["path"]
    if not isinstance(path, list) or len(path) > LONGEST_PATH:
        raise Broken("inclusion.form")
    if not all(isinstance(one, str) and HEX32.fullmatch(one) for one in path):
        raise Broken("inclusion.form")
    return [bytes.fromhex(one) for one in path]


def _check_day(day: str, statement: Mapping[str, Any]) -> None:
    try:
        too_early = date.fromisoformat(day) < jst_date(datetime.fromisoformat(str(statement["issued_at"])))
    except (KeyError, ValueError):
        raise Broken("inclusion.day") from None
    if too_early:
        raise Broken("inclusion.day")


def _with_stamp(found: Mapping[str, Any], day: str, believed: Sequence[x509.Certificate]) -> Included:
    if "stamp" not in found:
        return Included(day)
    answer = from_base64(found["stamp"], "stamp.form")
    message = found["root"].encode()
    try:
        if believed:
            return Included(day, "checked", in_japan(stamps.check(answer, message, believed)))
        return Included(day, "unchecked", in_japan(stamps.claimed_time(answer, message)))
    except stamps.StampTrouble as trouble:
        raise Broken(trouble.code) from None
