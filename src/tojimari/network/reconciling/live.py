"""What do the elements themselves hold of a carrier's lines, asked line by line?

Each line is asked for where its termination would look for it: in the OsmoHLR that holds its IMSI, or in the simulated
network. Other elements cannot be asked this way: they are named, and a line that lives there alone is not called gone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

import polars as pl

from tojimari.lines.models import Carrier, Line, LineState
from tojimari.network.elements import kind_of
from tojimari.network.hlrs import settings_of
from tojimari.network.reconciling.columns import HLR
from tojimari.network.reconciling.elements import asked_live, simulated
from tojimari.network.routing import SIMULATED, lanes_for
from tojimari.platform.acting import Refused

_AT_ONCE = 10_000

NO_ELEMENT = "-"
"""Stands for the element of lines that have none."""

Names = list[tuple[str, str]]
"""IMSI and number of lines."""


@dataclass
class Live:
    """What was said. `keys` is None where no element could tell of keys without a subscriber."""

    subscribers: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=HLR))
    keys: pl.DataFrame | None = None
    held: dict[str, int] = field(default_factory=dict)
    """Subscribers by element, for each that was asked."""
    lists: bool = False
    """Whether everybody in the elements was told, not known lines only."""
    not_asked: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema={"imsi": pl.String}))
    """Lines whose elements cannot be asked."""
    left_out: dict[str, int] = field(default_factory=dict)
    """Lines by element, for each that cannot be asked."""


def ask(carrier: Carrier) -> Live:
    """Ask for each line of a carrier, except those that took their number elsewhere. Runs in the carrier's scope.

    Raises `Refused`: `reconcile.element_silent`, or `reconcile.cannot_ask` when no line's element can be asked.
    """
    by_lane, not_asked, left_out = _by_lane(carrier)
    if not by_lane and not_asked:
        raise Refused("reconcile.cannot_ask", names=", ".join(sorted(left_out)) or NO_ELEMENT)
    said = Live(
        not_asked=pl.DataFrame({"imsi": not_asked}, schema={"imsi": pl.String}), left_out=dict(sorted(left_out.items()))
    )
    parts = [said.subscribers]
    for lane, names in by_lane.items():
        settings = settings_of(lane)
        if settings is None:
            rows, said.keys = simulated(carrier.pk)
        else:
            rows = asked_live(names, settings)
        said.held[lane] = rows.height
        parts.append(rows)
    # Keys are said to be looked for only where every element tells of them.
    said.keys = said.keys if len(by_lane) == 1 else None
    said.lists = said.keys is not None
    said.subscribers = pl.concat(parts)
    return said


def _by_lane(carrier: Carrier) -> tuple[dict[str, Names], list[str], Counter[str]]:
    """A carrier's lines by the element that can be asked for them, and the IMSIs of those that have none. One query.

    Beside them, how many lines each element holds that cannot be asked.
    """
    by_lane: dict[str, Names] = defaultdict(list)
    not_asked: list[str] = []
    left_out: Counter[str] = Counter()
    lines = Line.objects.filter(carrier=carrier).exclude(state=LineState.PORTED_OUT)
    rows = lines.values_list("kind", "imsi", "msisdn")
    for kind, imsi, msisdn in rows.iterator(chunk_size=_AT_ONCE):
        lanes = _lanes(carrier, kind, imsi)
        asked = [lane for lane in lanes if lane != NO_ELEMENT and _can_be_asked(lane)]
        for lane in asked:
            by_lane[lane].append((imsi, msisdn))
        if not asked:
            not_asked.append(imsi)
        left_out.update(lane for lane in lanes if lane not in asked)
    return by_lane, not_asked, left_out


def _lanes(carrier: Carrier, kind: str, imsi: str) -> list[str]:
    """The elements of a line; `NO_ELEMENT` where data or ranges lead nowhere, which the doctor tells."""
    try:
        return list(lanes_for(carrier.elements, kind, "line", imsi))
    except (LookupError, Refused):
        return [NO_ELEMENT]


def _can_be_asked(lane: str) -> bool:
    try:
        return kind_of(lane) == SIMULATED or settings_of(lane) is not None
    except LookupError:
        return False
