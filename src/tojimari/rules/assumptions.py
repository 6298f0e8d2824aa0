"""What does a look ahead assume where the books do not say? Dated rows, each with what it rests on."""

from __future__ import annotations

from datetime import date
from functools import cache

from tojimari.rules.figures import Figure, in_force, rows


@cache
def assumptions() -> tuple[Figure, ...]:
    """Return every row, in the order of the file. `basis` is `assumption` or `law`."""
    return rows("forecast", "assumption")


def assumed(name: str, on: date) -> int:
    """Return the number that holds on the day `on` (Japan's calendar). Raises FigureNotKnown."""
    return in_force(assumptions(), name, on).value
