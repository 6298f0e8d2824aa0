"""How fast does the whole engine close lines on a real OsmoHLR, beside a bare client that does the same exchange?

Both run in turn, several rounds each, against OsmoHLRs of the same kind on this machine. The engine's time is that from
handing in the wishes until the last certificate is signed: intake, steps, history, final bills, messages, proofs. The
bare client's is that of the network exchange alone. Absolute rates depend on the machine; the ratio does not much. On a
machine that others use too, look at the processor time of a line instead: it hardly depends on who waits for whom.

    python -m benchmarks.engine [--lines 2000] [--rounds 3] [--sizes 10000,100000,1000000] [--workers 2]

Everything lies in a temporary folder that is removed at the end. Needs OsmoHLR.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import bare_client

if TYPE_CHECKING:
    from tojimari.lines.models import Carrier

BARE_HOST, ENGINE_HOST = "127.0.0.51", "127.0.0.52"
CHUNK = 1000
PAUSE = 0.05  # seconds between two looks at how many cases are closed
PATIENCE = 600.0  # seconds until a round counts as hung


@contextmanager
def workplace() -> Iterator[Path]:
    """A data folder of its own, an HLR for the engine, and settings that point to both."""
    folder = Path(tempfile.mkdtemp(prefix="tojimari-bench-", dir="/var/tmp"))
    folder.chmod(0o755)
    from tojimari.network.elements.osmohlr.server import OsmoHlr

    hlr = OsmoHlr(folder / "hlr", ENGINE_HOST)
    os.environ |= {
        "TOJIMARI_HOME": str(folder / "home"),
        "TOJIMARI_OSMOHLR_HOST": ENGINE_HOST,
        "TOJIMARI_PROCEDURES_DIR": str(folder / "procedures"),
        "DJANGO_SETTINGS_MODULE": "tojimari.platform.settings",
    }
    os.environ.pop("DATABASE_URL", None)
    try:
        hlr.start()
        yield folder
    finally:
        hlr.stop()
        from tojimari.platform import postgres

        postgres.stop(folder / "home")
        shutil.rmtree(folder, ignore_errors=True)


def prepare(folder: Path) -> Carrier:
    """Start the database, make its tables, and add a carrier that holds barred lines for no time."""
    from tojimari.cli import set_up, start_database

    set_up()
    start_database()
    from django.core.management import call_command

    from tojimari.lines.actions import add_carrier
    from tojimari.platform.acting import SYSTEM
    from tojimari.terminations import procedures

    call_command("migrate", verbosity=0)
    own = folder / "procedures" / "bench"
    own.mkdir(parents=True)
    shipped = Path(procedures.__file__).parent / "procedures"
    for kind in ("physical_sim", "esim"):
        text = (shipped / f"{kind}.toml").read_text("utf-8")
        (own / f"{kind}.toml").write_text(text.replace("wait_hours = 24", "wait_hours = 0"), "utf-8")
    return add_carrier(slug="bench", name_ja="ベンチ", name_en="Bench", acting=SYSTEM)


def grow(carrier: Carrier, folder: Path, size: int) -> None:
    """Import a file so that the carrier has `size` lines."""
    from tojimari.lines.imports import import_lines
    from tojimari.lines.sample import write_sample

    file = folder / f"lines-{size}.csv"
    write_sample(file, size, bad_share=0.0)  # a larger sample begins with the lines of the smaller one
    began = time.perf_counter()
    summary = import_lines(file, carrier=carrier)
    seconds = time.perf_counter() - began
    print(f"imported {summary.imported:9,d} lines  {summary.rows / seconds:8,.0f} rows/s")
    file.unlink()


def cpu_seconds(*roots: int) -> float:
    """Processor time of these processes and their children until now, in seconds. Who has ended is not counted."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has just ended
            fields = stat.read_text().rpartition(")")[2].split()
            found[int(stat.parent.name)] = (int(fields[1]), int(fields[11]) + int(fields[12]))  # parent, user + system
    counted = {pid for pid, (parent, _) in found.items() if pid in roots or parent in roots}
    return sum(found[pid][1] for pid in counted) / os.sysconf("SC_CLK_TCK")


class Workers:
    """Some `tojimari worker` processes, and the memory of the largest of them each time somebody looked."""

    def __init__(self, count: int, log: Path) -> None:
        command = [sys.executable, "-m", "tojimari", "worker"]
        with open(log, "ab") as out:
            self._processes = [subprocess.Popen(command, stdout=out, stderr=out) for _ in range(count)]
        self.megabytes: list[float] = []

    @property
    def pids(self) -> list[int]:
        return [one.pid for one in self._processes]

    def look(self) -> None:
        pages = [int(Path(f"/proc/{one.pid}/statm").read_text().split()[1]) for one in self._processes]
        self.megabytes.append(max(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6)

    def stop(self) -> None:
        for one in self._processes:
            one.terminate()
        for one in self._processes:
            one.wait(30)


def close_through_engine(carrier: Carrier, lines: int, worker: Workers) -> float:
    """Close so many lines and return lines per second. Raises RuntimeError when not all of them end."""
    from tojimari.lines.models import Line
    from tojimari.network.seed import seed
    from tojimari.platform.acting import Acting, Role
    from tojimari.terminations.intake import Ask, request_many
    from tojimari.terminations.models import OPEN_STATES, Channel, Termination

    chosen = list(Line.objects.filter(carrier=carrier, state="active").exclude(imsi="").order_by("pk")[:lines])
    if len(chosen) < lines:
        raise RuntimeError(f"only {len(chosen)} active lines are left")
    seed(line.target for line in chosen)
    acting = Acting(Role.CARRIER, "bench")
    done = Termination.objects.filter(state="completed").count()
    began = time.perf_counter()
    for start in range(0, lines, CHUNK):
        asks = [Ask(line.pk, "line", "now", "benchmark") for line in chosen[start : start + CHUNK]]
        request_many(asks, carrier=carrier, channel=Channel.FILE, acting=acting, at=datetime.now(UTC))
    while Termination.objects.filter(state__in=OPEN_STATES).exists():  # counting those that ended would read them all
        worker.look()
        if time.perf_counter() - began > PATIENCE:
            raise RuntimeError("the engine did not close all lines in time")
        time.sleep(PAUSE)
    seconds = time.perf_counter() - began
    if Termination.objects.filter(state="completed").count() != done + lines:
        raise RuntimeError("the engine did not close all lines")
    return lines / seconds


def measure(lines: int, rounds: int, sizes: list[int], workers: int) -> None:
    with workplace() as folder:
        carrier = prepare(folder)
        from tojimari.platform.database.scope import every_carrier

        worker = Workers(workers, folder / "worker.log")
        postmaster = int((folder / "home/postgres/postmaster.pid").read_text().split()[0])
        rates: dict[int, float] = {}
        try:
            with every_carrier():
                for size in sizes:
                    grow(carrier, folder, size)
                    bare, engine = [], []
                    for _ in range(rounds):
                        bare.append(bare_client.run(lines, 200, BARE_HOST))
                        before = cpu_seconds(*worker.pids), cpu_seconds(postmaster)
                        engine.append(close_through_engine(carrier, lines, worker))
                        after = cpu_seconds(*worker.pids), cpu_seconds(postmaster)
                        spent = [1000 * (now - then) / lines for then, now in zip(before, after, strict=True)]
                        print(
                            f"engine  {lines:6d} lines  {engine[-1]:8.0f} lines/s  (processor time of a line: "
                            f"workers {spent[0]:.2f} ms, PostgreSQL {spent[1]:.2f} ms)"
                        )
                    rates[size] = statistics.median(engine)
                    ratio = rates[size] / statistics.median(bare)
                    print(
                        f"\n{size:9,d} lines in the tables: engine {rates[size]:.0f}/s, bare client "
                        f"{statistics.median(bare):.0f}/s, ratio {ratio:.2f} (aim 0.70)\n"
                    )
        finally:
            worker.stop()
        tenth = max(1, len(worker.megabytes) // 10)
        first, last = statistics.median(worker.megabytes[:tenth]), statistics.median(worker.megabytes[-tenth:])
        print(f"worker memory: {first:.0f} MB at first, {last:.0f} MB at last, {max(worker.megabytes):.0f} MB at most")
        slowest = min(rates.values()) / max(rates.values())
        print(f"rate at {', '.join(f'{size:,d}' for size in sizes)} lines: {[round(r) for r in rates.values()]}/s;")
        print(f"the slowest is {slowest:.0%} of the fastest (aim 80 %)")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--lines", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sizes", default="10000,100000,1000000", help="lines in the tables, growing")
    parser.add_argument("--workers", type=int, default=os.cpu_count(), help="worker processes (default: one a core)")
    asked = parser.parse_args()
    measure(asked.lines, asked.rounds, [int(size) for size in asked.sizes.split(",")], asked.workers)
    return 0


if __name__ == "__main__":
    sys.exit(main())
