"""What do the elements themselves hold of a carrier's lines, asked line by line?

Each line is asked for where its termination would look for it: in the OsmoHLR that holds its IMSI, or in the simulated
network. Other elements cannot be asked this way; a line that lives there alone is not called gone.
"""

from __future__ import annotations

from collections import defaultdict
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


def ask(carrier: Carrier) -> Live:
    """Ask for each line of a carrier, except those that took their number elsewhere. Runs in the carrier's scope.

    Raises `Refused`: `reconcile.element_silent`, or `reconcile.cannot_ask` when no line's element can be asked.
    """
    by_lane, not_asked = _by_lane(carrier)
    if not by_lane and not_asked:
        raise Refused("reconcile.cannot_ask")
    said = Live(not_asked=pl.DataFrame({"imsi": not_asked}, schema={"imsi": pl.String}))
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


def _by_lane(carrier: Carrier) -> tuple[dict[str, Names], list[str]]:
    """A carrier's lines by the element that can be asked for them, and the IMSIs of those that have none. One query."""
    by_lane: dict[str, Names] = defaultdict(list)
    not_asked: list[str] = []
    lines = Line.objects.filter(carrier=carrier).exclude(state=LineState.PORTED_OUT)
    rows = lines.values_list("kind", "imsi", "msisdn")
    for kind, imsi, msisdn in rows.iterator(chunk_size=_AT_ONCE):
        lanes = _lanes(carrier, kind, imsi)
        for lane in lanes:
            by_lane[lane].append((imsi, msisdn))
        if not lanes:
            not_asked.append(imsi)
    return by_lane, not_asked


def _lanes(carrier: Carrier, kind: str, imsi: str) -> list[str]:
    """The elements that can be asked for a line. None where data or ranges lead nowhere, which the doctor tells."""
    try:
        lanes = lanes_for(carrier.elements, kind, "line", imsi)
        return [lane for lane in lanes if kind_of(lane) == SIMULATED or settings_of(lane) is not None]
    except (LookupError, Refused):
        return []
