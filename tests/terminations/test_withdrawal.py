"""Can a case be taken back until the point of no return, and is everything then as it was?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cast import MakeLine
from tests.support.hlr import Hlr
from tests.terminations.play import CLERK, LANES, PERSON, Clock, ask, one_step, show, states, work
from tojimari import network
from tojimari.lines.access import line_by_identifier
from tojimari.lines.models import Line
from tojimari.messages.actions import numbers_off
from tojimari.network.seed import seed
from tojimari.platform.acting import Refused
from tojimari.proofs.models import Certificate, Event
from tojimari.terminations import actions, queries
from tojimari.terminations.engine.claim import claim
from tojimari.terminations.engine.loop import _outcomes
from tojimari.terminations.engine.record import record
from tojimari.terminations.models import Termination
from tojimari.terminations.reasons import reason_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_worker")]


def until(case: Termination, name: str, state: str, clock: Clock) -> None:
    """Work one batch at a time until the step `name` is in `state`."""
    for _ in range(40):
        if states(case)[name] == state:
            return
        for lane in LANES:
            one_step(lane, clock)
            if states(case)[name] == state:
                return
    raise AssertionError(states(case))


def assert_as_before(case: Termination) -> None:
    case.refresh_from_db()
    case.line.refresh_from_db()
    assert case.state == "cancelled"
    assert case.finished_at is not None
    assert case.line.state == "active"
    assert case.line.number_off_at is None
    assert not case.line.services.exclude(state="active").exists()
    assert not Certificate.objects.filter(case_id=case.pk).exists()
    assert Event.objects.filter(case_id=case.pk, name="termination.withdrawn").count() == 1


def test_before_the_network_is_touched_it_is_over_at_once(sim_line: Line, clock: Clock) -> None:
    case = ask(sim_line, clock, channel="portal")
    work(clock)
    actions.withdraw(termination=case, acting=PERSON, at=clock.now)
    assert_as_before(case)
    work(clock)
    assert "claimed" not in states(case).values()
    assert "open" not in states(case).values()


def test_during_the_hold_the_network_is_put_right_first(make_line: MakeLine, clock: Clock) -> None:
    case = ask(make_line(), clock)
    until(case, "hold", "open", clock)
    view = queries.case_view(case)
    assert view.may_withdraw
    assert view.withdraw_until == case.steps.get(name="hold").due_at
    actions.withdraw(termination=case, acting=PERSON, at=clock.now)
    case.refresh_from_db()
    assert case.state == "withdrawing"
    work(clock)
    assert states(case)["restore"] == "done"
    assert_as_before(case)


def test_while_a_worker_is_barring_the_line_it_is_restored_afterwards(make_line: MakeLine, clock: Clock) -> None:
    case = ask(make_line(), clock)
    until(case, "bar", "open", clock)
    held = next(iter(claim(lane="simulated", owner="slow", size=10, at=clock.now)))
    actions.withdraw(termination=case, acting=PERSON, at=clock.now)
    assert states(case)["restore"] == "waiting"
    (onwards,) = record(held, _outcomes(held), at=clock.now).onwards
    assert onwards.name == "restore"
    record(onwards, _outcomes(onwards), at=clock.now)
    work(clock)
    assert states(case)["restore"] == "done"
    assert_as_before(case)


def test_a_worker_that_dies_while_barring_leaves_nothing_barred(make_line: MakeLine, clock: Clock) -> None:
    case = ask(make_line(), clock)
    until(case, "bar", "open", clock)
    held = next(iter(claim(lane="simulated", owner="dead", size=10, at=clock.now)))
    _outcomes(held)  # the deed is done, the record never comes
    actions.withdraw(termination=case, acting=PERSON, at=clock.now)
    clock.move(minutes=10)
    work(clock)
    assert_as_before(case)


def test_a_worker_that_only_looks_at_the_line_is_not_waited_for(make_line: MakeLine, clock: Clock) -> None:
    case = ask(make_line(), clock)
    until(case, "inspect", "open", clock)
    held = next(iter(claim(lane="simulated", owner="slow", size=10, at=clock.now)))
    actions.withdraw(termination=case, acting=PERSON, at=clock.now)
    assert_as_before(case)
    assert record(held, _outcomes(held), at=clock.now).steps == 0
    work(clock)
    assert_as_before(case)


def test_past_the_point_of_no_return_it_is_refused(make_line: MakeLine, clock: Clock) -> None:
    case = ask(make_line(), clock)
    until(case, "hold", "open", clock)
    clock.move(hours=25)
    until(case, "remove", "open", clock)
    list(claim(lane="simulated", owner="busy", size=10, at=clock.now))
    with pytest.raises(Refused, match=r"termination\.no_return"):
        actions.withdraw(termination=case, acting=PERSON, at=clock.now)
    assert not queries.case_view(case).may_withdraw
    before = states(case)
    assert before["remove"] == "claimed"
    assert before["prove"] == "waiting"


def test_withdrawing_twice_is_the_same_as_once(sim_line: Line, clock: Clock) -> None:
    case = ask(sim_line, clock, channel="portal")
    for _ in range(2):
        actions.withdraw(termination=case, acting=PERSON, at=clock.now)
    assert_as_before(case)


def test_a_completed_case_cannot_be_withdrawn(make_line: MakeLine, clock: Clock) -> None:
    case = ask(make_line(), clock)
    work(clock)
    with pytest.raises(Refused, match=r"termination\.(over|no_return)"):
        actions.withdraw(termination=case, acting=PERSON, at=clock.now)


def test_after_a_withdrawal_one_may_ask_again(sim_line: Line, clock: Clock) -> None:
    first = ask(sim_line, clock, channel="portal")
    actions.withdraw(termination=first, acting=PERSON, at=clock.now)
    second = ask(sim_line, clock, channel="portal")
    assert second.pk != first.pk


def test_roaming_that_nobody_switched_off_yet_is_simply_kept(sim_line: Line, clock: Clock) -> None:
    case = ask(sim_line, clock, scope="roaming", channel="portal")
    work(clock)
    assert states(case)["bar"] == "by_hand"
    actions.withdraw(termination=case, acting=PERSON, at=clock.now)
    assert_as_before(case)


def test_a_held_case_stands_still_and_its_dates_do_not_move(esim_line: Line, clock: Clock) -> None:
    case = ask(esim_line, clock, effective="month-end", channel="portal")
    work(clock, forward=False)
    actions.hold(termination=case, code="hold.dispute", acting=CLERK, at=clock.now)
    with pytest.raises(Refused, match=r"termination\.held"):
        show(case, "review", clock, approved="yes")
    requested, ends = case.requested_at, case.ends_at
    clock.move(days=30)
    work(clock)
    assert states(case)["review"] == "paused"
    actions.resume(termination=case, acting=CLERK, at=clock.now)
    show(case, "review", clock, approved="yes")
    work(clock)
    case.refresh_from_db()
    case.line.refresh_from_db()
    assert case.state == "completed"
    assert (case.requested_at, case.ends_at) == (requested, ends)
    assert case.line.ended_at == ends


def test_a_case_that_goes_on_again_does_not_end_the_line_before_its_day(make_line: MakeLine, clock: Clock) -> None:
    case = ask(make_line(), clock, effective="month-end")
    work(clock, forward=False)
    assert states(case)["inspect"] == "open"
    actions.hold(termination=case, code="hold.request", acting=CLERK, at=clock.now)
    clock.move(days=1)
    actions.resume(termination=case, acting=CLERK, at=clock.now)
    work(clock, forward=False)
    step = case.steps.get(name="inspect")
    assert (step.state, step.due_at) == ("open", case.ends_at)
    clock.now = case.ends_at
    work(clock, forward=False)
    assert states(case)["bar"] == "done"


def test_a_worker_that_dies_does_not_set_a_held_case_going(make_line: MakeLine, clock: Clock) -> None:
    case = ask(make_line(), clock)
    until(case, "bar", "open", clock)
    claim(lane="simulated", owner="dead", size=10, at=clock.now)
    actions.hold(termination=case, code="hold.dispute", acting=CLERK, at=clock.now)
    clock.move(minutes=10)
    work(clock)
    assert states(case)["bar"] == "paused"
    actions.resume(termination=case, acting=CLERK, at=clock.now)
    work(clock)
    case.refresh_from_db()
    assert case.state == "completed"


def test_a_rejection_needs_a_known_reason_and_an_untouched_network(esim_line: Line, clock: Clock) -> None:
    case = ask(esim_line, clock, effective="month-end", channel="portal")
    with pytest.raises(Refused, match=r"termination\.unknown_reason"):
        actions.reject(termination=case, code="because", acting=CLERK, at=clock.now)
    actions.reject(termination=case, code="rejected.identity", acting=CLERK, at=clock.now)
    case.refresh_from_db()
    case.line.refresh_from_db()
    assert (case.state, case.code, case.line.state) == ("rejected", "rejected.identity", "active")


def test_what_was_told_to_the_network_cannot_be_rejected_any_more(make_line: MakeLine, clock: Clock) -> None:
    case = ask(make_line(), clock)
    until(case, "hold", "open", clock)
    with pytest.raises(Refused, match=r"termination\.already_begun"):
        actions.reject(termination=case, code="rejected.identity", acting=CLERK, at=clock.now)


@pytest.mark.hlr
@pytest.mark.parametrize("mode", ["cs+ps", "ps"])
def test_on_the_real_hlr_the_line_is_switched_on_again_as_it_was(
    connected: Hlr, make_line: MakeLine, clock: Clock, mode: str
) -> None:
    line = make_line()
    seed([line.target])
    assert connected.vty(f"subscriber imsi {line.imsi} update network-access-mode {mode}") == ""
    before = connected.record(line.target)
    case = ask(line, clock)
    until(case, "hold", "open", clock)
    barred = connected.record(line.target)
    assert barred is not None
    assert (barred.nam_cs, barred.nam_ps) == (False, False)
    actions.withdraw(termination=case, acting=PERSON, at=clock.now)
    work(clock)
    assert_as_before(case)
    assert connected.record(line.target) == before


def test_every_reason_that_can_stop_a_step_has_words_and_a_way_on() -> None:
    files = (path for path in Path(network.__file__).parent.rglob("*.py") if path.parent.name != "migrations")
    source = "\n".join(path.read_text("utf-8") for path in files)
    codes = set(re.findall(r'"((?:network|element|line|lease)\.[a-z_]+(?:\.[a-z_]+)?)"', source))
    assert len(codes) > 15
    for code in codes - {"network.by_hand"}:
        what, way_on = reason_text(code)
        assert code not in what, code
        assert way_on, code


def test_a_barred_number_is_nobodys_login_until_the_case_is_taken_back(make_line: MakeLine, clock: Clock) -> None:
    line = make_line()
    case = ask(line, clock)
    until(case, "bar", "open", clock)
    assert line_by_identifier(line.carrier, line.msisdn) == line
    until(case, "hold", "open", clock)
    line.refresh_from_db()
    assert line.number_off_at == clock.now
    assert line_by_identifier(line.carrier, line.msisdn) is None
    assert numbers_off([line.msisdn]) == {line.msisdn}
    actions.withdraw(termination=case, acting=PERSON, at=clock.now)
    work(clock)
    assert_as_before(case)
    assert line_by_identifier(line.carrier, line.msisdn) == line
    assert numbers_off([line.msisdn]) == set()
