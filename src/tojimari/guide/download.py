"""In what form do others get the directory?

As one JSON file, with its schema. Both are made from the classes of `facts`.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from tojimari.guide.directory import carriers
from tojimari.guide.facts import CarrierFacts

LICENCE = "Apache-2.0"
ABOUT = (
    "How lines are closed at carriers in Japan and at home carriers of visitors. Facts restated from the sources named "
    "beside them, with the day of reading and how far each can be relied on; what a source does not say is left out. "
    "Sources of kind official and index say what the carrier publishes, secondary ones what people report. No promise "
    "is made that a fact is still true: open its source."
)


class Directory(BaseModel):
    """Everything known of carriers that are not connected."""

    model_config = ConfigDict(extra="forbid", frozen=True, title="Directory of carriers")

    schema_at: str = Field("schema.json", alias="$schema")
    licence: str = LICENCE
    about: str = ABOUT
    carriers: tuple[CarrierFacts, ...]


@cache
def as_json() -> str:
    """Return the directory as JSON. What is not known is left out."""
    directory = Directory.model_validate({"carriers": tuple(carriers().values())})
    row = directory.model_dump(mode="json", by_alias=True, exclude_none=True)
    return json.dumps(_without_empty(row), ensure_ascii=False, indent=1) + "\n"


@cache
def schema() -> str:
    """Return its JSON Schema (draft 2020-12)."""
    drawn = {"$schema": "https://json-schema.org/draft/2020-12/schema"} | Directory.model_json_schema(by_alias=True)
    return json.dumps(drawn, ensure_ascii=False, indent=1) + "\n"


def mark(text: str) -> str:
    """Return the entity tag of one of the two (RFC 9110, 8.8.3): the same text has the same tag everywhere."""
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def _without_empty(value: Any) -> Any:
    """Empty texts and lists say nothing, except that no channel is known, which the schema asks for."""
    if isinstance(value, dict):
        rows = {key: _without_empty(each) for key, each in value.items()}
        return {key: each for key, each in rows.items() if each not in ("", [], {}) or key == "channels"}
    return [_without_empty(each) for each in value] if isinstance(value, list) else value
