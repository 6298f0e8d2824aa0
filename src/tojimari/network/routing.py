"""Which network element ends this line?

The carrier's own data says it per kind of line or per service; "default" is the HLR that this installation is
connected to. Where no network is connected at all, the network is simulated, and everything shown says so.
"""

from __future__ import annotations

from collections.abc import Mapping

from tojimari.network.elements import ELEMENTS, NO_SWITCH, PEOPLE
from tojimari.platform.config import config

DEFAULT = "default"


def lane_for(carrier_elements: Mapping[str, str], kind: str, scope: str) -> str:
    """The name of the element, which is also the engine's lane: works of one lane may share a batch.

    `carrier_elements` maps a service ("roaming") or a kind of line ("physical_sim", "esim") to an element's name, e.g.
    {"esim": "osmohlr", "roaming": "by_hand"}. What is not in it is "default". LookupError for a name that is none.
    """
    named = carrier_elements.get(kind if scope == "line" else scope, DEFAULT)
    if named == DEFAULT:
        named = _default(scope)
    if named not in ELEMENTS:
        raise LookupError(f"There is no network element {named!r}; there are {', '.join(ELEMENTS)}.")
    return named


def bars_by_itself(lane: str) -> bool:
    """Whether this element can switch a line off at any moment, and on again, without a person's hand."""
    return lane in ELEMENTS and lane not in PEOPLE and lane not in NO_SWITCH


def _default(scope: str) -> str:
    if config().osmohlr_host is None:
        return "simulated"
    # OsmoHLR has no switch for a single service: a person switches it off where it can be done, and attests it.
    return "osmohlr" if scope == "line" else "by_hand"
