"""How is it shown that only the named service changed? Field by field, before and after.

A record is laid flat: one name for each value, like `serviceCharacteristic.roaming.value`. Evidence is for ever, and
records hold names and notes of people: of a field that is not known to be harmless it has a keyed digest, which shows
that the value is the same as before and tells nobody what it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from tojimari.network.masking import masked
from tojimari.platform.keyed import keyed

Kept = Mapping[str, str]
"""Name of a field -> what evidence has of its value."""

MOST_SHOWN = 80  # letters of a value that is shown
_NAMES_OF_ITEMS = ("name", "id")


def flat(record: Any, name: str = "") -> dict[str, Any]:
    """Every value of a JSON record under its full name. Lists go by name or id of their items: order says nothing."""
    if isinstance(record, dict) and record:
        parts: Iterable[tuple[str, Any]] = ((str(key), value) for key, value in record.items())
    elif isinstance(record, list) and record:
        parts = _named(record)
    else:
        return {name: record}
    found: dict[str, Any] = {}
    for key, value in parts:
        found |= flat(value, f"{name}.{key}" if name else key)
    return found


def _named(items: list[Any]) -> list[tuple[str, Any]]:
    for key in _NAMES_OF_ITEMS:
        names = [item.get(key) for item in items if isinstance(item, dict)]
        if len(names) == len(items) and all(isinstance(one, str) for one in names) and len(set(names)) == len(names):
            return list(zip((str(one) for one in names), items, strict=True))
    return [(str(place), item) for place, item in enumerate(items)]


def kept(record: Any, shown: Collection[str], salt: str) -> Kept:
    """What evidence has of a record: masked values of the fields in `shown`, digests of all others.

    `salt` keeps equal values of two lines apart.
    """
    return {name: _kept(name, value, shown, salt) for name, value in sorted(flat(record).items())}


def _kept(name: str, value: Any, shown: Collection[str], salt: str) -> str:
    text = "" if value is None else str(value)
    if within(name, shown) and len(text) <= MOST_SHOWN:
        return masked(text)
    return f"#{keyed('network.field', f'{salt}:{name}={text}').hex()[:16]}"


def differences(before: Mapping[str, Any], after: Mapping[str, Any], may_change: Collection[str]) -> list[str]:
    """Names of fields that differ, apart from those that may. A field that came or went differs, too."""
    missing = object()
    return [
        name
        for name in sorted({*before, *after})
        if before.get(name, missing) != after.get(name, missing) and not within(name, may_change)
    ]


def within(name: str, names: Collection[str]) -> bool:
    """Whether a field is one of these, or lies within one of these."""
    return any(name == one or name.startswith(f"{one}.") for one in names)
