"""Which commands would go to which element, and after which one is there no way back?

For a dry run, where no case exists yet, and for a case with steps to come. Nothing is sent, nothing is written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tojimari.network.handlers import UNCLEAR, unclear
from tojimari.network.planning import Order, orders
from tojimari.platform.acting import Refused
from tojimari.platform.work import Evidence, Work, sibling, verb_of
from tojimari.terminations.across import elements_of, spread
from tojimari.terminations.handlers import AT_AN_ELEMENT
from tojimari.terminations.models import Step, StepState, Termination
from tojimari.terminations.procedures import NO_RETURN, spec


@dataclass(frozen=True, slots=True)
class Planned:
    """One step at one element. `orders` is None where the element cannot say beforehand what it would send."""

    step: str
    lane: str
    orders: Sequence[Order] | None
    no_return: bool  # the point of no return lies before this step: it is the first that cannot be undone

    def as_json(self) -> dict[str, Any]:
        told = None if self.orders is None else [order.as_json() for order in self.orders]
        return {"step": self.step, "lane": self.lane, "orders": told, "no_return": self.no_return}


@dataclass
class Examples:
    """One line of each sort that a file has: what is sent for the others of its sort differs in their numbers only."""

    found: dict[tuple[str, tuple[str, ...]], Termination] = field(default_factory=dict)
    counts: dict[tuple[str, tuple[str, ...]], int] = field(default_factory=dict)

    def add(self, case: Termination) -> None:
        """Count a case that would be opened. No query."""
        try:
            sort = (case.kind, elements_of(case.line, case.scope))
        except (LookupError, Refused):
            return  # the case itself is refused for that, and says so
        self.found.setdefault(sort, case)
        self.counts[sort] = self.counts.get(sort, 0) + 1

    def plans(self) -> list[dict[str, Any]]:
        """Return each sort with its number of lines and its commands, JSON-ready; identifiers are masked."""
        return [
            {"kind": kind, "lanes": list(lanes), "lines": self.counts[kind, lanes], "steps": _as_json(would_send(case))}
            for (kind, lanes), case in self.found.items()
        ]


def for_staff_at_once(cases: Iterable[Termination]) -> Counter[str]:
    """Return how many of the cases that would be opened the network would leave to staff. One query or none."""
    return +Counter({UNCLEAR: len(unclear(case.line.target for case in cases))})


def would_send(case: Termination) -> list[Planned]:
    """Return what a case that is not written yet would send, step by step."""
    lanes = elements_of(case.line, case.scope)
    steps = [(step.name, lane) for step, lane in spread(spec(case.procedure).steps, lanes)]
    return _planned(case, [(name, lane, 0) for name, lane in steps if verb_of(name) in AT_AN_ELEMENT], {}, begun=False)


def still_to_be_sent(case: Termination, steps: Sequence[Step]) -> list[Planned]:
    """Return what a running case would still send; nothing where it is over. `steps` come in order, with evidence."""
    if not case.is_open:
        return []
    over = (StepState.DONE, StepState.SKIPPED, StepState.CANCELLED)
    coming = [step for step in steps if step.state not in over and verb_of(step.name) in AT_AN_ELEMENT]
    earlier = {step.name: step.evidence for step in steps if step.state == StepState.DONE}
    begun = any(step.no_return and step.attempts for step in steps)
    return _planned(case, [(step.name, step.lane, step.pk) for step in coming], earlier, begun=begun)


def _planned(
    case: Termination, steps: Sequence[tuple[str, str, int]], earlier: Mapping[str, Evidence], *, begun: bool
) -> list[Planned]:
    """`begun`: the point of no return lies behind."""
    first = next((name for name, _, _ in steps if verb_of(name) == NO_RETURN), "") if not begun else ""
    planned = []
    for name, lane, step_id in steps:
        work = Work(
            step_id=step_id,
            case_id=case.pk or 0,
            case=case.reference,
            name=verb_of(name),
            scope=case.scope,
            target=case.line.target,
            attempt=1,
            earlier={verb: earlier[other] for verb in AT_AN_ELEMENT if (other := sibling(name, verb)) in earlier},
        )
        planned.append(Planned(name, lane, orders(lane, work), name == first))
    return planned


def _as_json(planned: Sequence[Planned]) -> list[dict[str, Any]]:
    return [one.as_json() for one in planned]
