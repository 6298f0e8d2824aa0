"""What does a profile server (SM-DP+) do with an order? A strict one, written from GSMA SGP.22 v2.5, in one thread.

It wants a client certificate of its own authority, the header X-Admin-Protocol, JSON, both identifiers of the header,
an ICCID of twenty places and a final status, and refuses what lacks them. Profiles go through the states of section
3.1.1; CancelOrder answers as 5.3.3 has it. `heard` keeps every request that was understood.
"""

from __future__ import annotations

import json
import re
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from tests.support.rsp import Pki

CANCEL = "/gsma/rsp2/es2plus/cancelOrder"
PROTOCOL = re.compile(r"gsma/rsp/v2\.[0-9]+\.[0-9]+")
ALLOWED = {"header", "iccid", "eid", "matchingId", "finalProfileStatusIndicator"}


class State(StrEnum):
    AVAILABLE = "Available"
    ALLOCATED = "Allocated"
    LINKED = "Linked"
    CONFIRMED = "Confirmed"
    RELEASED = "Released"
    DOWNLOADED = "Downloaded"
    INSTALLED = "Installed"
    UNAVAILABLE = "Unavailable"


ORDERED = (State.ALLOCATED, State.LINKED, State.CONFIRMED, State.RELEASED)
"""States in which there is an order that can be cancelled."""


@dataclass
class Held:
    """One profile at the server."""

    state: State = State.RELEASED
    eid: str = ""
    matching_id: str = ""
    owner: str = "1.3.6.1.4.1.99999.1"


@dataclass
class Heard:
    """One request that was understood, and what was answered."""

    body: dict[str, Any]
    status: str = ""
    codes: tuple[str, str] = ("", "")


Reply = tuple[int, dict[str, str], bytes]


class Smdp:
    """A running server on loopback. Use as a context manager."""

    def __init__(self, pki: Pki) -> None:
        self.profiles: dict[str, Held] = {}
        self.heard: list[Heard] = []
        self.answer: Callable[[Heard], Reply | None] = lambda heard: None
        """Asked before each answer: what it returns is sent instead."""
        self._lock = threading.Lock()
        handler = type("Handler", (_Handler,), {"smdp": self})
        self._server = _Server(("127.0.0.1", 0), handler, bind_and_activate=False)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pki.server, pki.server_key)
        context.load_verify_locations(pki.ca)
        context.verify_mode = ssl.CERT_REQUIRED
        self._server.context = context
        self._server.server_bind()
        self._server.server_activate()
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)

    def take(self, protocol: str, content_type: str, raw: bytes) -> Reply:
        """One CancelOrder, from its headers and bytes to the answer."""
        if not PROTOCOL.fullmatch(protocol) or content_type.partition(";")[0] != "application/json":
            return 400, {}, b""
        try:
            body = json.loads(raw)
            header = body["header"]
            named = header["functionRequesterIdentifier"], header["functionCallIdentifier"]
        except (ValueError, KeyError, TypeError):
            return 400, {}, b""
        if set(body) - ALLOWED or set(header) != {"functionRequesterIdentifier", "functionCallIdentifier"}:
            return 400, {}, b""
        if not all(isinstance(one, str) and one for one in named):
            return 400, {}, b""
        with self._lock:
            heard = Heard(body)
            heard.codes = self._cancel(body, named[0])
            heard.status = "Failed" if any(heard.codes) else "Executed-Success"
            self.heard.append(heard)
        return self.answer(heard) or (200, ANSWER_HEADERS, answer_of(heard.status, *heard.codes))

    def _cancel(self, body: dict[str, Any], requester: str) -> tuple[str, str]:
        iccid, final = body.get("iccid", ""), body.get("finalProfileStatusIndicator")
        if not re.fullmatch(r"[0-9]{18}[0-9F]{2}", iccid) or final not in ("Available", "Unavailable"):
            return "8.2.1", "2.2"
        held = self.profiles.get(iccid.rstrip("F"))
        if held is None:
            return "8.2.1", "3.9"
        if held.owner != requester:
            return "8.2.1", "1.2"
        if held.state not in ORDERED:
            return "8.2.1", "3.3"
        if held.eid and body.get("eid", held.eid) != held.eid:
            return "8.1.1", "3.10"
        if held.matching_id and body.get("matchingId") != held.matching_id:
            return "8.2.6", "3.10"
        held.state = State(final)
        held.eid = held.matching_id = ""
        return "", ""


ANSWER_HEADERS = {"X-Admin-Protocol": "gsma/rsp/v2.5.0", "Content-Type": "application/json"}


def answer_of(status: str, subject: str = "", reason: str = "", message: str = "") -> bytes:
    """The body of an answer: SGP.22's header alone, for CancelOrder returns nothing else."""
    execution: dict[str, Any] = {"status": status}
    if subject:
        execution["statusCodeData"] = {"subjectCode": subject, "reasonCode": reason} | (
            {"message": message} if message else {}
        )
    return json.dumps({"header": {"functionExecutionStatus": execution}}).encode()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    context: ssl.SSLContext

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Shake hands in the connection's own thread: a stranger must not keep the others waiting."""
        try:
            secured = self.context.wrap_socket(request, server_side=True)
        except OSError:
            request.close()
            return
        super().process_request_thread(secured, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Connections that tests break off are no news."""


class _Handler(BaseHTTPRequestHandler):
    smdp: Smdp
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path != CANCEL:
            reply: Reply = (404, {}, b"")
        else:
            reply = self.smdp.take(self.headers.get("X-Admin-Protocol", ""), self.headers.get("Content-Type", ""), raw)
        status, headers, body = reply
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""
