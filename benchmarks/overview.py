"""How long does the overview of the desk take when there are a million cases, and what does counting cost who writes?

Writes cases with their reviews and visits straight into the tables, spread over a year, in batches as an import or the
engine would; the database counts them meanwhile. Then reads the busiest month and what stands now, several times, and
prints the median of each reading. Beside it the same figures counted from the cases themselves, once.

    python -m benchmarks.overview [--cases 1000000] [--waiting 5000] [--rounds 7]

Everything lies in a temporary folder that is removed at the end.
"""

from __future__ import annotations

import argparse
import statistics as numbers
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from benchmarks.import_lines import workplace

if TYPE_CHECKING:
    from tojimari.lines.models import Carrier

BATCH = 1000
MONTH = date(2026, 11, 1)

# Each batch is one instant's work: begun on one day of the year, ended some hours later. Half of them in November.
CASES = """
INSERT INTO terminations_termination (carrier_id, reference, line_id, subscriber_id, kind, scope, procedure_id, state,
    channel, requested_by, requested_at, effective, ends_at, reason, quote, code, language, finished_at)
SELECT %(carrier)s, 'B' || n, n, 1, (ARRAY['physical_sim', 'esim', 'roaming'])[n %% 3 + 1], 'line', %(procedure)s,
    state, 'portal', 'subscriber:1', asked, 'month-end', asked + interval '5 days', '', '{}',
    CASE state WHEN 'rejected' THEN 'rejected.identity' ELSE '' END, 'ja',
    CASE WHEN state <> 'in_progress' THEN asked + n %% 300 * interval '1 hour' END
FROM (
    SELECT n, %(asked)s::timestamptz + n %% 86400 * interval '1 second' AS asked,
           CASE WHEN n %% 50 = 0 THEN 'cancelled' WHEN n %% 70 = 0 THEN 'rejected'
                WHEN n %% 10 = 0 THEN 'in_progress' ELSE 'completed' END AS state
    FROM generate_series(%(first)s, %(last)s) AS n
) AS it
"""
WAITING = """
INSERT INTO terminations_step (carrier_id, termination_id, number, name, actor, lane, no_return, wait_seconds,
    when_effective, state, due_at, lease_owner, attempts, code, evidence, done_by)
SELECT carrier_id, id, 1, CASE WHEN id %% 3 = 0 THEN 'visit' ELSE 'review' END, 'staff', '', false, 0, false, 'open',
    requested_at, '', 0, '', '{}', ''
FROM terminations_termination WHERE state = 'in_progress' LIMIT %(waiting)s
"""
END = """
UPDATE terminations_termination SET state = 'completed', finished_at = '2026-01-02Z'
WHERE line_id BETWEEN %(first)s AND %(last)s
"""
POINTERS = """
SELECT conrelid::regclass::text, quote_ident(conname) FROM pg_constraint
WHERE contype = 'f' AND conrelid IN (
    'terminations_termination'::regclass, 'terminations_step'::regclass, 'counter_visit'::regclass)
"""
FROM_THE_CASES = """
SELECT (finished_at AT TIME ZONE 'Asia/Tokyo')::date, kind, state, count(*),
       percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY finished_at - requested_at)
FROM terminations_termination
WHERE carrier_id = %s AND finished_at >= '2026-10-31 15:00Z' AND finished_at < '2026-11-30 15:00Z'
GROUP BY 1, 2, 3
"""


def shop_of(carrier: Carrier) -> int:
    """Enter the one shop that all visits are at."""
    from tojimari.counter.actions import put_shop

    names = {f"name_{language}": "Bench" for language in ("ja", "en", "zh_hans", "zh_hant")}
    facts = {"address_ja": "-", "address_en": "-", "postcode": "1000001", "latitude": 35.0, "longitude": 139.0}
    return put_shop(carrier, {"code": "bench", "phone": "+81312345678", "hours": {}} | names | facts).pk


def keep_visits(carrier: Carrier, shop: int) -> None:
    """Let ten thousand people of the month have come to the shop, one after the other."""
    from tojimari.counter.models import Visit
    from tojimari.rules.calendar import day_end, day_start, month_end
    from tojimari.terminations.models import Termination

    asked = (day_start(MONTH), day_end(month_end(MONTH)))
    cases = Termination.objects.filter(requested_at__range=asked, kind="physical_sim", state="completed")
    visits = [
        Visit(
            carrier=carrier,
            shop_id=shop,
            case_id=case,
            reference=f"B{number}",
            code=f"V{number}",
            starts_at=at,
            ends_at=at + timedelta(minutes=20),
            seat=number,
            state="came",
            booked_by="staff:1",
            created_at=at,
            changed_at=at,
        )
        for number, (case, at) in enumerate(cases.values_list("pk", "requested_at")[:10_000])
    ]
    Visit.objects.bulk_create(visits, batch_size=1000)


def fill(carrier: Carrier, cases: int, waiting: int) -> None:
    """Write the cases of a year, half of them in the month that is read."""
    from django.db import connection

    facts = _facts(carrier)
    shop = shop_of(carrier)
    with connection.cursor() as cursor:
        # Neither lines nor subscribers are there: that cases point to them is no part of what is measured.
        cursor.execute(POINTERS)
        for table, name in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        for number, first in enumerate(range(1, cases + 1, BATCH)):
            month = 11 if number % 2 else 1 + number // 2 % 10
            asked = f"2026-{month:02}-{1 + number % 28:02} 00:00+09"
            cursor.execute(CASES, facts | {"first": first, "last": min(first + BATCH - 1, cases), "asked": asked})
        cursor.execute(WAITING, {"waiting": waiting})
        keep_visits(carrier, shop)
        for table in ("terminations_termination", "terminations_step", "terminations_tally", "counter_visit"):
            cursor.execute(f"ANALYZE {table}")


def _facts(carrier: Carrier) -> dict[str, Any]:
    from tojimari.terminations.models import CaseKind
    from tojimari.terminations.procedures import current

    return {"carrier": carrier.pk, "procedure": current(carrier, CaseKind.ESIM).pk}


def write(carrier: Carrier, cases: int) -> None:
    """Say what counting costs who writes: batches begun and ended as the engine does it, with the tally and without."""
    from django.db import connection

    facts = _facts(carrier)
    with connection.cursor() as cursor:
        for switch in ("ENABLE", "DISABLE", "ENABLE"):
            for trigger in ("tally_begun", "tally_moved"):
                cursor.execute(f"ALTER TABLE terminations_termination {switch} TRIGGER {trigger}")
            spent = 0.0
            for first in range(2_000_000, 2_000_000 + cases, BATCH):
                span = {"first": first, "last": first + BATCH - 1}
                began = time.perf_counter()
                cursor.execute(CASES.replace("WHEN n %% 10 = 0", "WHEN true"), facts | span | {"asked": "2026-01-01Z"})
                cursor.execute(END, span)
                spent += time.perf_counter() - began
            cursor.execute("DELETE FROM terminations_termination WHERE line_id >= 2000000")
            print(f"begun and ended, tally {switch.lower()}d {spent / cases * 1e6:>20,.0f} µs a case")


def measure(title: str, read: Callable[[], object], rounds: int) -> None:
    took = []
    for _ in range(rounds):
        began = time.perf_counter()
        read()
        took.append((time.perf_counter() - began) * 1000)
    print(f"{title:<44}{numbers.median(took):>9,.1f} ms   (worst {max(took):,.1f})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--waiting", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=7)
    args = parser.parse_args()
    with workplace():
        from django.db import connection

        from tojimari.lines.actions import add_carrier
        from tojimari.platform.acting import SYSTEM
        from tojimari.platform.database.scope import carrier_scope, every_carrier
        from tojimari.terminations import statistics

        carrier = add_carrier(slug="bench", name_ja="bench", name_en="bench", acting=SYSTEM)
        with every_carrier():
            fill(carrier, args.cases, args.waiting)
            write(carrier, 20 * BATCH)

        def from_the_cases() -> None:
            with connection.cursor() as cursor:
                cursor.execute(FROM_THE_CASES, [carrier.pk])
                cursor.fetchall()

        with carrier_scope(carrier.pk):
            measure("a month, nothing folded yet", lambda: statistics.month(carrier.pk, MONTH), args.rounds)
        with every_carrier():
            measure("folding", statistics.fold, 1)
        with carrier_scope(carrier.pk):
            month = statistics.month(carrier.pk, MONTH)
            print(f"{month.all().asked:,} asked for and {month.all().closed:,} closed in the month; ", end="")
            print(f"{statistics.standing(carrier.pk).open:,} open")
            measure("a month", lambda: statistics.month(carrier.pk, MONTH), args.rounds)
            measure("its figures from that", lambda: (month.times(), month.by_kind(), month.by_day(MONTH)), args.rounds)
            measure("what stands now", lambda: statistics.standing(carrier.pk), args.rounds)
            measure("the first month", lambda: statistics.first_month(carrier.pk, month_start()), args.rounds)
            measure("the month from the cases themselves", from_the_cases, 1)


def month_start() -> Any:
    from tojimari.rules.calendar import day_start

    return day_start(MONTH)


if __name__ == "__main__":
    main()
