"""How is what a person wrote kept so that only this installation can read it?

By AES-256-GCM under a key made from the installation's own, which is not in the database. What it is about is sealed
with it: a text that was moved to another row does not open.
"""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tojimari.platform.keyed import keyed

_NONCE = 12
_USE = "codes.sealed"


def seal(text: str, *, about: str) -> bytes:
    """Return `text` sealed together with what it is about."""
    return seal_bytes(text.encode(), about=about)


def seal_bytes(data: bytes, *, about: str) -> bytes:
    """Return a file sealed together with what it is about."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(keyed(_USE, "")).encrypt(nonce, data, about.encode())


def unseal(sealed: bytes, *, about: str) -> str | None:
    """Return the text, or None where it cannot be opened: wiped, changed, or sealed under another key."""
    opened = unseal_bytes(sealed, about=about)
    return None if opened is None else opened.decode()


def unseal_bytes(sealed: bytes, *, about: str) -> bytes | None:
    """Return the file, or None where it cannot be opened."""
    try:
        return AESGCM(keyed(_USE, "")).decrypt(sealed[:_NONCE], sealed[_NONCE:], about.encode())
    except (InvalidTag, ValueError):
        return None
