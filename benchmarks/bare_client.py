"""How many lines a second can the network alone close?

The same client and the same exchange as the engine's steps (inspect, bar, remove, prove), on a real OsmoHLR, with no
database and nothing else around. What the whole product reaches is measured against this.

    python benchmarks/bare_client.py [--lines 2000] [--batch 200] [--host 127.0.0.50]
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from tojimari.network.elements.osmohlr.element import OsmoHlrElement
from tojimari.network.elements.osmohlr.seed import seed
from tojimari.network.elements.osmohlr.server import OsmoHlr, OsmoHlrError
from tojimari.network.elements.osmohlr.wire import Settings
from tojimari.platform.work import Batch, Evidence, Outcome, Result, Target, Work

STEPS = ("inspect", "bar", "remove", "prove")
LEASE = 600.0  # seconds


def line(number: int) -> Target:
    """A line of a fictional carrier."""
    return Target(number, 1, "esim", f"8190{number:08d}", f"44010{number:010d}", "", "")


def close(element: OsmoHlrElement, lines: Sequence[Target], batch_size: int) -> dict[str, float]:
    """Close all lines, batch by batch; seconds spent in each step. Raises RuntimeError if one is not closed."""
    spent = dict.fromkeys(STEPS, 0.0)
    for start in range(0, len(lines), batch_size):
        part = lines[start : start + batch_size]
        earlier: list[dict[str, Evidence]] = [{} for _ in part]
        for step in STEPS:
            began = time.perf_counter()
            outcomes = getattr(element, step)(_batch(step, part, earlier))
            spent[step] += time.perf_counter() - began
            _keep(step, outcomes, earlier)
    return spent


def _batch(step: str, part: Sequence[Target], earlier: Sequence[Mapping[str, Evidence]]) -> Batch:
    works = [
        Work(
            step_id=target.line_id,
            case_id=target.line_id,
            case="bench",
            name=step,
            scope="line",
            target=target,
            attempt=1,
            earlier=before,
        )
        for target, before in zip(part, earlier, strict=True)
    ]
    return Batch(works, datetime.now(UTC), time.monotonic() + LEASE)


def _keep(step: str, outcomes: Sequence[Outcome], earlier: Sequence[dict[str, Evidence]]) -> None:
    for outcome, before in zip(outcomes, earlier, strict=True):
        if outcome.result is not Result.DONE:
            raise RuntimeError(f"{step} was not done: {outcome.result} {outcome.code}")
        before[step] = outcome.evidence


@contextmanager
def fresh_hlr(host: str) -> Iterator[Settings]:
    """An empty OsmoHLR in a temporary folder."""
    folder = Path(tempfile.mkdtemp(prefix="tojimari-bench-", dir="/tmp"))
    folder.chmod(0o755)
    server = OsmoHlr(folder / "data", host)
    try:
        server.start()
        yield server.settings
    finally:
        server.stop()
        shutil.rmtree(folder)


def run(lines: int, batch_size: int, host: str) -> float:
    """Seed and close so many lines; returns lines per second."""
    with fresh_hlr(host) as settings:
        targets = [line(number) for number in range(lines)]
        began = time.perf_counter()
        seed(targets, settings)
        print(f"seeded  {lines:6d} lines  {lines / (time.perf_counter() - began):8.0f} lines/s")
        element = OsmoHlrElement(settings)
        spent = close(element, targets, batch_size)
        element.close()
    for step, seconds in spent.items():
        print(f"{step:7s} {lines:6d} lines  {lines / seconds:8.0f} lines/s")
    rate = lines / sum(spent.values())
    print(
        f"closed  {lines:6d} lines  {rate:8.0f} lines/s  (bare client, {os.cpu_count()} cores, batches of {batch_size})"
    )
    return rate


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--lines", type=int, default=2000)
    parser.add_argument("--batch", type=int, default=200)
    parser.add_argument("--host", default="127.0.0.50", help="loopback address for the HLR")
    asked = parser.parse_args()
    try:
        run(asked.lines, asked.batch, asked.host)
    except OsmoHlrError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
