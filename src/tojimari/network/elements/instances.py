"""Which elements does this installation have, and within which limits may they be used?

A file (TOML) has one table for each: its name, of which kind it is, which lines it holds, how fast it may be asked, and
what its kind must know to reach it. It is read once, when a process starts, and checked as a whole: every mistake is
told at once.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Protocol

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from tojimari.network import misread
from tojimari.network.element import Element
from tojimari.rules.windows import Window, parse, under_maintenance_until

RESERVED = frozenset({"default", "house"})
"""Names that mean something else: what a carrier does not name, and the lane of everything that no element does."""


class BadElements(ValueError):
    """The file of elements cannot be used. `problems` says each thing that is wrong."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = list(problems)


class OwnSettings(Protocol):
    """What an element of one kind must know, checked; and how it is made of that."""

    def make(self, name: str) -> Element:
        """Make the element of this name."""


def _window(value: object) -> object:
    return parse(value) if isinstance(value, str) else value


class Breaker(BaseModel):
    """When an element that does not answer is left in peace."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    failures: Annotated[int, Field(ge=1, le=1000)] = 5
    """After so many batches in a row without any answer it rests."""
    pause_seconds: Annotated[float, Field(ge=1, le=86_400)] = 60
    """How long it rests. Then one step is tried; only when that is answered it goes on."""


class Instance(BaseModel):
    """One element, as the file has it. Without limits it is asked as fast as it answers."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
    kind: str
    group: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
    """Elements that share lines among them, by IMSI. A carrier names the group; without one it is the kind."""
    imsi: tuple[Annotated[str, Field(pattern=r"^[0-9]{1,15}$")], ...] = ()
    """Lines whose IMSI begins so are this element's, the longest beginning first; none: all others of the group."""
    rate_per_second: Annotated[float, Field(ge=0.001, le=10_000)] | None = None
    """Most steps that begin in any second, of all workers together."""
    concurrency: Annotated[int, Field(ge=1, le=1000)] | None = None
    """Most batches that are under way at a time, of all workers together."""
    breaker: Breaker | None = None
    maintenance: tuple[Annotated[Window, BeforeValidator(_window)], ...] = ()
    own: Any = None
    """What its kind must know to reach it: an `OwnSettings`, or None for a kind that needs nothing here."""

    @property
    def counted(self) -> bool:
        """Whether its workers must ask each other before they take work."""
        return not (self.rate_per_second is None and self.concurrency is None and self.breaker is None)

    @property
    def limited(self) -> bool:
        """Whether there may be moments at which no step begins, or not all that are due."""
        return self.counted or bool(self.maintenance)

    def maintained_until(self, at: datetime) -> datetime | None:
        """When its maintenance is over; None outside of it."""
        return under_maintenance_until(self.maintenance, at) if self.maintenance else None


COMMON = frozenset(Instance.model_fields) - {"name", "own"}
"""Keys that a table of any kind may have. All others are the kind's own."""


def read(path: Path, kinds: Mapping[str, type[BaseModel] | None]) -> dict[str, Instance]:
    """Read the file whole; return the elements by name. Raises `BadElements` naming everything that is wrong.

    `kinds` names each kind of element with the class that checks its own settings. Of a kind without such a class
    there is one element only, which bears the name of the kind: its table gives it limits.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadElements([f"{path} cannot be read ({error.strerror})"]) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadElements([f"{path} is no TOML ({error})"]) from None
    problems: list[str] = []
    found: dict[str, Instance] = {}
    for name, table in tables.items():
        if not isinstance(table, dict):
            problems.append(f"{name} stands outside every table; write [name] before it")
        elif (made := _read_one(name, table, kinds, problems)) is not None:
            found[name] = made
    if not tables:
        problems.append(f"{path} names no element")
    problems += _shared(found, kinds)
    if problems:
        raise BadElements(problems)
    return found


def _read_one(
    name: str, table: Mapping[str, Any], kinds: Mapping[str, type[BaseModel] | None], problems: list[str]
) -> Instance | None:
    """Check one table; what is wrong goes to `problems`, and then there is no element."""
    kind, before = str(table.get("kind", "")), len(problems)
    if kind not in kinds:
        problems.append(f"[{name}] kind: there is no kind {kind!r}; there are {', '.join(kinds)}")
        return None
    own = kinds[kind]
    if name in RESERVED or (name in kinds and name != kind):
        problems.append(f"[{name}] the name means something else; choose another")
    if own is None and name != kind:
        problems.append(f"[{name}] kind: there is one {kind} only; call its table [{kind}]")
    if own is None and ("group" in table or "imsi" in table):
        problems.append(f"[{name}] group, imsi: {kind} does not share lines with others")
    common = {key: value for key, value in table.items() if key in COMMON}
    rest = {key: value for key, value in table.items() if key not in COMMON}
    made = None
    try:
        made = Instance.model_validate({"group": kind, **common, "name": name})
    except ValidationError as error:
        problems += misread.problems(name, error, Instance)
    if own is None:
        problems += [f"[{name}] {key}: there is no such key" for key in rest]
        settings = None
    else:
        try:
            settings = own.model_validate(rest)
        except ValidationError as error:
            problems += misread.problems(name, error, own, also=COMMON)
    if made is None or len(problems) > before:
        return None
    return made.model_copy(update={"own": settings})


def _shared(found: Mapping[str, Instance], kinds: Mapping[str, object]) -> list[str]:
    """Groups that are called like something else, and lines that two elements of a group both claim."""
    problems = []
    claimed: dict[tuple[str, str], str] = {}
    for name, one in found.items():
        if one.group != one.kind and (one.group in kinds or one.group in found or one.group in RESERVED):
            problems.append(f"[{name}] group: {one.group} means something else; choose another")
        for prefix in one.imsi or ("",):
            other = claimed.setdefault((one.group, prefix), name)
            what = f"IMSIs that begin with {prefix}" if prefix else "all other lines"
            if other != name:
                problems.append(f"[{name}] imsi: [{other}] claims {what} of the group {one.group} as well")
    return problems


class Ranges:
    """Which element of a group holds which line: the longest beginning of an IMSI that fits."""

    def __init__(self, found: Mapping[str, Instance]) -> None:
        self._members: dict[str, list[str]] = defaultdict(list)
        self._by_prefix: dict[str, dict[str, str]] = defaultdict(dict)
        groups = {one.group for one in found.values()}
        for name, one in found.items():
            for where in {one.group} if name in groups else {one.group, name}:
                self._members[where].append(name)
                self._by_prefix[where].update(dict.fromkeys(one.imsi or ("",), name))

    def members(self, where: str) -> Sequence[str]:
        """The elements that a group, or the name of one element, stands for; none where it is neither."""
        return self._members.get(where, ())

    def holder(self, where: str, imsi: str) -> str | None:
        """The element of a group that holds the line with this IMSI; None when no range fits. No query."""
        by_prefix = self._by_prefix[where]
        for length in range(len(imsi), -1, -1):
            if imsi[:length] in by_prefix:
                return by_prefix[imsi[:length]]
        return None
