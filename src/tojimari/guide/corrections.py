"""What becomes of somebody's correction of a fact?

A patch of the carrier's file, ready to be applied, with the source that says it. Nothing is stored, and nothing is free
text: one fact, its right value, the page that says so, the day on which it was seen. The patch has passed the rules of
the directory. Only its own pages correct what a carrier publishes: what people report never takes its place.
Names of hosts are not corrected this way, since they decide which links are called real.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from pydantic import ValidationError

from tojimari.guide.checks import problems_of
from tojimari.guide.directory import carriers
from tojimari.guide.facts import CarrierFacts, Topic
from tojimari.guide.rules_sources import is_page
from tojimari.guide.writing import write
from tojimari.rules.links import belongs_to

FOLDER = "src/tojimari/guide/data"
"""Where the files lie in the repository: a patch is applied from its root."""

FIELDS = (
    "channels",
    "page",
    "appointment",
    "cutoff",
    "effective",
    "month_charge",
    "fee_jpy",
    "sim_return",
    "return_days",
)
"""Facts of a way to close that can be corrected, in the order in which they are shown."""


HOURS = "hours"
"""The fact that stands in two fields of a hotline: as a text, and in machine form."""


class Why(StrEnum):
    """Why a correction is not taken."""

    NO_FACT = "no_fact"
    SAME = "same"
    SOURCE = "source"
    """The source is no http(s) address."""
    FUTURE = "future"
    PUBLISHED = "published"
    """The carrier publishes it, and the source given is not the carrier's own page."""
    VALUE = "value"
    """The rules of the directory do not take the value."""


class NotTaken(ValueError):
    """The correction is not taken, and why."""

    def __init__(self, why: Why, detail: str = "") -> None:
        super().__init__(f"{why}: {detail}")
        self.why, self.detail = why, detail


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact that can be corrected.

    `place` names it in a form: "closing.web.fee_jpy", "hotline.151", "hotline.151.hours", "said.0".
    """

    place: str
    field: str
    value: Any
    """None: not known yet."""
    source: str
    """Key of the source; of the entry's where the fact is not known yet."""


@dataclass(frozen=True, slots=True)
class Correction:
    """`value` in the form of the file; None: it is no longer so, and is taken out."""

    place: str
    value: Any
    url: str
    seen_on: date


def facts_of(carrier: CarrierFacts) -> dict[str, Fact]:
    """Return every fact of a carrier that can be corrected, by its place."""
    row = carrier.model_dump(mode="json", by_alias=True)
    found = [Fact(f"hotline.{line['number']}", "number", line["number"], line["source"]) for line in row["hotline"]]
    if carrier.country == "JP":  # clocks are those of Japan
        found += [
            Fact(f"hotline.{line['number']}.hours", HOURS, _hours(line), line["source"]) for line in row["hotline"]
        ]
    for closing in row["closing"]:
        for field in FIELDS:
            source = closing["sources"].get(field, closing["source"])
            found.append(
                Fact(f"closing.{closing['id']}.{field}", field, closing[field] or _known(closing[field]), source)
            )
        for number, said in enumerate(closing["said"]):
            source = said["source"] or closing["source"]
            found.append(Fact(f"closing.{closing['id']}.said.{number}", "text", said["text"], source))
    found += [Fact(f"said.{number}", "text", said["text"], said["source"]) for number, said in enumerate(row["said"])]
    return {fact.place: fact for fact in found}


def _hours(line: Mapping[str, Any]) -> Any:
    return {"hours": line["hours"], "open": line["open"]} if line["hours"] else None


def _known(value: Any) -> Any:
    """Zero yen and zero days are known; an empty address or list is not."""
    return None if value in ("", []) else value


def patch(carrier: CarrierFacts, correction: Correction, today: date) -> str:
    """Return the correction as a patch in unified form, for `git apply`. Raises `NotTaken`.

    `today` is a day in Japan.
    """
    name = f"{carrier.id}.toml"
    corrected = _corrected(carrier, correction, today)
    if wrong := problems_of(corrected, carriers(), today):
        raise NotTaken(Why.VALUE, wrong[0].text)
    before, after = (write(each).splitlines(keepends=True) for each in (carrier, corrected))
    head = f"{carrier.id}: {correction.place}\nSource: {correction.url}\nSeen on: {correction.seen_on}\n\n"
    return head + "".join(difflib.unified_diff(before, after, f"a/{FOLDER}/{name}", f"b/{FOLDER}/{name}"))


def _corrected(carrier: CarrierFacts, correction: Correction, today: date) -> CarrierFacts:
    fact = facts_of(carrier).get(correction.place)
    if fact is None:
        raise NotTaken(Why.NO_FACT)
    if not is_page(correction.url):
        raise NotTaken(Why.SOURCE)
    if correction.seen_on > today:
        raise NotTaken(Why.FUTURE)
    if correction.value == fact.value:
        raise NotTaken(Why.SAME)
    own = belongs_to(urlsplit(correction.url).hostname or "", carrier.domains.names if carrier.domains else ())
    # Hours stand below the source of their number: a weaker one must not take its place, even where none are known.
    there = fact.value is not None or fact.field == HOURS
    if there and carrier.sources[fact.source].published and not own:
        raise NotTaken(Why.PUBLISHED)
    row = carrier.model_dump(mode="json", by_alias=True)
    key = _source(row["sources"], correction, own=own)
    _put(row, fact, correction.value, key)
    _drop_unused(row)
    try:
        return CarrierFacts.model_validate(row)
    except ValidationError as error:
        raise NotTaken(Why.VALUE, error.errors()[0]["msg"]) from None


def _source(sources: dict[str, Any], correction: Correction, *, own: bool) -> str:
    """The key of the source that says it: one that is there, or a new one."""
    seen = correction.seen_on.isoformat()
    for key, source in sources.items():
        if (source["url"], source["read_on"]) == (correction.url, seen):
            return key
    host = re.sub(r"[^a-z0-9]+", "-", (urlsplit(correction.url).hostname or "").removeprefix("www.")).strip("-")
    key = f"{host}-{correction.seen_on:%Y%m%d}"
    while key in sources:
        key += "-2"
    sources[key] = {
        "url": correction.url,
        "kind": "official" if own else "secondary",
        "confidence": "high" if own else "low",
        "read_on": seen,
    }
    return key


def _put(row: dict[str, Any], fact: Fact, value: Any, key: str) -> None:
    """Write the value and its source into the place, or take out what is no longer so."""
    table, *rest = fact.place.split(".")
    if table == "hotline" and fact.field == HOURS:
        line = next(each for each in row["hotline"] if each["number"] == rest[0])
        line |= value | {"source": key, "confidence": None} if value is not None else {"hours": None, "open": None}
        return
    if table == "hotline":
        _put_in_list(
            row["hotline"], [line["number"] for line in row["hotline"]].index(fact.value), "number", value, key
        )
        return
    if table == "said":
        _put_in_list(row["said"], int(rest[0]), "text", value, key)
        return
    closing = next(each for each in row["closing"] if each["id"] == rest[0])
    if rest[1] == "said":
        if closing["said"][int(rest[2])]["topic"] == Topic.HOURS:
            _forget_hours(closing, keep=())
        _put_in_list(closing["said"], int(rest[2]), "text", value, key)
    elif value is None:
        closing[fact.field] = _EMPTY.get(fact.field)
        closing["sources"].pop(fact.field, None)
        if fact.field == "sim_return":
            closing["return_days"] = None
    else:
        closing[fact.field] = value
        closing["sources"][fact.field] = key
    if fact.field == "channels":
        _forget_hours(closing, keep=closing["channels"])


def _forget_hours(closing: dict[str, Any], *, keep: Collection[str]) -> None:
    """Hours in machine form go with the channel, or with the text that they were read from, until somebody reads it."""
    kept = {channel: hours for channel, hours in (closing["open"] or {}).items() if channel in keep}
    closing["open"] = kept or None
    if not kept:
        closing["sources"].pop("open", None)


_EMPTY: Mapping[str, Any] = {"channels": [], "page": ""}


def _put_in_list(rows: list[dict[str, Any]], number: int, field: str, value: Any, key: str) -> None:
    if value is None:
        del rows[number]
    else:
        rows[number] |= {field: value, "source": key} | ({"confidence": None} if "confidence" in rows[number] else {})


def _drop_unused(row: dict[str, Any]) -> None:
    """A source that no fact names any more goes with the fact."""
    entries = [*row["hotline"], *row["closing"], *row["said"], row["domains"] or {}, row["obsolete"] or {}]
    entries += [said for closing in row["closing"] for said in closing["said"]]
    named = {entry.get("source") for entry in entries}
    named |= {key for closing in row["closing"] for key in closing["sources"].values()}
    row["sources"] = {key: source for key, source in row["sources"].items() if key in named}
