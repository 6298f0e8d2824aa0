"""How many cases were asked for, closed, withdrawn; in what time, and which promises were kept?

The tally has counted them already (see `models.Tally`), so a month is read in milliseconds whatever the number of
cases. Days are Japan's. Nothing here names a person or a line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from django.db import connection
from django.db.models import Count, Min, Q, QuerySet, Sum

from tojimari.counter.models import Shop
from tojimari.rules.calendar import YearNotKnown, add_business_days, day_end, day_start, jst_date, month_end
from tojimari.terminations.models import OPEN_STATES, Actor, CaseKind, CaseState, Fact, Step, StepState, Tally
from tojimari.terminations.sql import sql

SHOWN = (Fact.ASKED, Fact.CLOSED, Fact.WITHDRAWN, Fact.REJECTED)
"""What is shown of each day and kind."""

MEDIAN, NINETIETH = Fraction(1, 2), Fraction(9, 10)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the tally: how often `fact` happened on `day` to cases of `kind`."""

    day: date
    kind: str
    fact: str
    detail: str
    times: int


@dataclass(frozen=True, slots=True)
class Row:
    """How many were asked for, closed, withdrawn and rejected; of one kind, on one day, or in all."""

    asked: int
    closed: int
    withdrawn: int
    rejected: int


@dataclass(frozen=True, slots=True)
class Times:
    """In how many hours half of the closed cases, and nine of ten, came from the request to their end."""

    cases: int
    median_hours: int
    ninetieth_hours: int


@dataclass(frozen=True, slots=True)
class Promise:
    """How often a promise was kept, of how many times that it was made."""

    kept: int
    made: int

    @property
    def percent(self) -> int:
        """Rounded down: 100 only when every one was kept."""
        return self.kept * 100 // self.made if self.made else 0


@dataclass(frozen=True, slots=True)
class AtShop:
    """The visits of one shop: still booked, came, did not come."""

    shop: Shop
    booked: int
    came: int
    no_show: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """Cases that wait for the same: whose turn it is, the step, its state, and since when the oldest waits."""

    actor: str
    step: str
    state: str
    cases: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the open cases stand now. `held` and `system` are cases that wait for no person's step."""

    waiting: Sequence[Waiting]
    subscriber: int
    staff: int
    held: int
    system: int

    @property
    def open(self) -> int:
        return self.subscriber + self.staff + self.held + self.system


@dataclass(frozen=True, slots=True)
class Month:
    """The figures of one month, up to now if it is the present one."""

    first: date
    entries: Sequence[Entry]
    shops: Sequence[AtShop]
    visit_promise: Promise

    def all(self) -> Row:
        return _row(self.entries)

    def on(self, day: date) -> dict[str, Row]:
        """Return what happened on one day, by kind."""
        return _by_kind([entry for entry in self.entries if entry.day == day])

    def by_kind(self) -> dict[str, Row]:
        return _by_kind(self.entries)

    def by_day(self, until: date) -> list[tuple[date, Row]]:
        """Return each day of the month up to `until`, also those on which nothing happened."""
        last = min(until, month_end(self.first))
        days = [self.first + timedelta(days=n) for n in range((last - self.first).days + 1)]
        found: dict[date, list[Entry]] = {day: [] for day in days}
        for entry in self.entries:
            found.setdefault(entry.day, []).append(entry)
        return [(day, _row(found[day])) for day in days]

    def times(self, kind: str = "") -> Times:
        """Return the times from request to end of a kind, or of all cases."""
        hours: Counter[int] = Counter()
        for entry in self._of(Fact.CLOSED):
            if kind in ("", entry.kind):
                hours[int(entry.detail)] += entry.times
        return Times(hours.total(), reached(hours, MEDIAN), reached(hours, NINETIETH))

    def channels(self) -> list[tuple[str, int]]:
        """Return through which channels cases were asked for, the busiest first."""
        return _ranked(self._of(Fact.ASKED))

    def reasons(self) -> list[tuple[str, int]]:
        """Return for which reasons cases were rejected, the most frequent first."""
        return _ranked(self._of(Fact.REJECTED))

    def review_promise(self) -> Promise:
        """Return how often staff decided by the business day that the procedure promises."""
        kept = made = 0
        for entry in self._of(Fact.REVIEWED):
            in_time = _in_time(entry)
            if in_time is not None:
                made += entry.times
                kept += entry.times if in_time else 0
        return Promise(kept, made)

    def day_promise(self) -> Promise:
        """Return how often a line was off before the day after its contract's end was over."""
        found = dict(_ranked(self._of(Fact.DAY_KEPT)))
        return Promise(found.get("yes", 0), sum(found.values()))

    def _of(self, fact: Fact) -> list[Entry]:
        return [entry for entry in self.entries if entry.fact == fact]


def month(carrier_id: int, first: date) -> Month:
    """Return the figures of the month that begins with `first`. Three queries at most, whatever the number of cases."""
    last = month_end(first)
    shops, promise = _visits(carrier_id, first, last)
    return Month(first, _entries(carrier_id, first, last), shops, promise)


def standing(carrier_id: int) -> Standing:
    """Return where the open cases stand now. Two queries."""
    states: Counter[str] = Counter()
    for entry in _entries(carrier_id, Tally.NOW, Tally.NOW):
        states[entry.detail] += entry.times
    waiting = _waiting(carrier_id)
    theirs = {Actor.SUBSCRIBER: 0, Actor.STAFF: 0}
    for one in waiting:
        theirs[Actor.SUBSCRIBER if one.actor == Actor.SUBSCRIBER else Actor.STAFF] += one.cases
    running = sum(states[state] for state in OPEN_STATES) - states[CaseState.HELD]
    system = max(running - sum(theirs.values()), 0)
    return Standing(waiting, theirs[Actor.SUBSCRIBER], theirs[Actor.STAFF], states[CaseState.HELD], system)


def first_month(carrier_id: int, at: datetime) -> date:
    """Return the first day of the first month of which anything is known; that of `at` when nothing is. One query."""
    found = Tally.objects.filter(carrier_id=carrier_id, day__gt=Tally.NOW).aggregate(first=Min("day"))["first"]
    known: date = found or jst_date(at)
    return known.replace(day=1)


def fold() -> None:
    """Add up what was counted since the last time. Safe to run twice and at the same time; no sum changes by it."""
    with connection.cursor() as cursor:
        cursor.execute(sql("fold"))


def reached(hours: Mapping[int, int], share: Fraction) -> int:
    """Return the smallest number of hours within which this share of the cases ended; 0 when there are none."""
    ended, total = 0, sum(hours.values())
    for bound in sorted(hours):
        ended += hours[bound]
        if ended >= total * share:
            return bound
    return 0


def _entries(carrier_id: int, first: date, last: date) -> list[Entry]:
    rows = Tally.objects.filter(carrier_id=carrier_id, day__range=(first, last))
    sums = rows.values_list("day", "kind", "fact", "detail").annotate(Sum("times")).order_by("day", "kind")
    return [Entry(*row) for row in sums]


def waiting_steps(carrier_id: int) -> QuerySet[Step]:
    """Return the steps that wait for people; the condition is that of the index `step_for_people`."""
    theirs = Q(state__in=[StepState.OPEN, StepState.BY_HAND, StepState.STUCK])
    return Step.objects.filter(theirs & ~Q(actor=Actor.SYSTEM, state=StepState.OPEN), carrier_id=carrier_id)


def _waiting(carrier_id: int) -> list[Waiting]:
    counted = waiting_steps(carrier_id).values_list("actor", "name", "state")
    rows = counted.annotate(cases=Count("id"), oldest=Min("due_at")).order_by("-cases", "name")
    return [Waiting(*row) for row in rows]


def _visits(carrier_id: int, first: date, last: date) -> tuple[list[AtShop], Promise]:
    params: dict[str, Any] = {"carrier": carrier_id, "since": day_start(first), "until": day_end(last)}
    with connection.cursor() as cursor:
        cursor.execute(sql("visits_by_shop"), params)
        rows = cursor.fetchall()
    shops = Shop.objects.in_bulk([row[0] for row in rows])
    found = sorted((AtShop(shops[row[0]], *row[1:4]) for row in rows), key=lambda one: one.shop.code)
    return found, Promise(sum(row[5] for row in rows), sum(row[4] for row in rows))


def _row(entries: Iterable[Entry]) -> Row:
    sums: Counter[str] = Counter()
    for entry in entries:
        sums[entry.fact] += entry.times
    return Row(*(sums[fact] for fact in SHOWN))


def _by_kind(entries: Sequence[Entry]) -> dict[str, Row]:
    return {str(kind): _row(entry for entry in entries if entry.kind == kind) for kind in CaseKind}


def _ranked(entries: Iterable[Entry]) -> list[tuple[str, int]]:
    sums: Counter[str] = Counter()
    for entry in entries:
        sums[entry.detail] += entry.times
    return sums.most_common()


def _in_time(review: Entry) -> bool | None:
    """Say whether a review was decided by the day that was promised; None where none was, or its year is not known."""
    came, _, days = review.detail.partition("+")
    if not days.isdecimal() or int(days) == 0:
        return None
    try:
        return review.day <= add_business_days(date.fromisoformat(came), int(days))
    except YearNotKnown:
        return None
