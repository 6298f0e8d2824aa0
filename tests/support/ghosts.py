"""Where do ghost lines come from? They are planted: books and an OsmoHLR's database that disagree on purpose.

Lines are numbered. Most of them are in order in both; among them stand innocent ones that look suspicious, and ghosts
of every kind. Used by tests with some thousand lines and by the benchmark with a million.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection

from tojimari.lines.models import Carrier, Plan, Subscriber
from tojimari.network.reconciling.kinds import Kind

AS_OF = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
"""When the export was made: noon in Japan."""

SCHEMA = """
    CREATE TABLE subscriber (
        id INTEGER PRIMARY KEY, imsi VARCHAR(15) UNIQUE NOT NULL, msisdn VARCHAR(15) UNIQUE,
        nam_cs BOOLEAN NOT NULL DEFAULT 1, nam_ps BOOLEAN NOT NULL DEFAULT 1
    );
    CREATE TABLE auc_2g (subscriber_id INTEGER PRIMARY KEY, algo_id_2g INTEGER NOT NULL, ki VARCHAR(32) NOT NULL);
    CREATE TABLE auc_3g (subscriber_id INTEGER PRIMARY KEY, algo_id_3g INTEGER NOT NULL, k VARCHAR(32) NOT NULL);
"""
"""Those columns of OsmoHLR's own schema that matter here; one test reads the database of a real one."""

ROLES = (*(kind.value for kind in Kind), "ending", "ported", "just_closed", "just_come", "tomorrow")
"""The kinds of ghost, then five kinds of innocent line."""

INNOCENT_OF_EACH = 5


@dataclass(frozen=True, slots=True)
class Planted:
    """What was planted: how many ghosts of each kind, on lines of these ICCIDs (two kinds have no line)."""

    counts: Counter[str]
    iccids: dict[str, str]  # ICCID -> kind


def msisdn(number: int) -> str:
    return f"8190{number:08d}"


def imsi(number: int) -> str:
    return f"44010{number:010d}"


def iccid(number: int) -> str:
    return f"8981990{number:012d}"


def role_of(number: int, lines: int, ghosts: int) -> str:
    """What line `number` of `lines` plays; ghosts stand evenly among the others."""
    every = lines // (ghosts + 5 * INNOCENT_OF_EACH)
    place, rest = divmod(number, every)
    if rest or place >= ghosts + 5 * INNOCENT_OF_EACH:
        return ""
    kinds = len(Kind)
    return ROLES[place % kinds] if place < ghosts else ROLES[kinds + (place - ghosts) % 5]


_LINES = """
    INSERT INTO lines_line (
        carrier_id, subscriber_id, plan_id, kind, msisdn, imsi, iccid, eid, order_number, state, contract_on,
        balance_yen, ended_at, changed_at
    )
    SELECT
        %(carrier)s, %(subscriber)s, %(plan)s, 'physical_sim', '8190' || lpad(n::text, 8, '0'),
        '44010' || lpad(n::text, 10, '0'), '8981990' || lpad(n::text, 12, '0'), '', '',
        coalesce(role.state, 'active'), coalesce(role.contract_on, DATE '2026-04-01'), 0, role.ended_at,
        coalesce(role.changed_at, %(long_ago)s)
    FROM generate_series(0, %(lines)s - 1) AS n
    LEFT JOIN unnest(%(numbers)s::int[], %(states)s::text[], %(contracts)s::date[], %(ends)s::timestamptz[],
        %(changes)s::timestamptz[]) AS role (number, state, contract_on, ended_at, changed_at) ON role.number = n
"""


def plant(carrier: Carrier, database: Path, *, lines: int, ghosts: int) -> Planted:
    """Write books and HLR. Runs in the carrier's scope. One line of seven is closed in order."""
    plan = Plan.objects.filter(carrier=carrier).first()
    subscriber = Subscriber.objects.create(carrier=carrier, number="GHOSTS")
    assert plan is not None
    roles = {number: role for number in range(lines) if (role := role_of(number, lines, ghosts))}
    facts: dict[str, list[Any]] = {"numbers": [], "states": [], "contracts": [], "ends": [], "changes": []}
    for number in range(lines):
        told = _in_books(roles.get(number, ""), number)
        if told is not None:
            for name, value in zip(facts, (number, *told), strict=True):
                facts[name].append(value)
    with connection.cursor() as cursor:
        given: dict[str, Any] = {"carrier": carrier.pk, "subscriber": subscriber.pk, "plan": plan.pk, "lines": lines}
        cursor.execute(_LINES, given | {"long_ago": AS_OF - timedelta(days=30)} | facts)
        billed = [iccid(number) for number, role in roles.items() if role == Kind.BILLED_AFTER]
        cursor.execute(
            "INSERT INTO lines_bill (carrier_id, line_id, month, amount_yen, due_on) "
            "SELECT carrier_id, id, DATE '2026-11-01', 1078, DATE '2026-12-31' FROM lines_line WHERE iccid = ANY(%s)",
            [billed],
        )
    _write_hlr(database, roles, lines)
    ghostly = {number: role for number, role in roles.items() if role in set(Kind)}
    unnamed = {Kind.KEY_LEFT, Kind.STRANGER}
    named = {iccid(number): role for number, role in ghostly.items() if role not in unnamed}
    return Planted(Counter(ghostly.values()), named)


def _in_books(role: str, number: int) -> tuple[str, object, object, object] | None:
    """State, day of the contract, end and last change; None for a line that runs as all others do."""
    october, lately = datetime(2026, 10, 31, 15, 0, tzinfo=UTC), AS_OF - timedelta(minutes=20)
    day = AS_OF.date()
    closed = ("terminated", None, october, AS_OF - timedelta(days=9))
    match role:
        case Kind.CLOSED_ALIVE | Kind.NUMBER_ANSWERS | Kind.BILLED_AFTER:
            return closed
        case "ending":
            return "pending_terminate", None, None, AS_OF - timedelta(days=2)
        case "ported":
            return "ported_out", None, october, AS_OF - timedelta(days=9)
        case "just_closed":
            return "terminated", None, AS_OF - timedelta(hours=3), lately
        case "just_come":
            return "active", None, None, lately
        case "tomorrow":
            return "active", day + timedelta(days=1), None, None
        case "" if number % 7 == 3:
            return closed
    return None


def _write_hlr(database: Path, roles: dict[int, str], lines: int) -> None:
    with closing(sqlite3.connect(database)) as hlr, hlr:
        hlr.executescript(SCHEMA)
        hlr.executemany("INSERT INTO subscriber VALUES (?, ?, ?, ?, ?)", _subscribers(roles, lines))
        hlr.execute("INSERT INTO auc_3g SELECT id, 5, '' FROM subscriber")
        left = [(lines * 10 + number, 5, "") for number, role in roles.items() if role == Kind.KEY_LEFT]
        hlr.executemany("INSERT INTO auc_3g VALUES (?, ?, ?)", left)


def _subscribers(roles: dict[int, str], lines: int) -> Iterator[tuple[int, str, str | None, int, int]]:
    for number in range(lines):
        role = roles.get(number, "")
        match role:
            case Kind.NUMBER_ANSWERS:  # on a card that is in no books
                yield number + 1, f"99999{number:010d}", msisdn(number), 1, 1
            case Kind.STRANGER:  # beside a line that is in order
                yield number + 1, imsi(number), msisdn(number), 1, 1
                yield lines * 20 + number, f"99998{number:010d}", None, 1, 1
            case Kind.IDENTITY_DIFFERS:
                yield number + 1, imsi(number), f"8170{number:08d}", 1, 1
            case Kind.ACTIVE_GONE | Kind.BILLED_AFTER | "just_come" | "tomorrow":
                continue
            case "" if number % 7 == 3:
                continue
            case "ending":  # barred early, as its person wished
                yield number + 1, imsi(number), msisdn(number), 0, 0
            case _:  # in order, or closed and still there, or innocent all the same
                yield number + 1, imsi(number), msisdn(number), 1, 1
