"""Who looks after the embedded server, and when does it stop?

The keeper is a small process of its own, the parent of the server. It starts the server, starts it again when it was
killed, and stops it when no process uses it any more. Each user holds a shared lock on one file; the kernel releases
the lock however that process ends, so neither a crash nor `kill -9` leaves a server behind.

This file runs by its path in a bare interpreter (`python -I -S keeper.py`): it imports the standard library alone.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import IO, TypedDict

LOOK_EVERY = 0.2
"""Seconds between two looks at the server and at the lock of its users."""
QUICK = 2.0
"""A server that ends within so many seconds has not really started."""
GIVE_UP_AFTER = 5
"""Quick ends in a row after which the keeper stops trying."""
SHUTDOWN = 60.0
"""Seconds for an orderly shutdown, before a hard one (which costs a recovery, but no data)."""
ORPHANS = 3.0
"""Seconds for server processes whose postmaster was killed to notice it by themselves."""
LOG_LIMIT = 10 * 1024 * 1024
PR_SET_PDEATHSIG = 1


class Order(TypedDict):
    """What the keeper is told to keep."""

    command: list[str]
    data: str
    sockets: str
    log: str
    users_lock: str
    keeper_lock: str
    uid: int | None
    gid: int | None


def die_with_parent(number: int) -> Callable[[], None] | None:
    """A `preexec_fn` by which the child gets the signal `number` when its parent dies. Linux only; None elsewhere."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    return lambda: libc.prctl(PR_SET_PDEATHSIG, int(number))


def processes_in(data: Path) -> list[int]:
    """Processes of a server on `data`: PostgreSQL makes it their working directory. Linux only; empty elsewhere."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if Path(os.readlink(entry / "cwd")) == data:
                found.append(int(entry.name))
    return found


def _try_lock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class Keeper:
    def __init__(self, order: Order) -> None:
        self.order = order
        self.data = Path(order["data"]).resolve()
        self.told_to_stop = False
        self.users = open(order["users_lock"], "a", encoding="ascii")  # noqa: SIM115  (locked until the process ends)

    def run(self) -> int:
        """Keep the server until it is not wanted any more (0) or cannot be started (1)."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        quick_ends = 0
        while quick_ends < GIVE_UP_AFTER:
            self._clear_remains()
            started = time.monotonic()
            server = self._start()
            while server.poll() is None:
                if self._not_wanted():
                    self._stop(server)
                    return 0
                with contextlib.suppress(subprocess.TimeoutExpired):
                    server.wait(LOOK_EVERY)
            if self._not_wanted():
                return 0
            quick_ends = quick_ends + 1 if time.monotonic() - started < QUICK else 0
        return 1

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.told_to_stop = True

    def _not_wanted(self) -> bool:
        return self.told_to_stop or _try_lock(self.users)

    def _start(self) -> subprocess.Popen[bytes]:
        uid, gid = self.order["uid"], self.order["gid"]
        log = Path(self.order["log"])
        if log.exists() and log.stat().st_size > LOG_LIMIT:
            log.replace(log.with_suffix(".log.1"))
        with open(log, "ab") as output:
            return subprocess.Popen(
                self.order["command"],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                # Its own session: Ctrl-C in a terminal must not reach it before its users have finished.
                start_new_session=True,
                user=uid,
                group=gid,
                extra_groups=None if uid is None else [],
                umask=0o077,
                # SIGINT is PostgreSQL's fast and clean shutdown.
                preexec_fn=die_with_parent(signal.SIGINT),
            )

    def _stop(self, server: subprocess.Popen[bytes]) -> None:
        for number, patience in ((signal.SIGINT, SHUTDOWN), (signal.SIGQUIT, SHUTDOWN), (signal.SIGKILL, None)):
            server.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(patience)
                return

    def _clear_remains(self) -> None:
        """End what an earlier server left: processes without a postmaster, and a pid file that blocks the next start.

        PostgreSQL itself refuses to start while they live, or while the process id in a stale file happens to belong
        to any other process of the same user. Only this keeper may start a server here (it holds the lock), so what
        is still there is a remainder. Ending it loses nothing: the next start recovers from the log.
        """
        begun = time.monotonic()
        while remains := processes_in(self.data):
            waited = time.monotonic() - begun
            patience = SHUTDOWN if self._postmaster() in remains else ORPHANS
            if waited > patience:
                for pid in remains:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
            time.sleep(0.05)
        if Path("/proc/self/cwd").exists():
            (self.data / "postmaster.pid").unlink(missing_ok=True)
            Path(self.order["sockets"], ".s.PGSQL.5432.lock").unlink(missing_ok=True)

    def _postmaster(self) -> int | None:
        try:
            return int((self.data / "postmaster.pid").read_text(encoding="ascii").split()[0])
        except (OSError, ValueError, IndexError):
            return None


def main(order: Order) -> int:
    with open(order["keeper_lock"], "a+", encoding="ascii") as lock:
        if not _try_lock(lock):
            return 3
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        code = Keeper(order).run()
        lock.truncate(0)
        sockets = Path(order["sockets"])
        if sockets.parent != Path(order["data"]).parent:
            # It had to lie outside the data folder: leave nothing there.
            with contextlib.suppress(OSError):
                sockets.rmdir()
        return code


if __name__ == "__main__":
    raise SystemExit(main(json.loads(sys.argv[1])))
