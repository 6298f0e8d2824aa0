"""What do our doubles of network elements stand on? A small HTTP server on loopback that speaks JSON, and is strict.

A request that the specification does not allow is answered as wrong, and remembered: `wrong` must be empty at the end
of every test.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Heard:
    """One request."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any = None

    @property
    def line(self) -> str:
        return f"{self.method} {self.path}"


@dataclass
class Reply:
    """What goes back. `raw` is sent instead of the body as JSON."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None


class Wrong(Exception):
    """The request is not as the specification has it."""


class JsonServer:
    """A running server on loopback. Use as a context manager."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.wrong: list[str] = []
        self.before: Callable[[Heard], Reply | None] = lambda heard: None
        """Asked before each deed: what it returns is sent, and nothing is done."""
        self.after: Callable[[Heard, Reply], Reply | None] = lambda heard, reply: None
        """Asked after each deed: what it returns is sent instead of the answer."""
        self._lock = threading.RLock()
        handler = type("Handler", (_Handler,), {"server_of": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def effects(self) -> list[str]:
        """Method and path of all requests that may have changed something, in order."""
        return [heard.line for heard in self.heard if heard.method != "GET"]

    def answer(self, heard: Heard) -> Reply:
        """What the element does and says. Raises Wrong."""
        raise NotImplementedError

    def take(self, heard: Heard) -> Reply:
        with self._lock:
            self.heard.append(heard)
            if (instead := self.before(heard)) is not None:
                return instead
            try:
                reply = self.answer(heard)
            except Wrong as wrong:
                self.wrong.append(f"{heard.line}: {wrong}")
                return Reply(400, {"wrong": str(wrong)})
            return self.after(heard, reply) or reply

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Connections that tests break off are no news."""


class _Handler(BaseHTTPRequestHandler):
    server_of: JsonServer
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer goes out in one piece: a delayed acknowledgement would cost 40 ms each time

    def _take(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = urlsplit(self.path)
        body, wrong = None, ""
        if raw:
            wrong = "" if self.headers.get("Content-Type", "").startswith("application/json") else "no JSON by its type"
            try:
                body = json.loads(raw)
            except ValueError:
                wrong = "no JSON"
        heard = Heard(self.command, parts.path, dict(parse_qsl(parts.query)), dict(self.headers.items()), body)
        if wrong:
            self.server_of.wrong.append(f"{heard.line}: {wrong}")
        self._send(self.server_of.take(heard))

    do_GET = do_PUT = do_PATCH = do_DELETE = do_POST = _take

    def _send(self, reply: Reply) -> None:
        body = reply.raw if reply.raw is not None else json.dumps(reply.body).encode()
        self.send_response(reply.status)
        for key, value in {"Content-Type": "application/json", **reply.headers}.items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""
