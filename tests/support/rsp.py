"""Where do tests get certificates and chips from? Roots, makers and chips as GSMA SGP.22 has them, made here.

`Pki` makes certificates for TLS on both sides. `Chip` is an eUICC with a key of its own, a certificate by its maker
(EUM) and a root (CI) above; it signs notices like the real ones. Everything can be made wrong, one thing at a time.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID, ObjectIdentifier

EUICC, EUM, CI = (ObjectIdentifier(f"2.23.146.1.2.1.{number}") for number in (1, 2, 0))
ALWAYS = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2050, 1, 1, tzinfo=UTC))
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
Key = ec.EllipticCurvePrivateKey


def new_key() -> Key:
    return ec.generate_private_key(ec.SECP256R1())


def name(common: str, *, organisation: str = "", serial: str = "") -> x509.Name:
    parts = [(NameOID.ORGANIZATION_NAME, organisation), (NameOID.SERIAL_NUMBER, serial), (NameOID.COMMON_NAME, common)]
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in parts if value])


def usage(*allowed: str) -> x509.KeyUsage:
    every = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement")
    more = ("key_cert_sign", "crl_sign", "encipher_only", "decipher_only")
    return x509.KeyUsage(**{one: one in allowed for one in (*every, *more)})


def policy(role: ObjectIdentifier) -> x509.CertificatePolicies:
    return x509.CertificatePolicies([x509.PolicyInformation(role, None)])


def certificate(
    subject: x509.Name,
    key: Key,
    *,
    issuer: x509.Name,
    by: Key,
    extensions: Sequence[tuple[x509.ExtensionType, bool]] = (),
    valid: tuple[datetime, datetime] = ALWAYS,
) -> x509.Certificate:
    """One certificate for `key`, signed with `by`."""
    made = x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number(), *valid)
    for extension, critical in extensions:
        made = made.add_extension(extension, critical)
    return made.sign(by, SHA256())


class Root:
    """A CI: the root above makers of chips."""

    def __init__(self, common: str = "Test CI", *, valid: tuple[datetime, datetime] = ALWAYS) -> None:
        self.key, self.name = new_key(), name(common)
        extensions = [(x509.BasicConstraints(True, None), True), (usage("key_cert_sign", "crl_sign"), True)]
        self.certificate = certificate(
            self.name,
            self.key,
            issuer=self.name,
            by=self.key,
            extensions=[*extensions, (policy(CI), True)],
            valid=valid,
        )

    def pem(self, folder: Path) -> Path:
        path = folder / "ci.pem"
        path.write_bytes(self.certificate.public_bytes(Encoding.PEM))
        return path


class Maker:
    """An EUM: it may make chips of its organisation whose EID begins as `eids` says."""

    def __init__(
        self,
        root: Root,
        *,
        eids: str = "89049032",
        organisation: str = "Test EUM",
        valid: tuple[datetime, datetime] = ALWAYS,
        role: ObjectIdentifier = EUM,
        path_length: int | None = 0,
        limited: bool = True,
    ) -> None:
        self.key, self.organisation = new_key(), organisation
        self.name = name("Test EUM certificate", organisation=organisation)
        tree = x509.DirectoryName(name("", organisation=organisation, serial=eids))
        extensions: list[tuple[x509.ExtensionType, bool]] = [
            (x509.BasicConstraints(path_length is not None, path_length), True),
            (usage("key_cert_sign"), True),
            (policy(role), True),
        ]
        if limited:
            extensions.append((x509.NameConstraints([tree], None), True))
        self.certificate = certificate(
            self.name, self.key, issuer=root.name, by=root.key, extensions=extensions, valid=valid
        )


@dataclass
class Chip:
    """An eUICC. `eid` is 32 digits."""

    maker: Maker
    eid: str
    organisation: str = ""
    role: ObjectIdentifier = EUICC
    valid: tuple[datetime, datetime] = ALWAYS
    signs: str = "digital_signature"
    issued_by: Maker | None = None  # whose key signs the certificate, if not the maker's

    def __post_init__(self) -> None:
        self.key = new_key()
        subject = name("Test eUICC", organisation=self.organisation or self.maker.organisation, serial=self.eid)
        self.certificate = certificate(
            subject,
            self.key,
            issuer=self.maker.name,
            by=(self.issued_by or self.maker).key,
            extensions=[(usage(self.signs), True), (policy(self.role), True)],
            valid=self.valid,
        )

    def notice(self, iccid: str, **other: Any) -> bytes:
        """A signed notice that the profile was deleted; `other` as in `metadata` and `signed`."""
        key = other.pop("key", self.key)
        return self.signed(metadata(iccid, **other), key=key)

    def signed(self, tbs: bytes, *, key: Key | None = None) -> bytes:
        """OtherSignedNotification over these bytes."""
        r, s = utils.decode_dss_signature((key or self.key).sign(tbs, ec.ECDSA(SHA256())))
        signature = tlv("5F37", r.to_bytes(32, "big") + s.to_bytes(32, "big"))
        chain = [one.public_bytes(Encoding.DER) for one in (self.certificate, self.maker.certificate)]
        return tlv("30", tbs, signature, *chain)


OPERATIONS = {"install": "0780", "enable": "0640", "disable": "0520", "delete": "0410"}
"""NotificationEvent as DER has it: how many bits of the last byte are unused, then the bits."""


def metadata(
    iccid: str, *, operation: str = "delete", number: int = 7, address: str = "notices.tabi.example", more: bytes = b""
) -> bytes:
    """NotificationMetadata (BF2F) of SGP.22."""
    return tlv(
        "BF2F",
        tlv("80", number.to_bytes(1, "big")),
        tlv("81", bytes.fromhex(OPERATIONS.get(operation, operation))),
        tlv("0C", address.encode()),
        *([tlv("5A", swapped(iccid))] if iccid else []),
        more,
    )


def swapped(iccid: str) -> bytes:
    """An ICCID as it stands on a card: pairs of digits swapped, filled up with F."""
    digits = iccid.ljust(20, "F")
    return bytes.fromhex("".join(digits[place + 1] + digits[place] for place in range(0, 20, 2)))


def tlv(tag: str, *parts: bytes) -> bytes:
    """One element of DER."""
    value = b"".join(parts)
    if len(value) < 0x80:
        length = bytes([len(value)])
    else:
        size = (len(value).bit_length() + 7) // 8
        length = bytes([0x80 | size]) + len(value).to_bytes(size, "big")
    return bytes.fromhex(tag) + length + value


class Pki:
    """Certificates for TLS on both sides, as files in a folder: `ca`, `server`, `client`, and a stranger's client."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key, self.name = new_key(), name("Test TLS authority")
        authority = [(x509.BasicConstraints(True, None), True), (usage("key_cert_sign"), True)]
        self.root = certificate(self.name, self.key, issuer=self.name, by=self.key, extensions=authority)
        self.ca = self._write("ca.pem", self.root.public_bytes(Encoding.PEM))
        self.server, self.server_key = self.leaf("server")
        self.client, self.client_key = self.leaf("client")
        foreign = new_key()
        self.stranger, self.stranger_key = self.leaf("stranger", by=foreign)

    def leaf(
        self, common: str, *, by: Key | None = None, valid: tuple[datetime, datetime] = ALWAYS
    ) -> tuple[Path, Path]:
        """A certificate and its key, for loopback."""
        key = new_key()
        here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
        made = certificate(
            name(common), key, issuer=self.name, by=by or self.key, extensions=[(here, False)], valid=valid
        )
        secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        path = self._write(f"{common}.pem", made.public_bytes(Encoding.PEM))
        return path, self._write(f"{common}.key", secret)

    def _write(self, file: str, content: bytes) -> Path:
        path = self.folder / file
        path.write_bytes(content)
        return path


EXPIRED = (ALWAYS[0], NOW - timedelta(days=1))
NOT_YET = (NOW + timedelta(days=1), ALWAYS[1])
