"""Until when must the person act, in Japan time and on their own clock, and what does missing it cost?

`Deadline.too_late_at` is the first instant that is too late; `last_moment` the last whole second before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from tojimari.guide.losses import Cost
from tojimari.guide.say import Quoted, Unknown
from tojimari.rules.calendar import day_end, jst


class Act(StrEnum):
    ASK = "ask"
    """Ask the carrier to end the line."""
    RETURN = "return"
    """Have the card or device back with the carrier."""
    EARLY_EXIT = "early_exit"
    """Send the notice of the first eight days."""
    LEAVE = "leave"
    """Have everything done that needs being in Japan."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """One last moment. `id` is permanent for the same act, way and end: reminders and calendar entries hang on it."""

    id: str
    act: Act
    end: date | None
    """The last day of the line, in Japan, if the deadline is kept. For `LEAVE` the day of leaving."""
    too_late_at: datetime
    """UTC."""
    zone: str
    stated: bool
    """False: no source gives the moment. It was set on the safe side, and earlier is better."""
    passed: bool
    missing: Cost
    """What missing it costs."""
    closing_id: str
    sources: tuple[str, ...]
    said: tuple[Quoted, ...] = ()
    """What sources say about it in words: hours, fees, where they contradict each other."""
    unknown: tuple[Unknown, ...] = ()
    others: tuple[Deadline, ...] = ()
    """Later moments that other sources give for the same end. The earliest one was taken."""

    @property
    def last_moment(self) -> datetime:
        return self.too_late_at - timedelta(seconds=1)

    @property
    def in_japan(self) -> datetime:
        """The last moment on the clocks of Japan, e.g. 23:59:59."""
        return jst(self.last_moment)

    @property
    def in_zone(self) -> datetime:
        """The same moment on the person's clock."""
        return self.last_moment.astimezone(ZoneInfo(self.zone))

    def may_still_work(self, now: datetime) -> bool:
        """Say whether it has passed on the safe side only, so that trying at once makes sense."""
        return self.passed and not self.stated and self.end is not None and now < day_end(self.end)
