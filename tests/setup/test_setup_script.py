"""Does the set-up install what is missing where it may, go on where it may not, and do nothing twice?

The script is run as it stands, in a small copy of the tree. The programs it calls (apt-get, pip's Python) are replaced
by ones that write down how they were called; everything else is the real thing.
"""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
REAL = ["bash", "cat", "sha256sum", "cut", "dirname", "rm", "chmod", "tee", "env"]
"""What the script may find. Nothing else of this machine is in its PATH."""


class Machine:
    """A machine with a copy of the tree, and programs of our choice."""

    def __init__(self, folder: Path) -> None:
        self.tree = folder / "tree"
        self.programs = folder / "bin"
        self.calls = folder / "calls"
        (self.tree / "scripts").mkdir(parents=True)
        (self.tree / "requirements").mkdir()
        (self.tree / ".venv" / "bin").mkdir(parents=True)
        self.programs.mkdir()
        shutil.copy(ROOT / "scripts" / "setup.sh", self.tree / "scripts")
        shutil.copy(ROOT / "pyproject.toml", self.tree)
        for name in ("run.txt", "test.txt"):
            (self.tree / "requirements" / name).write_text("library==1\n", encoding="ascii")
        for name in REAL:
            found = shutil.which(name)
            assert found is not None
            (self.programs / name).symlink_to(found)
        self.program("id", "echo 1000")
        self.recorder(self.tree / ".venv" / "bin" / "python")

    def program(self, name: str, text: str) -> None:
        path = self.programs / name
        path.write_text(f"#!/usr/bin/env bash\n{text}\n", encoding="ascii")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def recorder(self, path: Path) -> None:
        path.write_text(f'#!/usr/bin/env bash\necho "{path.name} $*" >>"{self.calls}"\n', encoding="ascii")
        path.chmod(0o755)

    def run(self, want: str, **environ: str) -> subprocess.CompletedProcess[str]:
        self.calls.write_text("", encoding="ascii")
        return subprocess.run(
            [shutil.which("bash") or "bash", self.tree / "scripts" / "setup.sh", want],
            env={"PATH": str(self.programs), **environ},
            capture_output=True,
            text=True,
            check=False,
        )

    def called(self, *words: str) -> Sequence[str]:
        lines = self.calls.read_text("ascii").splitlines()
        return [line for line in lines if all(word in line for word in words)]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_without_root_it_says_what_is_missing_and_goes_on(machine: Machine) -> None:
    done = machine.run("run")
    assert done.returncode == 0, done.stderr
    assert "osmo-hlr: the network is simulated" in done.stdout
    assert "chromium" not in done.stdout
    assert machine.called("pip install", "--require-hashes", "requirements/run.txt")
    assert machine.called("pip install", "--no-deps", "--no-build-isolation", "--editable")
    assert machine.called("compile_stale")


def test_for_tests_it_says_more_and_in_ci_that_is_a_failure(machine: Machine) -> None:
    done = machine.run("test")
    assert done.returncode == 0, done.stderr
    for package in ("osmo-hlr", "chromium", "gettext"):
        assert f"  {package}: " in done.stdout
    assert machine.called("pip install", "requirements/test.txt")

    assert machine.run("test", CI="true").returncode == 1
    assert machine.run("run", CI="true").returncode == 0


def test_the_second_run_installs_nothing_until_a_pin_changes(machine: Machine) -> None:
    machine.run("run")
    machine.run("run")
    assert not machine.called("pip")
    (machine.tree / "requirements" / "run.txt").write_text("library==2\n", encoding="ascii")
    machine.run("run")
    assert machine.called("pip")


def test_an_installation_that_was_cut_short_is_done_again(machine: Machine) -> None:
    python = machine.tree / ".venv" / "bin" / "python"
    python.write_text('#!/usr/bin/env bash\n[ "$1" != -m ]\n', encoding="ascii")
    assert machine.run("run").returncode != 0
    machine.recorder(python)
    assert machine.run("run").returncode == 0
    assert machine.called("pip install", "--require-hashes")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may look at what is installed as root")
def test_with_root_it_installs_without_letting_services_start(machine: Machine) -> None:
    policy = Path("/usr/sbin/policy-rc.d")
    before = policy.read_bytes() if policy.exists() else None
    if before is None:
        pytest.skip("would write a policy of its own into this system")
    machine.program("id", "echo 0")
    machine.program("apt-get", f'echo "apt-get $*" >>"{machine.calls}"; test -x {policy}')
    done = machine.run("run")
    assert done.returncode == 0, done.stderr
    assert machine.called("apt-get install", "--no-install-recommends", "osmo-hlr")
    assert not machine.called("chromium")
    assert policy.read_bytes() == before


def test_a_package_that_cannot_be_installed_is_no_reason_to_stop(machine: Machine) -> None:
    if os.geteuid() == 0 and not Path("/usr/sbin/policy-rc.d").exists():
        pytest.skip("would write a policy of its own into this system")
    machine.program("id", "echo 0")
    machine.program("apt-get", "exit 100")
    done = machine.run("run")
    assert done.returncode == 0, done.stderr
    assert "could not be installed here" in done.stdout


def test_refuses_any_other_wish(machine: Machine) -> None:
    assert machine.run("fly").returncode == 2
