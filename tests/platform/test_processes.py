"""Is a child started again when it dies, stopped when it is told, and never left behind?"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tojimari.platform import processes
from tojimari.platform.processes import Child


def eventually(true: Callable[[], object], within: float = 30.0) -> None:
    end = time.monotonic() + within
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").split(")")[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def sleeper(said: list[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Child]:
    monkeypatch.setattr(processes, "FIRST_PAUSE", 0.1)
    child = Child("The sleeper", [sys.executable, "-c", "import time; time.sleep(60)"], say=said.append)
    child.start()
    yield child
    child.stop()


def ignored(pid: int) -> int:
    """The signals that a process ignores, as the kernel's bit mask."""
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1], 16) for line in lines if line.startswith("SigIgn:"))


def pid_of(child: Child) -> int:
    assert child.pid is not None
    return child.pid


def test_a_dead_child_is_started_again_after_a_pause(sleeper: Child, said: list[str]) -> None:
    first = pid_of(sleeper)
    sleeper.look()
    assert said == []
    os.kill(first, signal.SIGKILL)
    eventually(lambda: not sleeper.running)
    sleeper.look()
    assert said == ["The sleeper ended (by SIGKILL); it is started again in 0.1 s."]
    assert not sleeper.running, "not at once: a child that cannot live would be started without end"

    def again() -> bool:
        sleeper.look()
        return sleeper.running

    eventually(again)
    assert pid_of(sleeper) != first
    assert len(said) == 1


def test_each_death_doubles_the_pause(said: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "FIRST_PAUSE", 0.1)
    child = Child("The mayfly", [sys.executable, "-c", "raise SystemExit(3)"], say=said.append)
    child.start()

    def three_deaths() -> bool:
        child.look()
        return len(said) >= 3

    eventually(three_deaths)
    child.stop()
    assert [text.split("(")[1].split(")")[0] for text in said] == ["exit code 3"] * 3
    assert [text.rsplit(" ", 2)[1] for text in said] == ["0.1", "0.2", "0.4"]


def test_stopping_asks_politely_and_then_insists(said: list[str]) -> None:
    stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
    child = Child("The stubborn one", [sys.executable, "-c", stubborn], patience=0.2, say=said.append)
    child.start()
    pid = pid_of(child)
    eventually(lambda: ignored(pid) & 1 << signal.SIGTERM - 1)
    child.stop()
    assert not alive(pid)
    assert child.pid is None
    assert said == ["The stubborn one did not end within 0 s and is ended by force."]


def test_grandchildren_do_not_stay() -> None:
    code = (
        "import subprocess, sys; p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); p.wait()"
    )
    child = Child("The parent", [sys.executable, "-c", code])
    child.start()
    pid = pid_of(child)

    def family() -> list[int]:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]

    eventually(family)
    (grandchild,) = family()
    child.stop()
    eventually(lambda: not alive(grandchild))


def test_a_child_ends_when_its_parent_is_killed() -> None:
    code = (
        "import sys, time\n"
        "from tojimari.platform.processes import Child\n"
        "child = Child('x', [sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "child.start()\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    source = str(Path(processes.__file__).parents[2])
    parent = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": source},
    )
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    assert alive(pid)
    parent.kill()
    parent.communicate()
    eventually(lambda: not alive(pid))
