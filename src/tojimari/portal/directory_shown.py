"""How does a page show what is known of a carrier?

In two parts that are never mixed: what the carrier publishes, and what people report. Each fact has its source beside
it, and says when that is old or weak. Addresses on the carrier's own domains are links; all others are only written,
since we send nobody to a page that we cannot vouch for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from urllib.parse import unquote, urlsplit

from django.utils.translation import get_language, pgettext

from tojimari.guide.ages import is_old
from tojimari.guide.facts import CarrierFacts, CarrierKind, Closing, Confidence, Hotline, LineKind, Text
from tojimari.guide.links import outward_problem
from tojimari.guide.opening import Open
from tojimari.portal import clocks
from tojimari.portal import words_directory as words
from tojimari.portal.templatetags.show import yen
from tojimari.rules.calendar import jst_date
from tojimari.rules.hours import Said


def spoken(text: Text) -> str:
    """A text of the directory in the reader's language."""
    return text.into(get_language() or "ja")


@dataclass(frozen=True, slots=True)
class Mark:
    """The source beside a fact."""

    key: str
    host: str
    address: str
    link: str
    """The address, where it lies on the carrier's own domains; otherwise empty."""
    more: tuple[str, ...]
    stated: str
    read: str
    confidence: words.Text
    weak: bool
    old: bool


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact. `mark` is None where its source stands after the next fact, or above them all."""

    label: words.Text
    value: str
    mark: Mark | None
    link: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """Facts under one label. `steps`: they are done in this order."""

    label: words.Text
    facts: tuple[Fact, ...]
    steps: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """Facts of one way to close, from one of the two sides."""

    id: str
    kinds: str
    occasion: words.Text
    kind_stated: bool
    mark: Mark | None
    """The source of every fact that names no other; None where none of them is this side's."""
    rows: tuple[Row, ...]
    now: tuple[tuple[words.Text, Now], ...]
    """Channels that are not open day and night, with whether they are open at this moment."""


@dataclass(frozen=True, slots=True)
class Now:
    """Whether somebody is there at this moment."""

    said: Said
    text: words.Text
    until: datetime | None
    """When it surely changes; None where that is not said."""


@dataclass(frozen=True, slots=True)
class Number:
    line: Hotline
    dialled: str
    """As a phone dials it."""
    reached_from: words.Text
    languages: str
    hours: str
    about: str
    mark: Mark
    now: Now | None


@dataclass(frozen=True, slots=True)
class Side:
    """What the carrier publishes, or what people report."""

    ways: tuple[Way, ...]
    rows: tuple[Row, ...]

    def __bool__(self) -> bool:
        return bool(self.ways or self.rows)


class Shown:
    """Everything that the page of one carrier says."""

    def __init__(self, facts: CarrierFacts, at: datetime) -> None:
        self.facts, self.at = facts, at
        self._marks = {key: self._mark(key, jst_date(at)) for key in facts.sources}
        self.name = spoken(facts.name)
        self.kind = words.CARRIER_KINDS[facts.kind]
        self.country = words.COUNTRIES.get(facts.country, facts.country)
        self.published, self.reported = self._side(published=True), self._side(published=False)
        self.sources = tuple(self._marks.values())
        self.domains = facts.domains.names if facts.domains else ()
        self.domains_mark = self._marks[facts.domains.source] if facts.domains else None
        self.is_roaming = any(LineKind.ROAMING in each.line_kinds for each in facts.closing) or (
            facts.kind is CarrierKind.HOME_CARRIER
        )
        # Who turns roaming off is mostly away from home.
        lines = sorted(facts.hotline, key=lambda line: self.is_roaming and line.reached_from != "abroad")
        self.numbers = tuple(self._number(line) for line in lines)

    def _mark(self, key: str, today: date) -> Mark:
        source = self.facts.sources[key]
        return Mark(
            key=key,
            host=urlsplit(source.url).hostname or "",
            address=readable(source.url),
            link="" if outward_problem(source.url, self.facts) else source.url,
            more=tuple(readable(url) for url in source.more),
            stated=clocks.as_exact(source.stated_on),
            read=clocks.as_exact(source.read_on),
            confidence=words.CONFIDENCE[source.confidence],
            weak=source.confidence is Confidence.LOW,
            old=is_old(source, today),
        )

    def _weighed(self, item: Hotline | Closing) -> Mark:
        """The mark of an entry whose own confidence may differ from that of its source."""
        mark, level = self._marks[item.source], self.facts.confidence_of(item)
        if item.confidence is None:
            return mark
        return replace(mark, confidence=words.CONFIDENCE[level], weak=level is Confidence.LOW)

    def _side(self, *, published: bool) -> Side:
        ways = []
        for closing in self.facts.closing:
            mark = self._weighed(closing) if self._is(closing.source, published) else None
            rows = rows_of((fact for key, fact in self._facts(closing) if self._is(key, published)), above=mark)
            if rows:
                occasion = words.OCCASIONS[closing.occasion] if closing.occasion else ""
                now = self._now(closing, published)
                ways.append(Way(closing.id, listed_kinds(closing), occasion, closing.kind_stated, mark, rows, now))
        facts = (
            Fact(words.TOPICS[said.topic], spoken(said.text), self._marks[said.source])
            for said in self.facts.said
            if self._is(said.source, published)
        )
        return Side(tuple(ways), rows_of(facts))

    def _now(self, closing: Closing, published: bool) -> tuple[tuple[words.Text, Now], ...]:
        """Nothing is said of what never closes, nor by the side that does not name the hours."""
        if not self._is(closing.source_of("open"), published):
            return ()
        limited = [(channel, hours) for channel, hours in (closing.open or {}).items() if not hours.always]
        found = ((words.CHANNELS[channel], now_of(hours, self.at)) for channel, hours in limited)
        return tuple((name, now) for name, now in found if now)

    def _is(self, key: str, published: bool) -> bool:
        return self.facts.sources[key].published is published

    def _facts(self, closing: Closing) -> Iterator[tuple[str, Fact]]:
        """Each fact of an entry with the key of its source: machine facts first, then texts by topic."""
        weighed = self._weighed(closing)
        for field, value in _values(closing):
            key = closing.source_of(field)
            mark = weighed if key == closing.source else self._marks[key]
            page = field == "page" and not outward_problem(closing.page, self.facts)
            yield key, Fact(words.FIELDS[field], value, mark, closing.page if page else "")
        order = list(words.TOPICS)
        for said in sorted(closing.said, key=lambda said: order.index(said.topic)):
            key = said.source or closing.source
            mark = self._marks[said.source] if said.source else weighed
            yield key, Fact(words.TOPICS[said.topic], spoken(said.text), mark)

    def _number(self, line: Hotline) -> Number:
        return Number(
            line=line,
            dialled="".join(mark for mark in line.number if mark in "+0123456789"),
            reached_from=words.FROM[line.reached_from],
            languages=listed(str(words.LANGUAGES.get(each, each)) for each in line.languages),
            hours=spoken(line.hours) if line.hours else "",
            about=spoken(line.about) if line.about else "",
            mark=self._weighed(line),
            now=now_of(line.open, self.at),
        )


def _values(closing: Closing) -> Iterator[tuple[str, str]]:
    """What stands in machine form in an entry, in words. What is not known is left out."""
    yield from (
        [("channels", listed(str(words.CHANNELS[each]) for each in closing.channels))] if closing.channels else []
    )
    if closing.page:
        yield "page", readable(closing.page)
    if closing.appointment:
        yield "appointment", str(words.APPOINTMENTS[closing.appointment])
    if closing.cutoff:
        yield "cutoff", words.cutoff(closing.cutoff)
    if closing.effective:
        yield "effective", str(words.EFFECTIVE[closing.effective])
    if closing.month_charge:
        yield "month_charge", str(words.MONTH_CHARGES[closing.month_charge])
    if closing.fee_jpy is not None:
        yield "fee_jpy", yen(closing.fee_jpy)
    if closing.early_fee:
        begins = closing.early_fee.contracts_from
        yield "early_fee", words.early_fee(closing.early_fee, clocks.date_alone(begins) if begins else "")
    if closing.sim_return:
        yield "sim_return", str(words.RETURNS[closing.sim_return])
    if closing.return_days is not None:
        yield "return_days", words.within(closing.return_days)


def now_of(hours: Open | None, at: datetime) -> Now | None:
    """Whether it is open at this moment; None where no source names hours that all shops or numbers have."""
    known = hours.hours if hours is not None else None
    if known is None:
        return None
    said, until = known.at(at), known.next_change(at)
    return Now(said, words.NOW[said, until is not None], until)


def rows_of(facts: Iterable[Fact], above: Mark | None = None) -> tuple[Row, ...]:
    """Put facts that stand together under one label together, and their source once where it is the same.

    `above`: the source that stands above them all and is not said again.
    """
    rows = []
    for label, group in groupby(facts, key=lambda fact: fact.label):
        several = list(group)
        for place, fact in enumerate(several[:-1]):
            if fact.mark == several[place + 1].mark:
                several[place] = replace(fact, mark=None)
        several = [replace(fact, mark=None) if fact.mark == above else fact for fact in several]
        rows.append(Row(label, tuple(several), steps=label == words.TOPICS["tap"] and len(several) > 1))
    return tuple(rows)


def listed_kinds(closing: Closing) -> str:
    """For which kinds of line an entry is."""
    return listed(str(words.LINE_KINDS[kind]) for kind in closing.line_kinds)


def listed(parts: Iterable[str]) -> str:
    """Words in one row."""
    return pgettext("between items of a list", ", ").join(parts)


def readable(url: str) -> str:
    """An address as people read it: without percent signs where they only hide letters."""
    decoded = unquote(url, errors="strict") if url.isascii() else url
    return decoded if decoded.isprintable() and " " not in decoded else url
