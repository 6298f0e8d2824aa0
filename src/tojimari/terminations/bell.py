"""How do workers learn at once that there is something to do?

The step rows are the truth and workers look at them every few seconds anyway; the bell only saves them the wait.
Between processes it is PostgreSQL's NOTIFY, given in the transaction that made the work: so it rings if and only if the
work is there, and in every worker. (A job of a queue would wake the one worker that takes it and let the others sleep.)
Inside a worker's process it is a condition on which its lanes wait.
"""

from __future__ import annotations

import threading

from django.db import connection

CHANNEL = "tojimari_bell"
LOOK_UP_SECONDS = 0.5
"""How often one who hears looks up whether to stop. Costs no statement."""


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

    def hear(self, stopping: threading.Event) -> int:
        """Ring here whenever any process rings, until `stopping` is set; then return 0.

        Needs a thread, and with it a connection, of its own. Raises OperationalError when the database is away.
        """
        with connection.cursor() as cursor:
            cursor.execute(f"LISTEN {CHANNEL}")
        self.ring()  # for what was rung while nobody listened
        with connection.wrap_database_errors:
            while not stopping.is_set():
                if list(connection.connection.notifies(timeout=LOOK_UP_SECONDS, stop_after=1)):
                    self.ring()
        return 0


bell = Bell()
"""The bell of this process."""


def ring() -> None:
    """Ring in every worker when the present transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {CHANNEL}")
