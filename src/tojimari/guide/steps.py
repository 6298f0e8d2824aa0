"""What is each step of a plan made of?

One small function for each kind of step. They take a `Case`, which is what `plan` has found out, and return the
step, or None where it is not needed. The sentences stand in `plan_words`, what carriers and others say is quoted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from tojimari.guide import ways
from tojimari.guide.answers import Answers, Card, Where
from tojimari.guide.deadlines import Deadline, renews
from tojimari.guide.facts import (
    CarrierFacts,
    CarrierKind,
    Channel,
    Closing,
    Effective,
    Hotline,
    LineKind,
    Occasion,
    Topic,
)
from tojimari.guide.say import Quoted, Say, Unknown
from tojimari.rules.effective import last_day
from tojimari.rules.figures import value


class Actor(StrEnum):
    PERSON = "person"
    CARRIER = "carrier"


class Evidence(StrEnum):
    RECEIPT_NUMBER = "receipt_number"
    SCREENSHOT = "screenshot"
    CONFIRMATION = "confirmation"
    """The mail or letter in which the carrier confirms."""
    PHOTO_POSTED = "photo_posted"
    """The card in its envelope, and the receipt of the post."""
    LAST_BILL = "last_bill"


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One thing to be done. `id` is permanent: evidence hangs on it. The order in the plan is the order to act in."""

    id: str
    actor: Actor
    title: Say
    say: tuple[Say, ...] = ()
    quoted: tuple[Quoted, ...] = ()
    taps: tuple[Quoted, ...] = ()
    """Which words to tap, in order."""
    papers: tuple[Quoted, ...] = ()
    channel: Channel | None = None
    """The best one for where the person is; `channels` are all that the way has, best first."""
    channels: tuple[Channel, ...] = ()
    page: str = ""
    hotlines: tuple[Hotline, ...] = ()
    due: Deadline | None = None
    not_before: datetime | None = None
    """UTC: doing it earlier harms."""
    evidence: tuple[Evidence, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    closing_id: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of this line when its steps are made."""

    facts: CarrierFacts
    kind: LineKind
    answers: Answers
    today: date
    """The day in Japan."""
    ways: tuple[Closing, ...]
    """The ways that apply, the one to take first."""
    asks: bool
    """Somebody must ask for the end; otherwise the line ends, or has ended, without it."""
    due: Deadline | None
    """Until when the carrier must be asked."""
    early: Deadline | None
    """Until when the contract can be left in its first eight days."""
    back_by: Deadline | None
    """Until when the card must be back."""
    not_before: datetime | None
    """UTC: asking earlier would end the line before the person leaves."""
    ends_at: datetime | None
    """UTC: the end of the line, if the plan is kept; None where it is not known."""

    @property
    def first(self) -> Closing | None:
        return self.ways[0] if self.ways else None

    @property
    def by_giving_back(self) -> bool:
        return Channel.RETURN_ITEM in ways.channels(self.ways, self.answers.where)[:1] or ways.rented(
            self.facts, self.kind
        )

    @property
    def taps(self) -> tuple[Quoted, ...]:
        """The words to tap under one way; those of two ways would not fit together."""
        of_each = (ways.quotes(self.facts, [way], Topic.TAP) for way in self.ways)
        return next((taps for taps in of_each if taps), ())

    def quotes(self, *topics: Topic) -> tuple[Quoted, ...]:
        return ways.quotes(self.facts, self.ways, *topics)


BACK_UP = "back_up"


def back_up(case: Case) -> PlannedStep | None:
    """Save what hangs on the line. Data-only lines of travellers and rented devices hold nothing."""
    rented = case.by_giving_back and case.facts.kind is CarrierKind.RENTAL
    if rented or case.facts.kind is CarrierKind.TRAVEL_ESIM:
        return None
    say = [Say("back_up.what")]
    if case.kind is LineKind.ESIM:
        say.append(Say("danger.profile"))
    return PlannedStep(
        BACK_UP,
        Actor.PERSON,
        Say("back_up"),
        tuple(say),
        ways.general(case.facts, Topic.WARNING) + case.quotes(Topic.WARNING),
        due=case.due,
    )


def move_logins(case: Case) -> PlannedStep | None:
    """Move sign-ins, where the line has a number that codes are sent to."""
    if case.kind not in (LineKind.PHYSICAL_SIM, LineKind.ESIM) or case.facts.kind not in ways.CONTRACT_KINDS:
        return None
    return PlannedStep("move_logins", Actor.PERSON, Say("move_logins"), (Say("move_logins.what"),), due=case.due)


def settle(case: Case) -> PlannedStep | None:
    """What must be out of the way before the carrier takes the request."""
    blocked = case.quotes(Topic.BLOCKED_BY)
    if not blocked and not case.answers.unpaid:
        return None
    say = (Say("settle.unpaid"),) if case.answers.unpaid else ()
    return PlannedStep("settle", Actor.PERSON, Say("settle"), say, blocked, due=case.due)


def early_exit(case: Case) -> PlannedStep | None:
    """Leave the contract in its first eight days, which comes instead of the ordinary way.

    The notice works when it is sent (電気通信事業法 26-3(2)), so what is kept is the proof of sending.
    """
    if case.early is None:
        return None
    own = [way for way in case.facts.ways(case.kind) if way.occasion is Occasion.EARLY_EXIT]
    every = ways.channels(own, case.answers.where)
    return PlannedStep(
        "early_exit",
        Actor.PERSON,
        Say("early_exit"),
        (Say("early_exit.what"), Say("early_exit.not_undone")),
        case.early.said,
        channel=every[0] if every else None,
        channels=every,
        page=next((way.page for way in own if way.page), ""),
        hotlines=hotlines(case),
        due=case.early,
        evidence=(Evidence.PHOTO_POSTED, Evidence.RECEIPT_NUMBER),
        unknown=case.early.unknown,
        closing_id=case.early.closing_id,
    )


def ask(case: Case) -> PlannedStep:
    """Ask the carrier to end the line. Where no source says how, ask how."""
    every = ways.channels(case.ways, case.answers.where)
    unknown = [*case.due.unknown, *case.due.hours_missing] if case.due else []
    say = [_how(case, every), *_when(case)]
    if Channel.SHOP in every[:1] and case.answers.where is Where.AWAY:
        say.append(Say("asking.shop_from_afar"))
    if any(way.appointment == "required" for way in case.ways):
        say.append(Say("asking.book"))
    elif any(way.appointment for way in case.ways):
        say.append(Say("asking.book_perhaps"))
    if not every:
        unknown.append(Unknown(Say("unknown.way"), Say("ask.way")))
    return PlannedStep(
        "ask",
        Actor.PERSON,
        Say("stop_renewal" if case.first and renews(case.first) else "asking", {"carrier": case.facts.name}),
        (*say, _proof(every)),
        case.quotes(Topic.HOURS, Topic.IDENTITY, Topic.CONFLICT, Topic.NOTE),
        taps=case.taps,
        papers=case.quotes(Topic.PAPERS),
        channel=every[0] if every else None,
        channels=every,
        page=next((way.page for way in case.ways if way.page), ""),
        hotlines=hotlines(case),
        due=case.due,
        not_before=case.not_before,
        evidence=(Evidence.RECEIPT_NUMBER, Evidence.SCREENSHOT),
        unknown=tuple(dict.fromkeys(unknown)),
        closing_id=case.first.id if case.first else "",
    )


def port(case: Case) -> PlannedStep:
    """Move the number. The reservation number is valid for a stated number of days, the first one included."""
    days = value("mnp_reservation_days", case.today)
    return PlannedStep(
        "port",
        Actor.PERSON,
        Say("port"),
        (Say("port.what", {"days": days}), Say("port.never_close")),
        case.quotes(Topic.PORTING),
        hotlines=hotlines(case),
        evidence=(Evidence.SCREENSHOT, Evidence.CONFIRMATION),
    )


def roaming_off(case: Case) -> PlannedStep:
    step = ask(case)
    return replace(
        step,
        title=Say("roaming_off", {"carrier": case.facts.name}),
        say=(*step.say, Say("roaming.handset")),
        quoted=ways.general(case.facts, *Topic) + case.quotes(*_EXCEPT_TAPS),
        evidence=(Evidence.SCREENSHOT, Evidence.CONFIRMATION),
    )


def confirm(case: Case) -> PlannedStep:
    say = Say("confirm.roaming") if case.kind is LineKind.ROAMING else Say("confirm.what")
    if case.first and ways.by_itself(case.first) and case.kind is not LineKind.ROAMING:
        say = Say("confirm.renewal")
    return PlannedStep(
        "confirm", Actor.CARRIER, Say("confirm"), (say,), hotlines=hotlines(case), evidence=(Evidence.CONFIRMATION,)
    )


def return_card(case: Case) -> PlannedStep | None:
    """Give the card or device back, where a source wants it, or sources disagree."""
    wanted = ways.card_return(case.facts, case.kind, case.answers)
    if wanted not in ("required", "conflicting"):
        return None
    say = [Say("return_card.conflicting")] if wanted == "conflicting" else [Say("return_card.what")]
    if case.answers.card is Card.LOST:
        say = [Say("return_card.lost")]
    unknown = [*(case.back_by.unknown if case.back_by else ())]
    if wanted == "conflicting":
        unknown.append(Unknown(Say("unknown.return"), Say("ask.return")))
    if not case.quotes(Topic.RETURN_TO):
        unknown.append(Unknown(Say("unknown.return_to"), Say("ask.return_to")))
    if case.back_by is None and wanted == "required":
        unknown.append(Unknown(Say("unknown.return_by"), Say("ask.return_by")))
    return PlannedStep(
        "return_card",
        Actor.PERSON,
        Say("return_card"),
        tuple(say),
        case.quotes(Topic.RETURN_TO, Topic.CONFLICT, Topic.FEE, Topic.REFUND),
        hotlines=hotlines(case),
        due=case.back_by,
        evidence=(Evidence.PHOTO_POSTED,),
        unknown=tuple(dict.fromkeys(unknown)),
        closing_id=case.back_by.closing_id if case.back_by else "",
    )


def end_too(case: Case) -> PlannedStep | None:
    """What lives on after the line, and must be ended by itself."""
    lives_on = case.quotes(Topic.LIVES_ON)
    if not lives_on:
        return None
    return PlannedStep(
        "end_too",
        Actor.PERSON,
        Say("end_too"),
        (Say("end_too.what"),),
        lives_on,
        evidence=(Evidence.SCREENSHOT,),
    )


def last_bill(case: Case) -> PlannedStep:
    return PlannedStep(
        "last_bill",
        Actor.PERSON,
        Say("last_bill"),
        (Say("last_bill.what", {"days": value("late_usage_days", case.today)}), Say("last_bill.wrong")),
        case.quotes(Topic.FEE),
        not_before=case.ends_at,
        evidence=(Evidence.LAST_BILL,),
    )


def put_away(case: Case) -> PlannedStep | None:
    """Delete the profile, or cut the card, but only after the end. Nobody else may use it (携帯電話不正利用防止法)."""
    if case.kind is LineKind.ESIM:
        return PlannedStep(
            "delete_profile",
            Actor.PERSON,
            Say("delete_profile"),
            (Say("delete_profile.what"), *([Say("danger.profile")] if case.asks else [])),
            not_before=case.ends_at,
        )
    wanted = ways.card_return(case.facts, case.kind, case.answers)
    if (
        case.kind is not LineKind.PHYSICAL_SIM
        or case.answers.card in (Card.RETURNED, Card.LOST)
        or wanted in ("required", "conflicting")
    ):
        return None
    unknown = (Unknown(Say("unknown.return"), Say("ask.return")),) if wanted is None else ()
    return PlannedStep(
        "put_away",
        Actor.PERSON,
        Say("put_away"),
        (Say("put_away.what"),),
        not_before=case.ends_at,
        unknown=unknown,
    )


def hotlines(case: Case) -> tuple[Hotline, ...]:
    """Return the telephone numbers, those that can be reached from where the person is first."""
    near = _REACHED.get(case.answers.where, ("own_phone", "japan", "home", "abroad"))
    return tuple(sorted(case.facts.hotline, key=lambda line: near.index(line.reached_from)))


_REACHED: dict[Where | None, tuple[str, ...]] = {
    Where.JAPAN: ("own_phone", "japan", "abroad", "home"),
    Where.AWAY: ("abroad", "own_phone", "japan", "home"),
    Where.HOME: ("own_phone", "home", "abroad", "japan"),
}
_EXCEPT_TAPS = tuple(topic for topic in Topic if topic not in (Topic.TAP, Topic.PAPERS))


def _how(case: Case, every: tuple[Channel, ...]) -> Say:
    if not every:
        return Say("how.not_known", {"carrier": case.facts.name})
    return Say(f"how.{every[0]}", {"carrier": case.facts.name})


def _proof(every: tuple[Channel, ...]) -> Say:
    """What there is to keep of asking in this way."""
    if every[:1] == (Channel.SMS,):
        return Say("asking.keep_reply")
    return Say("asking.keep_number" if every[:1] in ((Channel.PHONE,), (Channel.SHOP,)) else "asking.keep_proof")


def _when(case: Case) -> tuple[Say, ...]:
    """What the hour of asking decides."""
    effective = case.first.effective if case.first else None
    if effective is Effective.CHOSEN_DATE and case.ends_at:
        return (Say("asking.choose_day", {"day": last_day(case.ends_at)}),)
    if effective in (Effective.IMMEDIATE, Effective.SAME_OR_NEXT_DAY):
        return (Say("asking.ends_soon"),)
    return (Say("asking.not_too_early"),) if case.not_before else ()
