"""What does a worker process do, from start to stop?

One thread for each lane claims, does and records; lanes that wait for the network get two, so that one talks to the
element while the other writes. One thread hears the bell that wakes the lanes, one sends messages, and one takes the
receipts of the SMS gateway where one is set; the main thread runs Procrastinate, which calls the ticks. Any number of
workers may run, on any number of machines; none knows of the others.
"""

from __future__ import annotations

import asyncio
import gc
import signal
import threading
from collections.abc import Callable
from contextlib import suppress

import structlog
from django.db import OperationalError, connection
from procrastinate.contrib.django import app

from tojimari.messages.channels import Receipts, hang_up, receipts
from tojimari.messages.delivery import deliver
from tojimari.network.elements import in_file, names
from tojimari.platform.config import config
from tojimari.platform.database.scope import every_carrier
from tojimari.platform.health import beat, forget
from tojimari.terminations.bell import bell
from tojimari.terminations.engine.lane_report import seen
from tojimari.terminations.engine.lanes import LONGEST_WAIT, patience
from tojimari.terminations.engine.loop import new_owner, run_once, utc_now
from tojimari.terminations.engine.ticks import TICKS
from tojimari.terminations.handlers import HOUSE
from tojimari.terminations.late import take_in

log = structlog.get_logger(__name__)

BEAT_SECONDS = 15.0
AFTER_TROUBLE_SECONDS = 3.0
FEWER_COLLECTIONS = (100_000, 20, 20)
"""When Python looks for objects that hold each other. A batch makes some 100,000 that do not: looking through them at
the usual 700 took a seventh of a worker's time."""


class Worker:
    """The threads of one worker process. `run` returns after `stop`, when every lane has finished its batch."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._lanes = {name: _threads_of(name) for name in names()} | {HOUSE: 1}
        self._threads = [
            threading.Thread(target=self._forever, args=(self._lane(lane), _waiting(lane)), name=f"{lane}-{number}")
            for lane, many in self._lanes.items()
            for number in range(1, many + 1)
        ]
        self._threads.append(threading.Thread(target=self._forever, args=(self._hear,), name="bell"))
        self._threads.append(threading.Thread(target=self._forever, args=(deliver,), name="messages"))
        for number, take in enumerate(receipts(), 1):
            self._threads.append(
                threading.Thread(target=self._forever, args=(_taking(take),), name=f"receipts-{number}")
            )
        self._threads.append(threading.Thread(target=self._forever, args=(_late_wishes,), name="late wishes"))
        self._threads.append(threading.Thread(target=self._beat, name="heartbeat"))

    def run(self) -> None:
        """Work until SIGTERM or SIGINT."""
        gc.freeze()  # what is loaded stays; nobody need look at it again
        gc.set_threshold(*FEWER_COLLECTIONS)
        for thread in self._threads:
            thread.start()
        log.info("worker.started", threads=len(self._threads))
        try:
            asyncio.run(self._listen())
        finally:
            self.stop()
            for thread in self._threads:
                thread.join()
            hang_up()
        log.info("worker.stopped")

    def stop(self) -> None:
        self._stopping.set()
        bell.ring()

    @staticmethod
    def _lane(lane: str) -> Callable[[], int]:
        owner = new_owner()
        return lambda: run_once(lane, owner=owner)

    def _hear(self) -> int:
        return bell.hear(self._stopping)

    def _forever(self, work: Callable[[], int], wait: Callable[[], float] = lambda: LONGEST_WAIT) -> None:
        """Call `work` again and again; wait for the bell when nothing was due, a little when the database is away.

        `wait` says how many seconds to wait for the bell.
        """
        heard = 0
        with every_carrier():
            while not self._stopping.is_set():
                try:
                    done = work()
                    pause = 0.0 if done else wait()
                except OperationalError as error:
                    log.warning("database.away", thread=threading.current_thread().name, error=str(error))
                    connection.close()
                    self._stopping.wait(AFTER_TROUBLE_SECONDS)
                    continue
                except Exception:
                    # A thread that ends would leave its lane to itself. What it held is due again with its lease.
                    log.exception("lane.failed", thread=threading.current_thread().name)
                    self._stopping.wait(AFTER_TROUBLE_SECONDS)
                    continue
                if not done:
                    heard = bell.wait(heard, pause)
        connection.close()

    def _beat(self) -> None:
        while not self._stopping.is_set():
            # The lanes log that the database is away; here it only means no beat.
            with suppress(OperationalError), every_carrier():
                beat("worker", network=config().network, lanes=list(self._lanes), **seen())
            self._stopping.wait(BEAT_SECONDS)
        with suppress(OperationalError):
            forget("worker")
        connection.close()

    async def _listen(self) -> None:
        """Run Procrastinate until a signal comes; when the database is away, start it anew."""
        stopped = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stopped.set)
        while not stopped.is_set():
            listening = asyncio.create_task(_procrastinate())
            waiting = asyncio.create_task(stopped.wait())
            await asyncio.wait({listening, waiting}, return_when=asyncio.FIRST_COMPLETED)
            listening.cancel()
            with suppress(asyncio.CancelledError):
                try:
                    await listening
                except Exception as error:
                    log.warning("ticks.away", error=str(error))
            waiting.cancel()
            if not stopped.is_set():
                with suppress(TimeoutError):
                    await asyncio.wait_for(stopped.wait(), AFTER_TROUBLE_SECONDS)


def _threads_of(lane: str) -> int:
    """How many threads work on a lane: no more than its limits let through at a time."""
    limits = in_file().get(lane)
    return 2 if limits is None or limits.concurrency is None else min(2, limits.concurrency)


def _waiting(lane: str) -> Callable[[], float]:
    return lambda: patience(lane, at=utc_now())


def _taking(take: Receipts) -> Callable[[], int]:
    """Take receipts of a gateway. It waits for them itself, so it need not wait for the bell."""

    def work() -> int:
        take(LONGEST_WAIT)
        return 1

    return work


def _late_wishes() -> int:
    """Take in what was asked for while the database was away.

    Each worker reads the spool of its own data folder, so this is a thread and no tick: a tick runs on one machine.
    """
    return take_in(at=utc_now())


async def _procrastinate() -> None:
    listener = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    async with listener.open_async():
        await listener.run_worker_async(
            queues=[TICKS], install_signal_handlers=False, delete_jobs="always", concurrency=1
        )
