"""How is one ES2+ function called, and what came of it?

JSON over HTTPS with certificates on both sides (SGP.22 v2.5, 6.1 and 6.5). One client serves one batch and is closed
with it: a connection that lay idle would cost a doubt. Nothing is read without bounds, neither in bytes nor in time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

import requests

from tojimari.network import one_reading
from tojimari.network.elements.es2plus.meaning import STATUSES
from tojimari.network.elements.es2plus.settings import Provider
from tojimari.network.rest import trouble
from tojimari.platform.answers import bounded, session

PATH = "/gsma/rsp2/es2plus/"
MOST_BYTES = 64 * 1024
CONNECT_WITHIN = 5.0  # seconds
ANSWER_WITHIN = 20.0  # seconds, for the whole answer

_PROTOCOL = re.compile(r"gsma/rsp/v[0-9]+\.[0-9]+(\.[0-9]+)?")
_TRUSTED = re.compile(r"[0-9]+(\.[0-9]+)*")
OURS = {"network.not_trusted": "profile.not_trusted", "network.files_missing": "profile.files_missing"}
"""What is set wrongly here, in the words for profile servers."""

_BUSY = frozenset({408, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. Either `status` is set, or `code` says why there is no answer that can be used."""

    at: datetime  # when it was sent
    http: int = 0
    status: str = ""  # functionExecutionStatus
    subject: str = ""
    reason: str = ""
    message: str = ""
    code: str = ""
    in_doubt: bool = False  # nobody knows whether the server has done it


class Client:
    """Calls the functions of one profile server. Use as a context manager."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._session = session(within=ANSWER_WITHIN)
        self._session.cert = (str(provider.client_certificate), str(provider.client_key))
        self._session.verify = str(provider.ca)
        self._session.headers.update({"X-Admin-Protocol": provider.protocol, "Content-Type": "application/json"})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._session.close()

    def call(self, function: str, call_id: str, parameters: Mapping[str, str]) -> Answer:
        """Call one function. The same `call_id` marks the same wish, however often it is sent. Never raises."""
        at = datetime.now(UTC)
        body = request_body(self._provider.requester, call_id, parameters)
        try:
            with self._session.post(
                f"{self._provider.endpoint}{PATH}{function}",
                data=json.dumps(body).encode(),
                timeout=(CONNECT_WITHIN, ANSWER_WITHIN),
                allow_redirects=False,
                stream=True,
            ) as response:
                return _read(response, at, strict=self._provider.strict_protocol)
        except (requests.RequestException, OSError) as error:
            code, in_doubt = _trouble(error)
            return Answer(at, code=code, in_doubt=in_doubt)


def request_body(requester: str, call_id: str, parameters: Mapping[str, str]) -> dict[str, Any]:
    """The body of a request: SGP.22's header, then the function's own parameters without those that are empty."""
    header = {"functionRequesterIdentifier": requester, "functionCallIdentifier": call_id}
    return {"header": header, **{name: value for name, value in parameters.items() if value}}


def padded(iccid: str) -> str:
    """An ICCID as ES2+ has it: twenty places, filled up with F (SGP.22, 5.3.3; 2.x servers may take no other)."""
    return iccid.ljust(20, "F")


def _read(response: requests.Response, at: datetime, *, strict: bool) -> Answer:
    body = bounded(response, most=MOST_BYTES, within=ANSWER_WITHIN)
    http = response.status_code
    if http != 200:
        code = "profile.not_let_in" if http in (401, 403) else "network.no_answer" if http in _BUSY else ""
        return Answer(at, http, code=code or "network.unexpected_answer", in_doubt=http not in (401, 403))
    protocol = response.headers.get("X-Admin-Protocol", "")
    if strict and not _PROTOCOL.fullmatch(protocol):
        return Answer(at, http, code="profile.no_protocol", in_doubt=True)
    return _understood(body, at, http)


def _understood(body: bytes | None, at: datetime, http: int) -> Answer:
    unclear = Answer(at, http, code="network.unexpected_answer", in_doubt=True)
    if body is None:
        return unclear
    try:
        told = one_reading.read(body)
        execution = told["header"]["functionExecutionStatus"]
        status, data = execution["status"], execution.get("statusCodeData") or {}
        subject, reason = data.get("subjectCode", ""), data.get("reasonCode", "")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return unclear
    if status not in STATUSES or not all(_is_code(one) for one in (subject, reason)):
        return unclear
    return Answer(at, http, status, subject, reason, str(data.get("message", ""))[:200])


def _is_code(value: object) -> bool:
    return value == "" or (isinstance(value, str) and len(value) < 20 and _TRUSTED.fullmatch(value) is not None)


def _trouble(error: Exception) -> tuple[str, bool]:
    """A reason code, and whether the request may have arrived all the same. What is ours to mend has own words."""
    code, arrived = trouble(error)
    return OURS.get(code, code), arrived
