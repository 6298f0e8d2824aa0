"""By which channels can the carrier be asked, and when is the last minute in which each of them is open?

A deadline says until when a request counts. A shop that closes at 19:00 takes none at 23:59: its last minute is 18:59.
A hotline that rests on Sundays has it on Saturday. Hours that no source names are asked for, and the moment is then the
deadline itself, which is not called sure. Pages, apps and letters count as open unless a source says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tojimari.guide import ways
from tojimari.guide.answers import Where
from tojimari.guide.facts import CarrierFacts, Channel, Closing
from tojimari.guide.say import Fact, Say, Unknown
from tojimari.rules.calendar import jst, jst_date
from tojimari.rules.hours import Hours, Last

_SECOND = timedelta(seconds=1)
_STAFFED = (Channel.SHOP, Channel.PHONE, Channel.CHAT)
"""Where somebody must be there. Without hours from a source, nothing is sure of them."""
_NOBODY_ASKS = (Channel.AUTO_EXPIRY, Channel.NONE_NEEDED)
_NEAR = ("own_phone", "japan")


@dataclass(frozen=True, slots=True)
class Door:
    """One channel, and what sources say of its hours. Several hours: of several telephone numbers."""

    channel: Channel
    hours: tuple[Hours, ...] = ()
    ask: bool = False
    """True: no source says when it is open, or each shop has its own hours."""
    booking: bool = False
    """True: nobody is served without a booking."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Until when the carrier can be asked by one channel."""

    channel: Channel
    too_late_at: datetime
    """UTC, never after the deadline itself."""
    sure: bool
    """False: it is not sure that anybody is there then."""
    why: Say | None
    """Why it is earlier than the deadline itself; None where it is not."""
    unknown: tuple[Unknown, ...] = ()

    @property
    def last_moment(self) -> datetime:
        return self.too_late_at - _SECOND


def doors(facts: CarrierFacts, closing: Closing, where: Where | None) -> tuple[Door, ...]:
    """Return the channels by which one asks under this way, the best one first."""
    found = [channel for channel in ways.channels([closing], where) if channel not in _NOBODY_ASKS]
    return tuple(_door(facts, closing, channel, where) for channel in found)


def reaches(doors: Iterable[Door], deadline: datetime) -> tuple[Reach, ...]:
    """Return the last moment by each channel at or before the deadline (UTC, too late), the best one first.

    What is sure comes before what is not, then the latest; of equals the channel that stands first.
    """
    found = [_reach(door, deadline) for door in doors]
    return tuple(sorted(found, key=lambda reach: (not reach.sure, -reach.too_late_at.timestamp())))


def joined(groups: Iterable[tuple[Door, ...]]) -> tuple[Door, ...]:
    """Return the doors of several ways, each channel once: known hours come before unknown ones.

    Where two sources name different hours of one channel, both are kept, and the earlier last minute counts.
    """
    every: dict[Channel, Door] = {}
    for door in (door for group in groups for door in group):
        seen = every.setdefault(door.channel, door)
        hours = tuple(dict.fromkeys((*seen.hours, *door.hours)))
        every[door.channel] = Door(door.channel, hours, not hours and seen.ask, seen.booking or door.booking)
    return tuple(every.values())


def _door(facts: CarrierFacts, closing: Closing, channel: Channel, where: Where | None) -> Door:
    booking = channel is Channel.SHOP and closing.appointment == "required"
    stated = (closing.open or {}).get(channel)
    if stated is not None:
        hours = stated.hours
        return Door(channel, (hours,) if hours else (), ask=hours is None, booking=booking)
    lines = _of_hotlines(facts, where) if channel is Channel.PHONE else ()
    return Door(channel, lines, ask=channel in _STAFFED and not lines, booking=booking)


def _of_hotlines(facts: CarrierFacts, where: Where | None) -> tuple[Hours, ...]:
    """The hours of the numbers that can be called from where the person is, as far as sources name them."""
    near = ("abroad",) if where is Where.AWAY else _NEAR if facts.country == "JP" else ("own_phone", "home", "abroad")
    known = (line.open.hours for line in facts.hotline if line.open and line.reached_from in near)
    return tuple(dict.fromkeys(hours for hours in known if hours))


def _reach(door: Door, deadline: datetime) -> Reach:
    day = jst_date(deadline - _SECOND)
    booking = (Unknown(Say("unknown.hours.booking"), Say("ask.hours.booking", {"day": day})),) if door.booking else ()
    if not door.hours:
        unknown = (_hours_missing(door.channel, day), *booking) if door.ask else booking
        return Reach(door.channel, deadline, not unknown, None, unknown)
    last = min((hours.last(deadline) for hours in door.hours), key=_order)
    too_late_at = last.sure or last.perhaps or deadline
    unknown = booking
    if last.perhaps or last.sure is None:
        asked = jst_date(last.perhaps - _SECOND) if last.perhaps else day
        unknown = (Unknown(Say("unknown.hours.day", {"day": asked}), Say("ask.hours.day", {"day": asked})), *booking)
    return Reach(
        door.channel,
        too_late_at,
        last.sure is not None and not door.booking,
        _why(door.channel, too_late_at, deadline) if too_late_at < deadline else None,
        unknown,
    )


def _order(last: Last) -> tuple[bool, float]:
    """The earliest first; what is never surely open before all, since nothing can be promised of it."""
    moment = last.sure or last.perhaps
    return last.sure is not None, moment.timestamp() if moment else 0.0


def _hours_missing(channel: Channel, day: date) -> Unknown:
    name = _named(channel)
    return Unknown(Say(f"unknown.hours.{name}"), Say(f"ask.hours.{name}", {"day": day}))


def _why(channel: Channel, too_late_at: datetime, deadline: datetime) -> Say:
    """The deadline itself, and when the channel closes before it, both in Japan time."""
    itself, last = jst(deadline - _SECOND), jst(too_late_at - _SECOND)
    closes = f"{jst(too_late_at):%H:%M}".replace("00:00", "24:00")
    facts: dict[str, Fact] = {"day": itself.date(), "clock": f"{itself:%H:%M}", "closes": closes}
    if itself.date() == last.date():
        return Say(f"earlier.{_named(channel)}", facts)
    return Say(f"earlier.{_named(channel)}.closed", facts | {"last": last.date()})


def _named(channel: Channel) -> str:
    return str(channel) if channel in (Channel.SHOP, Channel.PHONE) else "other"
