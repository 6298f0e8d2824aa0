"""How does a file become checked chunks, ahead of the database and beside it?

Checking a row costs about as much as storing it, so a large file is checked in a process of its own while the database
works on the chunk before. That process knows nothing of the database. It is a few chunks ahead at most: the pipe
between the two is full then, and it waits. If the importing process dies, the pipe breaks and the checking one ends.
"""

from __future__ import annotations

import marshal
import multiprocessing
import os
import queue
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from multiprocessing.connection import Connection

from tojimari.lines.cells import Problem
from tojimari.lines.plans import PlanBook, PlanTerms
from tojimari.lines.rows import Checker
from tojimari.lines.table import Table, Unreadable

ROWS = 5_000
"""Rows in a chunk: enough that a statement costs little for one row, and 1.5 MB at most to hold."""

SMALL_BYTES = 500_000
"""A file below this size is checked in the importing process: starting another one would take longer."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Rows of the file that are next to each other: the good ones ready for COPY, the bad ones with their problems."""

    good: int
    """Number of good rows."""
    customers: int
    """Number of customers that they name."""
    text: str
    """The good rows for COPY."""
    staged: Sequence[str]
    """The columns of them: see `rows.STAGED`."""
    packed: bytes
    """The good rows as they stand in the file. The database may still refuse some; until then nobody unpacks them."""
    bad: list[tuple[int, list[str], list[Problem]]]
    plans: list[PlanTerms]
    """Plans that these rows describe for the first time in the file."""
    last_row: int

    def good_rows(self) -> dict[int, list[str]]:
        """The cells of the good rows by row number."""
        return dict(marshal.loads(self.packed))  # noqa: S302 - packed below, by this very program


def check_chunks(table: Table, known_plans: Sequence[str]) -> Iterator[Chunk]:
    """Read and check a file, chunk by chunk. Raises `Unreadable` where the text stops being a table."""
    checker = Checker(table.columns, PlanBook(known_plans))
    rows = table.rows()
    while part := list(islice(rows, ROWS)):
        yield _checked(checker, part)


def _checked(checker: Checker, part: list[tuple[int, list[str]]]) -> Chunk:
    checker.begin_chunk()
    lines: list[str] = []
    good: list[tuple[int, list[str]]] = []
    bad: list[tuple[int, list[str], list[Problem]]] = []
    for number, row in part:
        line = checker.check(number, row)
        if isinstance(line, str):
            lines.append(line)
            good.append((number, row))
        else:
            bad.append((number, row, line))
    return Chunk(
        good=len(good),
        customers=checker.customers,
        text="".join(f"{line}\n" for line in lines),
        staged=checker.staged,
        packed=marshal.dumps(good),  # five times as fast as pickle, and mostly packed for nothing
        bad=bad,
        plans=checker.plans.take_fresh(),
        last_row=part[-1][0],
    )


@contextmanager
def checked_chunks(table: Table, known_plans: Sequence[str]) -> Iterator[Iterator[Chunk]]:
    """Give the chunks of a file, checked beside the caller's work when the file is large."""
    if table.path.stat().st_size < SMALL_BYTES:
        yield check_chunks(table, known_plans)
        return
    # "spawn", because this process may hold a database connection and threads, which a fork would copy half-alive.
    context = multiprocessing.get_context("spawn")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_send_chunks, args=(sending, table, list(known_plans)), daemon=True)
    process.start()
    sending.close()
    try:
        yield _received(receiving)
    finally:
        receiving.close()
        process.terminate()
        process.join()


def _send_chunks(pipe: Connection, table: Table, known_plans: Sequence[str]) -> None:
    """Body of the checking process. Ctrl-C reaches it too; it leaves the answer to the importing process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        try:
            for chunk in check_chunks(table, known_plans):
                pipe.send(chunk)
            pipe.send(None)
        except Unreadable as error:
            pipe.send(error)
    except BrokenPipeError:
        os._exit(0)  # nobody listens any more, and there is nothing to finish


def _received(pipe: Connection) -> Iterator[Chunk]:
    """Take chunks off the pipe in a thread, so that one is always at hand while the other process makes the next."""
    waiting: queue.Queue[Chunk | Unreadable | None] = queue.Queue(maxsize=1)

    def take() -> None:
        message: Chunk | Unreadable | None = None
        try:
            while isinstance(message := pipe.recv(), Chunk):
                waiting.put(message)
        except (EOFError, OSError):
            message = Unreadable("file.checker_died")
        waiting.put(message)

    threading.Thread(target=take, daemon=True).start()
    while isinstance(message := waiting.get(), Chunk):
        yield message
    if message is not None:
        raise message
