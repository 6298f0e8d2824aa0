"""Which steps are due, and what do their handlers need to know?"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db import connection

from tojimari.platform.work import Batch, Evidence, Target, Work
from tojimari.terminations.engine.cases import heads
from tojimari.terminations.handlers import ALL, HANDLERS
from tojimari.terminations.models import Step, StepState
from tojimari.terminations.sql import sql

LEASE = timedelta(seconds=120)
# No new effect begins in the last part of a lease, so that one that is under way ends before another worker takes over.
SAFETY = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Claimed:
    """One step that this worker holds; `code` is what the try before ended with."""

    step_id: int
    case_id: int
    name: str
    attempt: int
    code: str


@dataclass(frozen=True, slots=True)
class Claim:
    """Steps of one lane and one name, with the batch that their handler gets."""

    lane: str
    name: str
    owner: str
    steps: Sequence[Claimed]
    batch: Batch


def release_expired(*, at: datetime) -> int:
    """Open the steps whose worker is gone again, and return how many there were."""
    with connection.cursor() as cursor:
        cursor.execute(sql("release"), {"at": at})
        return int(cursor.rowcount)


def claim(*, lane: str, owner: str, size: int, at: datetime) -> Iterator[Claim]:
    """Claim up to `size` due steps of a lane, and yield them by step name."""
    began = time.monotonic()
    with connection.cursor() as cursor:
        params: dict[str, Any] = {"lane": lane, "owner": owner, "size": size, "at": at, "until": at + LEASE}
        cursor.execute(sql("claim"), params)
        claimed = [Claimed(*row) for row in cursor.fetchall()]
    claimed.sort(key=attrgetter("name", "case_id"))
    for name, group in groupby(claimed, key=attrgetter("name")):
        steps = list(group)
        batch = Batch(works=_works(name, steps), at=at, lease_ends=began + (LEASE - SAFETY).total_seconds())
        yield Claim(lane=lane, name=name, owner=owner, steps=steps, batch=batch)


def _works(name: str, steps: Sequence[Claimed]) -> list[Work]:
    """Gather what the handler of `name` reads, in three queries for the whole batch."""
    reads = HANDLERS[name].reads
    cases = [step.case_id for step in steps]
    facts = _facts(cases)
    earlier: dict[int, dict[str, Evidence]] = {case: {} for case in cases}
    wanted = [read for read in reads if read not in ("request", ALL)]
    if wanted or ALL in reads:
        for case, step_name, evidence in _evidence(cases, wanted if ALL not in reads else None):
            earlier[case][step_name] = evidence
    if "request" in reads or ALL in reads:
        for case in cases:
            earlier[case]["request"] = _request(facts[case])
    if ALL in reads:
        for case, (head, events) in heads(cases).items():
            earlier[case]["chain"] = {"head": head.hex(), "events": events}
    return [_work(step, facts[step.case_id], earlier[step.case_id]) for step in steps]


def _work(step: Claimed, fact: dict[str, Any], earlier: dict[str, Evidence]) -> Work:
    target = Target(
        line_id=fact["line_id"],
        carrier_id=fact["carrier_id"],
        kind=fact["line_kind"],
        msisdn=fact["msisdn"],
        imsi=fact["imsi"],
        iccid=fact["iccid"],
        eid=fact["eid"],
    )
    return Work(
        step_id=step.step_id,
        case_id=step.case_id,
        case=fact["reference"],
        name=step.name,
        scope=fact["scope"],
        target=target,
        attempt=step.attempt,
        earlier=earlier,
    )


def _request(fact: dict[str, Any]) -> Evidence:
    """Return what was asked, as the rooms may know it."""
    return {
        "kind": fact["kind"],
        "scope": fact["scope"],
        "channel": fact["channel"],
        "requested_by": fact["requested_by"],
        "requested_at": fact["requested_at"].isoformat(),
        "effective": fact["effective"],
        "ends_at": fact["ends_at"].isoformat(),
        "reason": fact["reason"],
        "quote": fact["quote"],
        "language": fact["language"],
        "email": fact["email"] or "",
        "carrier": {name: fact[name] for name in ("slug", "name_ja", "name_en", "name_zh_hans", "name_zh_hant")},
    }


def _facts(cases: Sequence[int]) -> dict[int, dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql("facts"), {"cases": list(cases)})
        names = [column.name for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    for row in rows:
        row["quote"] = json.loads(row["quote"])  # a raw cursor gives JSON as text
    return {row["id"]: row for row in rows}


def _evidence(cases: Sequence[int], names: Sequence[str] | None) -> Iterator[tuple[int, str, Evidence]]:
    done = Step.objects.filter(termination_id__in=cases, state__in=[StepState.DONE, StepState.SKIPPED])
    if names is not None:
        done = done.filter(name__in=names)
    yield from done.values_list("termination_id", "name", "evidence").iterator()
