"""Does the engine keep its promises when workers are slow, many, or dead, and when the element is away?"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cast import MakeLine
from tests.support.hlr import Hlr
from tests.terminations.conftest import forget_connections
from tests.terminations.play import (
    CLERK,
    LANES,
    START,
    Clock,
    ask,
    assert_closed_exactly_once,
    in_a_child,
    states,
    work,
)
from tojimari.lines.models import Line
from tojimari.network.seed import seed
from tojimari.platform.acting import Refused
from tojimari.platform.work import Batch, Outcome
from tojimari.proofs.models import Certificate, Event
from tojimari.terminations import actions, handlers
from tojimari.terminations.engine.claim import LEASE, claim, release_expired
from tojimari.terminations.engine.loop import _outcomes, run_once, run_until_idle
from tojimari.terminations.engine.record import pause, record
from tojimari.terminations.models import Step

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_worker")]


def test_an_answer_that_comes_after_the_lease_was_taken_over_is_dropped(make_line: MakeLine, clock: Clock) -> None:
    case = ask(make_line(), clock)
    slow = next(iter(claim(lane="house", owner="slow", size=10, at=clock.now)))
    clock.now += LEASE + timedelta(seconds=1)
    assert release_expired(at=clock.now) == 1
    run_until_idle(LANES, clock=clock)
    before = states(case), Event.objects.filter(case_id=case.pk).count()
    assert record(slow, _outcomes(slow), at=clock.now).steps == 0
    assert (states(case), Event.objects.filter(case_id=case.pk).count()) == before


def test_a_worker_goes_on_with_what_it_has_in_hand_but_not_before_it_is_due(make_line: MakeLine, clock: Clock) -> None:
    case = ask(make_line(), clock)
    run_once("house", owner="one", clock=clock)
    assert run_once("simulated", owner="two", clock=clock) == 2  # inspect and bar; the hold waits for its time
    assert states(case)["hold"] == "open"
    clock.move(hours=24)
    assert run_once("simulated", owner="two", clock=clock) == 3  # hold, remove, prove; the bill is another lane's
    assert states(case)["final_bill"] == "open"
    assert run_once("house", owner="one", clock=clock) == 3
    assert_closed_exactly_once(case)
    assert set(case.steps.exclude(lane="").values_list("attempts", flat=True)) == {1}


def test_a_lease_that_still_runs_is_not_taken_over(make_line: MakeLine, clock: Clock) -> None:
    ask(make_line(), clock)
    held = next(iter(claim(lane="house", owner="first", size=10, at=clock.now)))
    clock.now += LEASE - timedelta(seconds=1)
    assert release_expired(at=clock.now) == 0
    assert list(claim(lane="house", owner="second", size=10, at=clock.now)) == []
    assert record(held, _outcomes(held), at=clock.now).steps == 1


@pytest.mark.hlr
@pytest.mark.django_db(transaction=True)
def test_workers_side_by_side_close_every_line_once(
    connected: Hlr, make_line: MakeLine, clock: Clock, tmp_path: Path
) -> None:
    lines = [make_line() for _ in range(30)]
    seed(line.target for line in lines)
    cases = [ask(line, clock) for line in lines]
    forget_connections()

    def work_on() -> None:
        for _ in range(3):
            for _ in range(40):
                for lane in LANES:
                    run_once(lane, owner=str(os.getpid()), size=7, clock=clock)
            clock.move(hours=25)

    children = [in_a_child(work_on, tmp_path / "trouble") for _ in range(3)]
    statuses = [os.waitpid(child, 0)[1] for child in children]
    assert statuses == [0, 0, 0], (tmp_path / "trouble").read_text()
    clock.move(hours=75)
    work(clock)
    for case in cases:
        assert_closed_exactly_once(case)
        assert connected.record(case.line.target) is None


def test_an_outage_over_the_end_of_the_month_moves_no_date(
    esim_line: Line, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.now = datetime(2026, 11, 30, 14, 59, 59, tzinfo=UTC)  # one second before December in Japan
    case = ask(esim_line, clock, effective="month-end")
    ends = datetime(2026, 11, 30, 15, tzinfo=UTC)
    assert case.ends_at == ends
    away = handlers.Handler(lambda batch, lane: [Outcome.again("network.no_answer") for _ in batch.works])
    with monkeypatch.context() as outage:
        outage.setitem(handlers.HANDLERS, "inspect", away)
        for _ in range(3):
            clock.move(days=1)
            run_until_idle(LANES, clock=clock)
    assert case.steps.get(name="inspect").code == "network.no_answer"
    work(clock)
    assert_closed_exactly_once(case)
    case.refresh_from_db()
    assert case.requested_at == datetime(2026, 11, 30, 14, 59, 59, tzinfo=UTC)
    assert case.ends_at == case.line.ended_at == ends
    assert case.finished_at is not None
    assert case.finished_at > ends + timedelta(days=2)
    # The same delay, tried again and again, is one entry in the history.
    assert Event.objects.filter(case_id=case.pk, name="step.delayed").count() == 1


def test_the_end_of_the_month_is_that_of_japan(make_line: MakeLine) -> None:
    before, after = Clock(datetime(2026, 11, 30, 14, 59, 59, tzinfo=UTC)), Clock(datetime(2026, 11, 30, 15, tzinfo=UTC))
    assert ask(make_line(), before, effective="month-end").ends_at == datetime(2026, 11, 30, 15, tzinfo=UTC)
    assert ask(make_line(), after, effective="month-end").ends_at == datetime(2026, 12, 31, 15, tzinfo=UTC)


def test_one_bad_line_does_not_hold_up_the_others(make_line: MakeLine, clock: Clock) -> None:
    bad, good = make_line(imsi=""), [make_line() for _ in range(3)]
    stuck = ask(bad, clock)
    cases = [ask(line, clock) for line in good]
    work(clock)
    for case in cases:
        assert_closed_exactly_once(case)
    step = stuck.steps.get(name="inspect")
    assert (step.state, step.code) == ("stuck", "line.no_imsi")
    bad.refresh_from_db()
    assert bad.state == "pending_terminate"
    assert not Certificate.objects.filter(case_id=stuck.pk).exists()


def test_an_error_nobody_foresaw_delays_one_line_and_ends_nothing(
    make_line: MakeLine, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [ask(make_line(), clock) for _ in range(3)]
    unlucky = cases[1].reference
    usual = handlers.HANDLERS["settle"]

    def fails(batch: Batch, lane: str) -> list[Outcome]:
        if any(work.case == unlucky for work in batch.works):
            raise ZeroDivisionError
        return list(usual.handle(batch, lane))

    with monkeypatch.context() as trouble:
        trouble.setitem(handlers.HANDLERS, "settle", handlers.Handler(fails, usual.reads))
        run_until_idle(LANES, clock=clock)
    step = cases[1].steps.get(name="settle")
    assert (step.state, step.code, step.attempts) == ("open", "step.failed", 1)
    assert all(states(case)["settle"] == "done" for case in (cases[0], cases[2]))
    work(clock)
    for case in cases:
        assert_closed_exactly_once(case)


@pytest.mark.parametrize("said", [0.5, "a\0b"])
def test_evidence_that_cannot_be_hashed_or_kept_is_not_taken_for_done(
    make_line: MakeLine, clock: Clock, monkeypatch: pytest.MonkeyPatch, said: object
) -> None:
    cases = [ask(make_line(), clock) for _ in range(2)]
    odd = handlers.Handler(
        lambda batch, lane: [
            Outcome.done(said=said) if work.case == cases[0].reference else Outcome.done() for work in batch.works
        ]
    )
    with monkeypatch.context() as trouble:
        trouble.setitem(handlers.HANDLERS, "settle", odd)
        run_until_idle(LANES, clock=clock)
    step = cases[0].steps.get(name="settle")
    assert (step.state, step.code, step.evidence) == ("open", "step.failed", {})
    assert states(cases[1])["settle"] == "done"
    work(clock)
    for case in cases:
        assert_closed_exactly_once(case)


def test_what_is_stuck_is_tried_again_or_attested_by_name(make_line: MakeLine, clock: Clock) -> None:
    line = make_line(imsi="")
    case = ask(line, clock)
    work(clock)
    step = case.steps.get(name="inspect")
    actions.retry(step=step, acting=CLERK, at=clock.now)
    work(clock)
    assert states(case)["inspect"] == "stuck"
    with pytest.raises(Refused, match=r"step\.not_stuck"):
        actions.retry(step=case.steps.get(name="hold"), acting=CLERK, at=clock.now)
    for name in ("inspect", "bar", "remove", "prove"):
        step = case.steps.get(name=name)
        assert step.state == "stuck", states(case)
        actions.complete_step(step=step, given={"note": "HLRで確認し手作業で削除"}, acting=CLERK, at=clock.now)
        work(clock)
    assert_closed_exactly_once(case)
    assert Event.objects.filter(case_id=case.pk, name="step.attested").count() == 4


def test_pauses_grow_and_never_exceed_five_minutes() -> None:
    pauses = [pause(attempt) for attempt in range(1, 40)]
    assert pauses == sorted(pauses)
    assert pauses[0] == timedelta(seconds=1)
    assert pauses[-1] == timedelta(minutes=5)


def test_work_that_is_due_in_the_future_is_not_claimed(make_line: MakeLine, clock: Clock) -> None:
    ask(make_line(), clock, effective="month-end")
    run_until_idle(LANES, clock=clock)
    waiting = Step.objects.get(state="open")
    assert waiting.due_at == datetime(2026, 11, 30, 15, tzinfo=UTC)
    clock.now = waiting.due_at - timedelta(microseconds=1)
    assert run_until_idle(LANES, clock=clock) == 0
    clock.now = waiting.due_at
    assert run_until_idle(LANES, clock=clock) > 0


def test_the_clock_going_back_does_not_break_the_history(make_line: MakeLine, clock: Clock) -> None:
    case = ask(make_line(), clock)
    run_until_idle(LANES, clock=clock)
    clock.now = START - timedelta(days=1)
    work(clock)
    assert_closed_exactly_once(case)
