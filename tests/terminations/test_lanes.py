"""Does a lane keep to its limits, whoever works on it: its rate, its batches at a time, its rest, its maintenance?"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.cast import MakeLine
from tests.support.parts import Part
from tests.support.setup_elements import WriteElements, write_elements
from tests.terminations import play
from tests.terminations.play import Clock, ask, assert_closed_exactly_once, states, work
from tojimari.lines.models import Line
from tojimari.network import elements
from tojimari.network.seed import seed
from tojimari.platform.acting import Refused
from tojimari.platform.work import Outcome
from tojimari.rules.calendar import JST
from tojimari.terminations.engine.claim import LEASE, claim
from tojimari.terminations.engine.lanes import LONGEST_WAIT, bucket, left, patience, standing
from tojimari.terminations.engine.loop import run_once, run_until_idle
from tojimari.terminations.handlers import HOUSE
from tojimari.terminations.models import Lane, Step, Termination

__all__ = ["write_elements"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_worker")]

AWAY = Outcome.again("network.no_answer", element="hlr")

part_now: Part


def hlr() -> Part:
    return part_now


@pytest.fixture
def part(monkeypatch: pytest.MonkeyPatch, write_elements: WriteElements) -> Part:
    """An element of one line that rests after three batches without an answer."""
    global part_now
    part_now = Part("hlr", [])
    monkeypatch.setitem(elements.ELEMENTS, "hlr", f"{__name__}.hlr")
    monkeypatch.setattr(play, "LANES", ["hlr", *play.LANES])
    write_elements('[hlr]\nkind = "hlr"\nbreaker = { failures = 3, pause_seconds = 60 }\n')
    return part_now


@pytest.fixture
def line(make_line: MakeLine, part: Part) -> Line:
    made = make_line(kind="esim", email="someone@mail.example")
    made.carrier.elements = {"esim": "hlr"}
    made.carrier.save()
    return made


def begun(line: Line, clock: Clock) -> Termination:
    """A case whose next step is the element's."""
    case = ask(line, clock)
    run_until_idle([HOUSE], clock=clock)
    return case


def simulated_cases(make_line: MakeLine, clock: Clock, many: int) -> list[Termination]:
    lines = [make_line(kind="esim") for _ in range(many)]
    seed([line.target for line in lines])
    return [begun(line, clock) for line in lines]


def limited(**limits: str) -> str:
    keys = "\n".join(f"{name} = {value}" for name, value in limits.items())
    return f'[simulated]\nkind = "simulated"\n{keys}\n'


def played(clock: Clock, *, seconds: float, every: float, owner: str = "one") -> list[tuple[datetime, int]]:
    """Let a worker ask for work again and again, by a clock that nobody waits for; return what it got when."""
    got, until = [], clock.now + timedelta(seconds=seconds)
    while clock.now < until:
        if steps := run_once("simulated", owner=owner, clock=clock):
            got.append((clock.now, steps))
        clock.move(seconds=every)
    return got


@pytest.mark.parametrize(("rate", "every"), [(20, 0.05), (20, 0.33), (7, 0.05), (0.5, 0.3)])
def test_no_second_has_more_steps_than_the_rate_and_little_of_it_is_lost(
    write_elements: WriteElements, make_line: MakeLine, clock: Clock, rate: float, every: float
) -> None:
    write_elements(limited(rate_per_second=str(rate)))
    simulated_cases(make_line, clock, 16)
    got = played(clock, seconds=1.5 if rate > 1 else 8.1, every=every)

    for begins, _ in got:
        within = sum(steps for at, steps in got if begins <= at < begins + timedelta(seconds=1))
        assert within <= max(rate, 1), (begins, got)
    if every < 0.1:
        assert sum(steps for _, steps in got) >= 0.9 * rate * 1.5 - 1


@pytest.mark.parametrize("rate", [0.1, 1, 9.5, 10, 25, 333, 10_000])
def test_a_full_bucket_and_a_second_of_filling_are_the_rate_together(rate: float) -> None:
    burst, refill = bucket(rate)
    assert burst >= 1
    assert refill > 0
    assert burst - 1 + refill == pytest.approx(rate)


def test_two_workers_share_one_rate(write_elements: WriteElements, make_line: MakeLine, clock: Clock) -> None:
    write_elements(limited(rate_per_second="30"))
    simulated_cases(make_line, clock, 6)
    assert [run_once("simulated", owner=owner, clock=clock) for owner in ("one", "two")] == [3, 0]


def test_who_waits_for_the_rate_is_told_how_long(
    write_elements: WriteElements, make_line: MakeLine, clock: Clock
) -> None:
    write_elements(limited(rate_per_second="30"))
    assert patience("simulated", at=clock.now) == LONGEST_WAIT
    simulated_cases(make_line, clock, 6)
    run_once("simulated", owner="one", clock=clock)
    wait = patience("simulated", at=clock.now)
    assert 0.04 < wait < 0.1  # until half of three steps may begin
    clock.move(seconds=wait)
    assert run_once("simulated", owner="one", clock=clock) == 1


def test_no_more_batches_are_under_way_than_is_allowed(
    write_elements: WriteElements, make_line: MakeLine, clock: Clock
) -> None:
    write_elements(limited(concurrency="2"))
    simulated_cases(make_line, clock, 6)

    def held(owner: str) -> int:
        return sum(len(one.steps) for one in claim(lane="simulated", owner=owner, size=2, at=clock.now))

    assert [held(owner) for owner in ("one", "two", "three")] == [2, 2, 0]
    clock.now += LEASE * 2  # the first two have died
    assert held("three") == 2


def test_a_lane_without_limits_has_no_row_and_goes_on_with_its_cases(make_line: MakeLine, clock: Clock) -> None:
    simulated_cases(make_line, clock, 2)
    assert run_once("simulated", owner="one", clock=clock) == 4  # inspect and bar in one go
    assert not Lane.objects.exists()


def test_an_element_that_does_not_answer_rests_and_is_tried_with_one_step(
    line: Line, clock: Clock, part: Part, make_line: MakeLine
) -> None:
    case, other = begun(line, clock), begun(make_line(kind="esim"), clock)
    part.fails["inspect"] = AWAY
    for _ in range(3):
        assert run_once("hlr", owner="one", clock=clock) == 2
        clock.move(seconds=10)
    (rests,) = standing(at=clock.now)
    assert (rests.lane, rests.failures, rests.code) == ("hlr", 3, "network.no_answer")
    assert rests.rests_until == clock.now + timedelta(seconds=50)

    part.told.clear()
    clock.move(seconds=49)
    assert run_once("hlr", owner="one", clock=clock) == 0
    clock.move(seconds=1)
    assert [run_once("hlr", owner=owner, clock=clock) for owner in ("one", "two")] == [1, 0]
    assert part.told == ["inspect hlr"]
    assert standing(at=clock.now)[0].failures == 4  # it still does not answer, and rests again
    ends = [case.ends_at, other.ends_at]

    clock.move(seconds=60)
    part.fails.clear()
    assert [run_once("hlr", owner=owner, clock=clock) for owner in ("one", "two")] == [1, 2]
    assert standing(at=clock.now) == []
    for one in (case, other):
        one.refresh_from_db()
    assert [case.ends_at, other.ends_at] == ends


def test_a_worker_that_dies_while_it_tries_leaves_the_try_to_another(line: Line, clock: Clock, part: Part) -> None:
    begun(line, clock)
    Lane.objects.create(name="hlr", failures=3, rests_until=clock.now)
    assert len(claim(lane="hlr", owner="dead", size=200, at=clock.now)) == 1
    Step.objects.filter(lease_owner="dead").update(state="open", lease_owner="")
    assert claim(lane="hlr", owner="next", size=200, at=clock.now) == []
    clock.now += LEASE
    assert len(claim(lane="hlr", owner="next", size=200, at=clock.now)) == 1


def test_one_answer_is_enough_to_count_from_the_beginning(line: Line, clock: Clock, part: Part) -> None:
    begun(line, clock)
    part.fails["inspect"] = AWAY
    for _ in range(2):
        run_once("hlr", owner="one", clock=clock)
        clock.move(seconds=10)
    part.fails["inspect"] = Outcome.again("network.still_open", exchange=[{"sent": "inspect"}])
    run_once("hlr", owner="one", clock=clock)
    assert Lane.objects.get().failures == 0


def test_a_step_that_asks_the_element_nothing_is_no_answer(line: Line, clock: Clock, part: Part) -> None:
    begun(line, clock)
    part.fails["inspect"] = Outcome.again("lease.expired")
    Lane.objects.create(name="hlr", failures=3, rests_until=clock.now)
    assert run_once("hlr", owner="one", clock=clock) == 1
    assert (Lane.objects.get().failures, Lane.objects.get().rests_until) == (3, clock.now)  # the next one tries at once


def test_a_line_closes_through_a_lane_with_every_limit(
    write_elements: WriteElements, line: Line, clock: Clock, part: Part
) -> None:
    write_elements(
        '[hlr]\nkind = "hlr"\nrate_per_second = 5\nconcurrency = 1\nmaintenance = ["Sun 02:00-05:00"]\n'
        "breaker = { failures = 3, pause_seconds = 60 }\n"
    )
    case = ask(line, clock)
    for _ in range(12):
        work(clock)
        clock.move(seconds=1)
    assert_closed_exactly_once(case)
    assert part.told == ["inspect hlr", "bar hlr", "remove hlr", "prove hlr"]


def test_during_maintenance_work_waits_and_dates_stand(
    write_elements: WriteElements, make_line: MakeLine, clock: Clock
) -> None:
    write_elements(limited(maintenance='["Sat 23:00-02:00"]'))
    clock.now = datetime(2026, 11, 21, 23, 30, tzinfo=JST)
    (case,) = simulated_cases(make_line, clock, 1)
    asked, ends = case.requested_at, case.ends_at
    assert run_once("simulated", owner="one", clock=clock) == 0
    assert [one.maintained_until for one in standing(at=clock.now)] == [datetime(2026, 11, 22, 2, 0, tzinfo=JST)]

    clock.now = datetime(2026, 11, 22, 1, 59, 59, tzinfo=JST)  # past midnight it is the same night
    assert run_once("simulated", owner="one", clock=clock) == 0
    clock.move(seconds=1)
    assert run_once("simulated", owner="one", clock=clock) == 1
    case.refresh_from_db()
    assert (case.requested_at, case.ends_at) == (asked, ends)
    assert standing(at=clock.now) == []


def test_cases_of_an_element_that_was_taken_out_wait_and_are_counted(
    write_elements: WriteElements, make_line: MakeLine, clock: Clock
) -> None:
    write_elements(
        '[old]\nkind = "osmohlr"\nhost = "127.0.0.1"\n\n[new]\nkind = "osmohlr"\nhost = "127.0.0.2"\nimsi = ["9"]\n'
    )
    line = make_line(kind="esim")
    line.carrier.elements = {"esim": "old"}
    line.carrier.save()
    case = ask(line, clock)
    work(clock, forward=False)
    assert left() == {}

    write_elements('[new]\nkind = "osmohlr"\nhost = "127.0.0.2"\n')
    assert left() == {"old": 1}
    assert states(case)["inspect"] == "open"
    write_elements('[old]\nkind = "osmohlr"\nhost = "127.0.0.1"\n')
    assert left() == {}


def test_a_file_of_lines_refuses_only_those_that_no_range_fits(
    write_elements: WriteElements, make_line: MakeLine, clock: Clock
) -> None:
    write_elements('[east]\nkind = "osmohlr"\nhost = "127.0.0.1"\nimsi = ["44010"]\n')
    here, elsewhere = make_line(kind="esim", imsi="440101234567890"), make_line(kind="esim", imsi="440209876543210")
    here.carrier.elements = {"esim": "osmohlr"}
    here.carrier.save()
    elsewhere.refresh_from_db()
    assert set(ask(here, clock).steps.exclude(lane__in=["", "house"]).values_list("lane", flat=True)) == {"east"}
    with pytest.raises(Refused, match=r"element\.no_range"):
        ask(elsewhere, clock)
    elsewhere.refresh_from_db()
    assert elsewhere.state == "active"


@pytest.mark.parametrize("ahead_by", [timedelta(days=3650), timedelta(hours=9)])
def test_what_a_worker_with_a_wrong_clock_wrote_does_not_stop_a_lane(
    write_elements: WriteElements, make_line: MakeLine, clock: Clock, ahead_by: timedelta
) -> None:
    write_elements(limited(rate_per_second="30", breaker="{}"))
    simulated_cases(make_line, clock, 2)
    ahead = clock.now + ahead_by
    Lane.objects.create(name="simulated", full_at=ahead, rests_until=ahead)
    assert run_once("simulated", owner="one", clock=clock) == 1
    clock.move(seconds=1)
    assert run_once("simulated", owner="one", clock=clock) == 2


def test_a_rest_is_over_for_an_element_that_shall_rest_no_more(
    write_elements: WriteElements, make_line: MakeLine, clock: Clock
) -> None:
    write_elements(limited(rate_per_second="300"))
    simulated_cases(make_line, clock, 3)
    Lane.objects.create(name="simulated", failures=5, code="network.refused", rests_until=clock.now)
    assert run_once("simulated", owner="one", clock=clock) == 3
    assert patience("simulated", at=clock.now) < LONGEST_WAIT
