"""How do tests play a case through? With the engine's own loop and a clock that they hold in their hand."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.db import connections

from tojimari.lines.models import Line
from tojimari.network.elements import ELEMENTS
from tojimari.platform.acting import Acting, Role
from tojimari.proofs.chain import Entry, check_chain
from tojimari.proofs.models import Certificate, Event
from tojimari.terminations import actions
from tojimari.terminations.engine.claim import claim
from tojimari.terminations.engine.loop import _outcomes, run_until_idle
from tojimari.terminations.engine.record import record
from tojimari.terminations.handlers import HOUSE
from tojimari.terminations.models import Actor, Channel, Step, StepState, Termination

LANES = [*ELEMENTS, HOUSE]
START = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)  # a Friday, noon in Japan
PERSON = Acting(Role.SUBSCRIBER, "1")
CLERK = Acting(Role.STAFF, "7", "鈴木 一郎")
FILE = Acting(Role.CARRIER, "file")
PROOF = {"how": "code", "to": "email"}


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


def ask(line: Line, clock: Clock, *, scope: str = "line", effective: str = "now", channel: str = "file") -> Termination:
    """Ask for a case: by the carrier's file (no steps of people), or by the subscriber through the portal."""
    by_file = channel == Channel.FILE
    return actions.request(
        line=line,
        scope=scope,
        effective=effective,
        channel=Channel(channel),
        acting=FILE if by_file else PERSON,
        at=clock.now,
        proof={} if by_file else PROOF,
    )


def work(clock: Clock, *, forward: bool = True) -> None:
    """Do everything that is due; with `forward` let time pass until nothing of the system waits for a clock."""
    while True:
        run_until_idle(LANES, clock=clock)
        due = (
            Step.objects.filter(state=StepState.OPEN, actor=Actor.SYSTEM, due_at__gt=clock.now)
            .order_by("due_at")
            .values_list("due_at", flat=True)
            .first()
        )
        if due is None or not forward:
            return
        clock.now = due


def one_step(lane: str, clock: Clock) -> None:
    """Do one step of what is due on a lane, as a worker that is stopped before it goes on with its cases."""
    for held in claim(lane=lane, owner="one step", size=200, at=clock.now):
        record(held, _outcomes(held), at=clock.now)
    Step.objects.filter(lease_owner="one step").update(state=StepState.OPEN, lease_owner="", attempts=0)


def in_a_child(deed: Callable[[], None], told: Path) -> int:
    """Run `deed` in a child process, with connections of its own; return its process id.

    What goes wrong there is written to the file `told`: the child has no other voice.
    """
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        # Not closed, but forgotten: to close it would tell the server that the parent has gone. Which connection is the
        # thread's depends on whether an event loop runs, and the one that a browser test left behind does not run here.
        for inherited in connections.all(initialized_only=True):
            inherited.connection = None
        deed()
        status = 0
    except BaseException:
        told.write_text(traceback.format_exc(), "utf-8")
    finally:
        os._exit(status)


def show(case: Termination, name: str, clock: Clock, **given: str) -> None:
    """Let the clerk complete the person's step `name` of a case."""
    step = case.steps.get(name=name)
    actions.complete_step(step=step, given=given, acting=CLERK, at=clock.now)


def given_for(step: Step) -> Mapping[str, str]:
    """Return what a prepared visitor shows for a step."""
    return {
        "visit": {"came": "yes", "place": "羽田空港店"},
        "papers": {"passport_or_residence_card": "passport", "not_expired": "yes", "receipt_or_contract": "receipt"},
        "form": {"signed": "yes"},
        "return_sim": {"iccid": step.termination.line.iccid},
        "review": {"approved": "yes"},
    }[step.name]


def states(case: Termination) -> dict[str, str]:
    return dict(case.steps.order_by("number").values_list("name", "state"))


def assert_closed_exactly_once(case: Termination) -> None:
    """Everything that a finished case promises: each step once, one certificate, an unbroken history, right books."""
    case.refresh_from_db()
    case.line.refresh_from_db()
    assert case.state == "completed", states(case)
    assert set(states(case).values()) <= {"done", "skipped"}
    events = list(Event.objects.filter(case_id=case.pk).order_by("number"))
    entries = [
        Entry(e.reference, e.number, e.at, e.name, e.actor, e.data, bytes(e.prev), bytes(e.hash)) for e in events
    ]
    assert check_chain(entries).whole
    done = [event.data["step"] for event in events if event.name in ("step.done", "step.attested")]
    assert sorted(done) == sorted(name for name, state in states(case).items() if state == "done" and name != "verify")
    assert [event.name for event in events].count("termination.completed") == 1
    assert Certificate.objects.filter(case_id=case.pk).count() == 1
    if case.scope == "line":
        assert case.line.state == "terminated"
        assert case.line.ended_at == case.ends_at
        assert not case.line.services.exclude(state="terminated").exists()
    else:
        assert case.line.state == "active"
