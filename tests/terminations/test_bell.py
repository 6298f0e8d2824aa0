"""Does every worker hear at once that there is something to do?"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import pytest
from django.db import connection, transaction

from tojimari.terminations.bell import Bell, ring

pytestmark = pytest.mark.django_db

PATIENCE = 20.0  # seconds; nothing here waits that long unless it is broken


def on_another_connection(deed: Callable[[], object]) -> threading.Thread:
    """Do it in a thread: there it has a connection of its own, outside the test's transaction."""

    def done() -> None:
        try:
            deed()
        finally:
            connection.close()

    thread = threading.Thread(target=done)
    thread.start()
    return thread


@contextmanager
def hearing(*bells: Bell) -> Iterator[None]:
    """Let each bell hear as in a worker of its own, until the block ends."""
    stopping = threading.Event()
    threads = [on_another_connection(partial(bell.hear, stopping)) for bell in bells]
    try:
        yield
    finally:
        stopping.set()
        for thread in threads:
            thread.join(PATIENCE)


def test_a_ring_is_heard_in_every_worker() -> None:
    bells = [Bell(), Bell()]
    with hearing(*bells):
        before = [bell.wait(0, PATIENCE) for bell in bells]
        assert before == [1, 1], "whoever begins to hear looks for what was rung before"
        on_another_connection(ring).join(PATIENCE)
        assert [bell.wait(1, PATIENCE) for bell in bells] == [2, 2]


def test_it_rings_when_the_transaction_commits_and_not_when_it_is_rolled_back() -> None:
    def changes_its_mind() -> None:
        with transaction.atomic():
            ring()
            transaction.set_rollback(True)

    bell = Bell()
    with hearing(bell):
        bell.wait(0, PATIENCE)
        on_another_connection(changes_its_mind).join(PATIENCE)
        on_another_connection(ring).join(PATIENCE)
        bell.wait(1, PATIENCE)
    assert bell.wait(0, 0) == 2, "the ring of the transaction that was rolled back was heard"
