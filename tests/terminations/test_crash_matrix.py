"""Is a line closed exactly once, wherever the worker is killed?

The worker runs as a process of its own against the real HLR. A first run counts its points: before and after everything
it sends to the HLR, and before and after everything it commits. Then it is killed with SIGKILL at each point in turn,
a second worker takes over when the lease is over, and the case is looked at as a whole. After a commit nothing happens
outside of the process until its next deed, so these two are one point.
"""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from tests.cast import MakeLine
from tests.support.hlr import Hlr
from tests.terminations.conftest import forget_connections
from tests.terminations.play import LANES, Clock, ask, assert_closed_exactly_once, in_a_child, work
from tojimari.lines.models import Line
from tojimari.messages.models import Message
from tojimari.money.models import FinalBill
from tojimari.network.elements.es2plus.client import Client
from tojimari.network.elements.osmohlr.wire import Link
from tojimari.network.seed import seed
from tojimari.terminations.engine.claim import LEASE
from tojimari.terminations.engine.loop import run_until_idle
from tojimari.terminations.models import Termination

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("as_worker"),
    pytest.mark.hlr,
]

HOLD = 25 * 3600  # the worker's clock jumps over the hold, so that one run goes from the request to the certificate


class Points:
    """Counts the points that a worker passes, and kills it at the one that is asked for."""

    def __init__(self, kill_at: int) -> None:
        self.kill_at, self.passed = kill_at, 0

    def pass_one(self) -> None:
        self.passed += 1
        if self.passed == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, deed: Callable[..., Any]) -> Callable[..., Any]:
        def done(*args: Any, **named: Any) -> Any:
            self.pass_one()
            result = deed(*args, **named)
            self.pass_one()
            return result

        return done

    def before(self, deed: Callable[..., Any]) -> Callable[..., Any]:
        def done(*args: Any, **named: Any) -> Any:
            self.pass_one()
            return deed(*args, **named)

        return done

    def before_statement(self, execute: Callable[..., Any]) -> Callable[..., Any]:
        """A writing statement outside a transaction is a commit of its own."""

        def executed(cursor: Any, statement: str, *args: Any, **named: Any) -> Any:
            word = str(statement).lstrip().split()[0].upper() if not str(statement).startswith("--") else "WITH"
            alone = not cursor.db.in_atomic_block and word not in ("SELECT", "SET")
            if alone:
                self.pass_one()
            return execute(cursor, statement, *args, **named)

        return executed


def run_worker(clock: Clock, kill_at: int, folder: Path, lanes: Sequence[str] = LANES) -> int:
    """Run a worker in a child process until nothing is due; return its exit status as `waitpid` gives it.

    The number of points that it passed is in `folder` afterwards, or what went wrong.
    """
    points = Points(kill_at)

    def work_on() -> None:
        with (
            patch.object(Link, "send", points.around(Link.send)),
            patch.object(Client, "call", points.around(Client.call)),
            patch.object(BaseDatabaseWrapper, "commit", points.before(BaseDatabaseWrapper.commit)),
            patch.object(CursorWrapper, "execute", points.before_statement(CursorWrapper.execute)),
        ):
            for _ in range(3):
                run_until_idle(lanes, clock=clock)
                clock.move(seconds=HOLD)
        points.pass_one()  # after the last deed
        (folder / "points").write_text(str(points.passed))

    return os.waitpid(in_a_child(work_on, folder / "trouble"), 0)[1]


def assert_gone_from_the_hlr(hlr: Hlr, line: Line) -> None:
    """Neither record nor key is left: a key without its subscriber would go to the next one that is created."""
    assert hlr.record(line.target) is None
    with closing(sqlite3.connect(f"file:{hlr.server.folder}/hlr.db?mode=ro", uri=True)) as held:
        for table in ("subscriber", "auc_2g", "auc_3g"):
            assert held.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table


def assert_nothing_doubled(case: Termination) -> None:
    assert FinalBill.objects.filter(case_id=case.pk).count() == 1
    assert Message.objects.filter(case_id=case.pk, key="closed").count() == 1


@pytest.fixture
def begin(connected: Hlr, make_line: MakeLine) -> Callable[[Clock], Termination]:
    def begun(clock: Clock) -> Termination:
        line = make_line(email="someone@mail.example")
        assert seed([line.target]) == 1
        forget_connections()
        return ask(line, clock)

    return begun


def test_killed_at_any_point_the_line_is_closed_exactly_once(
    connected: Hlr, begin: Callable[[Clock], Termination], tmp_path: Path
) -> None:
    case = begin(Clock())
    assert run_worker(Clock(), 0, tmp_path) == 0, (tmp_path / "trouble").read_text()
    assert_closed_exactly_once(case)
    points = int((tmp_path / "points").read_text())
    assert points > 60, "the worker passes fewer points than it must: are they still counted?"
    for point in range(1, points + 1):
        clock = Clock()
        case = begin(clock)
        status = run_worker(clock, point, tmp_path)
        assert os.WIFSIGNALED(status), f"point {point} of {points} was not reached"
        assert os.WTERMSIG(status) == signal.SIGKILL
        clock.move(seconds=3 * HOLD)
        clock.now += LEASE * 2
        work(clock)
        try:
            assert_closed_exactly_once(case)
            assert_nothing_doubled(case)
            assert_gone_from_the_hlr(connected, case.line)
        except AssertionError as error:
            raise AssertionError(f"killed at point {point} of {points}: {error}") from error
