"""Does the HLR of development and tests start, refuse and end as it should?"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.hlr import Hlr, host_for_this_process, wait_until
from tojimari.network.elements.osmohlr.server import OsmoHlr, OsmoHlrError

pytestmark = pytest.mark.hlr

HOST = host_for_this_process(offset=3)
ROOT = os.geteuid() == 0


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="tojimari-hlr-", dir="/tmp"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


def running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_it_runs_without_rights_and_its_data_is_closed_to_others(hlr: Hlr) -> None:
    status = Path(f"/proc/{hlr.server.pid}/status").read_text()
    uid = int(next(line for line in status.splitlines() if line.startswith("Uid:")).split()[1])
    assert uid == (65534 if ROOT else os.geteuid())
    assert hlr.server.folder.stat().st_mode & 0o077 == 0


def test_its_data_is_there_after_a_restart(hlr: Hlr) -> None:
    line = hlr.new()
    hlr.server.stop()
    assert not hlr.server.running
    hlr.server.start()
    hlr.server.start()  # running already: nothing to do
    assert hlr.record(line) is not None


def test_it_refuses_a_taken_port_and_names_it(folder: Path) -> None:
    with (
        socket.create_server((HOST, 4258)),
        pytest.raises(OsmoHlrError, match=rf"Port 4258 \(VTY\) on {HOST} cannot be used: Address already in use"),
    ):
        OsmoHlr(folder / "data", HOST).start()


def test_it_refuses_a_user_that_is_not_there(folder: Path) -> None:
    if not ROOT:
        pytest.skip("only root changes the user")
    with pytest.raises(OsmoHlrError, match="no system user nobody-of-this-name"):
        OsmoHlr(folder / "data", HOST, user="nobody-of-this-name").start()


def test_it_says_why_it_ended_at_once(folder: Path) -> None:
    with pytest.raises(OsmoHlrError, match="nonsense"):
        OsmoHlr(folder / "data", HOST, more="nonsense\n").start()


def test_it_says_when_the_program_is_missing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_args, **_kwargs: None)
    with pytest.raises(OsmoHlrError, match="apt-get install osmo-hlr"):
        OsmoHlr(folder / "data", HOST).start()


def test_it_ends_when_whoever_started_it_is_killed(folder: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from tojimari.network.elements.osmohlr.server import OsmoHlr\n"
        f"server = OsmoHlr(Path({str(folder / 'data')!r}), {HOST!r}); server.start()\n"
        "print(server.pid, flush=True); time.sleep(60)"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, env=environment, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert running(pid)
        parent.send_signal(signal.SIGKILL)
    wait_until(lambda: not running(pid), "the HLR to end with its parent")
