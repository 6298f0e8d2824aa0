"""How did a line stand in the network before its case, how does it stand now, and what did the proof find?

One table for each element: before (what "inspect" kept), now (read live), after (what "prove" found). Where an element
compares a whole record, its fields are a table of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from tojimari.network.looking import Looked, facts_of, look
from tojimari.platform.work import verb_of
from tojimari.terminations.models import Step, StepState, Termination

SAME_FACT = {"on_record": "known", "now": "before"}
"""The proof's word for what the other steps call otherwise."""

FIELDS = "before."
"""Begins the names of fields of a whole record, as `network.fields.kept` keeps them."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact at three moments. What was not said is None in `said`; a fact may itself be None: "not known"."""

    name: str
    before: tuple[Any, ...]  # empty: not said
    now: tuple[Any, ...]
    after: tuple[Any, ...]
    differs: bool = False  # of a record's field: not the same at all moments at which the record was read


@dataclass(frozen=True, slots=True)
class AtElement:
    """What one element says of the line. `before_at` and `after_at` are None where the step is not done.

    `fields` are those of a whole record, the ones that differ first.
    """

    lane: str
    facts: Sequence[Fact]
    fields: Sequence[Fact]
    before_at: datetime | None
    after_at: datetime | None
    now: Looked | None  # None where nobody asked


def lanes_of(steps: Sequence[Step]) -> list[str]:
    """Return the elements of a case, in the order in which they work."""
    return [step.lane for step in steps if verb_of(step.name) == "inspect"]


def in_network(case: Termination, steps: Sequence[Step], *, live: bool) -> list[AtElement]:
    """Return what each element of a case says of its line; with `live` they are asked now. Changes nothing.

    `case` comes with its line, `steps` with their evidence. No query of its own; an element that keeps its lines in
    our database may cost a few.
    """
    lanes = lanes_of(steps)
    said = look(lanes, case.line.target, case.scope, case=case.reference) if live else [None] * len(lanes)
    return [_at_element(lane, steps, now) for lane, now in zip(lanes, said, strict=True)]


def _at_element(lane: str, steps: Sequence[Step], now: Looked | None) -> AtElement:
    before, after = _done(steps, "inspect", lane), _done(steps, "prove", lane)
    was, is_so = _facts(before.evidence if before else {}), _facts(now.facts if now else {})
    proved = _facts(after.evidence if after else {})
    names = dict.fromkeys((*was, *is_so, *proved))
    rows = [Fact(name, _said(was, name), _said(is_so, name), _said(proved, name)) for name in names]
    facts = [row for row in rows if not row.name.startswith(FIELDS)]
    fields = sorted(_compared(rows), key=lambda field: (not field.differs, field.name))
    return AtElement(lane, facts, fields, before.done_at if before else None, after.done_at if after else None, now)


def _said(facts: Mapping[str, Any], name: str) -> tuple[Any, ...]:
    return (facts[name],) if name in facts else ()


def _compared(rows: Sequence[Fact]) -> Iterator[Fact]:
    """The fields of a whole record. One that came or went differs, too; a moment without a record says nothing."""
    fields = [row for row in rows if row.name.startswith(FIELDS)]
    said = [(field.before, field.now, field.after) for field in fields]
    read = [any(moment) for moment in zip(*said, strict=True)]
    for field, values in zip(fields, said, strict=True):
        found = [value for value, was_read in zip(values, read, strict=True) if was_read]
        differs = any(value != found[0] for value in found)
        yield replace(field, name=field.name.removeprefix(FIELDS), differs=differs)


def _done(steps: Sequence[Step], verb: str, lane: str) -> Step | None:
    """The step of this verb at this element, once it is done. A member of staff may have done it by hand."""
    at = (step for step in steps if verb_of(step.name) == verb and step.lane == lane)
    return next((step for step in at if step.state == StepState.DONE), None)


def _facts(evidence: Mapping[str, Any]) -> dict[str, Any]:
    """The facts under the same names for all three moments; tables within them are laid open."""
    facts: dict[str, Any] = {}
    for name, value in facts_of(evidence).items():
        name = SAME_FACT.get(name, name)
        if isinstance(value, Mapping):
            facts |= {f"{name}.{key}": inner for key, inner in value.items()}
        else:
            facts.setdefault(name, value)
    return facts
