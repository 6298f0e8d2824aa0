"""Which network elements end this line?

The carrier's own data says it per kind of line or per service, one element or several in their order; "default" is the
HLR that this installation is connected to. A name may stand for a group of elements, each with its range of IMSIs: then
the line's own decides. Where no network is connected at all, the network is simulated, and everything shown says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tojimari.network.elements import NO_SWITCH, PEOPLE, in_file, kind_of, kinds, names, ranges
from tojimari.platform.acting import Refused
from tojimari.platform.config import config

DEFAULT = "default"
ENDED = {"physical_sim": ("physical_sim", "line"), "esim": ("esim", "line"), "roaming": ("physical_sim", "roaming")}
"""What a carrier may name elements for, each with a kind of line and the scope that end there."""
OSMOHLR, SIMULATED = "osmohlr", "simulated"

Named = Mapping[str, str | Sequence[str]]
"""A carrier's elements: {"esim": ["es2plus", "osmohlr"], "roaming": "by_hand"}. What is not in it is "default"."""


def lanes_for(carrier_elements: Named, kind: str, scope: str, imsi: str | None = None) -> tuple[str, ...]:
    """The names of the elements, which are also the engine's lanes, in the order in which they work. No query.

    `carrier_elements` maps a service ("roaming") or a kind of line ("physical_sim", "esim") to elements or groups of
    them. The last one holds the line itself: what it proves ends the line. Of a group the line's `imsi` chooses the
    element; without one (None) it is the first of the group, for questions that all of them answer alike.

    LookupError for a name that is none, for no name, for the same one twice, and for a last one that holds no line.
    Raises `Refused`: `element.no_range` when no element of a group holds the line.
    """
    named = carrier_elements.get(kind if scope == "line" else scope, DEFAULT)
    several = [named] if isinstance(named, str) else list(named)
    lanes = tuple(_lane(_default(scope) if name == DEFAULT else name, imsi) for name in several)
    if not lanes or len(set(lanes)) < len(lanes):
        raise LookupError(f"Name each network element of {kind} once, and at least one; not {named!r}.")
    if kind_of(lanes[-1]) in NO_SWITCH:
        raise LookupError(f"{lanes[-1]} holds no line: name the network element that holds it last; not {named!r}.")
    return lanes


def lane_for(carrier_elements: Named, kind: str, scope: str, imsi: str | None = None) -> str:
    """The element that holds the line itself: the last one of `lanes_for`."""
    return lanes_for(carrier_elements, kind, scope, imsi)[-1]


def every_lane(carrier_elements: Named) -> set[str]:
    """All elements at which lines or services of this carrier may end. What does not exist is left out."""
    return _lanes_of(carrier_elements, ENDED)


def _lanes_of(carrier_elements: Named, ended: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for what in ended:
        name = carrier_elements.get(what, DEFAULT)
        for one in [name] if isinstance(name, str) else name:
            used = _default(ENDED[what][1]) if one == DEFAULT else one
            found.update(ranges().members(used) or {used} & set(names()))
    return found


def own_imsis(carrier_elements: Named) -> tuple[str, ...]:
    """The beginnings of the IMSIs that a carrier's elements hold; none where one of them holds all others, too."""
    lanes = _lanes_of(carrier_elements, [what for what, (_, scope) in ENDED.items() if scope == "line"])
    holders = [in_file().get(lane) for lane in lanes if kind_of(lane) not in PEOPLE | NO_SWITCH]
    if not all(one is not None and one.imsi for one in holders):
        return ()
    return tuple(sorted({start for one in holders if one is not None for start in one.imsi}))


def bar_by_themselves(lanes: Iterable[str]) -> bool:
    """Whether these elements can switch a line off at any moment, and on again, without a person's hand.

    One that has no such switch does not stand in the way, if another has.
    """
    used = {kind_of(lane) for lane in lanes}
    return used <= set(kinds()) - PEOPLE and not used <= NO_SWITCH


def check_elements(carrier_elements: Named) -> list[str]:
    """What is wrong with the elements that a carrier names; empty when every line can be ended."""
    problems = [f"there is no kind of line or service {what!r}" for what in carrier_elements if what not in ENDED]
    for what, (kind, scope) in ENDED.items():
        try:
            lanes_for(carrier_elements, kind, scope)
        except LookupError as error:
            problems.append(f"{what}: {error}")
    return problems


def is_simulated(carrier_elements: Named) -> bool:
    """Whether any line or service of this carrier ends in a simulated network."""
    named = [[one] if isinstance(one, str) else one for one in carrier_elements.values()] or [[DEFAULT]]
    used = {name for several in named for name in several}
    return SIMULATED in used or (DEFAULT in used and _default("line") == SIMULATED)


def _lane(name: str, imsi: str | None) -> str:
    members = ranges().members(name)
    if not members:
        if name not in names():
            raise LookupError(f"There is no network element {name!r}; there are {', '.join(names())}.")
        return name
    if imsi is None:
        return members[0]
    holder = ranges().holder(name, imsi)
    if holder is None:
        raise Refused("element.no_range", element=name)
    return holder


def _default(scope: str) -> str:
    if config().osmohlr_host is None and not ranges().members(OSMOHLR):
        return SIMULATED
    # OsmoHLR has no switch for a single service: a person switches it off where it can be done, and attests it.
    return OSMOHLR if scope == "line" else "by_hand"
