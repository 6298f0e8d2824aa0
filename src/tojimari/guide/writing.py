"""How is a file of the directory written?

In one way only: the order of keys is that of the classes, what is left out stays out, and there are no comments. So a
correction changes the lines that it means and no others, and what differs between two versions are facts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from tojimari.guide.facts import CarrierFacts

_MAY_BE_EMPTY = ("channels",)
"""Keys whose empty list says something: the source does not say how."""


def write(facts: CarrierFacts) -> str:
    """Return the text of a carrier's file. Reading it gives the same facts."""
    return "\n".join(_file(facts.model_dump(mode="json", by_alias=True, exclude_none=True))) + "\n"


def _file(row: Mapping[str, Any]) -> Iterator[str]:
    yield from _pairs(row, ("id", "kind", "country", "name"))
    for key, source in row["sources"].items():
        yield f"\n[sources.{key}]"
        yield from _pairs(source, tuple(source))
    if domains := row.get("domains"):
        yield "\n[domains]"
        yield from _pairs(domains, tuple(domains))
    for line in row["hotline"]:
        yield "\n[[hotline]]"
        yield from _pairs(line, tuple(line))
    for closing in row["closing"]:
        yield "\n[[closing]]"
        yield from _pairs(closing, tuple(key for key in closing if key != "said"))
        yield from _said("closing.said", closing["said"])
    yield from _said("said", row["said"])
    if obsolete := row.get("obsolete"):
        yield "\n[obsolete]"
        yield from _pairs(obsolete, tuple(obsolete))


def _said(table: str, rows: list[Mapping[str, Any]]) -> Iterator[str]:
    for row in rows:
        yield f"\n[[{table}]]"
        yield f"topic = {_value(row['topic'])}"
        yield from (f"text.{language} = {_value(text)}" for language, text in row["text"].items())
        yield from _pairs(row, ("source",))


def _pairs(row: Mapping[str, Any], keys: tuple[str, ...]) -> Iterator[str]:
    for key in keys:
        if row[key] not in ("", [], {}) or (key in _MAY_BE_EMPTY and row[key] == []):
            # pydantic writes a date as text; TOML has dates of its own.
            yield f"{key} = {row[key] if key == 'on' else _value(row[key])}"


def _value(value: object) -> str:
    match value:
        case bool() | int():
            return str(value).lower()
        case str():
            return json.dumps(value, ensure_ascii=False)
        case list():
            return f"[{', '.join(_value(each) for each in value)}]"
        case Mapping():
            pairs = (f"{key} = {each if key == 'contracts_from' else _value(each)}" for key, each in value.items())
            return f"{{ {', '.join(pairs)} }}"
    raise TypeError(f"nothing of this kind stands in a file: {type(value).__name__}")
