"""Does one command start everything, look after it, and leave nothing behind?

Real processes in a data folder of their own, on a free port.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.docs import reading
from tests.support.hlr import host_for_this_process
from tojimari.cli import CommandError, up
from tojimari.platform import postgres
from tojimari.platform.config import read
from tojimari.platform.own_hlr import own_hlr
from tojimari.platform.postgres.keeper import processes_in


def eventually(true: Callable[[], object], within: float = 90.0) -> None:
    end = time.monotonic() + within
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


class Installation:
    """One `tojimari up` with a data folder and a port of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = free_port()
        self.log = home / "said"

    def environ(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("TOJIMARI_", "DJANGO_"))}
        kept.pop("DATABASE_URL", None)
        return {
            **kept,
            "TOJIMARI_HOME": str(self.home),
            "TOJIMARI_RUN_AS": "nobody",
            "TOJIMARI_DEMO": "no",
            "PORT": str(self.port),
        }

    def up(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "tojimari", "up", "--no-hlr"], env=self.environ(), stdout=log, stderr=log
            )

    def said(self) -> str:
        return self.log.read_text("utf-8")

    def health(self) -> dict[str, Any]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=10) as answer:
                found: dict[str, Any] = json.load(answer)
                return found
        except (urllib.error.URLError, ConnectionError):
            return {}

    def ready(self) -> bool:
        return self.health().get("status") == "ready" and "Tojimari is ready" in self.said()

    def everything_is_gone(self) -> bool:
        """No server process, nobody on the port, and no process that was given this data folder."""
        if processes_in(self.home / "postgres"):
            return False
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind(("127.0.0.1", self.port))
            except OSError:
                return False
        return not self.processes()

    def processes(self, word: str = "") -> list[int]:
        """Living processes of this installation whose command line holds `word`."""
        mine = f"TOJIMARI_HOME={self.home}".encode()
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if mine in (folder / "environ").read_bytes().split(b"\0"):
                    command = (folder / "cmdline").read_bytes()
                    if command and word.encode() in command:
                        found.append(int(folder.name))
            except OSError:
                continue
        return found


@pytest.fixture(scope="module")
def installation() -> Iterator[Installation]:
    home = Path(tempfile.mkdtemp(prefix="tojimari-up-"))
    yield Installation(home)
    postgres.stop(home)
    shutil.rmtree(home)


@pytest.fixture
def running(installation: Installation) -> Iterator[subprocess.Popen[bytes]]:
    installation.log.unlink(missing_ok=True)
    process = installation.up()
    try:
        eventually(lambda: installation.ready() or process.poll() is not None)
        assert process.poll() is None, "it ended at once"
        yield process
    except AssertionError:
        print(installation.said())
        raise
    finally:
        process.terminate()
        process.wait(60)


def a_second_one_on_the_same_data_is_refused(installation: Installation, running: subprocess.Popen[bytes]) -> None:
    environ = {**installation.environ(), "PORT": str(free_port())}
    command = [sys.executable, "-m", "tojimari", "up", "--no-hlr"]
    second = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert second.returncode == 2
    assert f"runs already with the data folder {installation.home} (process {running.pid})" in second.stderr

    same_port = subprocess.run(command, env=installation.environ(), capture_output=True, text=True, check=False)
    assert same_port.returncode == 2
    assert "choose another port" in same_port.stderr
    assert installation.ready()


def whatever_is_killed_comes_back(installation: Installation) -> None:
    for word in ("granian", "worker"):
        victims = installation.processes(word)
        assert victims
        for pid in victims:
            os.kill(pid, signal.SIGKILL)

        def others(word: str = word, victims: list[int] = victims) -> bool:
            found = installation.processes(word)
            return bool(found) and not set(found) & set(victims)

        eventually(others)
    eventually(installation.ready)
    assert "is started again" in installation.said()


def the_page_on_backups_brings_everything_back(installation: Installation) -> None:
    """Its own commands, word for word: back up what runs, and restore it into another data folder."""
    page = reading.ROOT / "docs/operators/backup.md"
    back_up, restore = [body for language, body in reading.fenced(page) if language == "sh"][:2]
    with tempfile.TemporaryDirectory(prefix="tojimari-back-") as folder:
        Path(folder).chmod(0o711)  # the server's user must come through
        (Path(folder) / ".venv").symlink_to(sys.prefix)
        home = f"{folder}/home"
        environ = {**installation.environ(), "PATH": f"{sys.prefix}/bin:{os.environ['PATH']}"}
        words = [
            "tojimari lines carrier tabi --name-ja 旅 --name-en Tabi",
            back_up,
            f"TOJIMARI_HOME={home}",
            restore.replace("\ntojimari up\n", "\n"),
            "tojimari staff list --carrier tabi",
        ]
        done = subprocess.run(
            ["bash", "-eu", "-c", "\n".join(words)],
            env={**environ, "PORT": str(free_port())},
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        postgres.stop(Path(home))
        assert done.returncode == 0, done.stdout + done.stderr
        assert "roots: all whole" in done.stdout
        assert "Staff of Tabi" in done.stdout
        assert Path(f"{home}/secret_key").read_bytes() == (installation.home / "secret_key").read_bytes()
        assert {one.stat().st_mode & 0o077 for one in Path(folder).glob("*.[dt]*")} == {0}


def test_starts_everything_is_looked_after_and_stops_everything(
    installation: Installation, running: subprocess.Popen[bytes]
) -> None:
    """One life of it from the first start to Ctrl-C, since each start costs seconds."""
    health = installation.health()
    assert health["network"] == "simulated"
    assert set(health["checks"]) == {"database", "worker", "network"}
    assert f"http://127.0.0.1:{installation.port}" in installation.said()
    assert "simulated" in installation.said()
    assert "There is no carrier yet" in installation.said()
    a_second_one_on_the_same_data_is_refused(installation, running)
    the_page_on_backups_brings_everything_back(installation)
    whatever_is_killed_comes_back(installation)
    assert running.poll() is None
    running.send_signal(signal.SIGINT)
    assert running.wait(60) == 0
    assert installation.said().endswith("Stopped. Nothing is left running.\n")
    assert installation.everything_is_gone()
    assert not (installation.home / "postgres" / "postmaster.pid").exists()


def test_nothing_stays_when_it_is_killed_itself(installation: Installation, running: subprocess.Popen[bytes]) -> None:
    running.kill()
    running.wait()
    eventually(installation.everything_is_gone)


def test_what_is_not_well_is_said_in_the_words_of_the_checks() -> None:
    checks = {"database": {"ok": True, "found": "up to date"}, "network": {"ok": False, "found": "network.refused hlr"}}
    assert up._reasons(json.dumps({"checks": checks}).encode()) == "network: network.refused hlr"


@pytest.mark.hlr
def test_an_hlr_of_our_own_runs_beside_another_one_as_the_message_says(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken, free = host_for_this_process(40), host_for_this_process(41)
    own = {"TOJIMARI_HOME": str(installation.home), "TOJIMARI_RUN_AS": "nobody"}
    monkeypatch.setattr(up, "say", lambda text: None)
    installation.home.chmod(0o711)  # the HLR runs as somebody else, as the database does
    with socket.create_server((taken, 4222)), ExitStack() as house:
        with pytest.raises(CommandError, match=rf"4222 .* {taken} .*TOJIMARI_OSMOHLR_OWN_HOST"):
            up._start_hlr(house, read(own | {"TOJIMARI_OSMOHLR_OWN_HOST": taken}))
        assert own_hlr(installation.home) is None
        assert up._start_hlr(house, read(own | {"TOJIMARI_OSMOHLR_OWN_HOST": free}))
        assert read(own).osmohlr_host == free, "who starts after it meets it there"
    assert own_hlr(installation.home) is None
