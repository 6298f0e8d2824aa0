"""How does one process look after others, so that none is left behind and none stays dead?"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from tojimari.platform.postgres.keeper import die_with_parent

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
SETTLED = 60.0
"""Seconds that a child must have lived for its next death to count as the first one again."""


class Child:
    """One process that is to be running. Start it from the main thread: it ends with the thread that started it."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        environ: Mapping[str, str] | None = None,
        patience: float = 20.0,
        say: Callable[[str], None] = print,
    ) -> None:
        self.name = name
        self._command = list(command)
        self._environ = {**os.environ, **(environ or {})}
        self._patience = patience
        self._say = say
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._pause = FIRST_PAUSE
        self._again_at: float | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None else None

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        self._process = subprocess.Popen(
            self._command,
            stdin=subprocess.DEVNULL,
            env=self._environ,
            # Its own session: Ctrl-C in the terminal reaches us alone, and we stop everything in order.
            start_new_session=True,
            # If we are killed with -9 nobody stops it in order: the kernel tells it to end.
            preexec_fn=die_with_parent(signal.SIGTERM),
        )
        self._started = time.monotonic()
        self._again_at = None

    def look(self) -> None:
        """Call this regularly: it starts a dead child again, after a pause that doubles with each death."""
        if self.running:
            return
        now = time.monotonic()
        if self._again_at is None:
            if now - self._started > SETTLED:
                self._pause = FIRST_PAUSE
            self._again_at = now + self._pause
            self._say(f"{self.name} ended ({self._ending()}); it is started again in {self._pause:.1f} s.")
            # Processes of its own that outlived it would hold its port and its work.
            self._end_session()
            self._pause = min(self._pause * 2, LONGEST_PAUSE)
        elif now >= self._again_at:
            self.start()

    def _ending(self) -> str:
        code = self._process.returncode if self._process is not None else 0
        if code < 0:
            with suppress(ValueError):
                return f"by {signal.Signals(-code).name}"
        return f"exit code {code}"

    def stop(self) -> None:
        """End it in order, and by force if it takes longer than its patience. Returns when it is gone."""
        if self._process is None:
            return
        if self.running:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(self._patience)
            except subprocess.TimeoutExpired:
                self._say(f"{self.name} did not end within {self._patience:.0f} s and is ended by force.")
        self._end_session()
        self._process.wait()
        self._process = None

    def _end_session(self) -> None:
        """End what the child itself has started and left behind: all of it shares the child's session."""
        if self._process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
