"""How long does it take to find a thousand ghosts among a million lines, and how much memory?

Plants books and an OsmoHLR's database, and compares them: copying the books out of PostgreSQL, reading the HLR, and
comparing are measured apart. Ends with an error unless every ghost is found and no innocent line.

    python -m benchmarks.reconcile [--lines 1000000] [--ghosts 1000]

Everything lies in a temporary folder that is removed at the end.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from datetime import timedelta

from benchmarks.import_lines import workplace


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--ghosts", type=int, default=1_000)
    args = parser.parse_args()
    with workplace() as folder:
        return _measure(folder / "hlr.db", args.lines, args.ghosts)


def _measure(database: object, lines: int, ghosts: int) -> int:
    from pathlib import Path

    from tests.support.ghosts import AS_OF, plant
    from tojimari.lines.actions import add_carrier
    from tojimari.lines.models import Plan
    from tojimari.network.reconciling import compare, elements, runs
    from tojimari.network.reconciling.books import read_books
    from tojimari.network.reconciling.inputs import Inputs
    from tojimari.platform.acting import SYSTEM
    from tojimari.platform.database.scope import carrier_scope

    path = Path(str(database))
    carrier = add_carrier(slug="bench", name_ja="bench", name_en="bench", acting=SYSTEM)
    with carrier_scope(carrier.pk):
        Plan.objects.create(carrier=carrier, code="standard", name="standard", monthly_fee_yen=1078)
        began = time.perf_counter()
        planted = plant(carrier, path, lines=lines, ghosts=ghosts)
        print(f"planted in    {time.perf_counter() - began:6.1f} s: {path.stat().st_size // 1_000_000} MB of HLR")
        before = _megabytes()
        at = AS_OF + timedelta(minutes=1)
        began, used = time.perf_counter(), time.process_time()
        found = runs.look(carrier, Inputs(database=path), as_of=AS_OF, at=at)
        kept = runs.keep(carrier, found, as_of=AS_OF, acting=SYSTEM, begun_at=at, at=at)
        took, used = time.perf_counter() - began, time.process_time() - used
        print(f"all of it     {took:6.1f} s ({used:.1f} s of processor); at most {_megabytes()} MB, {before} before")
        for name, part in (
            ("books", lambda: read_books(carrier, as_of=AS_OF)),
            ("HLR", lambda: elements.from_database(path)),
        ):
            began = time.perf_counter()
            part()
            print(f"  {name:<12}{time.perf_counter() - began:6.1f} s")
        books, (hlr, _) = read_books(carrier, as_of=AS_OF), elements.from_database(path)
        began = time.perf_counter()
        compare.with_hlr(books, hlr)
        print(f"  comparing   {time.perf_counter() - began:6.1f} s")
    named = {row["iccid"]: row["kind"] for row in found.findings.iter_rows(named=True) if row["iccid"]}
    right = kept.counts == planted.counts and named == planted.iccids
    print(
        f"{sum(kept.counts.values()):,} found of {sum(planted.counts.values()):,} planted among {lines:,} lines: ",
        end="",
    )
    print("all, and no innocent one" if right else f"WRONG: {kept.counts} instead of {dict(planted.counts)}")
    return 0 if right else 1


def _megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1_000


if __name__ == "__main__":
    sys.exit(main())
