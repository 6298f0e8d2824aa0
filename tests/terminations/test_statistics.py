"""Does the overview count what really happened, however cases were played, and without reading all of them?"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from importlib import import_module

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from tests.cast import MakeLine
from tests.terminations.play import CLERK, PERSON, Clock, ask, given_for, work
from tojimari.lines.models import Carrier, Line
from tojimari.platform.acting import Refused
from tojimari.platform.database.scope import carrier_scope
from tojimari.rules.calendar import jst_date
from tojimari.terminations import actions, statistics
from tojimari.terminations.models import Actor, Fact, Step, StepState, Tally, Termination
from tojimari.terminations.procedures import spec

pytestmark = pytest.mark.usefixtures("as_worker")

NOVEMBER = date(2026, 11, 1)


def counted() -> Counter[tuple[object, ...]]:
    """What the tally says, its rows added up."""
    sums: Counter[tuple[object, ...]] = Counter()
    for row in Tally.objects.values_list("carrier_id", "day", "kind", "fact", "detail", "times"):
        sums[row[:5]] += row[5]
    return +sums


def truth() -> Counter[tuple[object, ...]]:
    """The same from the cases and steps themselves, one by one."""
    found: Counter[tuple[object, ...]] = Counter()
    for case in Termination.objects.select_related("procedure"):
        carrier, kind = case.carrier_id, case.kind
        found[carrier, jst_date(case.requested_at), kind, "asked", case.channel] += 1
        found[carrier, Tally.NOW, kind, "standing", case.state] += 1
        for day, fact, detail in _outcome(case):
            found[carrier, day, kind, fact, detail] += 1
    return found


def _outcome(case: Termination) -> list[tuple[date, str, str]]:
    steps = {step.name: step for step in case.steps.all()}
    facts: list[tuple[date, str, str]] = []
    review, ended = steps.get("review"), case.finished_at
    decided = None
    if review is not None and review.actor == Actor.STAFF and review.due_at is not None:
        if review.state == StepState.DONE:
            decided = review.done_at
        elif review.state == StepState.CANCELLED and case.state == "rejected":
            decided = ended
        if decided is not None:
            days = spec(case.procedure).step("review").promise_business_days
            facts.append((jst_date(decided), "reviewed", f"{jst_date(review.due_at)}+{days}"))
    if ended is None:
        return facts
    day = jst_date(ended)
    if case.state == "cancelled":
        return [*facts, (day, "withdrawn", "")]
    if case.state == "rejected":
        return [*facts, (day, "rejected", case.code)]
    hours = max(math.ceil((ended - case.requested_at) / timedelta(hours=1)), 1)
    facts.append((day, "closed", str(hours if hours <= 48 else math.ceil(hours / 24) * 24)))
    off = steps["bar"].done_at
    assert off is not None
    if case.ends_at > case.requested_at:
        facts.append((day, "day_kept", "yes" if off < case.ends_at + timedelta(days=1) else "no"))
    return facts


def _pass(play: random.Random, clock: Clock) -> None:
    clock.move(hours=play.choice([0.2, 3, 11, 30]))
    work(clock, forward=False)


def _person(play: random.Random, clock: Clock, case: Termination) -> None:
    waits = [step for step in case.steps.filter(state="open", actor="staff") if step.name != "settle"]
    for step in waits:
        actions.complete_step(step=step, given=given_for(step), acting=CLERK, at=clock.now)


def _withdraw(play: random.Random, clock: Clock, case: Termination) -> None:
    actions.withdraw(termination=case, acting=PERSON, at=clock.now)


def _reject(play: random.Random, clock: Clock, case: Termination) -> None:
    code = play.choice(["rejected.identity", "rejected.duplicate"])
    actions.reject(termination=case, code=code, acting=CLERK, at=clock.now)


def _hold(play: random.Random, clock: Clock, case: Termination) -> None:
    actions.hold(termination=case, code="hold.request", acting=CLERK, at=clock.now)


def _resume(play: random.Random, clock: Clock, case: Termination) -> None:
    actions.resume(termination=case, acting=CLERK, at=clock.now)


DEEDS: Mapping[Callable[[random.Random, Clock, Termination], None], int] = {
    _person: 8,
    _withdraw: 1,
    _reject: 1,
    _hold: 1,
    _resume: 2,
}


@pytest.mark.parametrize("seed", range(4))
def test_however_cases_are_played_the_tally_is_the_truth_at_every_moment(
    make_line: MakeLine, clock: Clock, tonari: Carrier, seed: int
) -> None:
    play = random.Random(seed)
    cases: list[Termination] = []
    for _ in range(60):
        if play.random() < 0.35 or not cases:
            line = make_line(
                kind=play.choice(["physical_sim", "esim"]), carrier=play.choice([None, None, tonari]), services=["data"]
            )
            channel = play.choice(["portal", "portal", "file"])
            end = play.choice(["month-end", "now" if channel == "file" or line.kind == "physical_sim" else "3bd"])
            cases.append(ask(line, clock, channel=channel, effective=end))
        else:
            deed = play.choices(list(DEEDS), weights=list(DEEDS.values()))[0]
            try:
                deed(play, clock, Termination.objects.get(pk=play.choice(cases).pk))
            except Refused:
                continue
        if play.random() < 0.4:
            _pass(play, clock)
        if play.random() < 0.2:
            statistics.fold()
        assert counted() == truth()
    for deed in (_reject, _withdraw):
        deed(play, clock, ask(make_line(kind="esim"), clock, channel="portal", effective="3bd"))
    clock.move(days=40)
    work(clock)
    assert counted() == truth()
    statistics.fold()
    assert counted() == truth()
    assert not Tally.objects.filter(loose=True).exists()
    assert {"asked", "closed", "withdrawn", "rejected", "reviewed", "day_kept"} <= {key[3] for key in truth()}


def test_cases_from_before_the_tally_are_counted_when_it_comes(esim_line: Line, sim_line: Line, clock: Clock) -> None:
    ask(esim_line, clock)
    case = ask(sim_line, clock, channel="portal")
    work(clock)
    actions.reject(termination=case, code="rejected.identity", acting=CLERK, at=clock.now)
    Tally.objects.all().delete()
    with connection.cursor() as cursor:
        for statement in import_module("tojimari.terminations.migrations.0005_tally").EARLIER_SQL:
            cursor.execute(statement)
    assert counted() == truth()


def test_what_is_rolled_back_was_never_counted(esim_line: Line, clock: Clock) -> None:
    case = ask(esim_line, clock)
    before = counted()
    with transaction.atomic():
        Termination.objects.filter(pk=case.pk).update(state="completed", finished_at=clock.now)
        assert counted() != before
        transaction.set_rollback(True)
    assert counted() == before == truth()


def test_a_review_decided_a_day_later_than_promised_is_not_counted_as_kept(make_line: MakeLine, clock: Clock) -> None:
    early, late = (ask(make_line(kind="esim"), clock, channel="portal", effective="3bd") for _ in range(2))
    work(clock, forward=False)
    clock.now = datetime(2026, 11, 24, 14, 59, tzinfo=UTC)  # 20 November is a Friday, 23 a holiday: until 24, 24:00
    _person(random.Random(0), clock, early)
    clock.move(minutes=1)
    _person(random.Random(0), clock, late)
    promise = statistics.month(early.carrier_id, NOVEMBER).review_promise()
    assert (promise.kept, promise.made, promise.percent) == (1, 2, 50)


def test_a_line_that_goes_off_a_day_after_its_end_breaks_the_promise(make_line: MakeLine, clock: Clock) -> None:
    kept, broken = (ask(make_line(), clock, effective="2026-11-25") for _ in range(2))
    clock.now = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)
    actions.hold(termination=broken, code="hold.request", acting=CLERK, at=clock.now)
    work(clock)
    clock.now = max(clock.now, datetime(2026, 11, 26, 15, 0, tzinfo=UTC))
    actions.resume(termination=broken, acting=CLERK, at=clock.now)
    work(clock)
    promise = statistics.month(kept.carrier_id, NOVEMBER).day_promise()
    assert (promise.kept, promise.made) == (1, 2)


def test_a_day_begins_and_ends_in_japan(make_line: MakeLine, clock: Clock) -> None:
    for instant in (datetime(2026, 10, 31, 14, 59, tzinfo=UTC), datetime(2026, 10, 31, 15, 0, tzinfo=UTC)):
        clock.now = instant
        case = ask(make_line(), clock, effective="month-end")
    october, november = (statistics.month(case.carrier_id, date(2026, month, 1)) for month in (10, 11))
    assert (october.all().asked, november.all().asked) == (1, 1)
    days = november.by_day(date(2026, 11, 3))
    assert [(day.day, row.asked) for day, row in days] == [(1, 1), (2, 0), (3, 0)]
    assert len(november.by_day(date(2027, 1, 1))) == 30


def test_where_the_open_cases_stand(make_line: MakeLine, clock: Clock) -> None:
    held, waiting, reviewed, later = (
        ask(make_line(), clock, channel="portal"),
        ask(make_line(), clock, channel="portal"),
        ask(make_line(kind="esim"), clock, channel="portal", effective="3bd"),
        ask(make_line(), clock, effective="month-end"),
    )
    work(clock, forward=False)
    actions.hold(termination=held, code="hold.request", acting=CLERK, at=clock.now)
    found = statistics.standing(waiting.carrier_id)
    assert (found.open, found.staff, found.subscriber, found.held, found.system) == (4, 2, 0, 1, 1)
    assert {(one.actor, one.step, one.cases) for one in found.waiting} == {
        ("staff", "visit", 1),
        ("staff", "review", 1),
    }
    oldest = Step.objects.get(termination=reviewed, name="review").due_at
    assert [one.oldest for one in found.waiting if one.step == "review"] == [oldest]
    assert not later.steps.filter(actor="staff", state="open").exists()


@given(st.lists(st.integers(1, 900), min_size=1, max_size=60), st.sampled_from([Fraction(1, 2), Fraction(9, 10)]))
def test_the_bound_holds_for_the_share_and_no_smaller_one_does(hours: list[int], share: Fraction) -> None:
    bound = statistics.reached(Counter(hours), share)
    assert sum(one <= bound for one in hours) >= share * len(hours)
    assert sum(one < bound for one in hours) < share * len(hours)


def test_without_a_closed_case_there_is_no_time(tabi: Carrier) -> None:
    times = statistics.month(tabi.pk, NOVEMBER).times()
    assert (times.cases, times.median_hours, times.ninetieth_hours) == (0, 0, 0)


def test_the_neighbour_counts_apart(make_line: MakeLine, clock: Clock, tabi: Carrier, tonari: Carrier) -> None:
    ask(make_line(), clock, effective="month-end")
    ask(make_line(carrier=tonari), clock, effective="month-end")
    with carrier_scope(tabi.pk):
        assert statistics.month(tabi.pk, NOVEMBER).all().asked == 1
        assert statistics.month(tonari.pk, NOVEMBER).all().asked == 0
        assert statistics.standing(tabi.pk).open == 1


def test_a_month_costs_a_few_queries_and_reads_no_cases_but_those_of_its_visits(
    make_line: MakeLine, clock: Clock, tabi: Carrier, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(5):
        ask(make_line(), clock, effective="month-end")
    with django_assert_num_queries(2) as asked:  # one more where there are visits, for their shops
        statistics.month(tabi.pk, NOVEMBER)
    visits, tally = (one["sql"] for one in asked)
    assert "counter_visit" in visits
    assert "terminations_tally" in tally
    assert "terminations_termination" not in tally
    with django_assert_num_queries(2):
        statistics.standing(tabi.pk)


def test_what_waits_is_found_by_its_index(make_line: MakeLine, clock: Clock, tabi: Carrier) -> None:
    ask(make_line(), clock, channel="portal")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = statistics.waiting_steps(tabi.pk).explain()
    assert "step_for_people" in plan
    assert "Seq Scan" not in plan


def test_the_facts_of_the_tally_are_those_that_are_known() -> None:
    source = " ".join(import_module("tojimari.terminations.migrations.0005_tally").EARLIER_SQL)
    assert [fact.value for fact in Fact if f"'{fact.value}'" not in source] == []
