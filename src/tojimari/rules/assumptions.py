"""What does a look ahead assume where the books do not say? Dated rows, each with what it rests on."""

from __future__ import annotations

from datetime import date
from functools import cache

from tojimari.rules.figures import Figure, FigureNotKnown
from tojimari.rules.packaged import table


@cache
def assumptions() -> tuple[Figure, ...]:
    """Return every row, in the order of the file. `basis` is `assumption` or `law`."""
    return tuple(
        Figure(
            name=row["name"],
            value=row["value"],
            unit=row["unit"],
            basis=row["basis"],
            valid_from=row["valid_from"],
            valid_to=row.get("valid_to"),
            source=row["source"],
            counsel=False,
        )
        for row in table("forecast")["assumption"]
    )


def assumed(name: str, on: date) -> int:
    """Return the number that holds on the day `on` (Japan's calendar). Raises FigureNotKnown."""
    for row in assumptions():
        if row.name == name and row.valid_from <= on and (row.valid_to is None or on <= row.valid_to):
            return row.value
    raise FigureNotKnown(name, on)
