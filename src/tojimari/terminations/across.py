"""How does a procedure run across several network elements?

A line may live in several places: in the HLR, at the SM-DP+, in an activation platform. The carrier names them in the
order in which they work, and each step of the network is then done at one after the other: all look, all bar, and only
when all have barred does the first one remove, which is the point of no return; at the end all prove. The last element
holds the line itself. Its steps bear the bare names ("bar"), so what follows from them follows when all are done; the
others' are named after their element ("bar@es2plus").
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tojimari.lines.models import Line
from tojimari.network.routing import lanes_for
from tojimari.platform.work import AT
from tojimari.terminations.handlers import HOUSE
from tojimari.terminations.models import Actor
from tojimari.terminations.procedures import ELEMENT_LANE, NETWORK_STEPS, StepSpec


def elements_of(line: Line, scope: str) -> tuple[str, ...]:
    """Return the elements that end `scope` on a line, in order. No query. Raises `Refused`: `element.no_range`."""
    return lanes_for(line.carrier.elements, line.kind, scope, line.imsi)


def spread(steps: Sequence[StepSpec], lanes: Sequence[str]) -> Iterator[tuple[StepSpec, str]]:
    """Yield the steps of a case with the lane of each; an empty lane for what people do."""
    for step in steps:
        if step.name in NETWORK_STEPS:
            yield from _at_each(step, lanes)
        elif step.actor == Actor.SYSTEM:
            # The hold lies with the element that goes on after it, so that one worker takes a line through both.
            yield step, lanes[0] if step.name in ELEMENT_LANE else HOUSE
        else:
            yield step, ""


def _at_each(step: StepSpec, lanes: Sequence[str]) -> Iterator[tuple[StepSpec, str]]:
    """Yield a step of the network once for each element. What it waits for, it has waited for after the first one."""
    waiting = step.wait_hours
    for lane in lanes[:-1]:
        yield replace(step, name=f"{step.name}{AT}{lane}", wait_hours=waiting), lane
        waiting = 0
    yield replace(step, wait_hours=waiting), lanes[-1]
