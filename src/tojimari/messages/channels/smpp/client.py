"""How do the threads of a process share one connection to the gateway?

One thread runs an asyncio loop that keeps one session open and opens it again when it ends; the others hand messages
over and wait. A session stays open when there is nothing to send: receipts may come days later.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
import time
from collections.abc import Coroutine, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

import structlog

from tojimari.messages.channels.smpp.pdu import Status
from tojimari.messages.channels.smpp.session import Answer, Away, Delivered, NotLetIn, Session, Unsure, open_session
from tojimari.messages.channels.smpp.settings import Settings

log = structlog.get_logger(__name__)

BUSY = frozenset({Status.ESME_RTHROTTLED, Status.ESME_RMSGQFUL})
"""The gateway has too much to do: the same message will be taken a little later."""


@dataclass(frozen=True, slots=True)
class Said:
    """What became of one message: the gateway's names for the parts that it took, and its last word.

    `status` is None where the last part got no answer, and `handed_over` is false where that was because nothing was
    sent at all.
    """

    status: int | None
    gateway_ids: tuple[str, ...] = ()
    handed_over: bool = True


class Client:
    """One gateway, for all threads of this process. Begins to connect at once."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.receipts: queue.SimpleQueue[Delivered] = queue.SimpleQueue()
        self.refused: int | None = None
        """The status with which the gateway last refused to let us in, if it did."""
        self._session: Session | None = None
        self._bound = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._window = asyncio.Semaphore(settings.window)
        self._next_at = 0.0
        self._keeping: asyncio.Task[None] | None = None
        self._thread = threading.Thread(target=self._run, name="sms", daemon=True)
        self._thread.start()

    def is_bound(self, within: float) -> bool:
        """Wait until it is signed in, at most `within` seconds and not when it is not let in; say whether it is."""
        until = time.monotonic() + within
        while not self._bound.wait(0.02):
            if self.refused is not None or time.monotonic() > until:
                return False
        return True

    def submit(self, parts: Sequence[Any]) -> Future[Said]:
        """Hand the parts of one message over, in order; the rest stays when one is not taken."""
        return self._soon(self._submit(parts))

    def acknowledge(self, delivered: Delivered, *, kept: bool) -> None:
        """Answer a receipt. See `Session.acknowledge`."""
        self._loop.call_soon_threadsafe(lambda: delivered.session.acknowledge(delivered, kept=kept))

    def close(self) -> None:
        """Hang up and end the thread."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop)
            self._thread.join()

    def _soon(self, work: Coroutine[Any, Any, Said]) -> Future[Said]:
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    async def _submit(self, parts: Sequence[Any]) -> Said:
        taken: list[str] = []
        for part in parts:
            try:
                answer = await self._patiently(part)
            except Away:
                return Said(None, tuple(taken), handed_over=bool(taken))
            except Unsure:
                return Said(None, tuple(taken))
            if answer.status != Status.ESME_ROK:
                return Said(answer.status, tuple(taken))
            taken.append(answer.gateway_id)
        return Said(Status.ESME_ROK, tuple(taken))

    async def _patiently(self, part: Any) -> Answer:
        for pause in self._settings.waits_when_busy:
            answer = await self._once(part)
            if answer.status not in BUSY:
                return answer
            await asyncio.sleep(pause)
        return await self._once(part)

    async def _once(self, part: Any) -> Answer:
        async with self._window:
            await self._pace()
            if self._session is None:
                raise Away
            return await self._session.submit(part)

    async def _pace(self) -> None:
        """Wait until the rate allows one more."""
        now = time.monotonic()
        mine = max(self._next_at, now)
        self._next_at = mine + 1 / self._settings.rate
        if mine > now:
            await asyncio.sleep(mine - now)

    def _run(self) -> None:
        self._keeping = self._loop.create_task(self._keep())
        try:
            with contextlib.suppress(asyncio.CancelledError):
                self._loop.run_until_complete(self._keeping)
        finally:
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.close()

    def _stop(self) -> None:
        if self._keeping is not None:
            self._keeping.cancel()

    async def _keep(self) -> None:
        """Keep a session open until the client is closed."""
        failures = 0
        while True:
            try:
                session = await open_session(self._settings, self.receipts.put)
            except NotLetIn as error:
                self.refused = error.status
                log.error("sms.not_let_in", status=f"{error.status:#x}")
            except OSError as error:
                self.refused = None
                log.warning("sms.gateway_away", error=type(error).__name__)
            else:
                self.refused, failures = None, 0
                await self._serve(session)
            waits = self._settings.waits_when_away
            await asyncio.sleep(waits[min(failures, len(waits) - 1)])
            failures += 1

    async def _serve(self, session: Session) -> None:
        self._session = session
        self._bound.set()
        log.info("sms.signed_in")
        try:
            await session.serve()
        finally:
            self._session = None
            self._bound.clear()
