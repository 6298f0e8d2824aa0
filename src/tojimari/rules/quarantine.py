"""When may a closed number be given to somebody else?

No statute of Japan sets a shortest time; a carrier's number plan must say how it manages numbers (電気通信事業法
50-2(1)(ii)). The default and the floor are ours: a carrier may wait longer than the default or shorter, but never
shorter than the floor, and a number that received our one-time codes rests longest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from tojimari.platform.acting import Refused
from tojimari.rules.figures import value


@dataclass(frozen=True, slots=True)
class Quarantine:
    """The rest of a number. Both are None for a ported-in number: it goes back to the carrier that holds its block."""

    days: int | None
    free_from: date | None  # the first day on which the number may be assigned again


def own_days(days: int, *, on: date) -> int:
    """Return the days for which a carrier wants its numbers to rest, if it may have that from `on` (Japan's calendar).

    Refuses with `quarantine.too_short` and `quarantine.too_long`; the latter is a slip of the finger.
    """
    least, most = bounds(on)
    if days < least:
        raise Refused("quarantine.too_short", least=least)
    if days > most:
        raise Refused("quarantine.too_long", most=most)
    return days


def bounds(on: date) -> tuple[int, int]:
    """Return the fewest and the most days for which a carrier may let its numbers rest."""
    return value("quarantine_days_min", on), value("quarantine_days_max", on)


def quarantine(
    closed_on: date, *, carrier_days: int | None = None, received_codes: bool = False, ported_in: bool = False
) -> Quarantine:
    """Return how long a number closed on `closed_on` (Japan's calendar) rests.

    No carrier's own figure counts below the floor: it may have been entered while the floor was lower.
    """
    if ported_in:
        return Quarantine(None, None)
    if carrier_days is None:
        days = value("quarantine_days", closed_on)
    else:
        days = max(carrier_days, value("quarantine_days_min", closed_on))
    if received_codes:
        days = max(days, value("quarantine_days_code_channel", closed_on))
    return Quarantine(days, closed_on + timedelta(days=days))
