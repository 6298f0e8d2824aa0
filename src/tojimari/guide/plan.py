"""What should this person do, in which order, and until when?

`plan(facts, kind, answers, now)` is worked out anew from the facts and the answers each time: it is pure, and the same
question has the same answer. A saved case keeps the facts and the answers, not the plan.

A plan never says that a line was closed. Only the carrier can say that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tojimari.guide.deadlines import Deadline
from tojimari.guide.facts import Channel, Hotline, LineKind
from tojimari.guide.losses import Cost
from tojimari.guide.say import Quoted, Say, Unknown


class Outcome(StrEnum):
    STEPS = "steps"
    ENDS_BY_ITSELF = "ends_by_itself"
    ENDED = "ended"
    """The plan's own last day is over."""
    PORT = "port"
    """The number moves. The line then ends by itself, and must not be closed before."""
    ASK_CARRIER = "ask_carrier"
    """No source says how it is ended."""


class Actor(StrEnum):
    PERSON = "person"
    CARRIER = "carrier"


class Evidence(StrEnum):
    RECEIPT_NUMBER = "receipt_number"
    SCREENSHOT = "screenshot"
    CONFIRMATION = "confirmation"
    """The mail or letter in which the carrier confirms."""
    PHOTO_POSTED = "photo_posted"
    """The card in its envelope, and the receipt of the post."""
    LAST_BILL = "last_bill"


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One thing to be done. `id` is permanent: evidence hangs on it. The order in the plan is the order to act in."""

    id: str
    actor: Actor
    title: Say
    say: tuple[Say, ...] = ()
    quoted: tuple[Quoted, ...] = ()
    taps: tuple[Quoted, ...] = ()
    """Which words to tap, in order."""
    papers: tuple[Quoted, ...] = ()
    channel: Channel | None = None
    """The best one for where the person is; `channels` are all that the way has, best first."""
    channels: tuple[Channel, ...] = ()
    page: str = ""
    hotlines: tuple[Hotline, ...] = ()
    due: Deadline | None = None
    not_before: datetime | None = None
    """UTC: doing it earlier harms."""
    evidence: tuple[Evidence, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    closing_id: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    carrier_id: str
    kind: LineKind
    outcome: Outcome
    headline: Say
    closing_ids: tuple[str, ...]
    """The ways that the plan is made from, the one to take first."""
    ends_on: date | None
    """The last day of the line, in Japan, if the plan is kept; None where it cannot be known."""
    say: tuple[Say, ...]
    steps: tuple[PlannedStep, ...]
    deadlines: tuple[Deadline, ...]
    costs: tuple[Cost, ...]
    """What ending the line itself costs."""
    unknown: tuple[Unknown, ...]
    quoted: tuple[Quoted, ...]
    """What sources say beyond the steps: warnings, and where they contradict each other."""

    def step(self, step_id: str) -> PlannedStep | None:
        """Return a step by its id, or None where the plan has none such."""
        return next((step for step in self.steps if step.id == step_id), None)
