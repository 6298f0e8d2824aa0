"""What do the elements of a line say about it at this moment?

A look changes nothing and waits for nobody longer than a few seconds: an element that is away is said to be away. Each
element is asked in a thread of its own, all at once. An element may have a verb `look` for it; without one its
`inspect` is asked.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextvars import copy_context
from dataclasses import dataclass
from datetime import UTC, datetime
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Protocol, runtime_checkable

import structlog
from django.db import connections

from tojimari.network.element import Element
from tojimari.network.elements import element
from tojimari.network.handlers import UNCLEAR, unclear
from tojimari.platform.work import Batch, Outcome, Target, Work

log = structlog.get_logger(__name__)

LOOK_WITHIN = 6.0
"""Seconds that a person waits at most, for all elements together."""

AWAY = "network.no_answer"
HEAD = ("element", "address", "simulated", "by_hand", "exchange")
"""What evidence says of the element and of the talk with it; everything else is about the line."""


@runtime_checkable
class Looks(Protocol):
    """An element that can be looked into without waiting for anybody: it asks our own database, or a person does it."""

    def look(self, work: Work) -> Outcome:
        """Say what is known of the line, in the words of `inspect`. Runs in the caller's own thread and scope."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What one element has said. `code` is empty, or says why it did not say; `facts` are the line's, masked."""

    lane: str
    at: datetime
    code: str
    facts: Mapping[str, Any]
    address: str = ""
    simulated: bool = False
    exchange: Sequence[Mapping[str, Any]] = ()


def look(
    lanes: Sequence[str], target: Target, scope: str = "line", *, case: str = "", within: float = LOOK_WITHIN
) -> list[Looked]:
    """Ask the elements of these names what they hold of a line, as far as `scope` goes. Never raises.

    One answer for each, in the same order, after `within` seconds at the latest. `case` is the reference of the
    termination whose evidence it is to be compared with: digests of fields are the same only within one.
    """
    until = time.monotonic() + within
    work = Work(step_id=0, case_id=0, case=case, name="inspect", scope=scope, target=target, attempt=1)
    if unclear([target]):  # what an element has may be the neighbour's, whom this is none of their business
        return [_looked(lane, Outcome.stuck(UNCLEAR)) for lane in lanes]
    asked = [(lane, _begin(lane, work, until)) for lane in lanes]
    return [_looked(lane, answer()) for lane, answer in asked]


def facts_of(evidence: Mapping[str, Any]) -> dict[str, Any]:
    """What evidence says of the line itself."""
    return {name: value for name, value in evidence.items() if name not in HEAD}


def _begin(lane: str, work: Work, until: float) -> Callable[[], Outcome]:
    """Begin to ask one element; what is returned waits for its answer."""
    try:
        asked = element(lane)
    except (LookupError, ValueError):  # ValueError: its settings are no good
        return lambda: Outcome.stuck("element.not_there")
    if isinstance(asked, Looks):
        return lambda: _safely(lane, lambda: asked.look(work))
    answers: SimpleQueue[Outcome] = SimpleQueue()
    context = copy_context()  # the carrier's scope goes with it
    Thread(target=context.run, args=(_ask, lane, asked, work, until, answers), daemon=True).start()
    return lambda: _within(answers, until)


def _ask(lane: str, asked: Element, work: Work, until: float, answers: SimpleQueue[Outcome]) -> None:
    batch = Batch([work], datetime.now(UTC), until)
    answers.put(_safely(lane, lambda: asked.inspect(batch)[0]))
    connections.close_all()  # this thread's own, if it has needed one


def _safely(lane: str, ask: Callable[[], Outcome]) -> Outcome:
    """An element that fails in a way that nobody foresaw spoils its own row, not the page."""
    try:
        return ask()
    except Exception:
        log.exception("look.failed", lane=lane)
        return Outcome.again("step.failed")


def _within(answers: SimpleQueue[Outcome], until: float) -> Outcome:
    try:
        return answers.get(timeout=max(0.0, until - time.monotonic()))
    except Empty:
        return Outcome.again(AWAY)


def _looked(lane: str, outcome: Outcome) -> Looked:
    said = outcome.evidence
    return Looked(
        lane=lane,
        at=datetime.now(UTC),
        code=outcome.code,
        facts=facts_of(said),
        address=str(said.get("address", "")),
        simulated=bool(said.get("simulated")),
        exchange=list(said.get("exchange", ())),
    )
