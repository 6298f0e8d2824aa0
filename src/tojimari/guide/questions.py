"""What must the person be asked? Only what changes the plan, and never more than five questions.

`questions(facts, kind)` names them; the answers go into `Answers`. How a question is worded and drawn is the page's.
Where more than five would matter, the ones that change most are asked, and the plan says the rest as it is: unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from tojimari.guide import ways
from tojimari.guide.answers import Answers, Term
from tojimari.guide.facts import CarrierFacts, CarrierKind, Effective, LineKind, Topic
from tojimari.rules.cutoffs import BeforeRenewal

MOST = 5


class Ask(StrEnum):
    """A question, and the fields of `Answers` that it fills."""

    KEEP_NUMBER = "keep_number"
    TERM = "term"
    """`term` and `term_ends_on`."""
    TERM_ENDS_ON = "term_ends_on"
    CONTRACTED_ON = "contracted_on"
    LEAVING = "leaving"
    """`leaving_on` and `zone`."""
    CARD = "card"
    UNPAID = "unpaid"
    MONTHLY_FEE = "monthly_fee"
    """`monthly_fee_yen`."""
    WHERE = "where"
    """`where` and `zone`."""


def questions(facts: CarrierFacts, kind: LineKind) -> tuple[Ask, ...]:
    """Return what to ask, at most five, in the order to ask it."""
    return tuple(_in_order(facts, kind))[:MOST]


def _in_order(facts: CarrierFacts, kind: LineKind) -> Iterator[Ask]:
    """The first ones change the whole plan, then come dates, then what only adds a step or an amount."""
    if kind is LineKind.ROAMING:
        if not ways.nothing_to_close(facts, kind):
            yield Ask.WHERE
        return
    contract = facts.kind in ways.CONTRACT_KINDS and kind is not LineKind.RENTAL_WIFI
    if contract:
        yield Ask.KEEP_NUMBER
    if _hangs_on_a_day(facts, kind):
        yield Ask.TERM_ENDS_ON
    elif ways.term_of(facts, kind, Answers()) is None:
        yield Ask.TERM
    if contract or any(way.early_fee for way in ways.ordinary(facts, kind)):
        yield Ask.CONTRACTED_ON
    if not _only_expires(facts, kind) and facts.kind is not CarrierKind.TRAVEL_ESIM:
        yield Ask.LEAVING
    if ways.card_return(facts, kind, Answers()) in ("required", "conflicting"):
        yield Ask.CARD
    if _blocks_while_unpaid(facts, kind):
        yield Ask.UNPAID
    if not _only_expires(facts, kind) and not ways.rented(facts, kind):
        yield Ask.MONTHLY_FEE
    if contract:
        yield Ask.UNPAID


def _hangs_on_a_day(facts: CarrierFacts, kind: LineKind) -> bool:
    """Whether the plan has a day of its own: an expiry, a renewal, or the end of a rental."""
    term = ways.term_of(facts, kind, Answers())
    if term is Term.ENDS or ways.rented(facts, kind):
        return True
    return term is Term.RENEWS and any(
        isinstance(way.cutoff, BeforeRenewal) or way.effective is Effective.END_OF_CYCLE
        for way in ways.ordinary(facts, kind)
    )


def _only_expires(facts: CarrierFacts, kind: LineKind) -> bool:
    """Whether there is nothing to do in Japan at all."""
    ends = ways.term_of(facts, kind, Answers()) is Term.ENDS
    return ends and ways.card_return(facts, kind, Answers()) in (None, "not_required")


def _blocks_while_unpaid(facts: CarrierFacts, kind: LineKind) -> bool:
    """Whether a source names conditions that hold the closing up, and the carrier lets people in from abroad."""
    blocked = ways.quotes(facts, ways.ordinary(facts, kind), Topic.BLOCKED_BY)
    return bool(blocked) and facts.kind is CarrierKind.MVNO_FOREIGNER
