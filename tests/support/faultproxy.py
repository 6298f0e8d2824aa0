"""What stands between us and the HLR when the network is bad?

A TCP proxy with a switch. A fault is armed for the exchanges from the n-th on (an exchange is one piece of
data from the client), and stays until it is mended or has been met so many times:

    ok          passes everything on
    delay       passes everything on, late
    drop_reply  passes requests on, swallows the answers: the deed is done, nobody hears of it
    reset       passes requests on, answers with a reset instead of the answer
    blackhole   swallows requests: nothing arrives
    refuse      nobody listens, and open connections are cut
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

MODES = ("ok", "delay", "drop_reply", "reset", "blackhole", "refuse")


@dataclass(slots=True)
class Fault:
    mode: str = "ok"
    at: int = 1  # the n-th exchange since the fault was armed, over all connections
    delay: float = 0.0  # seconds
    times: int = 1_000_000  # exchanges until it mends by itself
    then: Callable[[], None] | None = None  # called once, when that exchange arrives and before it is passed on


class FaultProxy:
    """Listens on `host` on a free port and passes on to `upstream`. Use as a context manager."""

    def __init__(self, upstream: tuple[str, int], host: str) -> None:
        self._upstream = upstream
        self._lock = threading.Condition()
        self._fault = Fault()
        self._exchanges = 0
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._address = (host, 0)
        self._listener: socket.socket | None = None
        self._listen()

    @property
    def port(self) -> int:
        return self._address[1]

    @property
    def exchanges(self) -> int:
        """How many pieces of data clients have sent since the fault was armed."""
        return self._exchanges

    def met(self, exchanges: int) -> bool:
        """Whether so many were sent. A client that is in a hurry may be gone before they have come here."""
        with self._lock:
            return self._lock.wait_for(lambda: self._exchanges >= exchanges, 30)

    def arm(
        self,
        mode: str,
        *,
        at: int = 1,
        delay: float = 0.0,
        times: int = 1_000_000,
        then: Callable[[], None] | None = None,
    ) -> None:
        """From the `at`-th exchange from now on, do this, for so many exchanges."""
        if mode not in MODES:
            raise ValueError(mode)
        with self._lock:
            self._fault = Fault(mode, at, delay, times, then)
            self._exchanges = 0
        if mode == "refuse" and at == 1:
            self._refuse()
        elif self._listener is None:
            self._listen()

    def mend(self) -> None:
        self.arm("ok")

    def close(self) -> None:
        self._refuse()
        for thread in self._threads:
            thread.join(10)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()

    def _listen(self) -> None:
        listener = socket.create_server(self._address, reuse_port=False)
        self._address = listener.getsockname()[:2]
        self._listener = listener
        self._run(self._accept, listener)

    def _run(self, target: Callable[..., None], *args: object) -> threading.Thread:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()
        return thread

    def _refuse(self) -> None:
        with self._lock:
            listener, self._listener = self._listener, None
            open_now = list(self._open)
        if listener is not None:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
            listener.close()
        for one in open_now:
            _cut(one)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(self._upstream, 5)
            except OSError:
                _cut(client)
                client.close()
                continue
            server.settimeout(None)
            for one in (client, server):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._open |= {client, server}
            replies = self._run(self._replies, server, client)
            self._run(self._requests, client, server, replies)

    def _now(self, *, count: bool) -> Fault:
        with self._lock:
            self._exchanges += count
            self._lock.notify_all()
            first = self._fault.at
            return self._fault if first <= self._exchanges < first + self._fault.times else Fault()

    def _requests(self, client: socket.socket, server: socket.socket, replies: threading.Thread) -> None:
        with contextlib.suppress(OSError):
            while data := client.recv(65536):
                fault = self._now(count=True)
                if fault.then is not None and self._exchanges == fault.at:
                    fault.then()
                if fault.mode == "refuse":
                    self._refuse()
                    break
                if fault.mode == "delay":
                    threading.Event().wait(fault.delay)
                if fault.mode != "blackhole":
                    server.sendall(data)
        _cut(server)
        replies.join()
        with self._lock:
            self._open -= {client, server}
        client.close()
        server.close()

    def _replies(self, server: socket.socket, client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := server.recv(65536):
                fault = self._now(count=False)
                if fault.mode == "reset":
                    break
                if fault.mode not in ("drop_reply", "blackhole"):
                    client.sendall(data)
        _cut(client)


def _cut(one: socket.socket) -> None:
    """Reset rather than close: the other side must not take it for an orderly end."""
    with contextlib.suppress(OSError):
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        one.shutdown(socket.SHUT_RDWR)
