"""Who signs, and how does a statement become a signed text?

A signer is anything that has a name for its key, gives the public part, and signs bytes with Ed25519 (RFC 8032). The
key in a file is one. A module of hardware (PKCS#11, mechanism CKM_EDDSA) is another: nothing here ever asks for the
private key. See `keys.signer` for how one is chosen.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.jwk import OKPKey

from tojimari.proofs.formats import ALGORITHM
from tojimari.rules.canonical import canonical


class Signer(Protocol):
    """The port. An implementation may keep a session open; it is asked from several threads."""

    @property
    def kid(self) -> str:
        """RFC 7638 thumbprint of the public key: the name under which it is published."""

    def public(self) -> Mapping[str, str]:
        """Return the public key as a JWK (RFC 8037): `kty`, `crv` and `x`."""

    def sign(self, data: bytes) -> bytes:
        """Return the 64 bytes of the Ed25519 signature over `data`. Raises whatever keeps it from signing."""


class KeySigner:
    """A signer with the private key in memory."""

    def __init__(self, key: OKPKey) -> None:
        private = key.private_key
        if not isinstance(private, Ed25519PrivateKey):
            raise ValueError("a certificate is signed with a private Ed25519 key")
        self._private = private
        self._public = {name: str(key.as_dict(private=False)[name]) for name in ("kty", "crv", "x")}
        self._kid = key.thumbprint()

    @property
    def kid(self) -> str:
        return self._kid

    def public(self) -> Mapping[str, str]:
        return self._public

    def sign(self, data: bytes) -> bytes:
        return self._private.sign(data)


def published(signer: Signer) -> dict[str, Any]:
    """Return the signer's key as it stands among the published ones."""
    return {**signer.public(), "kid": signer.kid, "alg": ALGORITHM, "use": "sig"}


def signed(statements: Sequence[Mapping[str, Any]], signer: Signer, *, kind: str) -> list[str]:
    """Sign each statement; return JWS in compact form (RFC 7515, 7.1) with the JOSE type `kind`.

    Raises NotCanonical for a statement that could be read in two ways.
    """
    header = _part(canonical({"alg": ALGORITHM, "kid": signer.kid, "typ": kind}))
    texts = []
    for statement in statements:
        said = header + b"." + _part(canonical(dict(statement)))
        texts.append((said + b"." + _part(signer.sign(said))).decode())
    return texts


def _part(data: bytes) -> bytes:
    return urlsafe_b64encode(data).rstrip(b"=")
