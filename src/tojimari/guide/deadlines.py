"""Until when must the person act, in Japan time and on their own clock, and what does missing it cost?

`Deadline.too_late_at` is the first instant that is too late; `last_moment` the last whole second before it. It is never
after the deadline itself (`itself`), and earlier where shops and hotlines are closed by then (`reaching`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from tojimari.guide import losses, ways
from tojimari.guide.answers import Answers, Card, Term
from tojimari.guide.facts import CarrierFacts, Closing, Effective, LineKind, Occasion, Topic
from tojimari.guide.losses import Cost
from tojimari.guide.reaching import Door, Reach, doors, joined, reaches
from tojimari.guide.say import Quoted, Say, Unknown
from tojimari.rules.calendar import YearNotKnown, at_jst, day_end, day_start, jst, jst_date, month_end
from tojimari.rules.cutoffs import MONTHLY, BeforeDeparture, BeforeRenewal, closes_at
from tojimari.rules.early_exit import window


class Act(StrEnum):
    ASK = "ask"
    """Ask the carrier to end the line."""
    RETURN = "return"
    """Have the card or device back with the carrier."""
    EARLY_EXIT = "early_exit"
    """Send the notice of the first eight days."""
    LEAVE = "leave"
    """Have everything done that needs being in Japan."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """One last moment. `id` is permanent for the same act and end: reminders and calendar entries hang on it."""

    id: str
    act: Act
    end: date | None
    """The last day of the line, in Japan, if the deadline is kept. For `LEAVE` the day of leaving."""
    too_late_at: datetime
    """UTC. By the best of `reaches`, where there are any."""
    itself: datetime
    """UTC: the first instant that is too late whatever is open, as a source names it or as it was set."""
    zone: str
    stated: bool
    """False: no source gives the moment. It was set on the safe side, and earlier is better."""
    passed: bool
    missing: Cost
    """What missing it costs."""
    closing_id: str
    sources: tuple[str, ...]
    said: tuple[Quoted, ...] = ()
    """What sources say about it in words: hours, fees, where they contradict each other."""
    unknown: tuple[Unknown, ...] = ()
    others: tuple[Deadline, ...] = ()
    """Later moments that other sources give for the same end. The earliest one was taken."""
    doors: tuple[Door, ...] = ()
    reaches: tuple[Reach, ...] = ()
    """The last moment by each channel, the best one first."""

    @property
    def last_moment(self) -> datetime:
        return self.too_late_at - timedelta(seconds=1)

    @property
    def sure(self) -> bool:
        """Whether somebody is surely there at the last moment, as far as hours are known or matter."""
        return not self.reaches or self.reaches[0].sure

    @property
    def apart(self) -> bool:
        """Whether the channels differ, so that each one is named with its own last moment."""
        return len(self.reaches) > 1 and any(reach.why or reach.unknown for reach in self.reaches)

    @property
    def why(self) -> Say | None:
        """Why it is earlier than the deadline itself; None where it is not."""
        return self.reaches[0].why if self.reaches else None

    @property
    def hours_missing(self) -> tuple[Unknown, ...]:
        """What must be asked about the hours of the best channel."""
        return self.reaches[0].unknown if self.reaches else ()

    @property
    def last_of_itself(self) -> datetime:
        """The last whole second before the deadline itself."""
        return self.itself - timedelta(seconds=1)

    @property
    def in_japan(self) -> datetime:
        """The last moment on the clocks of Japan, e.g. 23:59:59."""
        return jst(self.last_moment)

    @property
    def in_zone(self) -> datetime:
        """The same moment on the person's clock."""
        return self.last_moment.astimezone(ZoneInfo(self.zone))

    def may_still_work(self, now: datetime) -> bool:
        """Say whether it has passed on the safe side only, so that trying at once makes sense."""
        if not self.passed or self.end is None:
            return False
        perhaps_open = any(not reach.sure and now < reach.too_late_at for reach in self.reaches)
        asked_for_more = any(reach.unknown for reach in self.reaches) and now < self.itself
        return perhaps_open or asked_for_more or (not self.stated and now < day_end(self.end))

    def by(self, doors: tuple[Door, ...], now: datetime) -> Deadline:
        """Return it with the last moment at which the carrier can be asked by one of these channels."""
        found = reaches(doors, self.itself)
        too_late_at = found[0].too_late_at if found else self.itself
        return replace(self, doors=doors, reaches=found, too_late_at=too_late_at, passed=too_late_at <= now)


@dataclass(frozen=True, slots=True)
class Times:
    """The last moments of one way or of several, the earliest first, and what no source says about them."""

    deadlines: tuple[Deadline, ...]
    unknown: tuple[Unknown, ...] = ()


def deadlines(facts: CarrierFacts, closing: Closing, answers: Answers, now: datetime) -> Times:
    """Return the last moments under one way of closing, for each end that comes into question.

    Where a source gives no moment, the last day itself is not counted on: the deadline is its 0:00, not `stated`.
    Carriers outside Japan do not say whose clock they mean: their moments are set a day earlier, which is enough
    anywhere. A year whose holidays are not official yet is said to be unknown.
    """
    if LineKind.ROAMING in closing.line_kinds:
        return Times((), (Unknown(Say("unknown.roaming_clock"), Say("ask.roaming_clock")),))
    act = Act.RETURN if closing.effective is Effective.ON_RETURN else Act.ASK
    found: list[Deadline] = []
    unknown: list[Unknown] = []
    ends = _ends(facts, closing, answers, jst_date(now))
    if ends is None:
        ends = ()
        unknown.append(_own_day_missing(closing))
    for end in ends:
        try:
            found.append(_deadline(facts, closing, act, end, answers, now))
        except YearNotKnown as error:
            year = str(error.facts["year"])
            unknown.append(Unknown(Say("unknown.holidays", {"year": year}), Say("ask.last_day", {"day": end})))
    returns, missing = _returns(facts, closing, found, answers, now)
    open_by = doors(facts, closing, answers.where) if act is Act.ASK else ()
    return Times(_sorted([*(each.by(open_by, now) for each in found), *returns]), (*unknown, *missing))


def early_exit(facts: CarrierFacts, kind: LineKind, answers: Answers, now: datetime) -> Times:
    """Return the last moment of the first eight days of a contract, while they run.

    Counted from the day of the contract, which is the earliest possible beginning (電気通信事業法 26-3(1)); papers or a
    start that came later end it later. Whether the contract has this right or the certified alternative (確認措置) is
    asked of the carrier, never guessed.
    """
    if facts.country != "JP" or facts.kind not in ways.CONTRACT_KINDS or kind not in _SIM:
        return Times(())
    if ways.term_of(facts, kind, answers) is Term.ENDS:
        return Times(())
    scheme = Unknown(Say("unknown.early_exit"), Say("ask.early_exit"))
    ends_at = window(answers.contracted_on, answers.contracted_on).ends_at
    if ends_at is None or ends_at <= now:
        return Times(())
    own = [way for way in facts.ways(kind) if way.occasion is Occasion.EARLY_EXIT]
    return Times(
        (
            Deadline(
                id="early_exit",
                act=Act.EARLY_EXIT,
                end=None,
                too_late_at=ends_at,
                itself=ends_at,
                zone=answers.zone,
                stated=False,
                passed=False,
                missing=Unknown(Say("unknown.early_exit_worth"), Say("ask.early_exit_worth")),
                closing_id=own[0].id if own else "",
                sources=tuple(way.source for way in own),
                said=ways.quotes(facts, own, *Topic),
                unknown=(scheme,),
            ),
        )
    )


def before_leaving(answers: Answers, now: datetime, open_by: tuple[Door, ...] = ()) -> Deadline | None:
    """Return the last moment before the day of leaving Japan; None where no such day lies ahead.

    `open_by`: the channels by which the carrier must be asked before.
    """
    day = answers.leaving_on
    if day is None or day_start(day) <= now:
        return None
    nothing = Unknown(Say("unknown.after_leaving"))
    midnight = day_start(day)
    leave = Deadline("leave", Act.LEAVE, day, midnight, midnight, answers.zone, False, False, nothing, "", ())
    return leave.by(open_by, now)


def together(times: Iterable[Times], now: datetime) -> Times:
    """Return the deadlines of several ways as one: for each end the earliest moment, the other ones beside it.

    A moment that a source states comes before one that was only set on the safe side. Every channel of these ways is
    reckoned up to it.
    """
    every = list(times)
    groups: dict[tuple[Act, date | None], list[Deadline]] = {}
    for deadline in (each for one in every for each in one.deadlines):
        groups.setdefault((deadline.act, deadline.end), []).append(deadline)
    merged = [_earliest(group, now) for group in groups.values()]
    unknown = dict.fromkeys(each for one in every for each in one.unknown)
    return Times(_sorted(merged), tuple(unknown))


_SIM = (LineKind.PHYSICAL_SIM, LineKind.ESIM)
_DAY = timedelta(days=1)


def ends_with_month(closing: Closing) -> bool:
    """Say whether the line ends with a month, and on no other day."""
    return closing.effective is Effective.END_OF_MONTH or isinstance(closing.cutoff, MONTHLY)


def renews(closing: Closing) -> bool:
    """Say whether what must be prevented is a renewal. A cut-off of the month is stronger than a word about cycles."""
    if isinstance(closing.cutoff, MONTHLY):
        return False
    cycle = closing.effective is Effective.END_OF_CYCLE or isinstance(closing.cutoff, BeforeRenewal)
    return cycle or ways.by_itself(closing)


def _ends(facts: CarrierFacts, closing: Closing, answers: Answers, today: date) -> tuple[date, ...] | None:
    """Which days come into question as the last one. None: it hangs on a day that the person did not say."""
    leaving = answers.leaving_on if answers.leaving_on and answers.leaving_on >= today else None
    if isinstance(closing.cutoff, BeforeDeparture):
        return None if answers.leaving_on is None else (answers.leaving_on,)
    if ways.by_itself(closing) and answers.term is not Term.RENEWS:
        return ()
    if renews(closing):
        return None if answers.term_ends_on is None else (answers.term_ends_on,)
    if closing.effective is Effective.ON_RETURN and closing.cutoff is None:
        return ()
    months = {month_end(today), *([month_end(leaving)] if leaving else [])}
    if ends_with_month(closing):
        return tuple(sorted(months | {month_end(month_end(today) + _DAY)}))
    days = {leaving} if leaving else set()
    if closing.cutoff is not None:  # without an hour, today is never on the safe side
        days.add(today)
    return tuple(sorted(months | days))


def _own_day_missing(closing: Closing) -> Unknown:
    if isinstance(closing.cutoff, BeforeDeparture):
        return Unknown(Say("unknown.leaving"))
    return Unknown(Say("unknown.renewal"), Say("ask.renewal"))


def _deadline(facts: CarrierFacts, closing: Closing, act: Act, end: date, answers: Answers, now: datetime) -> Deadline:
    stated, unknown = closing.cutoff is not None, []
    too_late_at = closes_at(closing.cutoff, end) if closing.cutoff else day_start(end)
    if not stated:
        unknown.append(Unknown(Say("unknown.cutoff", {"day": end}), Say("ask.last_moment", {"day": end})))
    if closing.effective is None and not isinstance(closing.cutoff, (*MONTHLY, BeforeRenewal, BeforeDeparture)):
        unknown.append(Unknown(Say("unknown.effective"), Say("ask.effective")))
    if facts.country != "JP":
        stated, too_late_at = False, too_late_at - _DAY
        unknown.append(Unknown(Say("unknown.clock"), Say("ask.clock")))
    return Deadline(
        id=f"{act}:{end.isoformat()}",
        act=act,
        end=end,
        too_late_at=too_late_at,
        itself=too_late_at,
        zone=answers.zone,
        stated=stated,
        passed=too_late_at <= now,
        missing=_missing(facts, closing, end, answers),
        closing_id=closing.id,
        sources=_sources(closing),
        said=ways.quotes(facts, [closing], Topic.HOURS),
        unknown=tuple(unknown),
    )


def _missing(facts: CarrierFacts, closing: Closing, end: date, answers: Answers) -> Cost:
    if isinstance(closing.cutoff, BeforeDeparture):
        return Unknown(Say("unknown.after_leaving"), Say("ask.last_bill"))
    if renews(closing):
        return losses.of_another_period(answers, _sources(closing))
    if ends_with_month(closing):
        return losses.of_another_month(answers, _sources(closing))
    return losses.of_another_day(facts, closing, end, answers)


def _sources(closing: Closing) -> tuple[str, ...]:
    fields = [name for name in ("cutoff", "effective") if getattr(closing, name) is not None]
    return tuple(dict.fromkeys([closing.source_of(name) for name in fields] or [closing.source]))


def _returns(
    facts: CarrierFacts, closing: Closing, asks: list[Deadline], answers: Answers, now: datetime
) -> tuple[list[Deadline], list[Unknown]]:
    """Until when the card must be back, from the end of rental, plan or contract, which is not counted (民法 140)."""
    if closing.return_days is None or answers.card is Card.RETURNED:
        return [], []
    base = next((ask.end for ask in asks if not ask.passed), None) if asks else answers.term_ends_on
    if base is None:
        return [], [Unknown(Say("unknown.return_base"))]
    return [_return(facts, closing, closing.return_days, base, answers, now)], []


def _return(facts: CarrierFacts, closing: Closing, days: int, base: date, answers: Answers, now: datetime) -> Deadline:
    last = base + days * _DAY
    too_late_at = at_jst(last, time.fromisoformat(closing.return_time)) if closing.return_time else day_end(last)
    return Deadline(
        id=f"{Act.RETURN}:{base.isoformat()}",
        act=Act.RETURN,
        end=base,
        too_late_at=too_late_at,
        itself=too_late_at,
        zone=answers.zone,
        stated=True,
        passed=too_late_at <= now,
        missing=Unknown(Say("unknown.late_return"), Say("ask.late_return")),
        closing_id=closing.id,
        sources=(closing.source_of("return_days"),),
        said=ways.quotes(facts, [closing], Topic.RETURN_TO, Topic.FEE, Topic.REFUND),
        unknown=(Unknown(Say("unknown.posted"), Say("ask.posted")),),
    )


def _earliest(group: list[Deadline], now: datetime) -> Deadline:
    stated = [deadline for deadline in group if deadline.stated] or group
    first, *rest = sorted(stated, key=lambda deadline: deadline.itself)
    others = tuple(other for other in rest if other.itself != first.itself)
    said = dict.fromkeys(quoted for deadline in group for quoted in deadline.said)
    every = joined(deadline.doors for deadline in group)
    return replace(first, said=tuple(said), others=others).by(every, now)


def _sorted(found: Iterable[Deadline]) -> tuple[Deadline, ...]:
    return tuple(sorted(found, key=lambda deadline: (deadline.too_late_at, deadline.id)))
