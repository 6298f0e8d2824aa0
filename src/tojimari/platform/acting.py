"""Who acts? Every write names its actor, and the history keeps the name."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    SUBSCRIBER = "subscriber"
    STAFF = "staff"
    SYSTEM = "system"
    CARRIER = "carrier"


@dataclass(frozen=True, slots=True)
class Acting:
    """The actor of a write. `key` is stable ("12", a file's digest); `name` is shown where a person attests something."""

    role: Role
    key: str = ""
    name: str = ""

    def __str__(self) -> str:
        return f"{self.role}:{self.key}" if self.key else str(self.role)


SYSTEM = Acting(Role.SYSTEM)


class Refused(Exception):
    """
    What was asked for cannot be done now.

    `code` is a dotted reason code; its text and the way on are looked up for the reader's language when shown.
    """

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
