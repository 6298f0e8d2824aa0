"""What did the person answer?

Every answer may be missing: None means "not asked" or "I do not know", and both are treated alike. Nothing is guessed
from a missing answer. No answer names the person.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones


class Term(StrEnum):
    """How the plan goes on, as the person bought it."""

    ENDS = "ends"
    """It ends on a day fixed at the purchase."""
    RENEWS = "renews"
    """It goes on, month by month or period by period, until somebody ends it."""


class Card(StrEnum):
    HERE = "here"
    LOST = "lost"
    RETURNED = "returned"


class Where(StrEnum):
    """Where the person is now. `AWAY`: anywhere outside Japan, for a Japanese line; abroad, for roaming at home."""

    JAPAN = "japan"
    AWAY = "away"
    HOME = "home"
    """In the country of the carrier, where that is not Japan."""


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers to at most five questions. Days are days of Japan's calendar; `zone` is an IANA name.

    Raises ValueError for a zone that does not exist, and for a fee below 0.
    """

    keep_number: bool | None = None
    """True: the number moves to another carrier (porting)."""
    term: Term | None = None
    term_ends_on: date | None = None
    """The last day of the plan or rental, or the day on which it renews."""
    contracted_on: date | None = None
    leaving_on: date | None = None
    """The day of leaving Japan."""
    zone: str = "Asia/Tokyo"
    """Where the person will read the clock."""
    card: Card | None = None
    unpaid: bool | None = None
    monthly_fee_yen: int | None = None
    """What a month costs, tax included; for plans by data used: a month without data. For others: one period."""
    where: Where | None = None

    def __post_init__(self) -> None:
        if self.zone not in _zones():
            raise ValueError(f"no such time zone: {self.zone}")
        if self.monthly_fee_yen is not None and self.monthly_fee_yen < 0:
            raise ValueError("a fee is not below 0")

    @property
    def clock(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def to_json(self) -> dict[str, Any]:
        """Return what was answered as plain JSON values; what is missing is left out."""
        said = {name: value for name, value in asdict(self).items() if value is not None}
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in said.items()}

    @classmethod
    def from_json(cls, row: dict[str, Any]) -> Answers:
        """Read `to_json` back. Raises TypeError for an unknown name and ValueError for a value that cannot be."""
        read: dict[str, Any] = dict(row)
        for name, make in _READ.items():
            if name in read:
                read[name] = make(read[name])
        return cls(**read)


@cache
def _zones() -> set[str]:
    """The names of all zones; looking them up reads hundreds of files."""
    return available_timezones()


_READ: dict[str, Any] = {
    "term": Term,
    "card": Card,
    "where": Where,
    "term_ends_on": date.fromisoformat,
    "contracted_on": date.fromisoformat,
    "leaving_on": date.fromisoformat,
}
