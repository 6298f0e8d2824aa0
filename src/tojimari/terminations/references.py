"""How is a case called, on paper and on the phone?"""

from __future__ import annotations

import secrets

# Crockford's base 32: no I, L, O, U, so that a reference read aloud or copied by hand comes back the same.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_reference() -> str:
    """Return a fresh reference such as "TJ-7K3M-9QXA-4C2T": 60 random bits. It names a case; it opens nothing."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(12))
    return f"TJ-{drawn[:4]}-{drawn[4:8]}-{drawn[8:]}"


def normalised(text: str) -> str:
    """Return a reference as it is stored, from however it was typed; it need not exist."""
    letters = "".join(c for c in text.upper() if c.isalnum())
    letters = letters.removeprefix("TJ").translate(str.maketrans("ILO", "110"))
    return f"TJ-{letters[:4]}-{letters[4:8]}-{letters[8:12]}"
