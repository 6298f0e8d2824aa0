"""How is it shown that only the named service changed? Field by field, before and after.

A record is laid flat: one name for each value, like `serviceCharacteristic.roaming.value`. Evidence is for ever, and
records hold names and notes of people: of a field that is not known to be harmless it has a keyed digest, which shows
that the value is the same as before and tells nobody what it is.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from tojimari.network.masking import masked
from tojimari.platform.keyed import keyed

Kept = Mapping[str, str]
"""Name of a field -> what evidence has of its value."""

MOST_SHOWN = 80  # letters of a value that is shown


def flat(record: Any, name: str = "") -> dict[str, Any]:
    """Every value of a JSON record under its full name.

    Characteristics (items with a name and a value) go by their names, so their order says nothing. Any other list is
    one value, whatever its order: what is in it may be people, and evidence shows the names of fields.
    """
    if isinstance(record, dict) and record:
        parts = {str(key): value for key, value in record.items()}
    elif _are_characteristics(record):
        parts = {one["name"]: one for one in record}
    elif isinstance(record, list) and record:
        return {name: json.dumps(sorted(json.dumps(one, sort_keys=True) for one in record))}
    else:
        return {name: record}
    found: dict[str, Any] = {}
    for key, value in parts.items():
        found |= flat(value, f"{name}.{key}" if name else key)
    return found


def _are_characteristics(record: Any) -> bool:
    if not isinstance(record, list) or not record:
        return False
    names = [one.get("name") for one in record if isinstance(one, dict) and "value" in one]
    return len(names) == len(record) == len(set(map(str, names))) and all(isinstance(one, str) for one in names)


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
