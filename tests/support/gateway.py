"""Where do tests get a real SMS gateway?

`Smsc` runs the short message centre of `tests/support/smsc`: the protocol is spoken by somebody else's library, only
the answers are ours. It is told what to do and tells what happened, so that no test has to wait and hope.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent / "smsc"
PASSWORD = "s3cret"
WITHIN = 15.0
"""Seconds until something that must happen has happened."""

Event = dict[str, Any]


class Smsc:
    """A running short message centre on a free port of 127.0.0.1."""

    def __init__(self, *tls: Path) -> None:
        self.events: list[Event] = []
        self._changed = threading.Condition()
        self._process = subprocess.Popen(
            ["node", "server.js", PASSWORD, *map(str, tls)],
            cwd=FOLDER,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        self.port: int = self.wait_for(lambda event: "port" in event)["port"]

    def plan(self, *steps: Event) -> None:
        """Say what becomes of the next submits; see server.js. Returns when it is known there."""
        self._tell({"plan": list(steps)})

    def receipt(self, gateway_id: str, **facts: Any) -> None:
        """Send a receipt now."""
        self._tell({"receipt": gateway_id, **facts})

    def drop(self) -> None:
        """Cut every connection."""
        self._tell({"drop": True})

    def submits(self) -> list[Event]:
        """Every SMS that arrived until now, in order."""
        self._tell({})  # what it said before this is then heard
        with self._changed:
            return [event for event in self.events if "submit" in event]

    def wait_for(self, true: Callable[[Event], object], many: int = 1) -> Event:
        """Wait until so many such events have happened, and return the last of them."""

        def found() -> list[Event]:
            return [event for event in self.events if true(event)]

        with self._changed:
            if not self._changed.wait_for(lambda: len(found()) >= many, WITHIN):
                raise AssertionError(f"waited in vain; what happened: {self.events}")
            return found()[many - 1]

    def stop(self) -> None:
        """End it as a machine that loses its power."""
        self._process.kill()
        self._process.wait()
        self._listener.join()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()

    def _tell(self, command: Event) -> None:
        before = len([event for event in self.events if "done" in event])
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
        self.wait_for(lambda event: "done" in event, before + 1)

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            with self._changed:
                self.events.append(json.loads(line))
                self._changed.notify_all()


@contextmanager
def running_smsc(*tls: Path) -> Iterator[Smsc]:
    """A fresh short message centre; skipped where its parts are missing, but never in CI."""
    missing = "" if shutil.which("node") else "node is missing; on Debian: apt-get install nodejs npm"
    if not missing and not (FOLDER / "node_modules" / "smpp").is_dir():
        missing = "the library smpp is missing; scripts/setup.sh test installs it"
    if missing and os.environ.get("CI") == "true":
        pytest.fail(missing, pytrace=False)
    if missing:
        pytest.skip(missing)
    smsc = Smsc(*tls)
    try:
        yield smsc
    finally:
        smsc.stop()
