"""How does one lane of work go on, batch by batch?

Claim what is due, let the handler do it, record what became of it; again until nothing is due. Killed at any moment it
loses nothing: what was not recorded is claimed again when its lease is over, and every effect can run twice.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

import structlog

from tojimari.platform.work import Batch, Outcome, verb_of
from tojimari.terminations.engine.claim import Claim, claim, release_expired
from tojimari.terminations.engine.lanes import heard
from tojimari.terminations.engine.record import record
from tojimari.terminations.handlers import HANDLERS

log = structlog.get_logger(__name__)

BATCH = 200
"""How many steps one thread takes at most. Larger ones gain nothing more, and leave others without work at the end."""

_numbers = count(1)


def utc_now() -> datetime:
    return datetime.now(UTC)


def new_owner() -> str:
    """Return a name for a lease that no other loop, process or machine has."""
    return f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}:{next(_numbers)}"


def run_once(lane: str, *, owner: str, size: int = BATCH, clock: Callable[[], datetime] = utc_now) -> int:
    """Do one batch of a lane, as far as its cases go on in this lane; return how many steps were held.

    Nothing is held when it returns.
    """
    done = 0
    in_hand = claim(lane=lane, owner=owner, size=size, at=clock())
    while in_hand:
        held = in_hand.pop()
        done += len(held.steps)
        outcomes = _outcomes(held)
        heard(held.lane, outcomes, trying=held.trying, at=clock())
        in_hand += record(held, outcomes, at=clock()).onwards
    return done


def run_until_idle(lanes: Sequence[str], *, clock: Callable[[], datetime] = utc_now) -> int:
    """Do everything that is due now on these lanes, one after the other; return how many steps were claimed."""
    owner, total = new_owner(), 0
    while True:
        release_expired(at=clock())
        claimed = sum(run_once(lane, owner=owner, clock=clock) for lane in lanes)
        if not claimed:
            return total
        total += claimed


def _outcomes(held: Claim) -> Sequence[Outcome]:
    """Call the handler. An error nobody foresaw is met again line by line, so that one line never harms the others."""
    try:
        return _handled(held.name, held.lane, held.batch)
    except Exception as error:
        log.warning("batch.failed", step=held.name, lane=held.lane, steps=len(held.steps), error=repr(error))
    return [_alone(held, place) for place in range(len(held.steps))]


def _alone(held: Claim, place: int) -> Outcome:
    """Do one step of a batch that failed as a whole; what fails again is delayed and logged, and ends nothing."""
    work = held.batch.works[place]
    try:
        return _handled(held.name, held.lane, replace(held.batch, works=[work]))[0]
    except Exception:
        log.exception("step.failed", step=held.name, lane=held.lane, case=work.case)
        return Outcome.again("step.failed")


def _handled(name: str, lane: str, batch: Batch) -> Sequence[Outcome]:
    outcomes = HANDLERS[verb_of(name)].handle(batch, lane)
    if len(outcomes) != len(batch.works):
        raise RuntimeError(f"{name} gave {len(outcomes)} outcomes for {len(batch.works)} steps")
    return outcomes
