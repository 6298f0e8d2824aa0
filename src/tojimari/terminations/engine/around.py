"""What does a certificate need to know that is no evidence of a step?

When each step was done, on which days the line was off before its end, whether everything else of the person is
untouched, which data stay until when, and what they were told. Gathered for a whole batch at once, at the step that
certifies and at no other.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

import orjson
from django.db import connection

from tojimari.platform.acting import Refused
from tojimari.platform.work import Evidence
from tojimari.privacy.queries import kept_after
from tojimari.rules.calendar import JST, jst_date
from tojimari.terminations import beside
from tojimari.terminations.sql import sql
from tojimari.terminations.stops import stops_of

LINE = "line"
OF_A_SERVICE = ("closure_evidence",)
"""What begins to run when a service alone ends: the contract of the line goes on, and everything else with it."""


def around(cases: Mapping[int, dict[str, Any]]) -> dict[int, Evidence]:
    """Return it by case; `cases` holds their facts (facts.sql). Three queries, and three more where they have more."""
    moments, told, stops = _by_case("moments", cases), _by_case("told", cases), stops_of(cases)
    untouched = beside.compare(
        {case: fact["beside"] for case, fact in cases.items()},
        {case: fact["requested_at"] for case, fact in cases.items()},
    )
    return {
        case: {
            "moments": moments.get(case, {}),
            "stopped": [stop.kept for stop in stops.get(case, ())],
            "untouched": untouched.get(case, {}),
            "kept": _kept(_last_day(fact["ends_at"]), fact["scope"], fact["rest_days"], fact["ported_in"]),
            "messages": [{**one, "at": _in_japan(one["at"])} for one in told.get(case, [])],
        }
        for case, fact in cases.items()
    }


def _by_case(statement: str, cases: Mapping[int, object]) -> dict[int, Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql(statement), {"cases": list(cases)})
        return {case: orjson.loads(found) for case, found in cursor.fetchall()}


def _last_day(ends_at: datetime) -> date:
    """The last day of the contract in Japan: its end is the first instant without it."""
    return jst_date(ends_at - timedelta(microseconds=1))


@lru_cache(maxsize=400)
def _kept(last_day: date, scope: str, carrier_days: int | None, ported_in: bool) -> list[dict[str, Any]]:
    """Say what stays until when. Shared by all cases of a day and carrier: do not change the answer.

    Empty where the figures do not reach so far: no certificate waits for a day that nobody knows yet.
    """
    try:
        rows = kept_after(last_day, carrier_days=carrier_days, ported_in=ported_in)
    except Refused:
        return []
    return [
        {"item": row.item, "until": row.until.isoformat(), "basis": row.basis, "source": row.source}
        | ({"assumed": True} if row.assumed else {})
        for row in rows
        if scope == LINE or row.item in OF_A_SERVICE
    ]


def _in_japan(text: str) -> str:
    return datetime.fromisoformat(text).astimezone(JST).isoformat()
