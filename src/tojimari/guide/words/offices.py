"""Who helps when a carrier does not answer, or goes on charging? Read from `offices.toml`, each with its source."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from tojimari.guide.facts import Confidence, Source, Text


class Office(BaseModel):
    """One office that takes complaints about carriers."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    name: Text
    about: Text
    number: str
    number_confidence: Confidence | None = None
    """Where the number comes from a weaker source than the rest."""
    reached_from: Literal["japan", "abroad"] = Field(alias="from")
    hours: Text | None = None
    """None: no source that was read says so."""
    languages: tuple[str, ...]
    source: Source

    @property
    def number_is_weak(self) -> bool:
        """Say whether the number should be looked up on the office's own page before it is relied on."""
        return (self.number_confidence or self.source.confidence) is Confidence.LOW


@cache
def offices() -> tuple[Office, ...]:
    """Return the offices in the order in which to turn to them. Raises `ValidationError` for a file out of order."""
    text = files("tojimari.guide.words").joinpath("offices.toml").read_text("utf-8")
    return tuple(Office.model_validate(row) for row in tomllib.loads(text)["office"])
