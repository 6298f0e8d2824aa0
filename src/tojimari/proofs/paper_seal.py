"""How does a paper get an electronic seal that any PDF reader shows?

Where the operator has a certificate for it, each PDF is sealed (PAdES baseline B-B, ETSI EN 319 142-1) as it is drawn.
The seal says from whom the PDF is, to programs that know nothing of us. It adds nothing to the proof: that is the
signed file inside.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from io import BytesIO
from typing import Any, TypeVar

from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import load_der_x509_certificate
from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tojimari.platform.config import config

FIELD = "Seal"
SHOWN_AS = "電子シール / Electronic seal"


T = TypeVar("T")


class SealTrouble(Exception):
    """The seal that is set cannot be used. The message says what is wrong, and what to do."""


@dataclass(frozen=True, slots=True)
class Seal:
    """A certificate and its private key."""

    signer: signers.SimpleSigner
    fingerprint: str  # SHA-256 of the certificate
    until: datetime  # after which readers no longer call the seal valid

    def seal(self, pdf: bytes) -> bytes:
        """Return the PDF with the seal behind it: an incremental update, which changes no byte before it."""
        meta = signers.PdfSignatureMetadata(
            field_name=FIELD, md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES
        )
        spec = fields.SigFieldSpec(FIELD, readable_field_name=SHOWN_AS)
        writer = IncrementalPdfFileWriter(BytesIO(pdf))
        try:
            signer = signers.PdfSigner(meta, signer=self.signer, new_field_spec=spec)
            sealed = apart(lambda: signer.sign_pdf(writer))
        except (SigningError, PdfError) as error:
            raise SealTrouble(f"The paper cannot be sealed: {error}") from None
        return bytes(sealed.getvalue())


def apart(deed: Callable[[], T]) -> T:
    """Do it in a thread of its own: pyHanko starts an event loop, and a thread that runs one already forbids that."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(deed).result()


def own() -> Seal | None:
    """Return the seal of this installation; None where none is set. Raises `SealTrouble`."""
    settings = config()
    if settings.seal_certificate is None and settings.seal_key is None:
        return None
    if settings.seal_certificate is None or settings.seal_key is None:
        raise SealTrouble("TOJIMARI_SEAL_CERTIFICATE and TOJIMARI_SEAL_KEY belong together: set both, or neither.")
    return read(settings.seal_certificate, settings.seal_key.get_secret_value())


@lru_cache(maxsize=2)
def read(certificate: str, key: str) -> Seal:
    """Read a seal from PEM: the certificate first, then those above it; the key without a password."""
    try:
        chain = list(load_certs_from_pemder_data(certificate.encode()))
        private = load_private_key_from_pemder_data(key.encode(), passphrase=None)
    except (ValueError, TypeError, OSError) as error:
        raise SealTrouble(f"The seal cannot be read: {error}. It must be PEM, the key without a password.") from None
    if not chain:
        raise SealTrouble("TOJIMARI_SEAL_CERTIFICATE holds no certificate. It must be PEM.")
    mine = chain[0]
    if load_der_x509_certificate(mine.dump()).public_key() != load_pem_private_key(key.encode(), None).public_key():
        raise SealTrouble("TOJIMARI_SEAL_KEY is not the key of TOJIMARI_SEAL_CERTIFICATE.")
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # the library gives no types for it
    store.register_multiple(chain[1:])
    signer = signers.SimpleSigner(signing_cert=mine, signing_key=private, cert_registry=store)
    return Seal(signer, hashlib.sha256(mine.dump()).hexdigest(), mine.not_valid_after)


def holds(pdf: bytes, *, fingerprint: str) -> bool:
    """Say whether one seal, made with this very certificate, covers the whole PDF.

    The certificate is trusted because our own signature inside names it, so neither who issued it nor whether it is
    still valid today matters here. Every page before the seal must have been checked already.
    """
    try:
        found = PdfFileReader(BytesIO(pdf)).embedded_signatures
        if len(found) != 1:
            return False
        seal = found[0]
        certificate = seal.signer_cert
        if hashlib.sha256(certificate.dump()).hexdigest() != fingerprint:
            return False
        context = ValidationContext(
            trust_roots=[certificate], allow_fetching=False, moment=certificate.not_valid_before
        )
        status: Any = apart(lambda: validate_pdf_signature(seal, context))
    except (PdfError, SignatureValidationError, ValueError, KeyError, TypeError, IndexError, AttributeError):
        return False
    except RecursionError:
        return False
    return bool(
        status.intact
        and status.valid
        and status.coverage == SignatureCoverageLevel.ENTIRE_FILE
        and status.modification_level == ModificationLevel.NONE
    )


def days_left(at: datetime) -> int | None:
    """Return how many days the seal's certificate is still valid; None where no seal is set. Raises `SealTrouble`."""
    mine = own()
    if mine is None:
        return None
    return (mine.until - at.astimezone(UTC)).days
