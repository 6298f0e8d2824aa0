"""How many days, yen or years does the law say, on a given day? Every such figure is a dated row with its source.

A figure that changes gets a second row; the old one keeps its end, so an old case is still judged by the figure of its
own day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from tojimari.platform.acting import Refused
from tojimari.rules.packaged import table


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure and where it comes from."""

    name: str
    value: int
    unit: str
    basis: str  # law | guideline | notice | product: how much freedom a carrier has to differ
    valid_from: date
    valid_to: date | None  # last day; None while in force
    source: str
    counsel: bool  # a lawyer must confirm it before it is relied on


class FigureNotKnown(Refused):
    """No row for this name covers this day: `figure.unknown`, never a guess."""

    def __init__(self, name: str, on: date) -> None:
        super().__init__("figure.unknown", name=name, on=on.isoformat())


@cache
def figures() -> tuple[Figure, ...]:
    """Return every row, in the order of the file."""
    return rows("figures", "figure")


def rows(file: str, kind: str) -> tuple[Figure, ...]:
    """Return every row of a kind in a packaged file, in its order."""
    return tuple(
        Figure(
            name=row["name"],
            value=row["value"],
            unit=row["unit"],
            basis=row["basis"],
            valid_from=row["valid_from"],
            valid_to=row.get("valid_to"),
            source=row["source"],
            counsel=row.get("counsel", False),
        )
        for row in table(file)[kind]
    )


def figure(name: str, on: date) -> Figure:
    """Return the figure in force on the day `on` (Japan's calendar). Raises FigureNotKnown."""
    return in_force(figures(), name, on)


def in_force(known: Iterable[Figure], name: str, on: date) -> Figure:
    """Return the one of these that holds on the day `on` (Japan's calendar). Raises FigureNotKnown."""
    for row in known:
        if row.name == name and row.valid_from <= on and (row.valid_to is None or on <= row.valid_to):
            return row
    raise FigureNotKnown(name, on)


def value(name: str, on: date) -> int:
    """Return the number alone. Raises FigureNotKnown."""
    return figure(name, on).value
