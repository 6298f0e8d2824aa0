"""What should this person do, in which order, and until when?

`plan(facts, kind, answers, now)` is worked out anew from the facts and the answers each time: it is pure, and the same
question has the same answer. A saved case keeps the facts and the answers, not the plan.

A plan never says that a line was closed. Only the carrier can say that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tojimari.guide import losses, steps, ways
from tojimari.guide.answers import Answers, Term
from tojimari.guide.deadlines import (
    Act,
    Deadline,
    Times,
    before_leaving,
    deadlines,
    early_exit,
    ends_with_month,
    renews,
    together,
)
from tojimari.guide.facts import CarrierFacts, CarrierKind, Closing, Effective, LineKind, Occasion, Topic
from tojimari.guide.losses import Cost, Yen
from tojimari.guide.reaching import doors, joined
from tojimari.guide.say import Quoted, Say, Unknown
from tojimari.guide.steps import Actor, Case, Evidence, PlannedStep
from tojimari.rules.calendar import day_end, jst_date
from tojimari.rules.effective import last_day

__all__ = ["Actor", "Evidence", "Outcome", "Plan", "PlannedStep", "plan"]


class Outcome(StrEnum):
    STEPS = "steps"
    ENDS_BY_ITSELF = "ends_by_itself"
    ENDED = "ended"
    """The plan's own last day is over."""
    PORT = "port"
    """The number moves. The line then ends by itself, and must not be closed before."""
    ASK_CARRIER = "ask_carrier"
    """No source says how it is ended."""


@dataclass(frozen=True, slots=True)
class Plan:
    carrier_id: str
    kind: LineKind
    outcome: Outcome
    headline: Say
    closing_ids: tuple[str, ...]
    """The ways that the plan is made from, the one to take first."""
    ends_on: date | None
    """The last day of the line, in Japan, if the plan is kept; None where it cannot be known."""
    say: tuple[Say, ...]
    steps: tuple[PlannedStep, ...]
    deadlines: tuple[Deadline, ...]
    costs: tuple[Cost, ...]
    """What ending the line itself costs."""
    unknown: tuple[Unknown, ...]
    quoted: tuple[Quoted, ...]
    """What sources say beyond the steps."""

    def step(self, step_id: str) -> PlannedStep | None:
        """Return a step by its id, or None where the plan has none such."""
        return next((step for step in self.steps if step.id == step_id), None)

    @property
    def followed(self) -> tuple[str, ...]:
        """The ids of the deadlines that its steps keep."""
        return tuple(dict.fromkeys(step.due.id for step in self.steps if step.due))


def plan(facts: CarrierFacts, kind: LineKind, answers: Answers, now: datetime) -> Plan:
    """Return what to do about a line of this kind. `now` is aware. Never fails for want of an answer or a fact."""
    applying = ways.applying(facts, kind, answers)
    times = _times(facts, kind, applying, answers, now)
    outcome = _outcome(facts, kind, applying, answers, now)
    case = _case(facts, kind, applying, answers, times, now, outcome)
    asks = outcome in _ACTING
    made = _steps(outcome, case)
    return Plan(
        carrier_id=facts.id,
        kind=kind,
        outcome=outcome,
        headline=_headline(outcome, facts, kind, answers, applying),
        closing_ids=tuple(way.id for way in applying),
        ends_on=last_day(case.ends_at) if case.ends_at else None,
        say=_say(outcome, facts, kind, answers),
        steps=made,
        deadlines=times.deadlines if asks else _to_return(outcome, times.deadlines),
        costs=losses.of_ending(facts, kind, answers, now) if asks and kind is not LineKind.ROAMING else (),
        unknown=_unknown(outcome, facts, kind, answers, times),
        quoted=_beside(outcome, facts, applying, kind, warned=any(step.id == steps.BACK_UP for step in made)),
    )


_NUMBERED = (LineKind.PHYSICAL_SIM, LineKind.ESIM)


def _outcome(
    facts: CarrierFacts, kind: LineKind, applying: tuple[Closing, ...], answers: Answers, now: datetime
) -> Outcome:
    if answers.keep_number and kind in _NUMBERED:
        return Outcome.PORT
    if kind is LineKind.ROAMING and ways.nothing_to_close(facts, kind):
        return Outcome.ENDS_BY_ITSELF
    if kind is not LineKind.ROAMING and ways.term_of(facts, kind, answers) is Term.ENDS:
        over = answers.term_ends_on is not None and day_end(answers.term_ends_on) <= now
        return Outcome.ENDED if over else Outcome.ENDS_BY_ITSELF
    return Outcome.STEPS if applying else Outcome.ASK_CARRIER


def _times(
    facts: CarrierFacts, kind: LineKind, applying: tuple[Closing, ...], answers: Answers, now: datetime
) -> Times:
    """Every deadline of the ways that apply, with that of the first eight days and that of leaving Japan."""
    every = [deadlines(facts, way, answers, now) for way in ways.telling(applying)]
    leave = None
    if kind is not LineKind.ROAMING and facts.country == "JP":
        leave = before_leaving(answers, now, joined(doors(facts, way, answers.where) for way in applying))
    return together([*every, early_exit(facts, kind, answers, now), Times((leave,) if leave else ())], now)


def _case(
    facts: CarrierFacts,
    kind: LineKind,
    applying: tuple[Closing, ...],
    answers: Answers,
    times: Times,
    now: datetime,
    outcome: Outcome,
) -> Case:
    asks = outcome in _ACTING
    target = _target(times.deadlines, answers, jst_date(now)) if asks else None
    leave = next((each for each in times.deadlines if each.act is Act.LEAVE), None)
    # Too late for every shop and hotline before the day of leaving: then the next end is what is left.
    due = _first([each for each in (target, leave) if each and not each.passed]) or leave
    return Case(
        facts=facts,
        kind=kind,
        answers=answers,
        today=jst_date(now),
        ways=applying,
        asks=asks,
        due=due if asks else None,
        early=next((each for each in times.deadlines if each.act is Act.EARLY_EXIT), None) if asks else None,
        back_by=None if outcome is Outcome.PORT else _back_by(times.deadlines, target, leave, now),
        not_before=_not_before(applying, times.deadlines, answers, due),
        ends_at=_ends_at(facts, kind, applying, answers, target, outcome),
    )


def _target(found: Iterable[Deadline], answers: Answers, today: date) -> Deadline | None:
    """The deadline to keep: of the ends on or after the day of leaving, the first one whose missing costs anything."""
    asks = [each for each in found if each.act in (Act.ASK, Act.RETURN) and not each.passed and each.end]
    needed_until = max(answers.leaving_on or today, today)
    late_enough = [each for each in asks if each.end and each.end >= needed_until] or asks
    costly = [each for each in late_enough if not (isinstance(each.missing, Yen) and each.missing.amount == 0)]
    return _first(costly or late_enough)


def _back_by(
    found: Iterable[Deadline], target: Deadline | None, leave: Deadline | None, now: datetime
) -> Deadline | None:
    """Until when the card must be on its way: before leaving Japan, too, as the post is out of reach afterwards."""
    backs = [each for each in found if each.act is Act.RETURN]
    back = target if target in backs else _first([each for each in backs if not each.passed])
    if back is None:
        return max(backs, key=lambda each: each.too_late_at, default=None)
    # By post, whatever the hours are by which the carrier is asked.
    return leave.by((), now) if leave and leave.itself < back.too_late_at else back


def _first(found: list[Deadline]) -> Deadline | None:
    return min(found, key=lambda deadline: deadline.too_late_at, default=None)


def _not_before(
    applying: tuple[Closing, ...], found: Iterable[Deadline], answers: Answers, due: Deadline | None
) -> datetime | None:
    """Before which instant a request would still end the line with a month that is over before the person leaves."""
    if answers.leaving_on is None or not any(map(ends_with_month, applying)):
        return None
    early = [each for each in found if each.act is Act.ASK and each.end and each.end < answers.leaving_on]
    moments = [each.itself if each.stated else day_end(each.end) for each in early if each.end]
    latest = max(moments, default=None)
    return latest if latest and due and latest < due.too_late_at else None


def _ends_at(
    facts: CarrierFacts,
    kind: LineKind,
    applying: tuple[Closing, ...],
    answers: Answers,
    target: Deadline | None,
    outcome: Outcome,
) -> datetime | None:
    """The end of the line if the plan is kept, where facts fix it: not where it hangs on the hour of asking."""
    if kind is LineKind.ROAMING or outcome is Outcome.PORT:
        return None
    if outcome in (Outcome.ENDS_BY_ITSELF, Outcome.ENDED) or ways.rented(facts, kind):
        return day_end(answers.term_ends_on) if answers.term_ends_on else None
    way = next((way for way in applying if target and way.id == target.closing_id), None)
    if way is None or target is None or target.end is None:
        return None
    fixed = ends_with_month(way) or renews(way) or way.effective is Effective.CHOSEN_DATE
    return day_end(target.end) if fixed else None


def _steps(outcome: Outcome, case: Case) -> tuple[PlannedStep, ...]:
    made = (make(case) for make in _makers(outcome, case))
    return tuple(step for step in made if step is not None)


def _makers(outcome: Outcome, case: Case) -> tuple[Maker, ...]:
    """Which steps come into question, in the order to act in."""
    after: tuple[Maker, ...] = (steps.return_card, steps.end_too, steps.last_bill, steps.put_away)
    if case.kind is LineKind.ROAMING:
        return (steps.roaming_off, steps.confirm, steps.last_bill) if outcome in _ACTING else (steps.last_bill,)
    if outcome is Outcome.PORT:
        return (steps.port, *after)
    if outcome not in _ACTING:
        paid_ahead = case.facts.kind not in ways.CONTRACT_KINDS
        return tuple(make for make in after if not (paid_ahead and make is steps.last_bill))
    lead: tuple[Maker, ...] = (steps.back_up, steps.move_logins, steps.settle, steps.early_exit)
    if case.by_giving_back:
        return (*lead, steps.return_card, steps.confirm, *after[1:])
    return (*lead, steps.ask, steps.confirm, *after)


Maker = Callable[[Case], PlannedStep | None]
_ACTING = (Outcome.STEPS, Outcome.ASK_CARRIER)


def _to_return(outcome: Outcome, found: Iterable[Deadline]) -> tuple[Deadline, ...]:
    """Where nobody asks for an end, only giving back has a deadline. When a number moves, its end is not known yet."""
    return () if outcome is Outcome.PORT else tuple(each for each in found if each.act is Act.RETURN)


def _headline(
    outcome: Outcome, facts: CarrierFacts, kind: LineKind, answers: Answers, applying: tuple[Closing, ...]
) -> Say:
    name = facts.name
    if kind is LineKind.ROAMING:
        return Say(f"headline.roaming.{outcome}", {"carrier": name})
    if outcome in (Outcome.ENDS_BY_ITSELF, Outcome.ENDED) and answers.term_ends_on:
        return Say(f"headline.{outcome}.on", {"carrier": name, "day": answers.term_ends_on})
    if outcome is Outcome.STEPS and ways.rented(facts, kind):
        return Say("headline.rented", {"carrier": name})
    if outcome is Outcome.STEPS and ways.term_of(facts, kind, answers) is None:
        mostly = all(map(ways.by_itself, applying))
        return Say("headline.mostly_ends" if mostly else "headline.either", {"carrier": name})
    return Say(f"headline.{outcome}", {"carrier": name})


def _say(outcome: Outcome, facts: CarrierFacts, kind: LineKind, answers: Answers) -> tuple[Say, ...]:
    said = [Say("obsolete")] if facts.obsolete else []
    if kind is LineKind.ROAMING:
        return (*said, Say("roaming.line_stays"), Say("roaming.handset"))
    if outcome in (Outcome.ENDS_BY_ITSELF, Outcome.ENDED):
        return (*said, Say("by_itself.nothing_back"), Say("danger.give_away"))
    if outcome is Outcome.PORT:
        return (*said, Say("port.never_close"), Say("danger.give_away"))
    if ways.term_of(facts, kind, answers) is None and not ways.rented(facts, kind):
        travel = facts.kind is CarrierKind.TRAVEL_ESIM
        said.append(Say("perhaps_by_itself.look" if travel else "perhaps_by_itself"))
    if not ways.rented(facts, kind):
        said.append(Say("danger.not_by_deleting"))
    return (*said, Say("danger.give_away"))


def _unknown(
    outcome: Outcome, facts: CarrierFacts, kind: LineKind, answers: Answers, times: Times
) -> tuple[Unknown, ...]:
    if kind is LineKind.ROAMING:
        return times.unknown if outcome in _ACTING else ()
    if outcome is Outcome.PORT:
        return (Unknown(Say("unknown.port_month"), Say("ask.port_month")),)
    if outcome in (Outcome.ENDS_BY_ITSELF, Outcome.ENDED):
        day = () if answers.term_ends_on else (Unknown(Say("unknown.expiry"), Say("ask.expiry")),)
        return (*day, *(each for each in times.unknown if each.code == "unknown.return_base"))
    contract = facts.country == "JP" and facts.kind in ways.CONTRACT_KINDS and kind in _NUMBERED
    begun = (Unknown(Say("unknown.contract_day")),) if contract and answers.contracted_on is None else ()
    return (*begun, *times.unknown)


def _beside(
    outcome: Outcome, facts: CarrierFacts, applying: tuple[Closing, ...], kind: LineKind, *, warned: bool
) -> tuple[Quoted, ...]:
    """What is quoted beside the steps, each text once. `warned`: a step has the warnings already."""
    if kind is LineKind.ROAMING:
        return () if outcome is Outcome.STEPS else ways.general(facts, *Topic) + ways.quotes(facts, applying, *Topic)
    if outcome in _ACTING:
        general = tuple(topic for topic in Topic if topic is not Topic.WARNING or not warned)
        warnings = () if warned else (Topic.WARNING,)
        return ways.general(facts, *general) + ways.quotes(facts, applying, Topic.REFUND, *warnings)
    refunds = [way for way in facts.ways(kind) if way.occasion is Occasion.REFUND]
    topics = (Topic.REFUND, Topic.FEE, Topic.WARNING, Topic.NOTE, Topic.HOURS)
    return ways.general(facts, *Topic) + ways.quotes(facts, [*applying, *refunds], *topics)
