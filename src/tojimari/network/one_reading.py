"""What does an answer in JSON say, if it says one thing, and one that can be kept?

Two programs may read `{"state": "active", "state": "ended"}` differently (RFC 8259, 4; RFC 7493, 2.3): what is told so
is no proof of anything. A text with U+0000 or half a surrogate fits into no database and no signature: whoever asks
hears at once that this is no answer, and not when it is to be written down.
"""

from __future__ import annotations

import json
import re
from typing import Any

_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


def read(raw: bytes) -> Any:
    """Return what is told; numbers with a fraction, and what is no number, are texts.

    Raises ValueError for what is no JSON, cannot be kept, or says two things; RecursionError for too deep a nest.
    """
    told = json.loads(raw, parse_float=str, parse_constant=str, object_pairs_hook=_each_name_once)
    if _NUL.search(raw):
        raise ValueError("a text has U+0000")
    json.dumps(told, ensure_ascii=False).encode()  # UnicodeEncodeError is a ValueError
    return told


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice in one object")
    return found
