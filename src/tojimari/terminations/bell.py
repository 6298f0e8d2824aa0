"""How do workers learn at once that there is something to do?

The step rows are the truth and workers look at them every few seconds anyway; the bell only saves them the wait.
Between processes it is a Procrastinate job, deferred in the transaction that made the work, so it rings if and only if
the work is there. Inside a worker's process it is a condition on which its lanes wait.
"""

from __future__ import annotations

import threading

from procrastinate.contrib.django import app

QUEUE = "bell"


class Bell:
    """A count of rings. Whoever waits names the last ring heard, so that none is missed between two waits."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._rings = 0

    def ring(self) -> None:
        with self._changed:
            self._rings += 1
            self._changed.notify_all()

    def wait(self, heard: int, timeout: float) -> int:
        """Wait for a ring after number `heard`, `timeout` seconds at most; return the number of the last ring."""
        with self._changed:
            self._changed.wait_for(lambda: self._rings != heard, timeout)
            return self._rings


bell = Bell()
"""The bell of this process."""


@app.task(name="tojimari.ring", queue=QUEUE)
def wake() -> None:
    """Wake the lanes of this process. Safe to run any number of times."""
    bell.ring()


def ring() -> None:
    """Ring in every worker when the present transaction commits."""
    wake.defer()
