"""How does a test take the database away from the site? By sending its new connections to where nothing listens."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import connections

T = TypeVar("T")


@contextmanager
def database_away() -> Iterator[None]:
    """Whoever connects inside this block finds no server; connections that are open already go on."""
    found = connections.settings["default"]
    kept = {name: found[name] for name in ("HOST", "PORT")}
    found.update(HOST="/nonexistent", PORT="1")
    try:
        yield
    finally:
        found.update(kept)


def without_database(deed: Callable[[], T]) -> T:
    """Do something as a process that cannot reach the database: in a thread, which has to connect anew."""
    done: list[T] = []
    trouble: list[BaseException] = []

    def run() -> None:
        try:
            done.append(deed())
        except BaseException as error:
            trouble.append(error)
        finally:
            connections.close_all()

    with database_away():
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
    if trouble:
        raise trouble[0]
    return done[0]
