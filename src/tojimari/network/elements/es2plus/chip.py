"""Did this very chip sign that it has deleted this very profile?

A chip (eUICC) signs a notice of each change and its phone sends it on: ES9+ HandleNotification, with an
OtherSignedNotification (SGP.22 v2.5, 5.6.4 and 5.7.9; tags below). The signature is ECDSA with SHA-256, r and s side by
side, over the DER of `tbsOtherNotification`, tag included. The key is the chip's; its certificate leads by that of its
maker (EUM) to a root (GSMA CI) that the operator has chosen.

Not asked: lists of revoked certificates. They would have to be fetched from the roots' own servers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256

from tojimari.network.elements.es2plus import chain, der
from tojimari.network.elements.es2plus.unproved import Unproved, Why

MOST_BYTES = 16 * 1024

NOTIFICATION = 0xBF2F  # NotificationMetadata
INSTALLATION = 0xBF37  # ProfileInstallationResult
SIGNATURE = 0x5F37
ICCID = 0x5A
NUMBER, OPERATION = 0x80, 0x81
DELETE = bytes.fromhex("0410")  # NotificationEvent, a bit string of four bits of which the last, delete(3), is set


@dataclass(frozen=True, slots=True)
class SignedDelete:
    """What a chip has signed, verified."""

    iccid: str
    eid: str
    number: int  # the chip counts its notices
    maker: str  # organisation of the chip's maker, from its certificate
    root: str  # SHA-256 of the root's public key, in hex
    digest: str  # SHA-256 of the whole notice, in hex


def verified(data: bytes, roots: Sequence[x509.Certificate], *, at: datetime) -> SignedDelete:
    """Check a notice whole; return what it proves. Raises `Unproved` with the first reason found.

    `roots` are the CI certificates that the operator trusts, `at` the instant at which certificates must be valid.
    """
    if len(data) > MOST_BYTES:
        raise Unproved(Why.UNREADABLE)
    tbs, signature, leaf, maker = _parts(data)
    number, iccid = _deleted(tbs)
    chip = chain.chip_of(leaf, maker, roots, at=at)
    try:
        raw = utils.encode_dss_signature(int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))
        chip.key.verify(raw, tbs.whole, ec.ECDSA(SHA256()))
    except (InvalidSignature, ValueError):
        raise Unproved(Why.SIGNATURE_WRONG) from None
    return SignedDelete(iccid, chip.eid, number, chip.maker, chip.root, hashlib.sha256(data).hexdigest())


def fits(found: SignedDelete, *, iccid: str, eid: str) -> None:
    """Raises `Unproved` where a genuine notice is not of this line's profile and chip. `eid` is empty if unknown."""
    if found.iccid != iccid:
        raise Unproved(Why.OTHER_ICCID)
    if eid and found.eid != eid:
        raise Unproved(Why.OTHER_EID)


def _parts(data: bytes) -> tuple[der.Element, bytes, bytes, bytes]:
    """What was signed, the signature, the chip's certificate and its maker's."""
    try:
        outer = der.only(data)
        if outer.tag == INSTALLATION:
            raise Unproved(Why.NOT_A_DELETE)
        tbs, signature, leaf, maker = outer.parts()
    except ValueError:  # NotDer, or not four parts
        raise Unproved(Why.UNREADABLE) from None
    tags = (outer.tag, tbs.tag, signature.tag, leaf.tag, maker.tag)
    if tags != (der.SEQUENCE, NOTIFICATION, SIGNATURE, der.SEQUENCE, der.SEQUENCE) or len(signature.value) != 64:
        raise Unproved(Why.UNREADABLE)
    return tbs, signature.value, leaf.whole, maker.whole


def _deleted(tbs: der.Element) -> tuple[int, str]:
    """The number of the notice and the ICCID of the deleted profile."""
    try:
        parts = tbs.parts()
    except der.NotDer:
        raise Unproved(Why.UNREADABLE) from None
    by_tag = {part.tag: part.value for part in parts}
    if len(by_tag) != len(parts) or not by_tag.get(NUMBER) or OPERATION not in by_tag:
        raise Unproved(Why.UNREADABLE)
    if by_tag[OPERATION] != DELETE:
        raise Unproved(Why.NOT_A_DELETE)
    if ICCID not in by_tag:
        raise Unproved(Why.NO_ICCID)
    return int.from_bytes(by_tag[NUMBER], "big", signed=True), _digits(by_tag[ICCID])


def _digits(value: bytes) -> str:
    """An ICCID from ten bytes with its digits swapped in pairs, filled up with F (ETSI TS 102 221, 13.2)."""
    digits = "".join(f"{byte & 0x0F:x}{byte >> 4:x}" for byte in value).rstrip("f")
    if len(value) != 10 or not digits.isdecimal() or len(digits) < 18:
        raise Unproved(Why.UNREADABLE)
    return digits
