"""How is an answer over HTTP read when the other side sends without end, or one byte at a time?

`requests` waits anew for each byte, so its time limit alone bounds nothing: a head of a hundred lines may take a day,
and so may a piece of 8 KiB.
"""

from __future__ import annotations

import io
import socket
import time
from http.client import HTTPResponse
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

PIECE = 64 * 1024
"""Bytes that are taken at once, at most. What has come is taken; nobody waits for a piece to be full."""


def session(*, within: float) -> requests.Session:
    """Return a session whose answers have come whole, head and body, `within` seconds after they were asked for.

    What takes longer raises `requests.ReadTimeout`, or `requests.ConnectionError` in the body. The machine's variables
    for proxies and its password file (.netrc) do not count: what is asked stands in our own neighbourhood.
    """
    made = requests.Session()
    made.trust_env = False
    for scheme in ("http://", "https://"):
        made.mount(scheme, _Adapter(within))
    return made


def bounded(response: requests.Response, *, most: int, within: float) -> bytes | None:
    """Return the body of a streamed answer, or None where it has more than `most` bytes or takes over `within` seconds.

    Raises `requests.ConnectionError` where the connection ends or falls silent before the body does.
    """
    until, body = time.monotonic() + within, b""
    try:
        while part := response.raw.read1(PIECE, decode_content=True):
            body += part
            if len(body) > most or time.monotonic() > until:
                return None
    except HTTPError as error:
        raise requests.ConnectionError(error) from error
    return body


class _Adapter(HTTPAdapter):
    def __init__(self, within: float) -> None:
        self._within = within
        super().__init__()

    def init_poolmanager(self, *places: Any, **named: Any) -> None:
        super().init_poolmanager(*places, **named)
        self.poolmanager.pool_classes_by_scheme = _pools(self._within)


def _pools(within: float) -> dict[str, type[HTTPConnectionPool]]:
    """The pools of urllib3, whose connections read no answer for longer than `within` seconds."""

    class Answer(HTTPResponse):
        def __init__(self, sock: socket.socket, *places: Any, **named: Any) -> None:
            super().__init__(sock, *places, **named)
            self.fp.close()
            self.fp = io.BufferedReader(_Until(sock, within))

    class Plain(HTTPConnection):
        response_class = Answer

    class Secured(HTTPSConnection):
        response_class = Answer

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecuredPool(HTTPSConnectionPool):
        ConnectionCls = Secured

    return {"http": PlainPool, "https": SecuredPool}


class _Until(io.RawIOBase):
    """What a connection sends, until a moment; then it is a `TimeoutError`, however much has come."""

    def __init__(self, sock: socket.socket, within: float) -> None:
        self._sock, self._silence, self._until = sock, sock.gettimeout(), time.monotonic() + within
        self._raw = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer takes too long")
        self._sock.settimeout(left if self._silence is None else min(left, self._silence))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()
