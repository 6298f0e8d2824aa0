"""Who acts, and how is an act refused? Every write names its actor, and the history keeps the name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    SUBSCRIBER = "subscriber"
    STAFF = "staff"
    SYSTEM = "system"
    CARRIER = "carrier"


@dataclass(frozen=True, slots=True)
class Acting:
    """The actor of a write. `key` is stable ("12", a digest); `name` is shown where a person attests something."""

    role: Role
    key: str = ""
    name: str = ""

    def __str__(self) -> str:
        return f"{self.role}:{self.key}" if self.key else str(self.role)


SYSTEM = Acting(Role.SYSTEM)


class Refused(ValueError):
    """
    What was asked for cannot be done.

    `code` is a dotted reason code; its text and the way on are looked up for the reader's language when shown. `facts`
    are what that text may name: texts, whole numbers and ISO dates, never a full identifier.
    """

    def __init__(self, code: str, **facts: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.facts: Mapping[str, str | int] = facts

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.code} ({details})" if details else self.code
