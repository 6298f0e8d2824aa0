"""Is a line that lives at a profile server and in an HLR closed exactly once, wherever the worker is killed?

As `test_crash_matrix`, with both elements named in the installation's file, under every limit, and killed at a sample
of the points: each stands for those around it. Once the network to the profile server is bad as well.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cast import MakeLine
from tests.network.profile_server import Site, pki, site
from tests.support.faultproxy import FaultProxy
from tests.support.hlr import Hlr
from tests.support.setup_elements import WriteElements, write_elements
from tests.support.smdp import Heard, Held, Reply, State
from tests.terminations import play
from tests.terminations.play import Clock, ask, assert_closed_exactly_once, work
from tests.terminations.test_crash_matrix import HOLD, assert_gone_from_the_hlr, assert_nothing_doubled, run_worker
from tojimari.network.elements import element
from tojimari.network.elements.osmohlr.element import OsmoHlrElement
from tojimari.network.seed import seed
from tojimari.terminations.engine.claim import LEASE
from tojimari.terminations.models import Termination

__all__ = ["pki", "site", "write_elements"]

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("as_worker"),
    pytest.mark.hlr,
]

SAMPLES = 14
FILE = """
[hlr]
kind = "osmohlr"
host = "{host}"
imsi = ["4"]
rate_per_second = 1000
concurrency = 1
breaker = {{ failures = 3, pause_seconds = 10 }}

[es2plus]
kind = "es2plus"
rate_per_second = 1000
breaker = {{ failures = 3, pause_seconds = 10 }}
"""
LANES = ["hlr", *play.LANES]

Begin = Callable[[Clock], Termination]


@pytest.fixture
def begin(
    hlr: Hlr, site: Site, write_elements: WriteElements, make_line: MakeLine, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Begin]:
    """Ask for the end of a line whose profile nobody has downloaded, and which the HLR holds."""
    write_elements(FILE.format(host=hlr.host))
    monkeypatch.setattr(play, "LANES", LANES)
    site.carrier.elements = {"esim": ["es2plus", "hlr"]}
    site.carrier.save()

    def begun(clock: Clock) -> Termination:
        line = make_line(kind="esim", email="someone@mail.example", carrier=site.carrier)
        line.refresh_from_db()
        site.smdp.profiles[line.iccid] = Held(State.RELEASED, line.eid)
        assert seed([line.target], hlr.settings) == 1
        forget_connections()
        return ask(line, clock)

    yield begun
    forget_connections()


def forget_connections() -> None:
    """Close this process's connections to the HLR: a child process must not talk on its parent's."""
    used = element("hlr")
    assert isinstance(used, OsmoHlrElement)
    used.close()
    element.cache_clear()


def assert_closed_everywhere(case: Termination, hlr: Hlr, site: Site) -> None:
    assert_closed_exactly_once(case)
    assert_nothing_doubled(case)
    assert_gone_from_the_hlr(hlr, case.line)
    assert site.smdp.profiles[case.line.iccid].state is State.UNAVAILABLE
    steps = dict(case.steps.values_list("name", "state"))
    assert {steps[name] for name in ("prove", "prove@es2plus", "remove", "remove@es2plus")} == {"done"}


def killed_and_taken_over(point: int, begin: Begin, folder: Path) -> Termination:
    """Kill a worker at this point, and let another one take over when its lease is over."""
    clock = Clock()
    case = begin(clock)
    status = run_worker(clock, point, folder, LANES)
    assert os.WIFSIGNALED(status), f"point {point} was not reached"
    assert os.WTERMSIG(status) == signal.SIGKILL
    clock.move(seconds=3 * HOLD)
    clock.now += LEASE * 2
    for _ in range(3):
        work(clock)
        clock.now += LEASE  # whatever rests or waits for its rate goes on
    return case


def test_killed_at_any_point_the_line_is_closed_once_at_both_elements(
    hlr: Hlr, site: Site, begin: Begin, tmp_path: Path
) -> None:
    case = begin(Clock())
    assert run_worker(Clock(), 0, tmp_path, LANES) == 0, (tmp_path / "trouble").read_text()
    assert_closed_everywhere(case, hlr, site)
    points = int((tmp_path / "points").read_text())
    assert points > 80, "the worker passes fewer points than it must: are they still counted?"
    for point in range(3, points + 1, points // SAMPLES):
        case = killed_and_taken_over(point, begin, tmp_path)
        try:
            assert_closed_everywhere(case, hlr, site)
        except AssertionError as error:
            raise AssertionError(f"killed at point {point} of {points}: {error}") from error


def test_killed_after_an_answer_of_the_profile_server_was_lost(
    hlr: Hlr, site: Site, begin: Begin, tmp_path: Path
) -> None:
    case = begin(Clock())
    assert run_worker(Clock(), 0, tmp_path, LANES) == 0, (tmp_path / "trouble").read_text()
    assert_closed_everywhere(case, hlr, site)
    points = int((tmp_path / "points").read_text())
    with FaultProxy(("127.0.0.1", site.smdp.port), "127.0.0.1") as proxy:
        site.settings(port=proxy.port)
        forget_connections()
        lost: list[Heard] = []

        def lose_the_first(heard: Heard) -> Reply | None:
            """The order is cancelled; then the network goes bad for a moment, before the answer is on its way."""
            if not lost:
                lost.append(heard)
                proxy.arm("reset", at=0, times=1)
            return None

        site.smdp.answer = lose_the_first
        case = killed_and_taken_over(points * 3 // 4, begin, tmp_path)
    assert lost, "no answer was lost"
    assert_closed_everywhere(case, hlr, site)
