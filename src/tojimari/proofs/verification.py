"""Is this file what the operator signed, to the last bit?

Checked offline, with nothing but the file and the operator's published keys. A key inside the file is never looked at,
nor is the algorithm that the file asks for: there is one. Whatever this module cannot read in exactly one way is not
valid; members that nobody signed are not tolerated, so nothing in a valid file is unsigned.
"""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cryptography.x509 import Certificate
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from tojimari.proofs.addendum import check_addendum, is_addendum
from tojimari.proofs.broken import Broken as Broken
from tojimari.proofs.chain import Entry, check_chain, utc_text
from tojimari.proofs.formats import (
    ADDENDUM_FORMAT,
    ADDENDUM_TYPE,
    ALGORITHM,
    FORMAT_1,
    FORMATS,
    ROOT_FORMAT,
    ROOT_TYPE,
    TYPE,
)
from tojimari.proofs.inclusion import Included, check_inclusion, is_inclusion

LARGEST = 32 * 1024 * 1024
"""Bytes of the largest file that is looked at. A certificate has a few kilobytes."""

FILE_MEMBERS = {"format", "certificate", "events"}
MORE_MEMBERS = {"addendum", "inclusion"}
EVENT_MEMBERS = {"reference", "number", "at", "name", "actor", "data", "prev", "hash"}
HEX = re.compile(r"[0-9a-f]{64}")


class KeysUnusable(Exception):
    """The published keys cannot be used, so nothing can be said about any file."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """One published key. Nothing signed after `until` (seconds since 1970, None for a key in use) is believed."""

    key: OKPKey
    until: int | None


@dataclass(frozen=True, slots=True)
class Finding:
    """What the check found. `statement` is what was signed; it is empty unless the file is valid.

    `included` says in which day's published root the certificate is; empty for a file that does not show it.
    `addendum` is what was signed of what came after the certificate; empty for a file without one.
    """

    valid: bool
    code: str = ""
    number: int = 0
    kid: str = ""
    statement: Mapping[str, Any] = field(default_factory=dict)
    included: Included = field(default_factory=Included)
    addendum: Mapping[str, Any] = field(default_factory=dict)


def verify(data: bytes, keys: Mapping[str, TrustedKey], believed: Sequence[Certificate] = ()) -> Finding:
    """Check a whole file. Never raises for anything that stands in the file: what is odd is not valid.

    `believed` are the certificates of time stamping authorities. Without them a time stamp in the file is compared
    with what it stamps, and is said to be unchecked.
    """
    try:
        return _verified(data, keys, believed)
    except Broken as broken:
        return Finding(False, broken.code, broken.number)


def trusted_keys(data: bytes) -> dict[str, TrustedKey]:
    """Read a JWK Set of published keys. Raises KeysUnusable: half a set would make genuine files look false."""
    try:
        found = read_json(data, "keys.not_json")
    except Broken as broken:
        raise KeysUnusable(broken.code) from None
    if not isinstance(found, dict) or not isinstance(found.get("keys"), list) or not found["keys"]:
        raise KeysUnusable("keys.empty")
    keys: dict[str, TrustedKey] = {}
    for one in found["keys"]:
        kid, trusted = _trusted_key(one)
        if kid in keys:
            raise KeysUnusable("keys.duplicate")
        keys[kid] = trusted
    return keys


def _trusted_key(one: Any) -> tuple[str, TrustedKey]:
    if not isinstance(one, dict) or one.get("kty") != "OKP" or one.get("crv") != "Ed25519":
        raise KeysUnusable("keys.kind")
    if "d" in one:
        raise KeysUnusable("keys.private")
    until = one.get("exp")
    if until is not None and type(until) is not int:
        raise KeysUnusable("keys.kind")
    try:
        key = OKPKey.import_key({name: str(one.get(name, "")) for name in ("kty", "crv", "x")})
        thumbprint = key.thumbprint()
    except (ValueError, JoseError):
        raise KeysUnusable("keys.kind") from None
    if one.get("kid") != thumbprint:
        raise KeysUnusable("keys.kid")
    return thumbprint, TrustedKey(key, until)


def _verified(data: bytes, keys: Mapping[str, TrustedKey], believed: Sequence[Certificate]) -> Finding:
    file = read_json(data, "file.not_json")
    if not isinstance(file, dict):
        raise Broken("file.members")
    form, more = file.get("format"), set(file) - FILE_MEMBERS
    if not set(file) >= FILE_MEMBERS or (more and (form == FORMAT_1 or not more <= MORE_MEMBERS)):
        raise Broken("file.members")
    if form not in FORMATS:
        raise Broken("file.format")
    kid, statement = signed_by(file["certificate"], keys, kind=TYPE, form=form)
    _check_statement(statement)
    _check_history(file["events"], statement)
    included, addendum = Included(), {}
    if "addendum" in more:
        addendum = _addendum(file["addendum"], file["certificate"], statement, keys)
    if "inclusion" in more:
        found = file["inclusion"]
        if not is_inclusion(found):
            raise Broken("inclusion.form")
        root = check_root(found["root"], keys)
        included = check_inclusion(found, file["certificate"], statement, root, believed)
    return Finding(True, kid=kid, statement=statement, included=included, addendum=addendum)


def _addendum(
    found: Any, certificate: str, statement: Mapping[str, Any], keys: Mapping[str, TrustedKey]
) -> dict[str, Any]:
    """Return what an addendum says. Raises Broken: `addendum.key` for a key not to be believed, `addendum.signature`
    for a text that is none, or was changed, and the codes of `check_addendum`.
    """
    if not is_addendum(found):
        raise Broken("addendum.form")
    try:
        said = signed_by(found["addendum"], keys, kind=ADDENDUM_TYPE, form=ADDENDUM_FORMAT)[1]
    except Broken as broken:
        raise Broken("addendum.key" if broken.code.partition(".")[0] == "key" else "addendum.signature") from None
    entries = [_entry(event, number) for number, event in enumerate(found["events"], 1 + statement["chain"]["events"])]
    check_addendum(found, said, certificate, statement, entries)
    return said


def check_root(text: str, keys: Mapping[str, TrustedKey]) -> dict[str, Any]:
    """Return what the signed root of a day says. Raises Broken: `root.key` for a key not to be believed, or
    `root.signature` for a text that is no root, or was changed.
    """
    try:
        return signed_by(text, keys, kind=ROOT_TYPE, form=ROOT_FORMAT)[1]
    except Broken as broken:
        raise Broken("root.key" if broken.code.partition(".")[0] == "key" else "root.signature") from None


def signed_by(certificate: Any, keys: Mapping[str, TrustedKey], *, kind: str, form: str) -> tuple[str, dict[str, Any]]:
    """Return who signed and what was signed. Raises `Broken` for what is not of this JOSE type and this format."""
    if not isinstance(certificate, str) or not certificate.isascii() or certificate.count(".") != 2:
        raise Broken("signature.form")
    header_part, body_part, signature_part = certificate.split(".")
    header = read_json(_decoded(header_part), "signature.form")
    _decoded(signature_part)
    if not isinstance(header, dict) or header.get("alg") != ALGORITHM:
        raise Broken("signature.algorithm")
    if header.get("typ") != kind:
        raise Broken("signature.type")
    if set(header) != {"alg", "kid", "typ"} or not isinstance(header["kid"], str):
        raise Broken("signature.header")
    trusted = keys.get(header["kid"])
    if trusted is None:
        raise Broken("key.unknown")
    try:
        jws.deserialize_compact(certificate, trusted.key, algorithms=[ALGORITHM])
    except (ValueError, JoseError):
        raise Broken("signature.wrong") from None
    statement = read_json(_decoded(body_part), "statement.form")
    if not isinstance(statement, dict) or statement.get("format") != form:
        raise Broken("statement.form")
    issued = statement.get("issued_at")
    if trusted.until is not None and _instant(issued, "statement.form").timestamp() > trusted.until:
        raise Broken("key.retired")
    return header["kid"], statement


def _check_statement(statement: Mapping[str, Any]) -> None:
    """Refuse what is signed as a certificate and does not have what one needs."""
    chain = statement.get("chain")
    shape = (
        isinstance(statement.get("reference"), str)
        and isinstance(chain, dict)
        and isinstance(chain.get("head"), str)
        and type(chain.get("events")) is int
        and chain["events"] > 0
    )
    if not shape:
        raise Broken("statement.form")


def _check_history(events: Any, statement: Mapping[str, Any]) -> None:
    """Recompute the history and compare it with what was signed: same case, same number of entries, same head."""
    if not isinstance(events, list):
        raise Broken("file.members")
    entries = [_entry(event, number) for number, event in enumerate(events, 1)]
    for number, entry in enumerate(entries, 1):
        if entry.reference != statement["reference"]:
            raise Broken("chain.reference", number)
    try:
        found = check_chain(entries)
    except (ValueError, RecursionError):
        raise Broken("event.form") from None
    if not found.whole:
        raise Broken(found.code, found.number)
    if found.count != statement["chain"]["events"]:
        raise Broken("chain.shortened" if found.count < statement["chain"]["events"] else "chain.longer", found.count)
    if found.head.hex() != statement["chain"]["head"]:
        raise Broken("chain.head", found.count)


def _entry(event: Any, number: int) -> Entry:
    if not isinstance(event, dict) or set(event) != EVENT_MEMBERS:
        raise Broken("event.form", number)
    texts = all(isinstance(event[name], str) for name in EVENT_MEMBERS - {"number", "data"})
    if not texts or type(event["number"]) is not int or not isinstance(event["data"], dict):
        raise Broken("event.form", number)
    if not HEX.fullmatch(event["prev"]) or not HEX.fullmatch(event["hash"]):
        raise Broken("event.form", number)
    at = _instant(event["at"], "event.form", number)
    if utc_text(at) != event["at"]:
        raise Broken("event.form", number)
    return Entry(
        event["reference"],
        event["number"],
        at,
        event["name"],
        event["actor"],
        event["data"],
        bytes.fromhex(event["prev"]),
        bytes.fromhex(event["hash"]),
    )


def _instant(text: Any, code: str, number: int = 0) -> datetime:
    """Return the instant in UTC. One whose offset leads out of the years 1 to 9999 is none."""
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is None:
            raise Broken(code, number)
        return at.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        raise Broken(code, number) from None


def _decoded(part: str) -> bytes:
    """Decode base64url as RFC 7515 writes it: no padding, no spare bits, so that one value has one spelling."""
    try:
        decoded = urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except ValueError:
        raise Broken("signature.form") from None
    if urlsafe_b64encode(decoded).rstrip(b"=").decode() != part:
        raise Broken("signature.form")
    return decoded


def read_json(data: bytes, code: str) -> Any:
    """Read JSON that has one meaning only: no member twice, no fractions, no NaN, nothing nested without end."""

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise Broken("file.duplicate_member")
        return found

    def refuse(text: str) -> None:
        raise Broken(code)

    if len(data) > LARGEST:
        raise Broken("file.too_large")
    try:
        return json.loads(data.decode("utf-8"), object_pairs_hook=members, parse_float=refuse, parse_constant=refuse)
    except (ValueError, RecursionError):
        raise Broken(code) from None
