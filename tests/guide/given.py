"""Facts of carriers, as tests need them: in the form of the directory's files, and no more than is said."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tojimari.guide.facts import CarrierFacts
from tojimari.rules.calendar import JST


def text(words: str) -> dict[str, str]:
    return {"ja": f"{words} (ja)", "en": words, "zh-hans": f"{words} (hans)", "zh-hant": f"{words} (hant)"}


def carrier(*closings: dict[str, Any], kind: str = "mvno", country: str = "JP", **more: Any) -> CarrierFacts:
    """A carrier with these ways of closing. What a way leaves out is a SIM closed on the web, said by one source."""
    usual: dict[str, Any] = {
        "line_kinds": ["physical_sim", "esim"],
        "kind_stated": True,
        "channels": ["web"],
        "source": "page",
    }
    ways = [{"id": f"way-{number}"} | usual | closing for number, closing in enumerate(closings)]
    sources = {
        "page": {"url": "https://example.com/", "kind": "official", "confidence": "high", "read_on": "2026-09"},
        "blog": {"url": "https://example.org/", "kind": "secondary", "confidence": "low", "read_on": "2026-09"},
    }
    row = {"id": "some", "kind": kind, "country": country, "name": text("Some"), "sources": sources, "closing": ways}
    return CarrierFacts.model_validate(row | more)


def tokyo(year: int, month: int, day: int, hour: int = 12, minute: int = 0, second: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=JST)
