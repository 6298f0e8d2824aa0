"""What does a phone with a passkey answer? One made of a few lines, so that a test can make it answer wrongly.

Keys are real ES256 keys and signatures are real (W3C Web Authentication, sections 6 and 7). Chromium's own
authenticator answers in the tests under `browser`.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2 import cbor
from fido2.utils import websafe_decode, websafe_encode

PRESENT, VERIFIED, WITH_KEY = 0x01, 0x04, 0x40


@dataclass
class Phone:
    """A device with one passkey. Change a field before it answers, and it answers with that."""

    origin: str = "https://tabi.example"
    host: str = "tabi.example"
    flags: int = PRESENT | VERIFIED
    count: int = 0
    cross_origin: bool = False
    challenge: str = ""
    """What it signs instead of what it was asked to, if anything."""
    handle: str = ""
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def makes(self, options: Mapping[str, Any]) -> str:
        """Make the passkey that was asked for, and answer as `PublicKeyCredential.toJSON` does."""
        asked = options["publicKey"]
        self.handle = asked["user"]["id"]
        public = cbor.encode(self._public())
        attested = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + public
        data = self._data(self.flags | WITH_KEY) + attested
        statement = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", asked["challenge"])
        return self._answer({"clientDataJSON": websafe_encode(client), "attestationObject": websafe_encode(statement)})

    def signs(self, options: Mapping[str, Any]) -> str:
        """Sign the challenge, and answer as `PublicKeyCredential.toJSON` does. Counts the use if it counts at all."""
        self.count += 1 if self.count else 0
        client = self._client("webauthn.get", options["publicKey"]["challenge"])
        data = self._data(self.flags)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        parts = {"clientDataJSON": client, "authenticatorData": data, "signature": signature}
        answer = {name: websafe_encode(part) for name, part in parts.items()}
        return self._answer(answer | {"userHandle": self.handle} if self.handle else answer)

    def _public(self) -> dict[int, int | bytes]:
        """The public key as COSE writes it (RFC 9053, 7.1.1): EC2, ES256, P-256, x, y."""
        numbers = self.key.public_key().public_numbers()
        return {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, what: str, challenge: str) -> bytes:
        told = {"type": what, "challenge": self.challenge or challenge, "origin": self.origin}
        return json.dumps(told | {"crossOrigin": self.cross_origin}).encode()

    def _answer(self, response: dict[str, str]) -> str:
        name = websafe_encode(self.credential_id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


def challenge_in(options: Mapping[str, Any]) -> bytes:
    return websafe_decode(options["publicKey"]["challenge"])
