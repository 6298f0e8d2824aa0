"""How is a name of letters and digits spelled that people read aloud and copy by hand?

In Crockford's base 32, in groups of four: "TR-7K3M-9QXA". No I, L, O or U, so what is copied comes back the same; and
never eight digits in a row, so the log does not take it for a telephone number.
"""

from __future__ import annotations

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def drawn(kind: str) -> str:
    """Return a fresh name that begins with its kind: "TR-7K3M-9QXA", 40 random bits. It opens nothing."""
    return f"{kind}-{in_groups(in_letters(secrets.token_bytes(5)))}"


def in_letters(data: bytes) -> str:
    """Return bytes as base 32, five bits a letter; bits that fill no letter are dropped."""
    letters = len(data) * 8 // 5
    return of_number(int.from_bytes(data, "big") >> len(data) * 8 - letters * 5, letters)


def of_number(number: int, letters: int) -> str:
    """Return a number as base 32 in so many letters; what is too large for them is dropped."""
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(letters)))


def in_groups(letters: str) -> str:
    """Return letters in groups of four, as they are shown."""
    return "-".join(letters[place : place + 4] for place in range(0, len(letters), 4))


def as_written(text: str) -> str:
    """Return letters that a person copied as they were meant: upper case, with I, L and O read as 1 and 0."""
    return text.upper().translate(str.maketrans("ILO", "110"))
