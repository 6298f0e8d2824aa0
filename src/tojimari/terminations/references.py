"""How is a case called, on paper and on the phone?"""

from __future__ import annotations

import secrets

# Crockford's base 32: no I, L, O, U, so that a reference read aloud or copied by hand comes back the same.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_reference() -> str:
    """Return a fresh reference such as "TJ-7K3M-9QXA-4C2T": 60 random bits. It names a case; it opens nothing."""
    return reference_from(secrets.token_bytes(8))


def reference_from(drawn: bytes) -> str:
    """Return the reference that 8 random bytes (or more) stand for: the same bytes give the same reference."""
    number = int.from_bytes(drawn[:8])
    letters = "".join(ALPHABET[number >> 5 * place & 31] for place in range(12))
    return f"TJ-{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def normalised(text: str) -> str:
    """Return a reference as it is stored, from however it was typed; it need not exist."""
    letters = "".join(c for c in text.upper() if c.isalnum())
    letters = letters.removeprefix("TJ").translate(str.maketrans("ILO", "110"))
    return f"TJ-{letters[:4]}-{letters[4:8]}-{letters[8:12]}"
