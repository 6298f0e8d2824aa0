"""What happens when the HLR does not answer, answers late, or answers something else?

Every socket operation ends within a time limit, and every way of failing becomes one `Trouble` with a reason code.
After trouble a connection is thrown away, never mended: an answer that comes late must not be taken for the answer to
the next question. `Pipeline` keeps many requests in flight and says of each whether it was answered.
"""

from __future__ import annotations

import socket
import weakref
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

WINDOW = 64
"""Requests in flight. The HLR queues at most 100 answers for one connection; 64 was as fast as 256."""


class Trouble(Exception):
    """The other side is away or out of step. `code` is the reason code of the outcome."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Settings:
    """Where one HLR listens, and how long it may take in seconds, from one sign of life to the next."""

    host: str
    ctrl_port: int = 4259
    vty_port: int = 4258
    gsup_port: int = 4222
    connect_within: float = 3.0
    answer_within: float = 5.0

    @property
    def address(self) -> str:
        return f"{self.host} ctrl:{self.ctrl_port} vty:{self.vty_port} gsup:{self.gsup_port}"


@dataclass(frozen=True, slots=True)
class Answer:
    """One request and what came back. `code` is empty when it was answered, and the reason when it was not."""

    port: str  # ctrl | vty | gsup
    sent: str
    back: str
    code: str
    at: datetime


class Link:
    """A TCP connection on which nothing waits for ever. Raises Trouble, and nothing else."""

    def __init__(self, host: str, port: int, settings: Settings) -> None:
        try:
            self._socket = socket.create_connection((host, port), settings.connect_within)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            raise trouble_of(error) from error
        self._socket.settimeout(settings.answer_within)
        weakref.finalize(self, self._socket.close)  # connections belong to a thread, and end with it

    def send(self, data: bytes) -> None:
        try:
            self._socket.sendall(data)
        except OSError as error:
            raise trouble_of(error) from error

    def receive(self) -> bytes:
        """Wait for the next bytes. The end of the stream is trouble too."""
        try:
            data = self._socket.recv(65536)
        except OSError as error:
            raise trouble_of(error) from error
        if not data:
            raise Trouble("network.reset", "closed by the other side")
        return data

    @property
    def usable(self) -> bool:
        """False if the other side has closed, or has said something that nobody asked for."""
        limit = self._socket.gettimeout()
        self._socket.setblocking(False)
        try:
            self._socket.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        finally:
            self._socket.settimeout(limit)
        return False

    def close(self) -> None:
        self._socket.close()


def trouble_of(error: OSError) -> Trouble:
    """The reason code for what the operating system said."""
    if isinstance(error, TimeoutError):
        return Trouble("network.no_answer", str(error))
    if isinstance(error, ConnectionRefusedError):
        return Trouble("network.refused", str(error))
    if isinstance(error, ConnectionError):
        return Trouble("network.reset", str(error))
    return Trouble("network.unreachable", str(error))


def always(_index: int) -> bool:
    return True


class Pipeline(ABC):
    """A connection, made when needed, on which many requests are in flight. For one thread at a time."""

    port = ""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._link: Link | None = None
        self._buffer = b""

    def ask(self, requests: Sequence[str], *, go: Callable[[int], bool] = always) -> list[Answer]:
        """Send all requests, in order, and wait for each answer. Never raises Trouble: each answer carries it.

        `go` is asked before request number `index` is sent; once it says no, nothing more is sent, and the rest come
        back as "lease.expired". After trouble, what is unanswered may or may not have been done: read it back.
        """
        answers: list[Answer | None] = [None] * len(requests)
        code = ""
        try:
            code = self._exchange(requests, answers, go)
        except Trouble as trouble:
            self.close()
            code = trouble.code
        return [answer or self._answer(requests[index], "", code) for index, answer in enumerate(answers)]

    def close(self) -> None:
        if self._link is not None:
            self._link.close()
        self._link = None
        self._buffer = b""

    def _exchange(self, requests: Sequence[str], answers: list[Answer | None], go: Callable[[int], bool]) -> str:
        link = self._ready() if requests else None
        sent = got = 0
        stopped = False
        while link is not None and got < (sent if stopped else len(requests)):
            frames = []
            while not stopped and sent < len(requests) and sent - got < WINDOW:
                stopped = not go(sent)
                if not stopped:
                    frames.append(self._frame(sent, requests[sent]))
                    sent += 1
            if frames:
                link.send(b"".join(frames))
            if got < sent:
                self._buffer += link.receive()
                for index, back in self._answers_in_buffer(requests, got, sent):
                    if answers[index] is not None:
                        raise Trouble("network.out_of_step", "the same request was answered twice")
                    answers[index] = self._answer(requests[index], back, "")
                    got += 1
        return "lease.expired"

    def _answer(self, sent: str, back: str, code: str) -> Answer:
        return Answer(self.port, sent, back, code, datetime.now(UTC))

    def _ready(self) -> Link:
        """The connection, a new one if the old one is closed (the HLR was restarted) or out of step."""
        if self._link is not None and not self._link.usable:
            self.close()
        if self._link is None:
            self._link = self._open()
        return self._link

    @abstractmethod
    def _open(self) -> Link: ...

    @abstractmethod
    def _frame(self, index: int, request: str) -> bytes: ...

    @abstractmethod
    def _answers_in_buffer(self, requests: Sequence[str], got: int, sent: int) -> list[tuple[int, str]]: ...
