"""How are secrets made that nobody has to keep? As an HMAC under a key that serves one use only.

What is made so can be made again and compared, but never guessed or read out of the database: the installation's own
key is not in it.
"""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings


def keyed(use: str, text: str) -> bytes:
    """Return 32 bytes: HMAC-SHA256 of `text` under the installation's key for `use`."""
    key = hashlib.sha256(f"tojimari.{use}:{settings.SECRET_KEY}".encode()).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
