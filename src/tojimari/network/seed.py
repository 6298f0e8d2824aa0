"""How do lines get into the network of this installation, for development and benchmarks?

Each line goes where its termination would look for it: into the OsmoHLR that holds its IMSI, or into the simulated
network. Never for an operator's own HLR: that one has its subscribers already.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from tojimari.network.elements import kind_of
from tojimari.network.elements.osmohlr.seed import seed as seed_hlr
from tojimari.network.elements.osmohlr.wire import Settings
from tojimari.network.elements.simulated.seed import seed as seed_simulated
from tojimari.network.hlrs import settings_of
from tojimari.network.routing import SIMULATED, Named, lanes_for
from tojimari.platform.acting import Refused
from tojimari.platform.work import Target

_AT_ONCE = 2_000


@dataclass(slots=True)
class Seeded:
    """What came of the lines."""

    created: Counter[str] = field(default_factory=Counter)  # lines by element; one that had them all stands with 0
    not_ours: Counter[str] = field(default_factory=Counter)  # lines by element that is filled by its own means only
    no_range: int = 0  # lines whose IMSI no element of a group holds


def seed(lines: Iterable[Target], settings: Settings | None = None) -> int:
    """Create lines that the network lacks: in the HLR of `settings`, else where a carrier without elements has them.

    Returns how many were created. Otherwise as `seed_by_element`.
    """
    if settings is None:
        return seed_by_element(lines, {}).created.total()
    return sum(seed_hlr(part, settings) for part in _parts(lines))


def seed_by_element(lines: Iterable[Target], elements: Named) -> Seeded:
    """Create the lines that the test networks lack, each at the elements that the carrier's `elements` name for it.

    Can be run again after an interruption; memory does not grow with the number of lines. Lines without an IMSI are
    left out. LookupError for elements that are none. Raises `Trouble` of the HLR's client if an HLR does not answer or
    refuses (a number that another IMSI has).
    """
    done = Seeded()
    for part in _parts(lines):
        by_lane: dict[str, list[Target]] = defaultdict(list)
        for line in part:
            try:
                lanes = lanes_for(elements, line.kind, "line", line.imsi)
            except Refused:
                done.no_range += 1
                continue
            for lane in lanes:
                by_lane[lane].append(line)
        for lane, theirs in by_lane.items():
            made = _seed_at(lane, theirs)
            if made is None:
                done.not_ours[lane] += len(theirs)
            else:
                done.created[lane] += made
    return done


def _seed_at(lane: str, lines: list[Target]) -> int | None:
    """Create lines at one element; None for one that we do not fill."""
    if kind_of(lane) == SIMULATED:
        return seed_simulated(lines)
    settings = settings_of(lane)
    return None if settings is None else seed_hlr(lines, settings)


def _parts(lines: Iterable[Target]) -> Iterator[list[Target]]:
    rest = (line for line in lines if line.imsi)
    while part := list(islice(rest, _AT_ONCE)):
        yield part
