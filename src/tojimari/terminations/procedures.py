"""Which steps does this carrier's procedure have, and which version does a new case begin with?

A procedure is data: a TOML file per kind, the carrier's own where there is one, else the standard one beside this
module. It is checked whole before it is used; a case keeps the version it began with as a `Procedure` row.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

from tojimari.counter.papers import KINDS as PAPERS
from tojimari.lines.models import Carrier
from tojimari.platform.config import config
from tojimari.rules.canonical import canonical
from tojimari.rules.cutoffs import Cutoff
from tojimari.rules.cutoffs import from_toml as cutoff_from_toml
from tojimari.rules.review import ReviewRule
from tojimari.rules.review import from_toml as review_from_toml
from tojimari.terminations.models import Actor, CaseKind, Channel, Procedure

# Step name -> the actors that may do it. The first is the standard one.
STEPS: dict[str, tuple[Actor, ...]] = {
    "verify": (Actor.SUBSCRIBER, Actor.STAFF),
    "settle": (Actor.SYSTEM, Actor.STAFF),
    "visit": (Actor.STAFF,),
    "papers": (Actor.STAFF,),
    "form": (Actor.STAFF,),
    "return_sim": (Actor.STAFF,),
    "review": (Actor.STAFF, Actor.SYSTEM),
    "inspect": (Actor.SYSTEM,),
    "bar": (Actor.SYSTEM,),
    "hold": (Actor.SYSTEM,),
    "remove": (Actor.SYSTEM,),
    "prove": (Actor.SYSTEM,),
    "final_bill": (Actor.SYSTEM,),
    "tell": (Actor.SYSTEM,),
    "certificate": (Actor.SYSTEM,),
}
NETWORK_STEPS = ("inspect", "bar", "remove", "prove")
ELEMENT_LANE = ("inspect", "bar", "hold", "remove", "prove")
"""Steps on the lane of the line's element. The hold is among them, so that one worker takes a line through all."""
NO_RETURN = "remove"
_STEP_KEYS = {"name", "actor", "when", "wait_hours", "papers", "waived_for", "promise_business_days"}
_TOP_KEYS = {"kind", "effective", "review", "step"}
_EFFECTIVE_KEYS = {"offer", "earliest_business_days", "cutoff"}


class BadProcedure(Exception):
    """The procedure file is not usable. `problems` says each thing that is wrong and what to do."""

    def __init__(self, where: str, problems: Sequence[str]) -> None:
        super().__init__(f"{where}: " + "; ".join(problems))
        self.problems = list(problems)


@dataclass(frozen=True, slots=True)
class StepSpec:
    name: str
    actor: Actor
    when_effective: bool
    wait_hours: int
    papers: tuple[str, ...]
    waived_for: tuple[str, ...]
    promise_business_days: int


@dataclass(frozen=True, slots=True)
class ProcedureSpec:
    kind: CaseKind
    offer: tuple[str, ...]  # effective dates one may choose: "now", "month-end", "date", "3bd"
    earliest_business_days: int
    cutoff: Cutoff | None
    steps: tuple[StepSpec, ...]
    review: ReviewRule

    def step(self, name: str) -> StepSpec:
        return next(step for step in self.steps if step.name == name)


def parse(body: Mapping[str, Any], where: str) -> ProcedureSpec:
    """Check a procedure's body whole and return it typed. Raises `BadProcedure` naming everything that is wrong."""
    problems = [f"unknown key {key!r}: remove it" for key in sorted(set(body) - _TOP_KEYS)]
    kind = str(body.get("kind", ""))
    if kind not in CaseKind.values:
        problems.append(f"kind is {kind!r}: use one of {', '.join(CaseKind.values)}")
    effective = body.get("effective", {})
    problems += [f"unknown key effective.{key}: remove it" for key in sorted(set(effective) - _EFFECTIVE_KEYS)]
    if not effective.get("offer"):
        problems.append("effective.offer is empty: name at least one date that may be chosen")
    cutoff = None
    if "cutoff" in effective:
        try:
            cutoff = cutoff_from_toml(effective["cutoff"])
        except (ValueError, KeyError, TypeError) as error:
            problems.append(f"effective.cutoff: {error}")
    review = ReviewRule()
    try:
        review = review_from_toml(body.get("review", {}))
    except ValueError as error:
        problems.append(f"review: {error}")
    steps = [_step(raw, number, problems) for number, raw in enumerate(body.get("step", []), 1)]
    if not problems:
        problems += _order_problems(kind, [step.name for step in steps if step])
    if problems:
        raise BadProcedure(where, problems)
    return ProcedureSpec(
        kind=CaseKind(kind),
        offer=tuple(effective["offer"]),
        earliest_business_days=int(effective.get("earliest_business_days", 0)),
        cutoff=cutoff,
        steps=tuple(step for step in steps if step),
        review=review,
    )


def _step(raw: Mapping[str, Any], number: int, problems: list[str]) -> StepSpec | None:
    """Read one [[step]]; what is wrong goes to `problems`."""
    place = f"step {number} ({raw.get('name', 'no name')})"
    before = len(problems)
    problems += [f"{place}: unknown key {key!r}: remove it" for key in sorted(set(raw) - _STEP_KEYS)]
    name = str(raw.get("name", ""))
    allowed = STEPS.get(name)
    if allowed is None:
        problems.append(f"{place}: unknown step; use one of {', '.join(STEPS)}")
        return None
    actor = raw.get("actor", allowed[0])
    if actor not in allowed:
        problems.append(f"{place}: actor {actor!r} cannot do this; use {' or '.join(allowed)}")
    if raw.get("when", "") not in ("", "effective"):
        problems.append(f"{place}: when is {raw['when']!r}: leave it out or use 'effective'")
    for key in ("wait_hours", "promise_business_days"):
        if not isinstance(raw.get(key, 0), int) or raw.get(key, 0) < 0:
            problems.append(f"{place}: {key} must be a whole number, 0 or more")
    for paper in raw.get("papers", ()):
        if paper not in PAPERS:
            problems.append(f"{place}: unknown paper {paper!r}; use one of {', '.join(PAPERS)}")
    for channel in raw.get("waived_for", ()):
        if channel not in Channel.values:
            problems.append(f"{place}: unknown channel {channel!r}; use one of {', '.join(Channel.values)}")
    if raw.get("waived_for") and actor == Actor.SYSTEM and name != "review":
        problems.append(f"{place}: a step of the system cannot be waived; remove waived_for")
    if len(problems) > before:
        return None
    return StepSpec(
        name=name,
        actor=Actor(actor),
        when_effective=raw.get("when") == "effective",
        wait_hours=raw.get("wait_hours", 0),
        papers=tuple(raw.get("papers", ())),
        waived_for=tuple(raw.get("waived_for", ())),
        promise_business_days=raw.get("promise_business_days", 0),
    )


def _order_problems(kind: str, names: list[str]) -> list[str]:
    """A line ends only in this order: looked at, barred, removed, proved, told, certified. Other steps move freely."""
    problems = [f"step {name!r} stands twice" for name in sorted({n for n in names if names.count(n) > 1})]
    needed = ["verify", *NETWORK_STEPS, "tell", "certificate"]
    if kind != CaseKind.ROAMING:
        needed.insert(-2, "final_bill")
    missing = [name for name in needed if name not in names]
    if missing:
        return [*problems, f"missing steps: {', '.join(missing)}"]
    places = [names.index(name) for name in needed]
    if places != sorted(places):
        problems.append(f"these steps must stand in this order: {', '.join(needed)}")
    if "hold" in names and not names.index("bar") < names.index("hold") < names.index("remove"):
        problems.append("hold must stand between bar and remove")
    people = [name for name in ("visit", "papers", "form", "return_sim", "review", "settle") if name in names]
    problems += [f"{name} must stand before inspect" for name in people if names.index(name) > names.index("inspect")]
    if names[-1] != "certificate":
        problems.append("certificate must be the last step")
    return problems


def load(slug: str, kind: str) -> dict[str, Any]:
    """Return the body of the carrier's procedure: its own file, else one that ships for it, else the standard one."""
    shipped = files("tojimari.terminations") / "procedures"
    own = config().procedures_dir
    places = [shipped / "carriers" / slug / f"{kind}.toml", shipped / f"{kind}.toml"]
    if own is not None:
        places.insert(0, Path(own) / slug / f"{kind}.toml")
    for place in places:
        if place.is_file():
            try:
                body = tomllib.loads(place.read_text("utf-8"))
            except tomllib.TOMLDecodeError as error:
                raise BadProcedure(str(place), [f"not TOML: {error}"]) from error
            parse(body, str(place))
            return body
    raise BadProcedure(kind, ["no such procedure"])


def read(carrier: Carrier, kind: str) -> Procedure:
    """Return the version that a case begun now would follow, not written."""
    body = load(carrier.slug, kind)
    return Procedure(carrier=carrier, kind=kind, digest=sha256(canonical(body)).hexdigest(), body=body)


def current(carrier: Carrier, kind: str) -> Procedure:
    """Return the row of the version that a case begun now would follow; writes the row when the file is new."""
    now = read(carrier, kind)
    row, _ = Procedure.objects.get_or_create(carrier=carrier, kind=kind, digest=now.digest, defaults={"body": now.body})
    return row


def steps_for(carrier: Carrier, kind: str, channel: str) -> list[str]:
    """Return the names of the steps that a case begun now through this channel would go through."""
    return [step.name for step in spec(read(carrier, kind)).steps if channel not in step.waived_for]


def spec(procedure: Procedure) -> ProcedureSpec:
    return parse(procedure.body, f"procedure {procedure.digest[:8]}")
