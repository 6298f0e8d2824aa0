"""Can a person choose another last day, and does nothing but the day and its yen move?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.cast import MakeLine
from tests.terminations.play import CLERK, PERSON, Clock, ask, assert_closed_exactly_once, one_step, show, work
from tojimari.lines.models import Bill, Line
from tojimari.messages.models import Message
from tojimari.money.models import FinalBill
from tojimari.platform.acting import Refused
from tojimari.proofs.models import Certificate, Event
from tojimari.proofs.queries import statement
from tojimari.rules.calendar import day_end
from tojimari.terminations import actions, ends, queries
from tojimari.terminations.engine.claim import claim
from tojimari.terminations.engine.loop import _outcomes
from tojimari.terminations.engine.record import record
from tojimari.terminations.models import Termination

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_worker")]

NOVEMBER_END = day_end(date(2026, 11, 30))


def change(case: Termination, effective: str, clock: Clock, shown_yen: int | None = None) -> Termination:
    return actions.change_end(termination=case, effective=effective, acting=PERSON, at=clock.now, shown_yen=shown_yen)


def test_the_end_and_its_yen_move_and_the_request_stays(esim_line: Line, clock: Clock) -> None:
    case = ask(esim_line, clock, effective="month-end", channel="portal")
    asked_at = case.requested_at
    clock.move(days=1)
    changed = change(case, "2026-12-10", clock)
    assert changed.ends_at == day_end(date(2026, 12, 10))
    assert changed.effective == "2026-12-10"
    assert changed.requested_at == asked_at
    assert changed.quote["last_day"] == "2026-12-10"
    event = Event.objects.get(case_id=case.pk, name="termination.end_changed")
    assert event.data["instead_of"] == NOVEMBER_END.isoformat()
    letter = Message.objects.get(case_id=case.pk, key__startswith="end_changed")
    assert letter.language == "zh-hans"
    assert "12月10日" in letter.body


def test_the_line_ends_on_the_new_day_and_the_certificate_says_so(make_line: MakeLine, clock: Clock) -> None:
    case = ask(make_line(), clock, effective="month-end")
    work(clock, forward=False)
    assert case.steps.get(name="inspect").due_at == NOVEMBER_END
    changed = change(case, "2026-12-31", clock)
    end = day_end(date(2026, 12, 31))
    assert case.steps.get(name="inspect").due_at == end
    clock.now = NOVEMBER_END
    work(clock, forward=False)
    assert case.steps.get(name="inspect").attempts == 0
    work(clock)
    assert_closed_exactly_once(case)
    assert case.ends_at == end
    certificate = statement(Certificate.objects.get(case_id=case.pk).jws)
    assert certificate["case"]["ends_at"] == "2027-01-01T00:00:00+09:00"
    assert certificate["case"]["effective"] == "2026-12-31"
    assert certificate["quote"] == changed.quote
    assert FinalBill.objects.get(case_id=case.pk).total_yen == changed.quote["total_yen"]


def test_an_earlier_day_brings_the_step_forward(make_line: MakeLine, clock: Clock) -> None:
    case = ask(make_line(), clock, effective="2026-12-31")
    work(clock, forward=False)
    change(case, "2026-11-25", clock)
    assert case.steps.get(name="inspect").due_at == day_end(date(2026, 11, 25))


def test_asking_twice_for_the_same_day_is_the_same_as_once(esim_line: Line, clock: Clock) -> None:
    case = ask(esim_line, clock, effective="month-end", channel="portal")
    for _ in range(2):
        change(case, "2026-12-10", clock)
        clock.move(minutes=1)
    assert Event.objects.filter(case_id=case.pk, name="termination.end_changed").count() == 1
    assert Message.objects.filter(case_id=case.pk, key__startswith="end_changed").count() == 1


def test_there_and_back_again_is_told_each_time(esim_line: Line, clock: Clock) -> None:
    case = ask(esim_line, clock, effective="month-end", channel="portal")
    change(case, "2026-12-10", clock)
    clock.move(minutes=1)
    assert change(case, "month-end", clock).ends_at == NOVEMBER_END
    assert Event.objects.filter(case_id=case.pk, name="termination.end_changed").count() == 2


def test_yen_that_nobody_saw_change_nothing(sim_line: Line, clock: Clock) -> None:
    case = ask(sim_line, clock, effective="month-end", channel="portal")
    seen = ends.end_for(case, "2026-12-10", clock.now).quote["total_yen"]
    Bill.objects.create(
        carrier_id=sim_line.carrier_id,
        line=sim_line,
        month=date(2026, 10, 1),
        amount_yen=500,
        due_on=date(2026, 11, 30),
    )
    with pytest.raises(Refused, match=r"quote\.changed"):
        change(case, "2026-12-10", clock, shown_yen=seen)
    case.refresh_from_db()
    assert case.ends_at == NOVEMBER_END
    assert change(case, "2026-12-10", clock, shown_yen=seen + 500).quote["total_yen"] == seen + 500


@pytest.mark.parametrize(
    ("effective", "why"),
    [("now", r"effective\.not_offered"), ("2026-11-21", r"effective\.too_early"), ("2026-02-30", "effective")],
)
def test_an_end_outside_the_offer_is_refused(esim_line: Line, clock: Clock, effective: str, why: str) -> None:
    case = ask(esim_line, clock, effective="month-end", channel="portal")
    with pytest.raises(Refused, match=why):
        change(case, effective, clock)


def test_a_contract_that_has_ended_gets_no_other_end(sim_line: Line, clock: Clock) -> None:
    case = ask(sim_line, clock, effective="now", channel="portal")
    assert queries.new_ends(case, clock.now).ends == []
    with pytest.raises(Refused, match=r"termination\.end_over"):
        change(case, "month-end", clock)


def test_while_a_worker_looks_at_the_line_the_end_is_fixed(make_line: MakeLine, clock: Clock) -> None:
    """With the line stopped early, the look comes before the end: the worker that has just begun decides."""
    case = ask(make_line(), clock, effective="month-end")
    work(clock, forward=False)
    assert queries.may_change_end(case, clock.now)
    actions.stop_early(termination=case, acting=PERSON, at=clock.now)
    held = next(iter(claim(lane="simulated", owner="slow", size=10, at=clock.now)))
    assert held.name == "inspect"
    assert not queries.may_change_end(case, clock.now)
    with pytest.raises(Refused, match=r"termination\.end_fixed"):
        change(case, "2026-12-10", clock)
    record(held, _outcomes(held), at=clock.now)
    clock.move(days=60)
    work(clock)
    assert_closed_exactly_once(case)
    assert case.ends_at == NOVEMBER_END


def test_a_stop_that_waits_for_the_shop_does_not_hinder_another_day(sim_line: Line, clock: Clock) -> None:
    case = ask(sim_line, clock, effective="month-end", channel="portal")
    actions.stop_early(termination=case, acting=PERSON, at=clock.now)
    change(case, "2026-12-10", clock)
    for name, given in {
        "visit": {"came": "yes", "place": "羽田空港店"},
        "papers": {"passport_or_residence_card": "passport", "not_expired": "yes", "receipt_or_contract": "receipt"},
        "form": {"signed": "yes"},
        "return_sim": {"iccid": sim_line.iccid},
    }.items():
        work(clock, forward=False)
        show(case, name, clock, **given)
    work(clock, forward=False)
    steps = {step.name: step for step in case.steps.all()}
    assert steps["bar"].state == "done"
    assert steps["hold"].due_at == day_end(date(2026, 12, 10))


@pytest.mark.parametrize("state", ["held", "withdrawn", "closed"])
def test_a_case_that_does_not_run_keeps_its_end(make_line: MakeLine, clock: Clock, state: str) -> None:
    case = ask(make_line(), clock, effective="month-end")
    if state == "held":
        actions.hold(termination=case, code="hold.request", acting=CLERK, at=clock.now)
    elif state == "withdrawn":
        actions.withdraw(termination=case, acting=PERSON, at=clock.now)
    else:
        work(clock)
    before = Termination.objects.get(pk=case.pk).ends_at
    with pytest.raises(Refused, match=r"termination\.(held|over)"):
        change(case, "2026-12-31", clock)
    assert Termination.objects.get(pk=case.pk).ends_at == before


def test_a_step_that_waits_longer_than_the_end_goes_on_waiting(make_line: MakeLine, clock: Clock) -> None:
    case = ask(make_line(), clock, effective="2026-12-31")
    one_step("house", clock)
    case.steps.filter(name="inspect").update(wait_seconds=10 * 24 * 3600)
    change(case, "2026-11-22", clock)
    opened = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
    assert case.steps.get(name="inspect").due_at == opened + timedelta(days=10)


def test_a_worker_that_comes_a_moment_later_finds_the_step_not_due(make_line: MakeLine, clock: Clock) -> None:
    case = ask(make_line(), clock, effective="month-end")
    work(clock, forward=False)
    clock.now = NOVEMBER_END - timedelta(seconds=1)
    change(case, "2026-12-31", clock)
    clock.now = NOVEMBER_END
    assert list(claim(lane="simulated", owner="late", size=10, at=clock.now)) == []


def test_at_the_very_end_it_is_too_late(make_line: MakeLine, clock: Clock) -> None:
    case = ask(make_line(), clock, effective="month-end")
    clock.now = NOVEMBER_END
    with pytest.raises(Refused, match=r"termination\.end_over"):
        change(case, "2026-12-31", clock)
