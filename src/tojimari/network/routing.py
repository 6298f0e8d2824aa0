"""Which network elements end this line?

The carrier's own data says it per kind of line or per service, one element or several in their order; "default" is the
HLR that this installation is connected to. Where no network is connected at all, the network is simulated, and
everything shown says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tojimari.network.elements import ELEMENTS, NO_SWITCH, PEOPLE
from tojimari.platform.config import config

DEFAULT = "default"


Named = Mapping[str, str | Sequence[str]]
"""A carrier's elements: {"esim": ["es2plus", "osmohlr"], "roaming": "by_hand"}. What is not in it is "default"."""


def lanes_for(carrier_elements: Named, kind: str, scope: str) -> tuple[str, ...]:
    """The names of the elements, which are also the engine's lanes, in the order in which they work.

    `carrier_elements` maps a service ("roaming") or a kind of line ("physical_sim", "esim") to elements. The last one
    holds the line itself: what it proves ends the line. LookupError for a name that is none, for no name, and for
    the same one twice, and for a last one that holds no line.
    """
    named = carrier_elements.get(kind if scope == "line" else scope, DEFAULT)
    names = [named] if isinstance(named, str) else list(named)
    lanes = tuple(_default(scope) if name == DEFAULT else name for name in names)
    for lane in lanes:
        if lane not in ELEMENTS:
            raise LookupError(f"There is no network element {lane!r}; there are {', '.join(ELEMENTS)}.")
    if not lanes or len(set(lanes)) < len(lanes):
        raise LookupError(f"Name each network element of {kind} once, and at least one; not {named!r}.")
    if lanes[-1] in NO_SWITCH:
        raise LookupError(f"{lanes[-1]} holds no line: name the network element that holds it last; not {named!r}.")
    return lanes


def lane_for(carrier_elements: Named, kind: str, scope: str) -> str:
    """The element that holds the line itself: the last one of `lanes_for`."""
    return lanes_for(carrier_elements, kind, scope)[-1]


def bar_by_themselves(lanes: Iterable[str]) -> bool:
    """Whether these elements can switch a line off at any moment, and on again, without a person's hand.

    One that has no such switch does not stand in the way, if another has.
    """
    named = set(lanes)
    return named <= ELEMENTS.keys() - PEOPLE and not named <= NO_SWITCH


def _default(scope: str) -> str:
    if config().osmohlr_host is None:
        return "simulated"
    # OsmoHLR has no switch for a single service: a person switches it off where it can be done, and attests it.
    return "osmohlr" if scope == "line" else "by_hand"
