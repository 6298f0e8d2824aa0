"""Where do the files of the embedded server lie, and who owns them?"""

from __future__ import annotations

import hashlib
import os
import pwd
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_LIMIT = 107
"""Bytes that a socket's path may have on Linux, without the closing zero."""


class PostgresError(Exception):
    """The embedded server cannot be used. The message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Owner:
    """The unprivileged user that the server runs as."""

    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The places of one server. Everything is below `home`, but for the socket when that path would be too long."""

    home: Path

    @property
    def data(self) -> Path:
        return self.home / "postgres"

    @property
    def log(self) -> Path:
        return self.home / "postgres.log"

    @property
    def users_lock(self) -> Path:
        """Locked (shared) by every process that uses the server."""
        return self.home / "postgres.users"

    @property
    def start_lock(self) -> Path:
        """Locked by the process that is just starting the server."""
        return self.home / "postgres.start"

    @property
    def keeper_lock(self) -> Path:
        """Locked by the keeper as long as it lives. Holds its process id."""
        return self.home / "postgres.keeper"

    @property
    def sockets(self) -> Path:
        inside = self.home / "postgres-socket"
        if len(os.fsencode(inside / SOCKET_NAME)) <= SOCKET_PATH_LIMIT:
            return inside
        # Not tempfile.gettempdir(): two processes with another TMPDIR must still meet.
        key = hashlib.sha256(os.fsencode(self.home) + b"\0%d" % os.geteuid()).hexdigest()[:16]
        return Path("/tmp") / f"tojimari-{key}"  # noqa: S108  (private: mode and owner are checked before use)


def owner_for(run_as: str | None) -> Owner | None:
    """Who the server runs as: nobody else for a plain user, `run_as` for root. Makes that system user if missing."""
    if os.geteuid() != 0:
        return None
    if not run_as:
        raise PostgresError("PostgreSQL refuses to run as root: name an unprivileged user in TOJIMARI_RUN_AS.")
    try:
        entry = pwd.getpwnam(run_as)
    except KeyError:
        entry = _make_user(run_as)
    if entry.pw_uid == 0:
        raise PostgresError(f"PostgreSQL refuses to run as root, and {run_as} is root. Change TOJIMARI_RUN_AS.")
    return Owner(entry.pw_uid, entry.pw_gid)


def _make_user(name: str) -> pwd.struct_passwd:
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    try:
        done = subprocess.run(
            [*command, "--shell", "/usr/sbin/nologin", name], capture_output=True, text=True, check=False
        )
        problem = done.stderr.strip()
    except OSError as error:
        problem = str(error)
    try:
        return pwd.getpwnam(name)
    except KeyError:
        raise PostgresError(
            f"The system user {name} is missing and could not be made ({problem}). "
            "Make it by hand, or name another one in TOJIMARI_RUN_AS."
        ) from None


def prepare_home(home: Path, owner: Owner | None) -> None:
    """Make the data folder. As root the server's user must be able to pass through it: nothing outside is changed."""
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o711 if owner else 0o700)
        mode = stat.S_IMODE(home.stat().st_mode)
        if owner is not None and not mode & stat.S_IXOTH:
            home.chmod(mode | stat.S_IXOTH)
    except OSError as error:
        raise PostgresError(
            f"The data folder {home} cannot be made ({error.strerror}). Choose another one with TOJIMARI_HOME."
        ) from error


def make_private(folder: Path, owner: Owner | None) -> None:
    """Make `folder` for the server's user alone, or check that it is so. Never takes over a folder of somebody else."""
    uid = owner.uid if owner else os.geteuid()
    try:
        folder.mkdir(mode=0o700)
        if owner is not None:
            os.chown(folder, owner.uid, owner.gid)
    except FileExistsError:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != uid:
            raise PostgresError(f"{folder} belongs to somebody else. Look at it and remove it.") from None
        folder.chmod(0o700)
