"""Which of a carrier's ways apply to this line, and what do its sources say of them together?

Sources cover different things: one page names the cut-off, another how the last month is charged. What one way leaves
out is taken from another of the same kind of line, and where two contradict each other, nothing is taken.
"""

from __future__ import annotations

from collections.abc import Iterable

from tojimari.guide.answers import Answers, Card, Term, Where
from tojimari.guide.facts import (
    CarrierFacts,
    CarrierKind,
    Channel,
    Closing,
    Effective,
    LineKind,
    MonthCharge,
    Said,
    Topic,
)
from tojimari.guide.say import Quoted

CONTRACT_KINDS = {CarrierKind.MNO, CarrierKind.MNO_BRAND, CarrierKind.MVNO, CarrierKind.MVNO_FOREIGNER}
"""Carriers whose lines are contracts that go on, as against prepaid, rented and travel plans."""
_ENDING_KINDS = {CarrierKind.PREPAID, CarrierKind.VISITOR_PREPAID}
_ONE_PRODUCT = {Term.ENDS: _ENDING_KINDS, Term.RENEWS: {CarrierKind.TRAVEL_ESIM}}
"""Carriers whose ways concern the same plan, whether it ends or renews. Elsewhere they are ways of another product."""

_BEST = (
    Channel.NONE_NEEDED,
    Channel.WEB,
    Channel.APP,
    Channel.SMS,
    Channel.RETURN_ITEM,
    Channel.CHAT,
    Channel.FORM,
    Channel.SHOP,
    Channel.PHONE,
    Channel.CONTACT,
    Channel.MAIL,
    Channel.AUTO_EXPIRY,
)


def ordinary(facts: CarrierFacts, kind: LineKind) -> tuple[Closing, ...]:
    """Return the ways for everybody: not those of the first eight days, of refunds or of acting for others."""
    return tuple(way for way in facts.ways(kind) if way.occasion is None)


def by_itself(way: Closing) -> bool:
    """Say whether, under this way, the plan ends without anybody doing anything."""
    return way.effective is Effective.ON_EXPIRY or Channel.AUTO_EXPIRY in way.channels


def rented(facts: CarrierFacts, kind: LineKind) -> bool:
    """Say whether the item is hired for some days, so that giving it back is what ends it."""
    ways = ordinary(facts, kind)
    return bool(ways) and all(way.effective is Effective.ON_RETURN and way.cutoff is None for way in ways)


def term_of(facts: CarrierFacts, kind: LineKind, answers: Answers) -> Term | None:
    """Return whether the plan ends by itself: as answered, or where the carrier has nothing else. None: not known."""
    if answers.term is not None:
        return answers.term
    ways = ordinary(facts, kind)
    if facts.kind in _ENDING_KINDS or (kind is LineKind.ROAMING and ways and all(map(by_itself, ways))):
        return Term.ENDS
    return None if any(map(by_itself, ways)) or facts.kind is CarrierKind.TRAVEL_ESIM else Term.RENEWS


def applying(facts: CarrierFacts, kind: LineKind, answers: Answers) -> tuple[Closing, ...]:
    """Return the ways that fit what the person bought: those that need an act and say how, then published ones."""
    ways = ordinary(facts, kind)
    term = term_of(facts, kind, answers)
    if kind is not LineKind.ROAMING and term is not None:
        fitting = tuple(way for way in ways if by_itself(way) == (term is Term.ENDS))
        ways = fitting or (ways if facts.kind in _ONE_PRODUCT[term] else ())
    return tuple(sorted(ways, key=lambda way: (by_itself(way), not way.channels)))


def month_charge(facts: CarrierFacts, closing: Closing) -> tuple[MonthCharge | None, tuple[str, ...]]:
    """Return how the last month is charged and which sources say so; None where nobody says, or they disagree."""
    if closing.month_charge is not None:
        return closing.month_charge, (closing.source_of("month_charge"),)
    others = [way for way in _siblings(facts, closing) if way.month_charge is not None]
    if len({way.month_charge for way in others}) != 1:
        return None, ()
    return others[0].month_charge, tuple(dict.fromkeys(way.source_of("month_charge") for way in others))


def card_return(facts: CarrierFacts, kind: LineKind, answers: Answers) -> str | None:
    """Return "required", "not_required" or "conflicting"; None where no source says, or there is no card."""
    if kind not in (LineKind.PHYSICAL_SIM, LineKind.RENTAL_WIFI) or answers.card is Card.RETURNED:
        return None
    said = {way.sim_return for way in applying(facts, kind, answers) if way.sim_return}
    return "conflicting" if len(said) > 1 else next(iter(said), None)


def channels(closings: Iterable[Closing], where: Where | None) -> tuple[Channel, ...]:
    """Return all channels of these ways, the best one first: what works from afar, day and night, without an answer.

    Shops come last for who is not there.
    """
    every = {channel for way in closings for channel in way.channels}
    best = sorted(every, key=_BEST.index)
    far = where is Where.AWAY
    return tuple(sorted(best, key=lambda channel: far and channel is Channel.SHOP))


def quotes(facts: CarrierFacts, ways: Iterable[Closing], *topics: Topic) -> tuple[Quoted, ...]:
    """Return what sources say on these topics in these ways, in their order, each text once."""
    found = [_quoted(facts, said, way.source) for way in ways for said in way.said if said.topic in topics]
    return tuple(dict.fromkeys(found))


def general(facts: CarrierFacts, *topics: Topic) -> tuple[Quoted, ...]:
    """Return what sources say on these topics of every line of the carrier."""
    return tuple(_quoted(facts, said, "") for said in facts.said if said.topic in topics)


def _quoted(facts: CarrierFacts, said: Said, source: str) -> Quoted:
    key = said.source or source
    return Quoted(said.text, key, facts.sources[key].published)


def _siblings(facts: CarrierFacts, closing: Closing) -> list[Closing]:
    return [
        way
        for way in facts.closing
        if way.id != closing.id and way.occasion is None and set(way.line_kinds) & set(closing.line_kinds)
    ]


def nothing_to_close(facts: CarrierFacts, kind: LineKind) -> bool:
    """Say whether every way is one in which nobody has to do anything."""
    ways = ordinary(facts, kind)
    return bool(ways) and all(by_itself(way) or Channel.NONE_NEEDED in way.channels for way in ways)


def telling(applying: tuple[Closing, ...]) -> tuple[Closing, ...]:
    """Return the ways that say something of time; the first one where none does."""
    known = tuple(way for way in applying if way.cutoff or way.effective or way.return_days is not None)
    return known or applying[:1]
