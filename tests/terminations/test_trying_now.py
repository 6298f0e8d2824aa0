"""Can staff have what waits for an element tried at once, and nothing that waits for a day?"""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cast import MakeLine
from tests.support.setup_elements import WriteElements, write_elements
from tests.terminations.play import CLERK, Clock, ask, in_a_child
from tojimari.lines.models import Carrier, Line
from tojimari.platform.acting import Refused
from tojimari.platform.database.scope import every_carrier
from tojimari.proofs.models import Event
from tojimari.terminations import trying_now
from tojimari.terminations.engine.claim import claim
from tojimari.terminations.engine.loop import new_owner, run_until_idle
from tojimari.terminations.handlers import HOUSE
from tojimari.terminations.models import Step, StepState

__all__ = ["write_elements"]

pytestmark = pytest.mark.usefixtures("as_worker")

LANE = "simulated"


def delay(clock: Clock, **chosen: object) -> None:
    """Let the open steps of an element have been tried once, in vain."""
    steps = Step.objects.filter(lane=LANE, state=StepState.OPEN, **chosen)
    steps.update(attempts=1, code="network.no_answer", due_at=clock.now + timedelta(hours=1))


def retried() -> int:
    return Event.objects.filter(name="step.retried").count()


def wait_at_the_element(make_line: MakeLine, clock: Clock, many: int = 1) -> None:
    for _ in range(many):
        ask(make_line(), clock)
    run_until_idle([HOUSE], clock=clock)
    delay(clock)


@pytest.mark.django_db
def test_a_delayed_step_is_tried_now_and_once_only(tabi: Carrier, make_line: MakeLine, clock: Clock) -> None:
    wait_at_the_element(make_line, clock)
    step = Step.objects.get(lane=LANE, state=StepState.OPEN)
    assert trying_now.elements_waited_for(tabi.pk, at=clock.now) == [(LANE, 1)]
    trying_now.try_now(step=step, acting=CLERK, at=clock.now)
    with pytest.raises(Refused, match=r"step\.not_stuck"):
        trying_now.try_now(step=step, acting=CLERK, at=clock.now)
    assert retried() == 1
    assert trying_now.elements_waited_for(tabi.pk, at=clock.now) == []
    step.refresh_from_db()
    assert (step.due_at, step.attempts, step.code) == (clock.now, 1, "network.no_answer")
    assert claim(lane=LANE, owner="one", size=9, at=clock.now)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "told",
    [
        {"attempts": 0},
        {"code": ""},
        {"name": "hold"},
        {"name": "hold@simulated"},
        {"state": StepState.CLAIMED},
        {"state": StepState.BY_HAND},
        {"state": StepState.PAUSED},
        {"actor": "staff"},
    ],
    ids=str,
)
def test_what_waits_for_something_else_goes_on_waiting(
    tabi: Carrier, make_line: MakeLine, clock: Clock, told: dict[str, object]
) -> None:
    wait_at_the_element(make_line, clock)
    step = Step.objects.get(lane=LANE, state=StepState.OPEN)
    Step.objects.filter(pk=step.pk).update(**told)
    with pytest.raises(Refused, match=r"step\.not_stuck"):
        trying_now.try_now(step=step, acting=CLERK, at=clock.now)
    assert trying_now.try_element_now(carrier_id=tabi.pk, lane=LANE, acting=CLERK, at=clock.now) == 0
    step.refresh_from_db()
    assert step.due_at == clock.now + timedelta(hours=1)
    assert not retried()


@pytest.mark.django_db
def test_no_line_is_switched_off_before_its_contract_ends(tanaka_line: Line, clock: Clock) -> None:
    case = ask(tanaka_line, clock, effective="month-end")
    run_until_idle([HOUSE], clock=clock)
    step = Step.objects.filter(termination=case, lane=LANE).order_by("number").first()
    assert step is not None
    Step.objects.filter(pk=step.pk).update(when_effective=True, state=StepState.OPEN)
    delay(clock, pk=step.pk)
    with pytest.raises(Refused, match=r"step\.not_stuck"):
        trying_now.try_now(step=step, acting=CLERK, at=clock.now)
    delay(clock := Clock(case.ends_at), pk=step.pk)
    trying_now.try_now(step=step, acting=CLERK, at=clock.now)


@pytest.mark.django_db
def test_all_of_an_element_are_tried_within_its_limits_and_nobody_elses(
    tabi: Carrier,
    tonari: Carrier,
    make_line: MakeLine,
    clock: Clock,
    write_elements: WriteElements,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write_elements('[simulated]\nkind = "simulated"\nrate_per_second = 40\n')
    monkeypatch.setattr(trying_now, "_AT_ONCE", 4)
    wait_at_the_element(make_line, clock, many=10)
    assert trying_now.try_element_now(carrier_id=tonari.pk, lane=LANE, acting=CLERK, at=clock.now) == 0
    assert trying_now.try_element_now(carrier_id=tabi.pk, lane="other", acting=CLERK, at=clock.now) == 0
    assert trying_now.try_element_now(carrier_id=tabi.pk, lane=LANE, acting=CLERK, at=clock.now) == 10
    assert trying_now.try_element_now(carrier_id=tabi.pk, lane=LANE, acting=CLERK, at=clock.now) == 0
    assert retried() == 10
    taken = claim(lane=LANE, owner="one", size=200, at=clock.now)
    assert sum(len(one.steps) for one in taken) == 4, "a tenth of a second's worth"


@pytest.mark.django_db(transaction=True)
def test_two_clicks_and_two_workers_at_the_same_moment_do_it_once(
    tabi: Carrier, make_line: MakeLine, clock: Clock, tmp_path: Path
) -> None:
    wait_at_the_element(make_line, clock, many=6)

    def take() -> None:
        with every_carrier():
            claim(lane=LANE, owner=new_owner(), size=200, at=clock.now)

    def click() -> None:
        with every_carrier():
            trying_now.try_element_now(carrier_id=tabi.pk, lane=LANE, acting=CLERK, at=clock.now)

    children = [in_a_child(deed, tmp_path / f"{at}") for at, deed in enumerate((click, take, click, take))]
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 4
    with every_carrier():
        claim(lane=LANE, owner=new_owner(), size=200, at=clock.now)  # whatever came too late for both workers
        assert retried() == 6
        assert set(Step.objects.filter(lane=LANE, state=StepState.CLAIMED).values_list("attempts", flat=True)) == {2}
        assert Step.objects.filter(lane=LANE, state=StepState.CLAIMED).count() == 6
