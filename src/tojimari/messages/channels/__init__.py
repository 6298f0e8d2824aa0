"""Through what do messages leave the house?

Each channel is one module or folder; the tables below are the whole registry. Which one takes a message follows from
its kind and the settings: mail goes by SMTP where a mail server is set, an SMS by SMPP where a gateway is set; in a
demonstration they are only shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import Any

from tojimari.messages.models import Message, MessageKind
from tojimari.platform.config import config

ANSWER_LOST = "message.answer_lost"
"""Reason code: it was handed over, and nobody said whether it was taken."""


class Fate(StrEnum):
    """What became of one message at a channel."""

    SENT = "sent"
    AGAIN = "again"  # trying later may help
    FAILED = "failed"  # it will not
    UNSURE = "unsure"  # handed over, but the answer was lost: it may be on its way


@dataclass(frozen=True, slots=True)
class Sent:
    """One message and its fate; `code` is a reason code whenever it was not sent.

    `gateway_ids` are the names that the gateway gave to it, one for each part that it went out in; `parts` counts
    them, also where the gateway names none. `detail` is what the other side said, as numbers alone: "550 5.1.1".
    """

    message: Message
    fate: Fate
    code: str = ""
    gateway_ids: tuple[str, ...] = ()
    parts: int = 1
    detail: str = ""


Channel = Callable[[Sequence[Message]], Iterator[Sequence[Sent]]]
"""Sends messages and yields their fates as soon as they are known, those that came together in one go. One that would
go out twice if the worker died now is marked before it leaves (see `begun`); others are sent one after the other."""

CHANNELS = {
    "smtp": "tojimari.messages.channels.smtp:send",
    "smpp": "tojimari.messages.channels.smpp.channel:send",
    "shown": "tojimari.messages.channels.shown:send",
}

Receipts = Callable[[float], int]
"""Waits for receipts, at most so many seconds, writes them down, and returns how many there were."""

RECEIPTS = {
    "smpp": "tojimari.messages.channels.smpp.channel:take_receipts",
}
"""Channels on which a gateway tells later what became of a message."""

HANG_UP = {
    "smpp": "tojimari.messages.channels.smpp.channel:hang_up",
}
"""Channels that keep a connection open."""


def channel(name: str) -> Channel:
    """Return the channel of that name."""
    found: Channel = _named(CHANNELS[name])
    return found


def receipts() -> list[Receipts]:
    """Return what takes the receipts of every channel that is in use now."""
    return [_named(where) for name, where in RECEIPTS.items() if name in _used()]


def hang_up() -> None:
    """End the connections that this process keeps open for its messages, before it ends itself."""
    for end in (_named(where) for name, where in HANG_UP.items() if name in _used()):
        end()


def _used() -> set[str]:
    return {channel_name(kind) for kind in MessageKind}


def _named(where: str) -> Any:
    module, function = where.split(":")
    return getattr(import_module(module), function)


def channel_name(kind: str) -> str:
    """Return the channel that takes messages of this kind now; empty when there is none."""
    if kind == MessageKind.EMAIL and config().smtp_host:
        return "smtp"
    if kind == MessageKind.SMS and config().smpp_host:
        return "smpp"
    return "shown" if config().demo else ""
