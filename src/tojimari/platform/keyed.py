"""How are secrets made that nobody has to keep? As an HMAC under a key that serves one use only.

What is made so can be made again and compared, but never guessed or read out of the database: the installation's own
key is not in it.
"""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U, so that what is copied by hand comes back the same."""


def keyed(use: str, text: str) -> bytes:
    """Return 32 bytes: HMAC-SHA256 of `text` under the installation's key for `use`."""
    key = hashlib.sha256(f"tojimari.{use}:{settings.SECRET_KEY}".encode()).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def in_letters(secret: bytes) -> str:
    """Return bytes as base 32, five bits a letter; bits that fill no letter are dropped."""
    number, letters = int.from_bytes(secret, "big"), len(secret) * 8 // 5
    number >>= len(secret) * 8 - letters * 5
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(letters)))


def as_written(text: str) -> str:
    """Return letters that a person copied as they were meant: upper case, with I, L and O read as 1 and 0."""
    return text.upper().translate(str.maketrans("ILO", "110"))
