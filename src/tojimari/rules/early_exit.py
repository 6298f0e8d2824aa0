"""Until when can a person leave a new contract as if it had not been made (初期契約解除)?

電気通信事業法 26-3: eight days, the first one included, from the later of the day the contract document was received
and the day the service started. Without a document the days have not begun. The notice works when it is sent, needs no
consent and no reason, so what counts is `sent_at`, however late anybody reads it.

Some carriers have the certified alternative (確認措置) instead. Which one applies is a fact of the contract, never
guessed here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from tojimari.rules.calendar import day_end
from tojimari.rules.figures import FigureNotKnown, value


class Scheme(StrEnum):
    """How a contract can be left in its first days."""

    INITIAL_CANCELLATION = "initial_cancellation"
    CONFIRMATION_MEASURE = "confirmation_measure"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Window:
    """The days of initial cancellation. Both dates are None while the days have not begun: then it is open."""

    first_day: date | None
    last_day: date | None

    @property
    def ends_at(self) -> datetime | None:
        """The first instant, in UTC, that is too late; None while no end is set."""
        return day_end(self.last_day) if self.last_day else None

    def in_time(self, sent_at: datetime) -> bool:
        """Say whether a notice sent at this instant (aware) is in time (26-3(2): sending counts)."""
        return self.ends_at is None or sent_at < self.ends_at


def window(received: date | None, started: date | None, corrected_received: date | None = None) -> Window:
    """Return the days of initial cancellation of a mobile contract.

    `received`: the contract document reached the subscriber; an electronic one when it was recorded on their device
    (26-2(3)). `started`: the service began. `corrected_received`: after the right had been misstated, the corrected
    document reached them, and the days run anew from there. All are days in Japan, None if it has not happened.
    A service that began before there was this right never had such days, whatever was received: they end before it.
    """
    documents = [day for day in (received, corrected_received) if day]
    if started is None:
        return Window(None, None)
    try:
        value("ic_days", started)
    except FigureNotKnown:
        return Window(started, started - timedelta(days=1))
    if not documents:
        return Window(None, None)
    first = max(started, *documents)
    return Window(first, first + timedelta(days=value("ic_days", first) - 1))
