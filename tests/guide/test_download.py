"""Can others read the directory, and does its schema describe it?"""

from __future__ import annotations

import json
import re
from typing import Any

from tojimari.guide.directory import carriers
from tojimari.guide.download import LICENCE, Directory, as_json, mark, schema


def test_the_file_reads_back_as_the_same_facts() -> None:
    read = Directory.model_validate_json(as_json())
    assert {facts.id: facts for facts in read.carriers} == carriers()
    assert read.licence == LICENCE == json.loads(as_json())["licence"]


def test_the_schema_knows_every_key_and_no_other() -> None:
    drawn = json.loads(schema())
    assert drawn["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert _strangers(json.loads(as_json()), drawn, drawn) == []


def test_the_schema_finds_a_stranger_and_what_is_missing() -> None:
    drawn, row = json.loads(schema()), json.loads(as_json())
    row["carriers"][0]["shoe_size"] = 3
    del row["carriers"][1]["name"]
    row["carriers"][2]["kind"] = "shoe"
    assert len(_strangers(row, drawn, drawn)) == 3


def test_the_same_text_has_the_same_tag() -> None:
    assert mark("a") == mark("a") != mark("b")
    assert re.fullmatch(r'"[0-9a-f]{32}"', mark(as_json()))


def _strangers(value: Any, rule: dict[str, Any], root: dict[str, Any], place: str = "") -> list[str]:
    """Places where a value does not follow its schema, by the few words of JSON Schema that pydantic draws here."""
    if "$ref" in rule:
        return _strangers(value, root["$defs"][rule["$ref"].rpartition("/")[2]], root, place)
    if "anyOf" in rule:
        tries = [_strangers(value, one, root, place) for one in rule["anyOf"]]
        return [] if [] in tries else tries[0]
    if "enum" in rule:
        return [] if value in rule["enum"] else [place]
    if isinstance(value, dict) and rule.get("type") == "object":
        known, more = rule.get("properties", {}), rule.get("additionalProperties", True)
        wrong = [f"{place}.{key}" for key in rule.get("required", []) if key not in value]
        for key, each in value.items():
            if key in known:
                wrong += _strangers(each, known[key], root, f"{place}.{key}")
            elif isinstance(more, dict):
                wrong += _strangers(each, more, root, f"{place}.{key}")
            elif not more:
                wrong.append(f"{place}.{key}")
        return wrong
    if isinstance(value, list) and rule.get("type") == "array":
        items = rule.get("items", {})
        return [wrong for n, each in enumerate(value) for wrong in _strangers(each, items, root, f"{place}[{n}]")]
    kinds = {"string": str, "integer": int, "boolean": bool, "object": dict, "array": list, "null": type(None)}
    return [] if "type" not in rule or isinstance(value, kinds[rule["type"]]) else [place]
