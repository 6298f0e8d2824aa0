"""How many certificates does one core sign and chain in a minute, in the engine's own path?

Opens cases through the intake, lets their last step alone be due, and runs the engine's loop in this one process: it
claims, gathers what a certificate says, signs, keeps, and appends to the histories. Everything that the engine does at
this step is counted, PostgreSQL's work too, by the clock; beside it the processor time of this process alone. Where the
system can do that, this process and the PostgreSQL that it starts are bound to one core.

    python -m benchmarks.certificates [--cases 5000] [--rounds 3]

Everything lies in a temporary folder that is removed at the end.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from typing import TYPE_CHECKING

from benchmarks.import_lines import workplace

if TYPE_CHECKING:
    from tojimari.lines.models import Carrier

AIM = 5000
"""Certificates in a minute."""

# What the steps before would have left: done, with the answer of an element as evidence of the proof.
NEARLY_DONE = """
UPDATE terminations_step SET
    state = CASE WHEN name = 'certificate' THEN 'open' ELSE 'done' END,
    due_at = CASE WHEN name = 'certificate' THEN now() END,
    done_at = CASE WHEN name <> 'certificate' THEN now() END,
    evidence = CASE WHEN name IN ('inspect', 'bar', 'remove', 'prove') THEN %s::jsonb ELSE evidence END
WHERE termination_id = ANY(%s)
"""
EVIDENCE = (
    '{"element": "osmohlr", "address": "127.0.0.1:4258", "simulated": false, "reattach": "rejected", "cause": 2, '
    '"exchange": [{"sent": "UpdateLocation", "got": "UpdateLocationError", "at": "2026-11-22T03:00:00+00:00"}]}'
)


def one_round(carrier: Carrier, lines: list[int]) -> tuple[float, float]:
    """Certify a case on each line; return certificates a minute by the clock, and by this process's own time."""
    from datetime import UTC, datetime

    from django.db import connection

    from tojimari.platform.acting import Acting, Role
    from tojimari.proofs.models import Certificate
    from tojimari.terminations.engine.loop import run_until_idle
    from tojimari.terminations.handlers import HOUSE
    from tojimari.terminations.intake import Ask, request_many
    from tojimari.terminations.models import Channel

    acting, at, cases = Acting(Role.CARRIER, "bench"), datetime.now(UTC), []
    for place in range(0, len(lines), 500):
        asks = [Ask(line, "line", "now") for line in lines[place : place + 500]]
        answers = request_many(asks, carrier=carrier, channel=Channel.FILE, acting=acting, at=at)
        cases += [one.termination.pk for one in answers if one.termination is not None]
    with connection.cursor() as cursor:
        cursor.execute(NEARLY_DONE, [EVIDENCE, cases])
        cursor.execute("ANALYZE")
    before, own, began = Certificate.objects.count(), time.process_time(), time.perf_counter()
    run_until_idle([HOUSE])
    seconds, own = time.perf_counter() - began, time.process_time() - own
    made = Certificate.objects.count() - before
    if made != len(cases) or made != len(lines):
        raise RuntimeError(f"{made} certificates for {len(cases)} cases on {len(lines)} lines")
    return made / seconds * 60, made / own * 60


def main() -> int:
    """Print the rate of each round. Exit code 1 if the median is below the aim."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--cases", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):  # Linux; what is started from here on inherits it
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with workplace() as folder:
        from tojimari.lines.actions import add_carrier
        from tojimari.lines.imports import import_lines
        from tojimari.lines.models import Line
        from tojimari.lines.sample import write_sample
        from tojimari.platform.acting import SYSTEM
        from tojimari.platform.database.scope import every_carrier

        carrier = add_carrier(slug="bench", name_ja="ベンチ", name_en="Bench", acting=SYSTEM)
        file = folder / "lines.csv"
        write_sample(file, args.cases * args.rounds, bad_share=0.0)
        import_lines(file, carrier=carrier)
        rates = []
        with every_carrier():
            chosen = list(Line.objects.filter(state="active").order_by("pk").values_list("pk", flat=True))
            for number in range(args.rounds):
                lines = chosen[number * args.cases : (number + 1) * args.cases]
                rate, own = one_round(carrier, lines)
                rates.append(rate)
                print(f"round {number + 1}: {rate:9,.0f} certificates/min, {own:9,.0f} by its own processor time")
    middle = statistics.median(rates)
    print(f"median: {middle:,.0f} certificates/min (aim {AIM:,})")
    return 0 if middle >= AIM else 1


if __name__ == "__main__":
    sys.exit(main())
