"""Do workers of several processes keep to one lane's limits together, also when one of them is killed?"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cast import MakeLine
from tests.support.setup_elements import WriteElements, write_elements
from tests.terminations.play import Clock, ask, in_a_child
from tojimari.platform.database.scope import every_carrier
from tojimari.terminations.engine import lanes
from tojimari.terminations.engine.claim import claim
from tojimari.terminations.engine.loop import new_owner, run_until_idle
from tojimari.terminations.handlers import HOUSE
from tojimari.terminations.models import Lane, Step

__all__ = ["write_elements"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("as_worker")]


@pytest.fixture
def due(make_line: MakeLine, clock: Clock) -> None:
    """Steps of ten lines that are due at the simulated network."""
    for _ in range(10):
        ask(make_line(), clock)
    run_until_idle([HOUSE], clock=clock)


def in_children(many: int, deed: Callable[[], object], folder: Path) -> list[int]:
    """Do the same in so many processes at a time; return how each has ended."""

    def done() -> None:
        with every_carrier():
            deed()

    children = [in_a_child(done, folder / f"trouble-{number}") for number in range(many)]
    return [os.waitpid(child, 0)[1] for child in children]


def test_processes_that_claim_at_the_same_moment_share_rate_and_places(
    write_elements: WriteElements, due: None, clock: Clock, tmp_path: Path
) -> None:
    def take() -> None:
        claim(lane="simulated", owner=new_owner(), size=200, at=clock.now)

    write_elements('[simulated]\nkind = "simulated"\nrate_per_second = 40\n')
    assert in_children(4, take, tmp_path) == [0] * 4
    assert Step.objects.filter(state="claimed").count() == 4  # a tenth of a second's worth, for all of them

    Step.objects.filter(state="claimed").update(state="open", lease_owner="", lease_until=None)
    write_elements('[simulated]\nkind = "simulated"\nconcurrency = 1\n')
    assert in_children(4, take, tmp_path) == [0] * 4
    assert Step.objects.filter(state="claimed").values("lease_owner").distinct().count() == 1


def test_a_worker_that_is_killed_between_counting_and_taking_leaves_nothing_half_done(
    write_elements: WriteElements, due: None, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_elements('[simulated]\nkind = "simulated"\nrate_per_second = 40\n')
    Lane.objects.create(name="simulated")
    counted = lanes.take

    def counted_and_killed(*args: Any, **named: Any) -> None:
        counted(*args, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    def take() -> None:
        monkeypatch.setattr(lanes, "take", counted_and_killed)
        claim(lane="simulated", owner="killed", size=200, at=clock.now)

    (status,) = in_children(1, take, tmp_path)
    assert os.WIFSIGNALED(status)
    assert Lane.objects.get().full_at is None
    assert not Step.objects.filter(state="claimed").exists()
    (held,) = claim(lane="simulated", owner="next", size=200, at=clock.now)
    assert len(held.steps) == 4
