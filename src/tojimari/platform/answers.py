"""How is an answer over HTTP read when the other side sends without end, or one byte at a time?

`requests` waits anew for each byte, so its time limit alone bounds nothing: a piece of 8 KiB may take a day.
"""

from __future__ import annotations

import time

import requests
from urllib3.exceptions import HTTPError

PIECE = 64 * 1024
"""Bytes that are taken at once, at most. What has come is taken; nobody waits for a piece to be full."""


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
