"""What becomes of a case when a step has been tried?

One transaction writes the outcome of every step of a claim, the history, what the books say of the line, and opens the
next steps. An answer that comes after its lease was taken over by another worker is dropped whole.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import structlog
from django.db import connection, transaction

from tojimari.platform.acting import SYSTEM
from tojimari.platform.work import Evidence, Outcome, Result, verb_of
from tojimari.rules.canonical import NotCanonical, canonical
from tojimari.terminations.bell import ring
from tojimari.terminations.engine import books, putting_back
from tojimari.terminations.engine.cases import Case, Cases
from tojimari.terminations.engine.claim import LEASE, Claim, Claimed, held
from tojimari.terminations.engine.putting_back import RESTORE
from tojimari.terminations.models import CaseState, StepState
from tojimari.terminations.sql import sql

log = structlog.get_logger(__name__)

_STATE = {
    Result.DONE: StepState.DONE,
    Result.AGAIN: StepState.OPEN,
    Result.STUCK: StepState.STUCK,
    Result.BY_HAND: StepState.BY_HAND,
    Result.STAFF: StepState.OPEN,
}
_EVENT = {
    Result.AGAIN: "step.delayed",
    Result.STUCK: "step.stuck",
    Result.BY_HAND: "step.by_hand",
    Result.STAFF: "step.left_to_staff",
}
LONGEST_PAUSE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class _Told:
    """One outcome, ready to be written. `evidence` is its canonical JSON: what is stored is what is hashed."""

    step: Claimed
    outcome: Outcome
    state: StepState
    due_at: datetime | None
    evidence: bytes


def pause(attempt: int) -> timedelta:
    """How long to wait before try number `attempt` + 1: 1, 2, 4 ... seconds, five minutes at most. Nothing gives up."""
    return min(timedelta(seconds=2 ** min(attempt - 1, 10)), LONGEST_PAUSE)


def digest(evidence: Evidence) -> str:
    """Return the SHA-256 of evidence, as the history names it."""
    return sha256(canonical(dict(evidence))).hexdigest()


@dataclass(frozen=True, slots=True)
class Recorded:
    """How many steps this worker still held, and the claims with which it goes on at once."""

    steps: int
    onwards: list[Claim]


def record(claim: Claim, outcomes: Sequence[Outcome], *, at: datetime) -> Recorded:
    """Write the outcomes of a claim, and keep the next steps of its cases where they are this lane's and due."""
    began = time.monotonic()
    with transaction.atomic(durable=True):
        cases = Cases(step.case_id for step in claim.steps)
        pairs = zip(claim.steps, outcomes, strict=True)
        told = [_told(cases[step.case_id], step, outcome, at) for step, outcome in pairs]
        kept = _write(told, claim.owner, at)
        told = [one for one in told if one.step.step_id in kept]
        for one in told:
            _note(cases, one, at)
        moved = [cases[one.step.case_id] for one in told if one.state in (StepState.DONE, StepState.CANCELLED)]
        done = [one for one in told if one.state is StepState.DONE]
        books.after(claim.name, cases, [cases[one.step.case_id] for one in done], at=at)
        stuck = [cases[one.step.case_id] for one in told if one.state is StepState.STUCK]
        putting_back.after_failure(claim.name, cases, stuck, at=at)
        if verb_of(claim.name) == RESTORE:
            moved = putting_back.going_on(moved)
        next_ones = advance(cases, moved, at=at, lane=claim.onward_lane, owner=claim.owner)
        cases.save()
        if len(next_ones) < len(moved):
            ring()  # what goes on in another lane, or is to be told
    for one in done:
        claim.known.evidence.setdefault(one.step.case_id, {})[claim.name] = one.outcome.evidence
    onwards = held(next_ones, lane=claim.lane, owner=claim.owner, known=claim.known, at=at, began=began)
    return Recorded(len(told), onwards)


def _told(case: Case, step: Claimed, outcome: Outcome, at: datetime) -> _Told:
    try:
        evidence = canonical(dict(outcome.evidence))
    except NotCanonical:
        # One line's odd answer must not keep the others of its batch from being written.
        log.exception("evidence.unusable", step=step.name, case=case.reference)
        outcome, evidence = Outcome.again("step.failed"), b"{}"
    state = _STATE[outcome.result]
    if case.withdrawing and verb_of(step.name) != RESTORE and state is not StepState.DONE:
        state = StepState.CANCELLED  # the person took the case back meanwhile; what was touched is put right by restore
    elif case.state == CaseState.HELD and state is StepState.OPEN:
        state = StepState.PAUSED
    due_at = None
    if outcome.result is Result.AGAIN:
        due_at = at + (outcome.after if outcome.after is not None else pause(step.attempt))
    elif outcome.result is Result.STAFF:
        due_at = at  # from now on it waits for staff, and what they promise counts from here
    return _Told(step, outcome, state, due_at, evidence)


def _write(told: Sequence[_Told], owner: str, at: datetime) -> set[int]:
    with connection.cursor() as cursor:
        rows = b",".join(map(_row, told)).decode()
        cursor.execute(sql("record"), {"told": f"[{rows}]", "owner": owner, "at": at})
        return {row[0] for row in cursor.fetchall()}


def _row(one: _Told) -> bytes:
    """Return one outcome as a JSON object for the statement."""
    due_at = b"null" if one.due_at is None else b'"%b"' % one.due_at.isoformat().encode()
    actor = b'"staff"' if one.outcome.result is Result.STAFF else b"null"
    return b'{"id":%d,"state":"%b","actor":%b,"code":%b,"due_at":%b,"evidence":%b}' % (
        one.step.step_id,
        str(one.state).encode(),
        actor,
        canonical(one.outcome.code),
        due_at,
        one.evidence,
    )


def _note(cases: Cases, one: _Told, at: datetime) -> None:
    """Note what happened; a delay for the same reason as before is not news."""
    case, step, outcome = cases[one.step.case_id], one.step, one.outcome
    if outcome.result is Result.DONE:
        cases.note(case, "step.done", actor=SYSTEM, at=at, step=step.name, digest=sha256(one.evidence).hexdigest())
    elif outcome.result is not Result.AGAIN or outcome.code != step.code:
        cases.note(case, _EVENT[outcome.result], actor=SYSTEM, at=at, step=step.name, code=outcome.code)


def open_next(
    moved: Sequence[Case], *, at: datetime, lane: str = "", owner: str = ""
) -> tuple[set[int], list[Claimed]]:
    """Open the next waiting step of each case; return the cases that had one, and the steps claimed for `owner`.

    Those are the steps of the owner's own `lane` that are due at once. Without a lane nothing is claimed.
    """
    with connection.cursor() as cursor:
        params: dict[str, Any] = {
            "cases": [case.id for case in moved],
            "at": at,
            "lane": lane,
            "owner": owner,
            "until": at + LEASE,
        }
        cursor.execute(sql("open_next"), params)
        rows = cursor.fetchall()
    return {row[1] for row in rows}, [Claimed(*row[:5]) for row in rows if row[5]]


def advance(cases: Cases, moved: Sequence[Case], *, at: datetime, lane: str = "", owner: str = "") -> list[Claimed]:
    """Open the next step of each case that moved; a case without one has come to its end. Returns what was claimed."""
    if not moved:
        return []
    opened, claimed = open_next(moved, at=at, lane=lane, owner=owner)
    for case in moved:
        if case.id in opened:
            if case.state == CaseState.ACKNOWLEDGED:
                case.state = CaseState.IN_PROGRESS
        elif case.withdrawing:
            books.given_back(cases, case, at=at)
        else:
            case.finish(CaseState.COMPLETED, at)
            cases.note(case, "termination.completed", actor=SYSTEM, at=at)
    return claimed
