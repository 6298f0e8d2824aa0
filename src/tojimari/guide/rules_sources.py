"""Which rules hold for the sources of a carrier's facts?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from urllib.parse import urlsplit

from tojimari.guide.ages import first_day, last_day
from tojimari.guide.facts import CarrierFacts, Closing, Confidence, Hotline, SourceKind
from tojimari.rules.links import belongs_to

Found = Iterator[tuple[str, str]]

_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
_EARLIEST = date(2000, 1, 1)
_MOST = {
    SourceKind.OFFICIAL: Confidence.HIGH,
    SourceKind.INDEX: Confidence.MEDIUM,
    SourceKind.SECONDARY: Confidence.MEDIUM,
}
_RANK = {Confidence.LOW: 0, Confidence.MEDIUM: 1, Confidence.HIGH: 2}


def addresses(facts: CarrierFacts, _: date) -> Found:
    """A source is a page that somebody else can open."""
    for key, source in facts.sources.items():
        for url in (source.url, *source.more):
            if not is_page(url):
                yield f"sources.{key}", f"{url!r} is no http(s) address. Give the page on which the fact stands."


def is_page(url: str) -> bool:
    """Say whether a text is a whole http(s) address, without a user part and without spaces."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    plain = url.isprintable() and not re.search(r"[\s\\<>\"]", url)
    return plain and parts.scheme in ("http", "https") and "." in host and "@" not in parts.netloc


def keys(facts: CarrierFacts, _: date) -> Found:
    """Keys of sources are short words."""
    for key in facts.sources:
        if not _KEY.fullmatch(key):
            yield f"sources.{key}", "Name a source in small letters, digits and single hyphens."


def used(facts: CarrierFacts, _: date) -> Found:
    """A source that nothing names proves nothing."""
    for key in sorted(set(facts.sources) - facts.named_sources()):
        yield f"sources.{key}", "No fact names this source. Remove it, or name it where it speaks."


def once(facts: CarrierFacts, _: date) -> Found:
    """One reading of one page is one source."""
    readings = Counter((source.url, source.read_on) for source in facts.sources.values())
    for key, source in facts.sources.items():
        if readings[source.url, source.read_on] > 1:
            yield f"sources.{key}", "The same page stands twice with the same day of reading. Keep one."


def dates(facts: CarrierFacts, today: date) -> Found:
    """Days are real, and nothing is read or stated in the future."""
    for key, source in facts.sources.items():
        for name in ("stated_on", "read_on"):
            text = getattr(source, name)
            begins = first_day(text)
            if name == "stated_on" and not text:
                continue
            if begins is None:
                yield f"sources.{key}.{name}", f"{text!r} is no date. Write 2026-06-06, 2026-06 or 2026."
            elif not _EARLIEST <= begins <= today:
                yield f"sources.{key}.{name}", f"{text} is not between {_EARLIEST.year} and today. Correct it."


def read_after_stated(facts: CarrierFacts, _: date) -> Found:
    """A page is read on or after the day that it bears."""
    for key, source in facts.sources.items():
        stated, read = first_day(source.stated_on), last_day(source.read_on)
        if stated and read and stated > read:
            yield f"sources.{key}", f"It was read ({source.read_on}) before the day it bears ({source.stated_on})."


def own_page(facts: CarrierFacts, _: date) -> Found:
    """What is called official lies on the carrier's own domains, and what lies there is official."""
    own = facts.domains.names if facts.domains else ()
    for key, source in facts.sources.items():
        lies_there = is_page(source.url) and belongs_to(urlsplit(source.url).hostname or "", own)
        if own and source.kind is SourceKind.OFFICIAL and not lies_there:
            yield f"sources.{key}", "It is called official, but it is not on the carrier's domains. Call it secondary."
        if lies_there and source.kind is not SourceKind.OFFICIAL:
            yield f"sources.{key}", "It lies on the carrier's own domains. Call it official."


def confidence(facts: CarrierFacts, _: date) -> Found:
    """Only the carrier's own page is highly trusted; an entry cannot raise what its source is worth."""
    for key, source in facts.sources.items():
        if _RANK[source.confidence] > _RANK[_MOST[source.kind]]:
            yield f"sources.{key}", f"A source of kind {source.kind} is at most of {_MOST[source.kind]} confidence."
    for place, item in places(facts):
        kind = facts.sources[item.source].kind
        if item.confidence and _RANK[item.confidence] > _RANK[_MOST[kind]]:
            yield place, f"From a source of kind {kind} it is at most of {_MOST[kind]} confidence."


def places(facts: CarrierFacts) -> Iterator[tuple[str, Hotline | Closing]]:
    """Return each entry that names a source and may weigh it otherwise, with its place."""
    yield from ((f"hotline.{line.number}", line) for line in facts.hotline)
    yield from ((f"closing.{closing.id}", closing) for closing in facts.closing)


def fields(facts: CarrierFacts, _: date) -> Found:
    """A source for a single field belongs to a field that is there."""
    known = set(Closing.model_fields) - {"id", "said", "source", "sources", "confidence", "kind_stated"}
    for closing in facts.closing:
        for field in closing.sources:
            if field not in known or getattr(closing, field) in (None, "", ()):
                yield f"closing.{closing.id}.sources", f"There is no fact {field!r} in this entry. Remove its source."


SOURCE_RULES: Mapping[str, Callable[[CarrierFacts, date], Found]] = {
    "source.address": addresses,
    "source.key": keys,
    "source.used": used,
    "source.once": once,
    "source.date": dates,
    "source.order": read_after_stated,
    "source.own": own_page,
    "source.confidence": confidence,
    "source.field": fields,
}
