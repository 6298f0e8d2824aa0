"""How is a case called, on paper and on the phone?"""

from __future__ import annotations

import secrets

from tojimari.platform.spelled import as_written, in_groups, in_letters

LETTERS = 12


def new_reference() -> str:
    """Return a fresh reference such as "TJ-7K3M-9QXA-4C2T": 60 random bits. It names a case; it opens nothing."""
    return reference_from(secrets.token_bytes(8))


def reference_from(data: bytes) -> str:
    """Return the reference that 8 random bytes (or more) stand for: the same bytes give the same reference."""
    return f"TJ-{in_groups(in_letters(data[:8])[:LETTERS])}"


def normalised(text: str) -> str:
    """Return a reference as it is stored, from however it was typed; it need not exist."""
    letters = "".join(letter for letter in text.upper() if letter.isalnum())
    if len(letters) > LETTERS:  # without its "TJ" a reference may begin with these letters itself
        letters = letters.removeprefix("TJ")
    return f"TJ-{in_groups(as_written(letters)[:LETTERS])}"
