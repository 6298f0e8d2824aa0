"""Since when has a signed root existed, by the word of an authority that is not us?

A time stamp (RFC 3161) over the SHA-256 of the root's signed text. It is asked for with a nonce, and believed only when
it has that nonce, the very hash, and a signature that leads to the configured certificates. Who checks later, offline,
needs the same certificates and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import requests
from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from tojimari.platform.answers import bounded, session

LARGEST = 64 * 1024
"""Bytes of the largest answer that is read. A stamp with its certificates has a few thousand."""

SHA256 = x509.ObjectIdentifier("2.16.840.1.101.3.4.2.1")

PATIENCE = (5, 15)
"""Seconds for the connection, and for the answer."""


class StampTrouble(Exception):
    """There is no stamp that can be believed. `code` says why, `detail` is for the log."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


def authorities(path: Path) -> list[x509.Certificate]:
    """Read the certificates that are believed from a PEM file. Raises StampTrouble `stamp.certificate`."""
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError) as error:
        raise StampTrouble("stamp.certificate", str(error)) from error


def ask(url: str, message: bytes, believed: Sequence[x509.Certificate]) -> bytes:
    """Ask the authority for a stamp of `message`; return its answer (DER) after checking it.

    Raises StampTrouble: `stamp.away` when there is no answer, else what `check` raises.
    """
    request = TimestampRequestBuilder().data(message).hash_algorithm(HashAlgorithm.SHA256).build()
    answer = _post(url, request.as_bytes())
    check(answer, message, believed, nonce=request.nonce)
    return answer


def _post(url: str, query: bytes) -> bytes:
    with session(within=PATIENCE[1]) as asking:
        try:
            with asking.post(
                url,
                data=query,
                headers={"Content-Type": "application/timestamp-query"},
                timeout=PATIENCE,
                allow_redirects=False,
                stream=True,
            ) as response:
                body = bounded(response, most=LARGEST, within=PATIENCE[1])
        except (requests.RequestException, OSError) as error:
            raise StampTrouble("stamp.away", type(error).__name__) from error
    if response.status_code != requests.codes.ok or body is None:
        raise StampTrouble("stamp.away", f"status {response.status_code}{', too long or too slow' * (body is None)}")
    return body


def check(answer: bytes, message: bytes, believed: Sequence[x509.Certificate], *, nonce: int | None = None) -> datetime:
    """Check a stamp over `message` against certificates; return its time (UTC).

    Raises StampTrouble: `stamp.form` for what is no stamp, `stamp.root` for one of something else, `stamp.authority`
    for one that does not lead to a believed certificate, or has another nonce.
    """
    stamp = _read(answer)
    _check_imprint(stamp, message)
    builder = VerifierBuilder(roots=list(believed), nonce=nonce)
    try:
        builder.build().verify(stamp, sha256(message).digest())
    except (VerificationError, ValueError) as error:
        raise StampTrouble("stamp.authority", str(error)) from error
    return stamp.tst_info.gen_time


def claimed_time(answer: bytes, message: bytes) -> datetime:
    """Return the time that a stamp over `message` claims, without looking at who made it. Raises as `check` does."""
    stamp = _read(answer)
    _check_imprint(stamp, message)
    return stamp.tst_info.gen_time


def _read(answer: bytes) -> TimeStampResponse:
    try:
        stamp = decode_timestamp_response(answer)
        if stamp.as_bytes() != answer:  # one stamp has one spelling: DER
            raise StampTrouble("stamp.form", "not DER")
        stamp.tst_info  # noqa: B018 - a refusal of the authority has none, and says so here
    except ValueError as error:
        raise StampTrouble("stamp.form", str(error)) from error
    return stamp


def _check_imprint(stamp: TimeStampResponse, message: bytes) -> None:
    imprint = stamp.tst_info.message_imprint
    if imprint.hash_algorithm != SHA256 or imprint.message != sha256(message).digest():
        raise StampTrouble("stamp.root")
