"""Is everything else that the person has as it was before?

When a case begins, the states of what its subscriber has besides are kept: other lines, the services on them, and what
goes on living on the line itself. When it ends they are compared. What another case of theirs has changed meanwhile is
counted apart; a change that no case explains is named, and the certificate then does not say that nothing was touched.

A case explains only what it does itself, in the time of the one that is over: one that runs or is complete explains an
end, one that was taken back or not accepted explains that something goes on. What was over before explains nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import orjson
from django.db import connection

from tojimari.lines.models import Line, LineState, Service, ServiceState
from tojimari.platform.work import Evidence
from tojimari.rules.canonical import canonical
from tojimari.terminations.models import CaseState, Termination
from tojimari.terminations.sql import sql

MOST = 20
"""How many other lines of a subscriber are looked at. A company may have a hundred thousand."""

LINE = "line"

Snapshot = Mapping[str, Mapping[str, str]]
"""States by line ("12") under "lines", by service ("12/data") under "services"."""

GIVEN_BACK = (CaseState.CANCELLED, CaseState.REJECTED)
MAKES: Mapping[bool, frozenset[str]] = {
    False: frozenset(
        (LineState.PENDING_TERMINATE, LineState.TERMINATED, ServiceState.PENDING_TERMINATE, ServiceState.TERMINATED)
    ),
    True: frozenset((LineState.ACTIVE, ServiceState.ACTIVE)),
}
"""Whether a case was given back -> the states in which it leaves its line or service."""


@dataclass(frozen=True, slots=True)
class _Case:
    """Another case of the person: its number, whether it was given back, and when it was over, if it is."""

    pk: int
    given_back: bool
    finished_at: datetime | None

    def explains(self, case: int, after: str, since: datetime) -> bool:
        """Say whether it brought something to this state while `case`, which was asked for at `since`, ran."""
        in_its_time = self.finished_at is None or self.finished_at >= since
        return self.pk != case and in_its_time and after in MAKES[self.given_back]


def keep(cases: Sequence[Termination]) -> None:
    """Let new cases remember what their subscribers have besides, before the books of the lines change. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            sql("beside"),
            {
                "lines": [case.line_id for case in cases],
                "scopes": [case.scope for case in cases],
                "subscribers": [case.subscriber_id for case in cases],
                "most": MOST,
            },
        )
        found = {(line, scope): (lines, services) for line, scope, lines, services in cursor.fetchall()}
    for case in cases:
        lines, services = found.get((case.line_id, case.scope), (None, None))
        case.beside = {"lines": orjson.loads(lines or "{}"), "services": orjson.loads(services or "{}")}


def compare(before: Mapping[int, Snapshot], requested_at: Mapping[int, datetime]) -> dict[int, Evidence]:
    """Compare what was kept of cases with what is now; by case. Three queries for any number of cases, none for none.

    `requested_at` tells of each case when its time began; now it ends. A case that was begun before anything was kept
    has no answer.
    """
    known = {case: found for case, found in before.items() if found}
    ids = sorted({_line(name) for found in known.values() for part in found.values() for name in part})
    states: dict[str, str] = {}
    cases: dict[tuple[int, str], list[_Case]] = {}
    if ids:
        states = {str(pk): state for pk, state in Line.objects.filter(pk__in=ids).values_list("pk", "state")}
        services = Service.objects.filter(line_id__in=ids).values_list("line_id", "kind", "state")
        states |= {f"{line}/{kind}": state for line, kind, state in services}
        rows = Termination.objects.filter(line_id__in=ids)
        for line, scope, pk, state, over in rows.values_list("line_id", "scope", "pk", "state", "finished_at"):
            cases.setdefault((line, scope), []).append(_Case(pk, state in GIVEN_BACK, over))
    return {case: _compared(case, requested_at[case], found, states, cases) for case, found in known.items()}


def _compared(
    case: int,
    since: datetime,
    before: Snapshot,
    states: Mapping[str, str],
    cases: Mapping[tuple[int, str], Sequence[_Case]],
) -> Evidence:
    after = {part: {name: states.get(name, "gone") for name in found} for part, found in before.items()}
    by_others, odd = 0, []
    for part, found in before.items():
        for name, state in found.items():
            if after[part][name] == state:
                continue
            if any(other.explains(case, after[part][name], since) for other in _of(name, cases)):
                by_others += 1
            else:
                odd.append({"what": _what(name), "before": state, "after": after[part][name]})
    return {
        "same": not odd,
        "lines": len(before["lines"]),
        "services": len(before["services"]),
        "changed_by_other_cases": by_others,
        "changed_otherwise": odd,
        "before": digest(before),
        "after": digest(after),
    }


def _of(name: str, cases: Mapping[tuple[int, str], Sequence[_Case]]) -> list[_Case]:
    """Cases of the line of this name; of a service, those that end it alone or its line with it."""
    line, _, kind = name.partition("/")
    whole = cases.get((int(line), LINE), ())
    return [*whole, *cases.get((int(line), kind), ())] if kind else list(whole)


def digest(snapshot: Snapshot) -> str:
    """Return the SHA-256 of a snapshot, as the history names it."""
    return sha256(canonical(dict(snapshot))).hexdigest()


def _line(name: str) -> int:
    return int(name.partition("/")[0])


def _what(name: str) -> str:
    _, _, kind = name.partition("/")
    return kind or LINE


def facts(case: Termination) -> dict[str, Any]:
    """What the history says of it when the case begins."""
    return {"beside": digest(case.beside)} if any(case.beside.values()) else {}
