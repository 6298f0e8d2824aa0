"""How does a check say that something is not valid?"""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any


class Broken(Exception):
    """The file is not valid. `number` is the entry of the history that is meant, 0 for none."""

    def __init__(self, code: str, number: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.number = number


def from_base64(text: Any, code: str) -> bytes:
    """Decode base64 that is written as RFC 4648 asks: no spare bits set, so that one value has one spelling.

    Raises Broken with `code`.
    """
    try:
        data = b64decode(text, validate=True)
    except (TypeError, ValueError):
        raise Broken(code) from None
    if b64encode(data).decode() != text:
        raise Broken(code)
    return data
