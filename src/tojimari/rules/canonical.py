"""Which bytes stand for a JSON value, so that a hash or signature made today still fits in ten years?

RFC 8785 (JSON Canonicalization Scheme), for texts, whole numbers, booleans, null, lists and objects. Fractions are
refused rather than formatted, and so are numbers outside I-JSON's range (RFC 7493: a JavaScript verifier would round
them), texts that are no Unicode (lone surrogates) and U+0000, which PostgreSQL's JSON cannot hold. What two programs
could read differently is never signed.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from types import NoneType
from typing import Any

import orjson

_LARGEST = 2**53 - 1
_DEEPEST = 64
_MOST_HOLDERS = 10_000  # in a value that is looked through quickly; more than any honest one has
_NUL = rb"\u0000"
_SORTED_AND_STRICT = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER
_sorted = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode
_as_given = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class NotCanonical(ValueError):
    """The value has no canonical form here. The message says where in it, and why."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why
        self.path: list[str | int] = []  # from the outside in; filled in on the way out

    def __str__(self) -> str:
        return f"{'/'.join(map(ascii, self.path)) or 'the value'}: {self.why}"


def canonical(value: Any) -> bytes:
    """Return the canonical JSON bytes (UTF-8, no spaces, keys in UTF-16 order). Raises NotCanonical.

    A tuple counts as a list. Equal values give equal bytes, whatever the order in which keys were added.
    """
    # Programs sort keys by code point, the RFC by UTF-16 unit. For ASCII keys, nearly all there are, both agree.
    if _usual(value):
        try:
            written = orjson.dumps(value, option=_SORTED_AND_STRICT)
        except orjson.JSONEncodeError:
            pass  # what is wrong with it, and where, is found below
        else:
            if _NUL not in written:  # else it may be one, or a backslash before such letters
                return written
    if _check(value, 0):
        return _sorted(value).encode()
    return _as_given(_in_utf16_order(value)).encode()


def _usual(value: Any) -> bool:
    """Say whether a value is of the kinds that orjson writes as the RFC asks, with ASCII keys only.

    Nearly all are, and this is how most of them pass: it looks at the kinds of the parts and, other than `_check`, not
    into numbers and texts, because orjson refuses large numbers and lone surrogates itself.
    """
    if type(value) not in _HOLDERS:
        return type(value) in _PLAIN
    holders, seen = [value], 1
    for _ in range(_DEEPEST):
        inner: list[Any] = []
        for holder in holders:
            parts: Collection[Any] = holder
            if type(holder) is dict:
                try:
                    if not "".join(holder).isascii():
                        return False
                except TypeError:  # a key that is no text
                    return False
                parts = holder.values()
            kinds = set(map(type, parts))
            if not kinds <= _PLAIN:
                if not kinds <= _PLAIN_OR_HOLDER:
                    return False
                inner += [part for part in parts if type(part) in _HOLDERS]
        seen += len(inner)
        if not inner or seen > _MOST_HOLDERS:
            return not inner
        holders = inner
    return False


_PLAIN = frozenset({str, int, bool, NoneType})
_HOLDERS = frozenset({dict, list, tuple})
_PLAIN_OR_HOLDER = _PLAIN | _HOLDERS


def _check(value: Any, depth: int) -> bool:
    """Say whether all keys are ASCII; raise NotCanonical for what cannot be written."""
    if isinstance(value, str):
        return _check_text(value)
    if value is None or value is True or value is False:
        return True
    if isinstance(value, int):
        if not -_LARGEST <= value <= _LARGEST:
            raise NotCanonical("a whole number beyond 2^53 is not read alike everywhere; give it as a text")
        return True
    if not isinstance(value, dict | list | tuple):
        raise NotCanonical(f"{type(value).__name__} has no canonical form here")
    if depth == _DEEPEST:
        raise NotCanonical(f"nested deeper than {_DEEPEST} levels, or holding itself")
    simple = True
    where: str | int = ""
    try:
        pairs: Iterable[tuple[Any, Any]] = value.items() if isinstance(value, dict) else enumerate(value)
        for where, item in pairs:
            if isinstance(value, dict):
                simple = _check_key(where) and simple
            simple = _check(item, depth + 1) and simple
    except NotCanonical as problem:
        problem.path.insert(0, where)
        raise
    return simple


def _check_key(key: object) -> bool:
    """Say whether the key is ASCII, as `_check` does for whole values."""
    if not isinstance(key, str):
        raise NotCanonical(f"a key must be a text, not {type(key).__name__}")
    return _check_text(key) and key.isascii()


def _check_text(value: str) -> bool:
    """Return True for a text that UTF-8, and a database, can hold."""
    if "\0" in value:
        raise NotCanonical("a text with U+0000 cannot be kept")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise NotCanonical("a text with a lone surrogate is no Unicode text") from None
    return True


def _in_utf16_order(value: Any) -> Any:
    if isinstance(value, dict):
        ordered = sorted(value.items(), key=lambda pair: pair[0].encode("utf-16-be"))
        return {key: _in_utf16_order(item) for key, item in ordered}
    if isinstance(value, list | tuple):
        return [_in_utf16_order(item) for item in value]
    return value
