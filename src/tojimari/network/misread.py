"""What is wrong with a table of settings, said to the person who wrote it?

The words of the library that checks are for programmers ("valid tuple", "extra inputs"). Values are not repeated: some
are secret.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

_WORDS = {
    "missing": "is missing",
    "bool_type": "write true or false",
    "bool_parsing": "write true or false",
    "string_type": 'write a text between quotes: "…"',
    "path_type": 'write a path between quotes: "…"',
    "int_type": "write a whole number",
    "int_parsing": "write a whole number",
    "int_from_float": "write a whole number",
    "float_type": "write a number",
    "float_parsing": "write a number",
    "tuple_type": 'write a list: ["…", "…"]',
    "list_type": 'write a list: ["…", "…"]',
    "too_short": "must not be empty",
    "greater_than_equal": "must be {ge} at least",
    "less_than_equal": "must be {le} at most",
    "literal_error": "write one of {expected}",
    "enum": "write one of {expected}",
}
_TABLES = frozenset({"mapping_type", "dict_type", "model_type", "model_attributes_type"})


def problems(table: str, error: ValidationError, model: type[BaseModel], *, also: Collection[str] = ()) -> list[str]:
    """Each thing that is wrong with a table, like "[hss] imsi: write a list". `also`: further keys that it may have."""
    return [_problem(table, one, model, also) for one in error.errors(include_url=False, include_input=False)]


def _problem(table: str, one: Any, model: type[BaseModel], also: Collection[str]) -> str:
    place = tuple(map(str, one["loc"]))
    where = f"[{table}] {'.'.join(place)}" if place else f"[{table}]"
    if one["type"] == "extra_forbidden":
        there = {*_keys(model, place[:-1]), *(also if len(place) == 1 else ())}
        return f"{where}: there is no such key{_meant(place[-1], there)}"
    if one["type"] in _TABLES:
        return f"{where}: write it as a table: [{'.'.join((table, *place))}]"
    words = _WORDS.get(one["type"])
    if words is None:
        return f"{where}: {str(one['msg']).removeprefix('Value error, ')}"
    return f"{where}: {words.format(**one.get('ctx', {}))}"


def _keys(model: type[BaseModel], place: tuple[str, ...]) -> Collection[str]:
    """The keys of the table at a place within a model; none where it is not known."""
    found: type[BaseModel] | None = model
    for name in place:
        if found is not None and name in found.model_fields:
            found = next(_models_in(found.model_fields[name].annotation), None)
    return found.model_fields if found is not None else ()


def _models_in(kind: Any) -> Iterator[type[BaseModel]]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    for part in get_args(kind):
        yield from _models_in(part)


def _meant(typed: str, there: Collection[str]) -> str:
    like = [key for key in sorted(there) if typed in key] or get_close_matches(typed, sorted(there), n=1)
    if like:
        return f"; did you mean {like[0]}?"
    return f"; there are {', '.join(sorted(there))}" if there else ""
