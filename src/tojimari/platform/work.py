"""What does the engine hand to a room, and what does the room hand back?

A handler takes a `Batch` of steps (one line is a batch of one) and returns one `Outcome` per step, in the same order.
It may be called twice for the same step: a worker can die after the deed and before the record. So every handler looks
before it acts, and "already so" is a success.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

AT = "@"
"""Between the verb and the element in the name of a step that is done at one of several elements: "bar@es2plus"."""


def verb_of(step: str) -> str:
    """Return what is done at a step, without where: "bar" for "bar@es2plus", and for "bar"."""
    return step.partition(AT)[0]


def sibling(step: str, verb: str) -> str:
    """Return the name of another step at the same element: "inspect@es2plus" beside "bar@es2plus" for "inspect"."""
    _, at, element = step.partition(AT)
    return f"{verb}{at}{element}"


Evidence = Mapping[str, Any]
"""JSON-ready facts: str, int, bool, None, lists and dicts of these. No float, no secret, no full identifier."""


@dataclass(frozen=True, slots=True)
class Target:
    """The line that a step is about. Identifiers are normalised; an empty string means "has none"."""

    line_id: int
    carrier_id: int
    kind: str  # physical_sim | esim
    msisdn: str  # E.164 without "+", e.g. 819012345678
    imsi: str
    iccid: str
    eid: str


@dataclass(frozen=True, slots=True)
class Work:
    """One step that is due."""

    step_id: int
    case_id: int
    case: str  # public reference of the termination
    name: str  # what is to be done, a step of the procedure, e.g. "bar"; where is the batch's lane
    scope: str  # "line" or the service that ends, e.g. "roaming"
    target: Target
    attempt: int  # 1 for the first try
    # Evidence of done steps, by their names. An element that is one of several sees its own, without the "@".
    earlier: Mapping[str, Evidence] = field(default_factory=dict)
    repair: bool = False  # the contract ended long ago, and only what is left of the line is to be taken away


@dataclass(frozen=True, slots=True)
class Batch:
    """Steps of one lane and one name, claimed together under one lease."""

    works: Sequence[Work]
    at: datetime  # aware; when the batch was claimed
    lease_ends: float  # time.monotonic() after which no new effect may begin: another worker may have taken over

    @property
    def expired(self) -> bool:
        return time.monotonic() >= self.lease_ends


class Result(StrEnum):
    DONE = "done"
    AGAIN = "again"  # try later by itself: the element was away, busy or gave no answer
    STUCK = "stuck"  # trying again will not help: a person must look
    BY_HAND = "by_hand"  # a named member of staff does it and attests it
    STAFF = "staff"  # a rule of the carrier leaves it to staff: from now on the step is theirs


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one step. `code` is a dotted reason code whenever the result is not DONE."""

    result: Result
    evidence: Evidence = field(default_factory=dict)
    code: str = ""
    after: timedelta | None = None  # for AGAIN: not before this long; None lets the engine choose

    @classmethod
    def done(cls, **evidence: Any) -> Outcome:
        return cls(Result.DONE, evidence)

    @classmethod
    def again(cls, code: str, *, after: timedelta | None = None, **evidence: Any) -> Outcome:
        return cls(Result.AGAIN, evidence, code, after)

    @classmethod
    def stuck(cls, code: str, **evidence: Any) -> Outcome:
        return cls(Result.STUCK, evidence, code)

    @classmethod
    def by_hand(cls, code: str, **evidence: Any) -> Outcome:
        return cls(Result.BY_HAND, evidence, code)

    @classmethod
    def to_staff(cls, code: str, **evidence: Any) -> Outcome:
        return cls(Result.STAFF, evidence, code)


Handler = Callable[[Batch], Sequence[Outcome]]
