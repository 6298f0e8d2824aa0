"""Does a chip's certificate lead to a root that the operator trusts, and may its maker make that chip?

Three certificates: chip (CERT.EUICC.ECDSA), maker (CERT.EUM.ECDSA), root (GSMA CI). What each must say stands in SGP.22
v2.5, 4.5.2.1 and 4.5.2.2: its role as a policy, its use of the key, and for the maker the EIDs that it may give out, as
name constraints.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID, ObjectIdentifier

from tojimari.network.elements.es2plus.unproved import Unproved, Why

EUICC = ObjectIdentifier("2.23.146.1.2.1.1")  # id-rspRole-euicc
EUM = ObjectIdentifier("2.23.146.1.2.1.2")  # id-rspRole-eum
UNREADABLE = (
    ValueError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.ExtensionNotFound,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)
"""What the reading of a certificate raises that is none, or lacks a part."""

_KNOWN_CRITICAL = frozenset(
    {
        x509.OID_BASIC_CONSTRAINTS,
        x509.OID_KEY_USAGE,
        x509.OID_CERTIFICATE_POLICIES,
        x509.OID_NAME_CONSTRAINTS,
    }
)


@dataclass(frozen=True, slots=True)
class Chip:
    """A chip whose certificate was believed."""

    eid: str
    key: ec.EllipticCurvePublicKey
    maker: str
    root: str


@lru_cache(maxsize=32)
def _read(path: Path) -> tuple[x509.Certificate, ...]:
    return tuple(x509.load_pem_x509_certificates(path.read_bytes()))


def roots_in(paths: Iterable[Path]) -> list[x509.Certificate]:
    """The root certificates in these files (PEM), read once per process. Raises OSError, and ValueError for no PEM."""
    return [root for path in dict.fromkeys(paths) for root in _read(path)]


def chip_of(leaf: bytes, maker: bytes, roots: Sequence[x509.Certificate], *, at: datetime) -> Chip:
    """Check both certificates against the roots at an instant; return the chip. Raises `Unproved`."""
    try:
        chip, eum = _loaded(leaf), _loaded(maker)
        root = _root_of(eum, roots)
        if not _issued(chip, eum):
            raise Unproved(Why.CHAIN_BROKEN)
        for one in (chip, eum, root):
            if not one.not_valid_before_utc <= at <= one.not_valid_after_utc:
                raise Unproved(Why.OUT_OF_DATE)
        _is_maker(eum)
        _is_chip(chip)
        eid, organisation = _name(chip)
        if not _may_make(eum, eid, organisation):
            raise Unproved(Why.EID_FOREIGN)
        key = chip.public_key()
    except UNREADABLE:
        raise Unproved(Why.CHAIN_BROKEN) from None
    if not isinstance(key, ec.EllipticCurvePublicKey) or key.key_size != 256:
        raise Unproved(Why.CHAIN_BROKEN)
    return Chip(eid, key, organisation, _digest_of_key(root))


def _loaded(data: bytes) -> x509.Certificate:
    """Read a certificate. Its signature fills its bit string to the last bit: one that does not was tampered with."""
    found = x509.load_der_x509_certificate(data)
    if not data.endswith(b"\0" + found.signature):
        raise Unproved(Why.CHAIN_BROKEN)
    return found


def _root_of(eum: x509.Certificate, roots: Sequence[x509.Certificate]) -> x509.Certificate:
    """The root that issued the maker's certificate. Several may bear one name: the signature decides."""
    for root in roots:
        if _issued(eum, root):
            return root
    raise Unproved(Why.ROOT_UNKNOWN)


def _issued(one: x509.Certificate, by: x509.Certificate) -> bool:
    try:
        one.verify_directly_issued_by(by)
    except (InvalidSignature, TypeError, *UNREADABLE):
        return False
    return True


def _is_maker(eum: x509.Certificate) -> None:
    basic = eum.extensions.get_extension_for_class(x509.BasicConstraints).value
    if not basic.ca or basic.path_length != 0 or not _usage(eum).key_cert_sign or not _has_role(eum, EUM):
        raise Unproved(Why.CHAIN_BROKEN)
    _understood(eum)


def _is_chip(chip: x509.Certificate) -> None:
    if not _usage(chip).digital_signature or not _has_role(chip, EUICC):
        raise Unproved(Why.CHAIN_BROKEN)
    _understood(chip)


def _usage(one: x509.Certificate) -> x509.KeyUsage:
    return one.extensions.get_extension_for_class(x509.KeyUsage).value


def _has_role(one: x509.Certificate, role: ObjectIdentifier) -> bool:
    policies = one.extensions.get_extension_for_class(x509.CertificatePolicies).value
    return any(policy.policy_identifier == role for policy in policies)


def _understood(one: x509.Certificate) -> None:
    """What a certificate calls critical and we do not know makes it unusable (RFC 5280, 4.2)."""
    if any(extension.critical and extension.oid not in _KNOWN_CRITICAL for extension in one.extensions):
        raise Unproved(Why.CHAIN_BROKEN)


def _name(chip: x509.Certificate) -> tuple[str, str]:
    """The chip's EID and the organisation in its name."""
    serial = chip.subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)
    organisation = chip.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    if len(serial) != 1 or len(organisation) != 1:
        raise Unproved(Why.CHAIN_BROKEN)
    eid = str(serial[0].value)
    if len(eid) != 32 or not (eid.isascii() and eid.isdecimal()):
        raise Unproved(Why.EID_FOREIGN)
    return eid, str(organisation[0].value)


def _may_make(eum: x509.Certificate, eid: str, organisation: str) -> bool:
    """Whether the maker's name constraints allow this organisation and the first digits of this EID."""
    limits = eum.extensions.get_extension_for_class(x509.NameConstraints).value
    if limits.excluded_subtrees:
        return False  # the standard has none here: what it would mean is not ours to guess
    return any(_allows(tree, eid, organisation) for tree in limits.permitted_subtrees or ())


def _allows(tree: x509.GeneralName, eid: str, organisation: str) -> bool:
    if not isinstance(tree, x509.DirectoryName):
        return False
    first = [str(one.value) for one in tree.value.get_attributes_for_oid(NameOID.SERIAL_NUMBER)]
    names = [str(one.value) for one in tree.value.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)]
    return len(first) == 1 and bool(first[0]) and eid.startswith(first[0]) and names == [organisation]


def _digest_of_key(root: x509.Certificate) -> str:
    key = root.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(key).hexdigest()
