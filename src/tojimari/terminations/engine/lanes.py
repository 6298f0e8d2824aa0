"""How much may a worker take from a lane at a time, and when is its element left in peace?

What all workers of all machines share about a lane with limits is one row: how many steps may begin, how often the
element did not answer, until when it rests. It is locked for the moment of the claim and changes together with the
steps, so that a worker that is killed leaves nothing half counted. A lane without limits has no row, and costs nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count

from tojimari.network.element import AWAY
from tojimari.network.elements import in_file, names
from tojimari.network.elements.instances import Instance
from tojimari.platform.work import Outcome, Result
from tojimari.terminations.handlers import HOUSE
from tojimari.terminations.models import Actor, Lane, Step, StepState
from tojimari.terminations.sql import sql

LONGEST_WAIT = 2.0
"""Seconds after which a worker looks again, whatever it waits for."""

CLOCKS_DIFFER = timedelta(minutes=1)
"""What a lane's row has further ahead than this, beyond what can be, was written by a clock that was wrong."""


@dataclass(frozen=True, slots=True)
class Room:
    """How many steps may be taken now. `trying`: the element has rested, and this step finds out whether it answers."""

    steps: int
    trying: bool


def bucket(rate: float) -> tuple[int, float]:
    """Return how many steps may begin at once, and how many a second are added, so that no second has more than `rate`.

    A full bucket and what comes to it within a second are the rate together.
    """
    burst = max(1, math.floor(rate / 10))
    return burst, rate - (burst - 1)


def room(limits: Instance, *, size: int, at: datetime, until: datetime) -> Room:
    """Lock a lane in the caller's transaction, and say how many steps may be taken of `size` that are wanted.

    `until` is when their lease would end.
    """
    with connection.cursor() as cursor:
        cursor.execute(sql("lane_lock"), {"lane": limits.name})
        if cursor.fetchone() is None:
            Lane.objects.bulk_create([Lane(name=limits.name)], ignore_conflicts=True)
            cursor.execute(sql("lane_lock"), {"lane": limits.name})
        cursor.execute(sql("lane_room"), _params(limits, size=size, at=at, until=until))
        return Room(*cursor.fetchone())


def take(limits: Instance, steps: int, *, at: datetime, until: datetime) -> None:
    """Count steps that were taken from a lane that is locked; `until` is when their lease ends."""
    with connection.cursor() as cursor:
        cursor.execute(sql("lane_take"), _params(limits, taken=steps, at=at, until=until))


def _params(limits: Instance, *, at: datetime, until: datetime, **more: Any) -> dict[str, Any]:
    """What the statements know of a lane; what it is not limited by is None."""
    burst = refill = emptiest = longest = None
    if limits.rate_per_second is not None:
        burst, refill = bucket(limits.rate_per_second)
        emptiest = at + timedelta(seconds=burst / refill) + CLOCKS_DIFFER
    if limits.breaker is not None:
        longest = max(until, at + timedelta(seconds=limits.breaker.pause_seconds)) + CLOCKS_DIFFER
    told = {"burst": burst, "refill": refill, "emptiest": emptiest, "longest": longest}
    return {"lane": limits.name, "concurrency": limits.concurrency, "at": at, "until": until, **told, **more}


def heard(lane: str, outcomes: Sequence[Outcome], *, trying: bool, at: datetime) -> None:
    """Note whether the element of a lane has answered a batch, where that is asked for."""
    limits = in_file().get(lane)
    if limits is None or limits.breaker is None:
        return
    code = _answer(outcomes)
    if code is None and not trying:
        return
    pause = timedelta(seconds=limits.breaker.pause_seconds)
    params = {"lane": lane, "code": code, "most": limits.breaker.failures, "at": at, "until": at + pause}
    with connection.cursor() as cursor:
        cursor.execute(sql("lane_untold" if code is None else "lane_told"), params)


def _answer(outcomes: Sequence[Outcome]) -> str | None:
    """Why the element has not answered any of a batch; empty when it has, None when it was not asked."""
    away = ""
    for outcome in outcomes:
        if outcome.result is Result.AGAIN and outcome.code in AWAY:
            away = away or outcome.code
        elif outcome.evidence.get("exchange"):
            return ""
    return away or None


def patience(lane: str, *, at: datetime) -> float:
    """How many seconds to wait before a lane that gave no work is asked again. One query where a rate is set."""
    limits = in_file().get(lane)
    if limits is None or limits.rate_per_second is None:
        return LONGEST_WAIT
    full_at = Lane.objects.filter(name=lane).values_list("full_at", flat=True).first()
    if full_at is None or full_at <= at:
        return LONGEST_WAIT
    burst, refill = bucket(limits.rate_per_second)
    # Half a bucket is worth a claim, and does not run over while it is worked on.
    missing = max(1.0, burst / 2) - (burst - (full_at - at).total_seconds() * refill)
    return min(LONGEST_WAIT, max(missing / refill, 0.01))


def maintained_until(lane: str, *, at: datetime) -> datetime | None:
    """When the maintenance of a lane's element is over; None outside of it. No query."""
    limits = in_file().get(lane)
    return None if limits is None else limits.maintained_until(at)


@dataclass(frozen=True, slots=True)
class Standing:
    """Why a lane takes no work now: it rests because of `code`, or is under maintenance."""

    lane: str
    failures: int
    code: str
    rests_until: datetime | None
    maintained_until: datetime | None


def standing(*, at: datetime) -> list[Standing]:
    """Return the lanes that take no work now, by name. One query where a file of elements is set, else none."""
    limited = in_file()
    rows = {row.name: row for row in Lane.objects.filter(name__in=list(limited))} if limited else {}
    found = []
    for name, limits in sorted(limited.items()):
        row = rows.get(name, Lane(name=name))
        until = limits.maintained_until(at)
        rests = row.rests_until if limits.breaker is not None else None
        if rests is not None or until is not None:
            found.append(Standing(name, row.failures, row.code, rests, until))
    return found


def note_left() -> None:
    """Put down which elements have open steps and are not set up here, so that pages find them without a search."""
    Lane.objects.bulk_create([Lane(name=name) for name in left()], ignore_conflicts=True)


def left_of(carrier_id: int) -> dict[str, int]:
    """Return how many open steps of a carrier wait for an element that was put down as not set up. Two queries."""
    gone = list(Lane.objects.exclude(name__in=names()).values_list("name", flat=True))
    if not gone:
        return {}
    waiting = Step.objects.filter(carrier_id=carrier_id, lane__in=gone, actor=Actor.SYSTEM, state=StepState.OPEN)
    return dict(waiting.values_list("lane").annotate(many=Count("pk")).order_by("lane"))


def to_come() -> dict[str, int]:
    """Return how many cases have steps ahead at an element that is not set up here, by its name.

    Reads all steps that wait: for the doctor, not for a page.
    """
    steps = Step.objects.filter(state=StepState.WAITING).exclude(lane__in=["", HOUSE, *names()])
    rows = steps.values_list("lane").annotate(many=Count("termination", distinct=True)).order_by("lane")
    return dict(rows)


def left() -> dict[str, int]:
    """Return how many open steps wait for an element that is not set up here, by its name. One query.

    Seen are the rows of the scope that was entered.
    """
    with connection.cursor() as cursor:
        cursor.execute(sql("lane_left"), {"known": [*names(), HOUSE]})
        return dict(cursor.fetchall())
