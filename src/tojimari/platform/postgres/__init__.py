"""How is the embedded PostgreSQL started, shared and stopped?

    use = ensure_running(home, run_as="tojimari")   # starts it if nobody has yet; waits until it answers
    psycopg.connect(**use.parameters)
    use.release()                                   # the last one to release stops it

Any number of processes may do this at the same time. It listens on a socket in a folder that only its own user (and
root) can enter, never on the network.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO

import psycopg
from psycopg import sql

from tojimari.platform.postgres import binaries, keeper
from tojimari.platform.postgres.layout import Layout, Owner, PostgresError, make_private, owner_for, prepare_home

__all__ = ["PostgresError", "Use", "ensure_running", "parameters_for", "stop"]

NAME = "tojimari"
"""Name of the database and of the role that owns it."""
READY_WITHIN = 300.0
"""Seconds to wait for a server that recovers after a crash: gigabytes of log take minutes."""
SETTINGS = {
    "listen_addresses": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    # Reading here and there costs little more than reading on: the tables lie in memory or on a disk without arms.
    "random_page_cost": "1.1",
    # An import, or a night of closings, writes much in one go: fewer checkpoints in it, and more of it kept in memory.
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    # Cleaning up behind them shares the cores with them, so one process does it, and without hurry.
    "autovacuum_max_workers": "1",
    "autovacuum_vacuum_cost_delay": "10ms",
}

_CLUSTER = ["-U", "postgres", "--encoding=UTF8", "--locale=C", "--auth=trust"]

_processes: dict[Path, subprocess.Popen[bytes]] = {}
"""Keepers that this process has started, to be reaped by it."""
_uses: dict[Path, Use] = {}
_uses_guard = threading.Lock()


def parameters_for(home: Path) -> dict[str, str]:
    """Connection parameters of the server of `home`, running or not."""
    return {"host": str(Layout(home).sockets), "port": "5432", "user": NAME, "dbname": NAME}


def _admin(layout: Layout) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(
        host=str(layout.sockets), user="postgres", dbname="postgres", autocommit=True, connect_timeout=10
    )


class Use:
    """The use of a running server by this process. Ends with `release`, or with the process."""

    def __init__(self, layout: Layout, lock: IO[str]) -> None:
        self._layout = layout
        self._lock = lock
        self.parameters = parameters_for(layout.home)

    def release(self) -> bool:
        """Use it no more. If nobody else uses it the server is stopped before this returns; says whether it was.

        Connections of this process must be closed before: an orderly shutdown would cut them off.
        """
        with _uses_guard:
            if self._lock.closed:
                return False
            _uses.pop(self._layout.home, None)
            last = self._am_the_last()
            if last:
                _stop_keeper(self._layout)
            self._lock.close()
            return last

    def abandon(self) -> None:
        """Give the lock back and do nothing else."""
        self._lock.close()

    def _am_the_last(self) -> bool:
        """Turn the shared lock into the exclusive one if possible: then nobody else holds it.

        The keeper may take it in between, because it sees that nobody is left. Then the shared lock is refused as well
        until the keeper has done its work, and after that the exclusive one is free.
        """
        while True:
            if _flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB):
                return True
            if _flock(self._lock, fcntl.LOCK_SH | fcntl.LOCK_NB):
                return _flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            time.sleep(0.02)

    def __enter__(self) -> Use:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def _flock(file: IO[str], how: int) -> bool:
    try:
        fcntl.flock(file, how)
    except BlockingIOError:
        return False
    return True


def ensure_running(
    home: Path,
    *,
    run_as: str | None = None,
    settings: Mapping[str, str] | None = None,
    ready_within: float = READY_WITHIN,
) -> Use:
    """Start the server of `home` unless it runs, wait until it answers a query, and make its database.

    `run_as` is the unprivileged user it gets when the caller is root; a plain user runs it as itself. `settings` are
    PostgreSQL's own; those of the process that really starts the server count. Safe to call from several processes and
    threads at once, and again in the same process. Raises `PostgresError`.
    """
    with _uses_guard:
        if home in _uses:
            return _uses[home]
        owner = owner_for(run_as)
        prepare_home(home, owner)
        layout = Layout(home)
        lock = open(layout.users_lock, "a", encoding="ascii")  # noqa: SIM115  (held for as long as the use lasts)
        try:
            # Waits while a keeper is stopping the server: it holds the lock until the last process is gone.
            fcntl.flock(lock, fcntl.LOCK_SH)
            with open(layout.start_lock, "a", encoding="ascii") as start_lock:
                fcntl.flock(start_lock, fcntl.LOCK_EX)
                _bring_up(layout, owner, {**SETTINGS, **(settings or {})}, ready_within)
        except BaseException:
            lock.close()
            raise
        _uses[home] = Use(layout, lock)
        return _uses[home]


def _bring_up(layout: Layout, owner: Owner | None, settings: Mapping[str, str], ready_within: float) -> None:
    deadline = time.monotonic() + ready_within
    started: subprocess.Popen[bytes] | None = None
    while True:
        try:
            with _admin(layout) as connection:
                _make_database(connection)
            return
        except psycopg.OperationalError as error:
            problem = str(error).strip()
        if not _keeper_lives(layout, started):
            if started is not None:
                raise PostgresError(f"The embedded PostgreSQL does not start.{_last_words(layout)}")
            started = _start_keeper(layout, owner, settings)
        if time.monotonic() > deadline:
            raise PostgresError(
                f"The embedded PostgreSQL did not answer within {ready_within:.0f} seconds ({problem})."
                + _last_words(layout)
            )
        time.sleep(0.05)


def _last_words(layout: Layout) -> str:
    with suppress(OSError):
        lines = layout.log.read_text(encoding="utf-8", errors="replace").splitlines()[-8:]
        return f" The end of {layout.log}:\n" + "\n".join(f"    {line}" for line in lines)
    return ""


def _make_database(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """The role may create databases (the tests need it) but is no superuser: row-level security binds it."""
    name = sql.Identifier(NAME)
    if connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [NAME]).fetchone() is None:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS CREATEDB").format(name))
    if connection.execute("SELECT FROM pg_database WHERE datname = %s", [NAME]).fetchone() is None:
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, name))


def _keeper_lives(layout: Layout, started: subprocess.Popen[bytes] | None) -> bool:
    if started is not None:
        return started.poll() is None
    earlier = _processes.get(layout.home)
    if earlier is not None and earlier.poll() is not None:
        del _processes[layout.home]
    with open(layout.keeper_lock, "a", encoding="ascii") as lock:
        return not _flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _start_keeper(layout: Layout, owner: Owner | None, settings: Mapping[str, str]) -> subprocess.Popen[bytes]:
    folder = binaries.usable(layout, owner)
    _make_cluster(layout, owner, folder, sync=settings.get("fsync") != "off")
    make_private(layout.sockets, owner)
    command = [str(folder / "postgres"), "-D", str(layout.data)]
    for name, value in {**settings, "unix_socket_directories": str(layout.sockets)}.items():
        command += ["-c", f"{name}={value}"]
    order: keeper.Order = {
        "command": command,
        "data": str(layout.data),
        "sockets": str(layout.sockets),
        "log": str(layout.log),
        "users_lock": str(layout.users_lock),
        "keeper_lock": str(layout.keeper_lock),
        "uid": owner.uid if owner else None,
        "gid": owner.gid if owner else None,
    }
    with open(layout.log, "ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", keeper.__file__, json.dumps(order)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            start_new_session=True,
        )
    _processes[layout.home] = process
    return process


def _make_cluster(layout: Layout, owner: Owner | None, folder: Path, *, sync: bool) -> None:
    """Run initdb into a folder of its own and move it in one step: an interrupted one is never taken for a database."""
    version = layout.data / "PG_VERSION"
    if version.exists():
        found = version.read_text(encoding="ascii").strip()
        if found != str(binaries.MAJOR):
            raise PostgresError(
                f"{layout.data} was made by PostgreSQL {found}, and this is {binaries.MAJOR}. "
                "Move the data with pg_dump of the old version, or set DATABASE_URL."
            )
        return
    if layout.data.exists():
        raise PostgresError(f"{layout.data} exists and holds no database. Move it away.")
    fresh = layout.home / "postgres.new"
    subprocess.run(["rm", "-rf", "--", str(fresh)], check=True)
    make_private(fresh, owner)
    done = subprocess.run(
        [folder / "initdb", "-D", fresh, *_CLUSTER, *([] if sync else ["--no-sync"])],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        user=owner.uid if owner else None,
        group=owner.gid if owner else None,
        extra_groups=[] if owner else None,
    )
    if done.returncode != 0:
        raise PostgresError(f"The database could not be made in {fresh}: {done.stderr.strip()}")
    fresh.rename(layout.data)


def _stop_keeper(layout: Layout) -> None:
    """End the keeper, and with it the server, and wait for it."""
    with open(layout.keeper_lock, "a+", encoding="ascii") as lock:
        while not _flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB):
            lock.seek(0)
            with suppress(ValueError, ProcessLookupError):
                os.kill(int(lock.read()), signal.SIGTERM)
            time.sleep(0.02)
    process = _processes.pop(layout.home, None)
    if process is not None:
        process.wait()


def forget_use(home: Path) -> None:
    """Give up this process's use of a server without stopping it, as if the process had ended. For tests of crashes."""
    with _uses_guard:
        use = _uses.pop(home, None)
        if use is not None:
            use.abandon()


def stop(home: Path) -> None:
    """Stop the server of `home` whoever uses it. Does nothing if it does not run."""
    layout = Layout(home)
    if layout.keeper_lock.exists():
        _stop_keeper(layout)
