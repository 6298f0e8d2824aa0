"""How fast does a file of lines come in, does it slow down as the tables grow, and does memory stay flat?

Writes a sample, imports it into an empty database, and imports it once more, when every line is there already. For each
tenth of the file: rows per second, and the memory of the importing process and of its checking helper. At the end the
processor time that a row took in each of the three processes: on two free cores the rate is about two divided by their
sum, or one divided by the largest, whichever is less.

    python -m benchmarks.import_lines [--lines 1000000] [--bad-share 0.01]

Everything lies in a temporary folder that is removed at the end.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tojimari.lines.models import Carrier

TICKS = os.sysconf("SC_CLK_TCK")


@contextmanager
def workplace() -> Iterator[Path]:
    """A data folder and a database of its own."""
    folder = Path(tempfile.mkdtemp(prefix="tojimari-bench-", dir="/var/tmp"))
    folder.chmod(0o755)
    os.environ |= {"TOJIMARI_HOME": str(folder / "home"), "DJANGO_SETTINGS_MODULE": "tojimari.platform.settings"}
    os.environ.pop("DATABASE_URL", None)
    from tojimari import cli
    from tojimari.platform import postgres

    try:
        cli.set_up()
        cli.start_database()
        from tojimari.platform.database.tables import bring_up_to_date

        bring_up_to_date()
        yield folder
    finally:
        postgres.stop(folder / "home")
        shutil.rmtree(folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--bad-share", type=float, default=0.01)
    args = parser.parse_args()
    with workplace() as folder:
        from tojimari.lines.actions import add_carrier
        from tojimari.lines.sample import write_sample
        from tojimari.platform.acting import SYSTEM

        path = folder / "lines.csv"
        began = time.perf_counter()
        write_sample(path, args.lines, bad_share=args.bad_share)
        print(f"sample        {args.lines / (time.perf_counter() - began):>9,.0f} rows/s written")
        carrier = add_carrier(slug="bench", name_ja="bench", name_en="bench", acting=SYSTEM)
        _measure("first import", path, carrier, args.lines)
        _measure("once more", path, carrier, args.lines)


def _measure(title: str, path: Path, carrier: Carrier, rows: int) -> None:
    from django.db import connection

    from tojimari.lines.imports import import_lines

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        server = int(cursor.fetchone()[0])
    marks: list[tuple[int, float]] = [(0, time.perf_counter())]
    processes = (_seconds(server), _own_seconds(resource.RUSAGE_SELF), _own_seconds(resource.RUSAGE_CHILDREN))

    def look(done: int, total: int) -> None:
        if done - marks[-1][0] >= rows / 10:
            now = time.perf_counter()
            rate = (done - marks[-1][0]) / (now - marks[-1][1])
            print(f"  {done:>10,}  {rate:>9,.0f} rows/s   {_megabytes(os.getpid())} + {_helpers_megabytes()} MB")
            marks.append((done, now))

    print(title)
    began = time.perf_counter()
    summary = import_lines(path, carrier=carrier, progress=look)
    rate = summary.rows / (time.perf_counter() - began)
    after = (_seconds(server), _own_seconds(resource.RUSAGE_SELF), _own_seconds(resource.RUSAGE_CHILDREN))
    share = [(later - earlier) / rows * 1e6 for earlier, later in zip(processes, after, strict=True)]
    print(f"{title:<14}{rate:>9,.0f} rows/s; {summary.imported:,} imported, {summary.already_there:,} already there,")
    print(f"{'':<14}{summary.bad:,} bad. Processor: {share[0]:.0f} µs a row in the database, ", end="")
    print(f"{share[1]:.0f} importing, {share[2]:.0f} checking.")


def _seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _own_seconds(whose: int) -> float:
    used = resource.getrusage(whose)
    return used.ru_utime + used.ru_stime


def _megabytes(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1_000_000


def _helpers_megabytes() -> int:
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text("ascii").split()
    return sum(_megabytes(int(pid)) for pid in children)


if __name__ == "__main__":
    main()
