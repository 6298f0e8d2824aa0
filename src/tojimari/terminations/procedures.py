"""Which steps does this carrier's procedure have, and which version does a new case begin with?

A procedure is data: a TOML text per kind. The operator's file for the carrier counts before what the carrier's
administrator wrote at the desk, and that before what ships beside this module. It is checked whole before it is used; a
case keeps the version it began with as a `Procedure` row.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

from tojimari.counter.papers import KINDS as PAPERS
from tojimari.lines.changes import newest
from tojimari.lines.models import Carrier
from tojimari.platform.acting import Refused
from tojimari.platform.config import config
from tojimari.platform.work import verb_of
from tojimari.rules.canonical import canonical
from tojimari.rules.cutoffs import Cutoff
from tojimari.rules.cutoffs import from_toml as cutoff_from_toml
from tojimari.rules.effective import OnDate
from tojimari.rules.effective import parse as parse_wish
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
"""Steps on the lanes of the line's elements. The hold is among them, so that one worker takes a line through all."""
NO_RETURN = "remove"
_STEP_KEYS = {"name", "actor", "when", "wait_hours", "papers", "waived_for", "promise_business_days"}
PERSONS_STEPS = ("verify", "visit", "papers", "form", "return_sim")
"""Steps that ask something of the person who leaves."""
_TOP_KEYS = {"kind", "sign_up_steps", "effective", "review", "step"}
_EFFECTIVE_KEYS = {"offer", "earliest_business_days", "cutoff"}


class BadProcedure(Exception):
    """The procedure file is not usable. `problems` says each thing that is wrong and what to do."""

    def __init__(self, where: str, problems: Sequence[str]) -> None:
        super().__init__(f"{where}: " + "; ".join(problems))
        self.problems = list(problems)


class Origin(StrEnum):
    """Where the text of a procedure comes from. The first one that is there counts."""

    FILE = "file"  # in TOJIMARI_PROCEDURES_DIR
    DESK = "desk"  # written by the carrier's administrator
    SHIPPED = "shipped"


@dataclass(frozen=True, slots=True)
class Source:
    """The text of a procedure, and where it stands."""

    origin: Origin
    where: str
    text: str


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
        """Return what the procedure says of a step, whichever of several elements it is done at."""
        return next(step for step in self.steps if step.name == verb_of(name))


def parse(body: Mapping[str, Any], where: str) -> ProcedureSpec:
    """Check a procedure's body whole and return it typed. Raises `BadProcedure` naming everything that is wrong."""
    if shapes := _shape_problems(body):
        raise BadProcedure(where, shapes)
    problems = [f"unknown key {key!r}: remove it" for key in sorted(set(body) - _TOP_KEYS)]
    kind = str(body.get("kind", ""))
    if kind not in CaseKind.values:
        problems.append(f"kind is {kind!r}: use one of {', '.join(CaseKind.values)}")
    effective = body.get("effective", {})
    problems += [f"unknown key effective.{key}: remove it" for key in sorted(set(effective) - _EFFECTIVE_KEYS)]
    if not effective.get("offer"):
        problems.append("effective.offer is empty: name at least one date that may be chosen")
    problems += _offer_problems(effective)
    cutoff = None
    if "cutoff" in effective:
        try:
            cutoff = cutoff_from_toml(effective["cutoff"])
        except (ValueError, KeyError, TypeError) as error:
            problems.append(f"effective.cutoff: {error}")
    review = ReviewRule()
    try:
        review = review_from_toml(body.get("review", {}))
    except (ValueError, KeyError, TypeError) as error:
        problems.append(f"review: {error}")
    steps = [_step(raw, number, problems) for number, raw in enumerate(body.get("step", []), 1)]
    if not problems:
        names = [step.name for step in steps if step]
        problems += _order_problems(kind, names) + _fairness_problems(body, names)
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


def _shape_problems(body: Mapping[str, Any]) -> list[str]:
    """Say what is no table or list where there must be one; everything else can then be looked at."""
    problems = [
        f"{key} must be a table: write [{key}]"
        for key in ("effective", "review")
        if not isinstance(body.get(key, {}), dict)
    ]
    steps = body.get("step", [])
    if not isinstance(steps, list) or not all(isinstance(step, dict) for step in steps):
        return [*problems, "step must be a list of tables: write [[step]] before each"]
    for number, step in enumerate(steps, 1):
        for key in ("papers", "waived_for"):
            if not _is_texts(step.get(key, [])):
                problems.append(f'step {number} ({step.get("name", "no name")}): {key} must be a list: ["..."]')
    return problems


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _offer_problems(effective: Mapping[str, Any]) -> list[str]:
    """Say which ends cannot be offered."""
    problems = []
    if not _is_texts(effective.get("offer", [])):
        return ['effective.offer must be a list of texts: ["now", "month-end", "date", "3bd"]']
    for wish in effective.get("offer", []):
        try:
            named = wish == "date" or not isinstance(parse_wish(wish), OnDate)
        except Refused:
            named = False
        if not named:
            problems.append(
                f"effective.offer: {wish!r} is no end; use now, month-end, date, or business days such as 3bd"
            )
    days = effective.get("earliest_business_days", 0)
    if not isinstance(days, int) or not 0 <= days <= 60:
        problems.append("effective.earliest_business_days must be a whole number from 0 to 60")
    return problems


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


def _fairness_problems(body: Mapping[str, Any], names: list[str]) -> list[str]:
    """Leaving asks no more steps of the person than joining did, where the carrier says how many those were.

    The guideline of the Ministry of Internal Affairs and Communications on closing: as easy as concluding.
    """
    if "sign_up_steps" not in body:
        return []
    joining, leaving = body["sign_up_steps"], [name for name in names if name in PERSONS_STEPS]
    if not isinstance(joining, int) or isinstance(joining, bool) or joining < 1:
        return ["sign_up_steps must be a whole number, 1 or more"]
    if len(leaving) > joining:
        return [
            f"closing asks {len(leaving)} steps of the person ({', '.join(leaving)}), signing up {joining}: ask fewer"
        ]
    return []


def setting(kind: str) -> str:
    """Return the name under which the desk keeps the carrier's own procedure of a kind."""
    return f"procedure.{kind}"


def source(carrier: Carrier, kind: str) -> Source:
    """Return the text that counts: the operator's file, else what the desk wrote, else what ships. One query at most.

    A file wins over the desk: who runs the installation put it there, and may not know that somebody typed another.
    """
    own = config().procedures_dir
    file = Path(own) / carrier.slug / f"{kind}.toml" if own is not None else None
    if file is not None and file.is_file():
        return Source(Origin.FILE, str(file), file.read_text("utf-8"))
    written = newest(carrier.pk, setting(kind))
    if written:
        return Source(Origin.DESK, setting(kind), written)
    return shipped(carrier.slug, kind)


def shipped(slug: str, kind: str) -> Source:
    """Return the text that ships with the installation: one for this carrier alone, else the standard one."""
    folder = files("tojimari.terminations") / "procedures"
    for place in (folder / "carriers" / slug / f"{kind}.toml", folder / f"{kind}.toml"):
        if place.is_file():
            return Source(Origin.SHIPPED, str(place), place.read_text("utf-8"))
    raise BadProcedure(kind, ["no such procedure"])


def read_text(text: str, where: str) -> dict[str, Any]:
    """Return the body of a procedure from its text, checked whole. Raises `BadProcedure`."""
    try:
        body = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadProcedure(where, [f"not TOML: {error}"]) from error
    parse(body, where)
    return body


def read(carrier: Carrier, kind: str) -> Procedure:
    """Return the version that a case begun now would follow, not written. One query at most."""
    found = source(carrier, kind)
    body = read_text(found.text, found.where)
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
