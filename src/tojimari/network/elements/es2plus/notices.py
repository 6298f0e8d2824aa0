"""What does a profile server say when it sends a notice, and may it be believed?

ES2+ HandleDownloadProgressInfo (SGP.22 v2.5, 5.3.5) and HandleNotification, its successor in version 3, differ by the
names of three fields; both are read here. Who sends it must be known: by a bearer token, by the certificate with which
it came to the proxy in front of us, or by both. A server for which neither is set up is never believed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from tojimari.network import one_reading
from tojimari.network.elements.es2plus.settings import ProfileState, Provider
from tojimari.rules.canonical import canonical

MOST_BYTES = 32 * 1024
_MOST_TEXT = 200
_BEARER = "Bearer "


class Unreadable(ValueError):
    """The notice is not what the interface has."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice of a profile server."""

    provider: str
    iccid: str  # digits alone
    eid: str
    point: int
    state: ProfileState | None  # None: the point is unknown, or what it tells of has failed
    status: str
    call_id: str
    said_at: datetime
    digest: str  # the same for the same notice, however often it is sent
    result: bytes  # what the chip itself has said, if the server passes it on


def sender(
    carrier_providers: Sequence[Provider], *, address: str, authorization: str, certificate: str
) -> list[Provider]:
    """Return those servers that this caller has shown to be; mostly one, none for a stranger.

    `address` is where the connection comes from, `authorization` and `certificate` are the headers Authorization and
    Client-Cert as they came, empty where there was none.
    """
    return [one for one in carrier_providers if _is(one, address, authorization, certificate)]


def _is(provider: Provider, address: str, authorization: str, certificate: str) -> bool:
    secret = provider.notice_secret
    if secret is None and not provider.notice_certificates:
        return False
    if secret is not None:
        shown = authorization.removeprefix(_BEARER) if authorization.startswith(_BEARER) else ""
        if not hmac.compare_digest(shown.encode(), secret.get_secret_value().encode()):
            return False
    if provider.notice_certificates:
        # Anybody can write this header; only the proxy that asked for the certificate is believed.
        return address in provider.proxies and _fingerprint(certificate) in provider.notice_certificates
    return True


def _fingerprint(header: str) -> str:
    """SHA-256 of the certificate in a header: RFC 9440's `:base64:`, or PEM with its signs escaped as nginx has it."""
    try:
        if len(header) > 2 and header[0] == header[-1] == ":":
            found = x509.load_der_x509_certificate(base64.b64decode(header[1:-1], validate=True))
        else:
            found = x509.load_pem_x509_certificate(unquote(header).encode())
    except ValueError:  # binascii.Error is one
        return ""
    return found.fingerprint(SHA256()).hex()


def read(body: bytes, provider: Provider) -> Notice:
    """Read a notice. Raises `Unreadable`."""
    try:
        told = one_reading.read(body)
        header = told["header"]
        status = _either(told, "notificationPointStatus", "notificationEventStatus")["status"]
        point = _either(told, "notificationPointId", "notificationEvent")
        said_at = _instant(_either(told, "timestamp", "timeStamp"))
        iccid = _iccid(told["iccid"])
        eid, call_id = told.get("eid") or "", header["functionCallIdentifier"]
        texts = (status, eid, call_id)
        result = base64.b64decode(told.get("resultData") or "", validate=True)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise Unreadable(str(error)[:_MOST_TEXT]) from None
    if not isinstance(point, int) or isinstance(point, bool) or not 0 <= point <= 65535:
        raise Unreadable("the notification point is no number")
    if not all(isinstance(text, str) and len(text) <= _MOST_TEXT and text.isprintable() for text in texts):
        raise Unreadable("a text is missing, too long, or no text")
    if eid and not (len(eid) == 32 and eid.isascii() and eid.isdecimal()):
        raise Unreadable("the EID has no 32 digits")
    state = provider.state_of(point) if status.startswith("Executed-") else None
    facts = [provider.name, iccid, eid, point, status, said_at.isoformat()]
    digest = hashlib.sha256(canonical(facts)).hexdigest()
    return Notice(provider.name, iccid, eid, point, state, status, call_id, said_at, digest, result)


def _either(told: Mapping[str, Any], old: str, new: str) -> Any:
    return told[old] if old in told else told[new]


def _instant(text: str) -> datetime:
    """An instant with its zone. W3C's form in the standard, with or without fractions."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("the time has no zone")
    return at.astimezone(UTC)


def _iccid(text: str) -> str:
    digits = text.rstrip("Ff")
    if not (18 <= len(digits) <= 20 and digits.isascii() and digits.isdecimal()):
        raise ValueError("the ICCID has no 18 to 20 digits")
    return digits
