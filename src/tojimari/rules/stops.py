"""On which days was a line off before its contract ended, so that no use of theirs is charged?

A person may stop data and calls, switch them on again and stop them anew. Each stop is a stretch of its own. The day on
which it begins and the day on which it ends were used in part, so use of them is charged; the days between are not. The
fee of the plan goes with the contract, not with the stretches.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Stop:
    """One stretch, in days of Japan's calendar."""

    last_day_of_use: date
    on_again: date | None
    """The day on which the line was on again; None where it was off until the end."""

    def covers(self, day: date) -> bool:
        """Say whether the line was off for the whole of `day`."""
        return self.last_day_of_use < day and (self.on_again is None or day < self.on_again)

    @property
    def kept(self) -> dict[str, str]:
        """The stretch as a certificate says it."""
        ended = {"on_again": self.on_again.isoformat()} if self.on_again else {}
        return {"last_day_of_use": self.last_day_of_use.isoformat(), **ended}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Stop:
        """Read it back."""
        again = kept.get("on_again")
        return cls(date.fromisoformat(kept["last_day_of_use"]), date.fromisoformat(again) if again else None)


def stretches(switched: Iterable[tuple[date, bool]]) -> Sequence[Stop]:
    """Return the stretches of a line that was switched on those days: False off, True on, in the order of time.

    What changes nothing, such as off after off, begins and ends no stretch.
    """
    found: list[Stop] = []
    off_since: date | None = None
    for day, on in switched:
        if on and off_since is not None:
            found.append(Stop(off_since, day))
            off_since = None
        elif not on and off_since is None:
            off_since = day
    return [*found, Stop(off_since, None)] if off_since is not None else found
