"""Can a line fall silent before its contract ends, and be switched on again, without a date or a yen moving?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from tests.cast import MakeLine
from tests.support.hlr import Hlr
from tests.terminations.play import CLERK, PERSON, Clock, ask, show, states, work
from tojimari.lines.access import line_by_identifier
from tojimari.lines.models import Bill, Line
from tojimari.messages.actions import numbers_off
from tojimari.messages.models import Message
from tojimari.money.models import FinalBill
from tojimari.network.models import SimulatedSubscriber
from tojimari.network.seed import seed
from tojimari.platform.acting import Refused
from tojimari.proofs.chain import Entry, check_chain
from tojimari.proofs.models import Event
from tojimari.proofs.queries import bundle
from tojimari.terminations import actions, queries
from tojimari.terminations.engine.claim import claim
from tojimari.terminations.engine.loop import _outcomes
from tojimari.terminations.engine.record import record
from tojimari.terminations.models import Termination

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_worker")]


@pytest.fixture
def line(make_line: MakeLine) -> Line:
    """A line on the simulated network, with a month unpaid."""
    made = make_line(email="someone@mail.example")
    seed([made.target])
    Bill.objects.create(
        carrier_id=made.carrier_id, line=made, month=date(2026, 10, 1), amount_yen=1078, due_on=date(2026, 11, 30)
    )
    return made


def stop(case: Termination, clock: Clock) -> None:
    actions.stop_early(termination=case, acting=PERSON, at=clock.now)


def start(case: Termination, clock: Clock) -> None:
    actions.start_again(termination=case, acting=PERSON, at=clock.now)


def is_on(line: Line) -> bool:
    row = SimulatedSubscriber.objects.get(imsi=line.imsi)
    return row.nam_cs and row.nam_ps


def names(case: Termination) -> Sequence[str]:
    return list(Event.objects.filter(case_id=case.pk).order_by("number").values_list("name", flat=True))


def assert_ended_as_asked(case: Termination) -> None:
    """The case is closed and certified, on the day and for the yen that it began with, its history unbroken."""
    before = Termination.objects.get(pk=case.pk)
    assert (before.requested_at, before.ends_at, before.quote) == (case.requested_at, case.ends_at, case.quote)
    assert before.state == "completed", states(case)
    assert set(states(case).values()) <= {"done", "skipped"}
    assert before.line.state == "terminated"
    assert before.line.ended_at == case.ends_at
    assert FinalBill.objects.get(case_id=case.pk).total_yen == case.quote["total_yen"]
    events = Event.objects.filter(case_id=case.pk).order_by("number")
    entries = [
        Entry(e.reference, e.number, e.at, e.name, e.actor, e.data, bytes(e.prev), bytes(e.hash)) for e in events
    ]
    assert check_chain(entries).whole
    assert bundle(case.reference)


def test_the_line_is_off_at_once_and_ends_on_its_day(line: Line, clock: Clock) -> None:
    case = ask(line, clock, effective="month-end")
    work(clock, forward=False)
    assert states(case)["inspect"] == "open"
    assert queries.may_stop_early(case, clock.now)
    stop(case, clock)
    work(clock, forward=False)
    assert not is_on(line)
    assert numbers_off([line.msisdn]) == {line.msisdn}
    hold = case.steps.get(name="hold")
    assert (hold.state, hold.due_at) == ("open", case.ends_at)
    stood = queries.early_stop(case, clock.now)
    assert (stood.may_stop, stood.may_start_again, stood.asked, stood.off) == (False, True, True, True)
    case_now = Termination.objects.get(pk=case.pk)
    assert case_now.line.state == "pending_terminate"
    work(clock)
    assert clock.now == case.ends_at
    assert_ended_as_asked(case)
    assert names(case).count("termination.stop_asked") == 1


def test_the_hold_is_never_shorter_than_it_was(line: Line, clock: Clock) -> None:
    case = ask(line, clock, effective="month-end")
    work(clock, forward=False)
    clock.now = case.ends_at - timedelta(hours=2)
    stop(case, clock)
    work(clock, forward=False)
    assert case.steps.get(name="hold").due_at == clock.now + timedelta(hours=24)


def test_the_steps_of_people_come_first(esim_line: Line, clock: Clock) -> None:
    seed([esim_line.target])
    case = ask(esim_line, clock, effective="month-end", channel="portal")
    stop(case, clock)
    work(clock, forward=False)
    assert (states(case)["review"], states(case)["inspect"]) == ("open", "waiting")
    assert is_on(esim_line)
    show(case, "review", clock, approved="yes")
    work(clock, forward=False)
    assert not is_on(esim_line)
    work(clock)
    assert_ended_as_asked(case)


def test_asking_twice_is_the_same_as_once(line: Line, clock: Clock) -> None:
    case = ask(line, clock, effective="month-end")
    for _ in range(2):
        stop(case, clock)
    work(clock, forward=False)
    stop(case, clock)
    assert names(case).count("termination.stop_asked") == 1
    for _ in range(2):
        start(case, clock)
    work(clock, forward=False)
    assert names(case).count("termination.start_asked") == 1


def test_on_again_before_anything_was_switched_off_leaves_no_trace_outside(esim_line: Line, clock: Clock) -> None:
    case = ask(esim_line, clock, effective="month-end", channel="portal")
    stop(case, clock)
    start(case, clock)
    show_ready = states(case)
    work(clock, forward=False)
    assert show_ready["inspect"] == "waiting"
    show(case, "review", clock, approved="yes")
    work(clock, forward=False)
    inspect = case.steps.get(name="inspect")
    assert (inspect.state, inspect.due_at) == ("open", case.ends_at)
    assert "restore" not in states(case)
    work(clock)
    assert_ended_as_asked(case)


def test_on_again_while_the_stop_only_waits_for_a_worker(line: Line, clock: Clock) -> None:
    case = ask(line, clock, effective="month-end")
    work(clock, forward=False)
    stop(case, clock)
    start(case, clock)
    work(clock, forward=False)
    inspect = case.steps.get(name="inspect")
    assert (inspect.state, inspect.due_at) == ("open", case.ends_at)
    assert is_on(line)
    assert case.steps.get(name="hold").when_effective is False


def test_on_again_after_the_line_was_off_puts_it_back_and_it_ends_on_its_day(line: Line, clock: Clock) -> None:
    case = ask(line, clock, effective="month-end")
    work(clock, forward=False)
    stop(case, clock)
    work(clock, forward=False)
    clock.move(days=2)
    start(case, clock)
    assert queries.early_stop(case, clock.now).may_stop is False
    work(clock, forward=False)
    assert is_on(line)
    line.refresh_from_db()
    assert (line.state, line.number_off_at) == ("pending_terminate", None)
    assert line_by_identifier(line.carrier, line.msisdn) == line
    inspect = case.steps.get(name="inspect")
    assert (inspect.state, inspect.due_at, inspect.evidence) == ("open", case.ends_at, {})
    assert queries.early_stop(case, clock.now).may_stop
    work(clock)
    assert case.steps.get(name="hold").done_at == case.ends_at + timedelta(hours=24)
    assert_ended_as_asked(case)
    told = [name for name in names(case) if name.startswith(("termination.", "line."))]
    assert told == [
        "termination.requested",
        "termination.stop_asked",
        "line.off_early",
        "termination.start_asked",
        "line.on_again",
        "line.terminated",
        "termination.completed",
    ]


def test_off_on_off_on_and_it_still_ends_once(line: Line, clock: Clock) -> None:
    case = ask(line, clock, effective="month-end")
    for _ in range(2):
        stop(case, clock)
        work(clock, forward=False)
        assert not is_on(line)
        start(case, clock)
        work(clock, forward=False)
        assert is_on(line)
    stop(case, clock)
    work(clock)
    assert_ended_as_asked(case)


def test_a_stopped_case_can_be_taken_back_and_the_line_is_on(line: Line, clock: Clock) -> None:
    case = ask(line, clock, effective="month-end")
    stop(case, clock)
    work(clock, forward=False)
    actions.withdraw(termination=case, acting=PERSON, at=clock.now)
    assert not queries.early_stop(Termination.objects.get(pk=case.pk), clock.now).may_start_again
    work(clock)
    assert is_on(line)
    case.refresh_from_db()
    line.refresh_from_db()
    assert (case.state, line.state, line.number_off_at) == ("cancelled", "active", None)


def test_a_case_taken_back_while_it_is_switched_on_again_is_over(line: Line, clock: Clock) -> None:
    case = ask(line, clock, effective="month-end")
    stop(case, clock)
    work(clock, forward=False)
    start(case, clock)
    slow = next(iter(claim(lane="simulated", owner="slow", size=10, at=clock.now)))
    assert slow.name == "restore"
    actions.withdraw(termination=case, acting=PERSON, at=clock.now)
    assert record(slow, _outcomes(slow), at=clock.now).steps == 0
    work(clock)
    assert is_on(line)
    case.refresh_from_db()
    assert case.state == "cancelled"


def test_a_worker_that_is_just_switching_off_is_not_overtaken(line: Line, clock: Clock) -> None:
    case = ask(line, clock, effective="month-end")
    work(clock, forward=False)
    stop(case, clock)
    held = next(iter(claim(lane="simulated", owner="slow", size=10, at=clock.now)))
    assert held.name == "inspect"
    (onwards,) = record(held, _outcomes(held), at=clock.now).onwards
    assert onwards.name == "bar"
    with pytest.raises(Refused, match=r"termination\.just_now"):
        start(case, clock)
    record(onwards, _outcomes(onwards), at=clock.now)
    start(case, clock)
    work(clock, forward=False)
    assert is_on(line)


def test_what_a_worker_says_of_an_inspection_that_was_given_up_is_dropped(line: Line, clock: Clock) -> None:
    case = ask(line, clock, effective="month-end")
    work(clock, forward=False)
    stop(case, clock)
    held = next(iter(claim(lane="simulated", owner="slow", size=10, at=clock.now)))
    start(case, clock)
    assert record(held, _outcomes(held), at=clock.now).steps == 0
    work(clock, forward=False)
    assert is_on(line)
    work(clock)
    assert_ended_as_asked(case)


def test_it_is_refused_where_a_person_ends_the_line_by_hand(line: Line, clock: Clock) -> None:
    line.carrier.elements = {"physical_sim": "by_hand"}
    line.carrier.save()
    assert not queries.offers_early_stop(line, clock.now)
    case = ask(line, clock, effective="month-end")
    assert not queries.may_stop_early(case, clock.now)
    with pytest.raises(Refused, match=r"termination\.not_stoppable"):
        stop(case, clock)


def test_it_is_refused_when_the_contract_ends_at_once(line: Line, clock: Clock) -> None:
    case = ask(line, clock, effective="now")
    assert not queries.offers_early_stop(line, clock.now, case.ends_at)
    with pytest.raises(Refused, match=r"termination\.not_stoppable"):
        stop(case, clock)


def test_it_is_refused_for_roaming_alone(sim_line: Line, clock: Clock) -> None:
    case = ask(sim_line, clock, scope="roaming")
    assert not queries.may_stop_early(case, clock.now - timedelta(hours=1))
    with pytest.raises(Refused, match=r"termination\.not_stoppable"):
        actions.stop_early(termination=case, acting=PERSON, at=clock.now - timedelta(hours=1))


def test_after_the_end_nothing_is_switched_on_again(line: Line, clock: Clock) -> None:
    case = ask(line, clock, effective="month-end")
    stop(case, clock)
    work(clock, forward=False)
    clock.now = case.ends_at
    assert not queries.early_stop(case, clock.now).may_start_again
    with pytest.raises(Refused, match=r"termination\.end_has_come"):
        start(case, clock)


def test_a_line_that_was_never_stopped_cannot_be_started(line: Line, clock: Clock) -> None:
    case = ask(line, clock, effective="month-end")
    with pytest.raises(Refused, match=r"termination\.not_stopped"):
        start(case, clock)


def test_a_held_case_is_neither_stopped_nor_started(line: Line, clock: Clock) -> None:
    case = ask(line, clock, effective="month-end")
    actions.hold(termination=case, code="hold.dispute", acting=CLERK, at=clock.now)
    for deed in (stop, start):
        with pytest.raises(Refused, match=r"termination\.held"):
            deed(case, clock)


@pytest.mark.hlr
def test_on_the_real_hlr_it_goes_off_comes_back_as_it_was_and_ends(
    connected: Hlr, make_line: MakeLine, clock: Clock
) -> None:
    line = make_line()
    seed([line.target])
    before = connected.record(line.target)
    case = ask(line, clock, effective="month-end")
    stop(case, clock)
    work(clock, forward=False)
    barred = connected.record(line.target)
    assert barred is not None
    assert (barred.nam_cs, barred.nam_ps) == (False, False)
    start(case, clock)
    work(clock, forward=False)
    assert connected.record(line.target) == before
    work(clock)
    assert connected.record(line.target) is None
    assert_ended_as_asked(case)


def shown(case: Termination) -> list[str]:
    return [step.name for step in queries.case_view(Termination.objects.get(pk=case.pk)).steps]


def test_the_step_that_puts_the_line_back_stands_where_it_happened(line: Line, clock: Clock) -> None:
    case = ask(line, clock, effective="month-end")
    plain = shown(case)
    stop(case, clock)
    work(clock, forward=False)
    start(case, clock)
    at = plain.index("bar") + 1
    assert shown(case) == [*plain[:at], "restore", *plain[at:]], "while it is under way it follows what it undoes"
    work(clock, forward=False)
    at = plain.index("inspect")
    once = [*plain[:at], "restore", *plain[at:]]
    assert shown(case) == once, "afterwards it precedes what is still to come"
    clock.move(hours=1)
    stop(case, clock)
    work(clock, forward=False)
    assert shown(case) == once
    clock.move(hours=1)
    actions.withdraw(termination=case, acting=PERSON, at=clock.now)
    work(clock)
    at = once.index("bar") + 1
    assert shown(case) == [*once[:at], "restore", *once[at:]]


def mails(case: Termination) -> list[tuple[str, str]]:
    found = Message.objects.filter(case_id=case.pk, key__regex="^(off_early|on_again)").order_by("created_at", "pk")
    return [(one.key.partition(" ")[0], one.body) for one in found]


def test_the_person_is_told_when_the_network_has_done_it_and_not_before(line: Line, clock: Clock) -> None:
    case = ask(line, clock, effective="month-end")
    work(clock, forward=False)
    stop(case, clock)
    assert mails(case) == []
    work(clock, forward=False)
    ((what, body),) = mails(case)
    assert what == "off_early"
    assert "24:00" in body
    assert line.msisdn[-4:] in body
    assert line.msisdn not in body
    clock.move(hours=1)
    start(case, clock)
    assert len(mails(case)) == 1
    work(clock, forward=False)
    assert [what for what, _ in mails(case)] == ["off_early", "on_again"]
    work(clock)
    assert len(mails(case)) == 2, "the end itself is told of elsewhere"


def test_nothing_is_said_of_a_stop_that_was_undone_before_its_turn(esim_line: Line, clock: Clock) -> None:
    case = ask(esim_line, clock, effective="month-end", channel="portal")
    stop(case, clock)
    start(case, clock)
    work(clock, forward=False)
    assert mails(case) == []


# What it does to the bill
