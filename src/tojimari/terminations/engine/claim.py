"""Which steps are due, and what do their handlers need to know?"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

import orjson
from django.db import connection, transaction

from tojimari.network.elements import in_file
from tojimari.network.elements.instances import Instance
from tojimari.platform.work import Batch, Evidence, Target, Work, sibling, verb_of
from tojimari.terminations.engine import lanes
from tojimari.terminations.engine.around import around
from tojimari.terminations.engine.cases import heads
from tojimari.terminations.handlers import ALL, AT_AN_ELEMENT, HANDLERS
from tojimari.terminations.models import Channel
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


class Known:
    """What a worker has read of the cases in its hand, so that going on with them reads nothing twice."""

    def __init__(self) -> None:
        self.facts: dict[int, dict[str, Any]] = {}
        self.evidence: dict[int, dict[str, Evidence]] = {}

    def read(self, cases: Sequence[int]) -> None:
        """Read the facts of the cases that are not known yet."""
        unknown = [case for case in cases if case not in self.facts]
        if unknown:
            self.facts.update(_facts(unknown))

    def read_evidence(self, cases: Sequence[int], names: Sequence[str] | None) -> None:
        """Read the evidence of done steps by name, None for all steps; what is known already is not read again."""
        if names is not None:
            cases = [case for case in cases if not self.evidence.get(case, {}).keys() >= set(names)]
            if not cases or not names:
                return
        with connection.cursor() as cursor:
            cursor.execute(sql("evidence"), {"cases": list(cases), "names": None if names is None else list(names)})
            for case, evidence in cursor.fetchall():
                self.evidence.setdefault(case, {}).update(orjson.loads(evidence))


@dataclass(frozen=True, slots=True)
class Claim:
    """Steps of one lane and one name, with the batch that their handler gets."""

    lane: str
    name: str
    owner: str
    steps: Sequence[Claimed]
    batch: Batch
    known: Known
    trying: bool = False
    """Whether this one step finds out whether an element that rested answers again."""

    @property
    def onward_lane(self) -> str:
        """The lane in which its worker goes on with the cases at once; empty where every step must be counted."""
        limits = in_file().get(self.lane)
        return "" if limits is not None and limits.limited else self.lane


def release_expired(*, at: datetime) -> int:
    """Open the steps whose worker is gone again, and return how many there were."""
    with connection.cursor() as cursor:
        cursor.execute(sql("release"), {"at": at})
        return int(cursor.rowcount)


def claim(*, lane: str, owner: str, size: int, at: datetime) -> list[Claim]:
    """Claim up to `size` due steps of a lane, as far as its limits leave room; return them by step name."""
    began = time.monotonic()
    params: dict[str, Any] = {"lane": lane, "owner": owner, "size": size, "at": at, "until": at + LEASE}
    limits = in_file().get(lane)
    if limits is None or not limits.limited:
        claimed, trying = _claimed(params), False
    else:
        claimed, trying = _claimed_within(limits, params)
    return held(claimed, lane=lane, owner=owner, known=Known(), at=at, began=began, trying=trying)


def _claimed(params: dict[str, Any]) -> list[Claimed]:
    with connection.cursor() as cursor:
        cursor.execute(sql("claim"), params)
        return [Claimed(*row) for row in cursor.fetchall()]


def _claimed_within(limits: Instance, params: dict[str, Any]) -> tuple[list[Claimed], bool]:
    """Claim from a lane with limits, and say whether its element is tried after a rest."""
    at = params["at"]
    if limits.maintained_until(at) is not None:
        return [], False
    if not limits.counted:
        return _claimed(params), False
    with transaction.atomic():
        room = lanes.room(limits, size=params["size"], at=at, until=params["until"])
        claimed = _claimed(params | {"size": room.steps}) if room.steps else []
        if claimed:
            lanes.take(limits, len(claimed), at=at, until=params["until"])
    return claimed, room.trying


def held(
    claimed: Sequence[Claimed],
    *,
    lane: str,
    owner: str,
    known: Known,
    at: datetime,
    began: float,
    trying: bool = False,
) -> list[Claim]:
    """Make claims, by step name, of steps that this worker holds since `began` (time.monotonic())."""
    claims = []
    for name, group in groupby(sorted(claimed, key=attrgetter("name", "case_id")), key=attrgetter("name")):
        steps = list(group)
        works = _works(name, steps, known)
        batch = Batch(works=works, at=at, lease_ends=began + (LEASE - SAFETY).total_seconds())
        claims.append(Claim(lane, name, owner, steps, batch, known, trying))
    return claims


def _works(name: str, steps: Sequence[Claimed], known: Known) -> list[Work]:
    """Gather what the handler of `name` reads, in a few queries for the whole batch."""
    verb = verb_of(name)
    reads = HANDLERS[verb].reads
    cases = [step.case_id for step in steps]
    known.read(cases)
    # What was found at the same element as this step: {"inspect": "inspect@es2plus"}.
    own = {
        read: sibling(name, read) if verb in AT_AN_ELEMENT else read for read in reads if read not in (ALL, "request")
    }
    names = None if ALL in reads else list(own.values())
    known.read_evidence(cases, names)
    chains = heads(cases) if ALL in reads else {}
    beside = around({case: known.facts[case] for case in cases}) if ALL in reads else {}
    works = []
    for step in steps:
        fact, evidence = known.facts[step.case_id], known.evidence.get(step.case_id, {})
        earlier = (
            dict(evidence) if names is None else {read: evidence[at] for read, at in own.items() if at in evidence}
        )
        if ALL in reads or "request" in reads:
            earlier["request"] = _request(fact)
        if ALL in reads:
            head, events = chains[step.case_id]
            earlier["chain"] = {"head": head.hex(), "events": events}
            earlier["around"] = beside[step.case_id]
        works.append(_work(step, verb, fact, earlier))
    return works


def _work(step: Claimed, verb: str, fact: dict[str, Any], earlier: dict[str, Evidence]) -> Work:
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
        name=verb,
        scope=fact["scope"],
        target=target,
        attempt=step.attempt,
        earlier=earlier,
        repair=fact["channel"] == Channel.REPAIR,
    )


CARRIER = ("slug", "name_ja", "name_en", "name_zh_hans", "name_zh_hant", "legal_name", "registration")


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
        "shown": _shown(fact),
        "paid": fact["paid"],
        "language": fact["language"],
        "email": fact["email"] or "",
        "carrier": {name: fact[name] for name in CARRIER},
        "rest": {"carrier_days": fact["rest_days"], "ported_in": fact["ported_in"]},
    }


def _shown(fact: dict[str, Any]) -> Evidence:
    """Return which screen was confirmed; nothing where nobody was shown one."""
    if fact["shown_sha256"] is None:
        return {}
    return {name: fact[f"shown_{name}"] for name in ("sha256", "language", "template", "version")}


def _facts(cases: Sequence[int]) -> dict[int, dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql("facts"), {"cases": list(cases)})
        names = [column.name for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    for row in rows:
        row["quote"] = orjson.loads(row["quote"])  # a raw cursor gives JSON as text
        row["beside"] = orjson.loads(row["beside"])
        row["paid"] = orjson.loads(row["paid"] or "{}")
    return {row["id"]: row for row in rows}
