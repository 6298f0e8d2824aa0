"""Through what do messages leave the house?

Each channel is one module; the table below is the whole registry. Which one takes a message follows from its kind and
the settings: mail goes by SMTP where a mail server is set; in a demonstration it is only shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module

from tojimari.messages.models import Message, MessageKind
from tojimari.platform.config import config


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


Channel = Callable[[Sequence[Message]], Iterator[Sent]]
"""Sends messages one after the other and yields each one's fate at once, before it begins the next."""

CHANNELS = {
    "smtp": "tojimari.messages.channels.smtp:send",
    "shown": "tojimari.messages.channels.shown:send",
}


def channel(name: str) -> Channel:
    """Return the channel of that name."""
    module, function = CHANNELS[name].split(":")
    found: Channel = getattr(import_module(module), function)
    return found


def channel_name(kind: str) -> str:
    """Return the channel that takes messages of this kind now; empty when there is none."""
    if kind == MessageKind.EMAIL and config().smtp_host:
        return "smtp"
    return "shown" if config().demo else ""
