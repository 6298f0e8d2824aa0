"""How is an element asked that speaks JSON over HTTP, and what came of it?

One client serves one batch and is closed with it: a connection that lay idle would cost a doubt. Nothing is read
without bounds, neither in bytes nor in time. What came back is only told; what it means is the element's business.
"""

from __future__ import annotations

import errno
import json
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError
from urllib3.exceptions import SSLError as TlsError

from tojimari.network import one_reading
from tojimari.platform.answers import bounded, session

MOST_BYTES = 1024 * 1024
CONNECT_WITHIN = 5.0  # seconds
ANSWER_WITHIN = 20.0  # seconds, for the whole answer
SIGN_OF_LIFE_WITHIN = 1.5  # seconds, to connect and again to answer
LOST_IN_A_ROW = 2
"""After so many requests without an answer the rest of a batch is not sent: the element is away, not the lines."""

_BUSY = frozenset({408, 429, 502, 503, 504})
_AWAY = frozenset({"network.unreachable", "network.refused", "network.not_trusted", "network.files_missing"})
_NOT_LET_IN = frozenset({401, 403})


@dataclass(frozen=True, slots=True)
class Door:
    """Where an element is and how it lets us in. `headers` may hold secrets: they are never shown."""

    endpoint: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    ca: Path | None = None  # certificates that the element's own must lead to; None: the machine's
    certificate: Path | None = None
    key: Path | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. With `code` there is no answer that can be used, and it says why."""

    at: datetime  # when it was sent
    method: str
    path: str
    sent: Any = None  # the body that was sent
    http: int = 0
    body: Any = None  # JSON; numbers with a fraction are texts
    etag: str = ""
    location: str = ""
    code: str = ""
    in_doubt: bool = False  # nobody knows whether the element has done it

    @property
    def ok(self) -> bool:
        return not self.code and 200 <= self.http < 300


class Settings(Protocol):
    """What an element by HTTP knows of itself: where it is, and how it is opened."""

    @property
    def endpoint(self) -> str:
        """Where it is. Shown to people."""

    def door(self) -> Door:
        """How to get in. Raises OSError, ValueError if a secret cannot be read."""


class Client:
    """Asks one element. Use as a context manager."""

    def __init__(self, door: Door, *, patience: float | None = None, out_of_order: str = "") -> None:
        """`patience` is in seconds. With `out_of_order`, a code, nothing is sent and everything gets this answer."""
        self._door = door
        self._within = (patience or CONNECT_WITHIN, patience or ANSWER_WITHIN)
        self._out_of_order = out_of_order
        self._lost: list[str] = []
        self._session = session(within=self._within[1])
        self._session.headers.update({"Accept": "application/json", **door.headers})
        self._session.verify = str(door.ca) if door.ca is not None else True
        if door.certificate is not None and door.key is not None:
            self._session.cert = (str(door.certificate), str(door.key))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._session.close()

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Ask once. Never raises, never asks again by itself. An element that is away is not asked any more.

        `headers` are named with underscores, e.g. If_Match.
        """
        at = datetime.now(UTC)
        if self._out_of_order:
            return Answer(at, method, path, body, code=self._out_of_order)
        if self._lost and (self._lost[-1] in _AWAY or len(self._lost) >= LOST_IN_A_ROW):
            return Answer(at, method, path, body, code=self._lost[-1])
        answer = self._ask(at, method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        if answer.http or not answer.code:
            self._lost.clear()
        else:
            self._lost.append(answer.code)
            self._session.close()  # a late answer must not be taken for the answer to the next question
        return answer

    def path_of(self, href: str) -> str:
        """The path of an address that the element itself has named; empty if it leads to another place."""
        home = f"{self._door.endpoint}/"
        try:
            there = urlsplit(urljoin(home, href))
        except ValueError:  # such as "http://["
            return ""
        if there[:2] != urlsplit(home)[:2]:
            return ""
        base, path = urlsplit(home).path, there.path
        return f"/{path.removeprefix(base)}" if path.startswith(base) else ""

    def _ask(self, at: datetime, method: str, path: str, body: Any, headers: Mapping[str, str]) -> Answer:
        data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        kind = {} if body is None else {"Content-Type": "application/json"}
        try:
            with self._session.request(
                method,
                f"{self._door.endpoint}{path}",
                data=data,
                headers={**kind, **headers},
                timeout=self._within,
                allow_redirects=False,
                stream=True,
            ) as response:
                return _read(response, Answer(at, method, path, body))
        except (requests.RequestException, OSError) as error:
            code, in_doubt = trouble(error)
            return Answer(at, method, path, body, code=code, in_doubt=in_doubt and method != "GET")


def client_of(settings: Settings, *, patience: float | None = None) -> Client:
    """The client for an element. With a secret that cannot be read nothing is sent: all is `network.files_missing`."""
    try:
        return Client(settings.door(), patience=patience)
    except (OSError, ValueError):
        return Client(Door(settings.endpoint), out_of_order="network.files_missing")


def sign_of_life(settings: Settings, question: str, *, well: Callable[[Answer], bool] = lambda one: one.ok) -> str:
    """Why an element cannot work at present, a reason code with its address; empty if it answers `question` well.

    Takes three seconds at the most. `question` is the path of a GET that changes nothing.
    """
    with client_of(settings, patience=SIGN_OF_LIFE_WITHIN) as client:
        answer = client.ask("GET", question)
    code = answer.code or ("" if well(answer) else "network.unexpected_answer")
    return f"{code} {settings.endpoint}" if code else ""


def _read(response: requests.Response, asked: Answer) -> Answer:
    raw = bounded(response, most=MOST_BYTES, within=ANSWER_WITHIN)
    http, code, body = response.status_code, "", None
    if http in _NOT_LET_IN:
        code = "network.not_let_in"
    elif http in _BUSY:
        code = "network.busy"
    elif http < 200 or 300 <= http < 400 or raw is None:
        code = "network.unexpected_answer"
    elif raw:
        try:
            body = one_reading.read(raw)
        except (ValueError, RecursionError):
            code = "network.unexpected_answer" if http < 400 else ""
    in_doubt = bool(code) and http not in _NOT_LET_IN and asked.method != "GET"
    etag, location = response.headers.get("ETag", ""), response.headers.get("Location", "")
    return Answer(asked.at, asked.method, asked.path, asked.sent, http, body, etag, location, code, in_doubt)


def trouble(error: Exception) -> tuple[str, bool]:
    """Why a request failed: a reason code, and whether it may have arrived all the same."""
    cause: object = error.args[0] if error.args else error
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    if isinstance(error, requests.exceptions.SSLError):
        # Our own refusal of the element's certificate comes before anything is sent; its refusal of ours comes after.
        inner = reason.args[0] if isinstance(reason, TlsError) and reason.args else reason
        return "network.not_trusted", not isinstance(inner, ssl.SSLCertVerificationError)
    if isinstance(reason, NewConnectionError):
        refused = getattr(reason.__cause__, "errno", None) == errno.ECONNREFUSED
        return ("network.refused" if refused else "network.unreachable"), False
    if isinstance(error, requests.ConnectTimeout) or isinstance(reason, ConnectTimeoutError):
        return "network.unreachable", False
    if isinstance(error, requests.Timeout):
        return "network.no_answer", True
    if isinstance(error, requests.ConnectionError):
        return "network.reset", True
    if isinstance(error, OSError) and not isinstance(error, requests.RequestException):
        return "network.files_missing", False  # a certificate or key that cannot be read
    return "network.unexpected_answer", True
