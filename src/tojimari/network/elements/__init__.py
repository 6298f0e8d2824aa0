"""Which network elements can end a line?

One folder each; deleting a folder and its line here removes the feature.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import cast

from tojimari.network.element import Element

ELEMENTS = {
    "osmohlr": "tojimari.network.elements.osmohlr.element.from_config",
    "es2plus": "tojimari.network.elements.es2plus.element.from_config",
    "by_hand": "tojimari.network.elements.by_hand.element.ByHand",
    "simulated": "tojimari.network.elements.simulated.element.Simulated",
}
"""The word in carriers' files, and what makes the element: called once per process, without arguments."""

PEOPLE = frozenset({"by_hand"})
"""Elements that are people: what they are told happens when somebody gets to it, not at once."""

NO_SWITCH = frozenset({"es2plus"})
"""Elements that hold no line: they cannot switch one off, and do not prove that one has ended."""


@cache
def element(name: str) -> Element:
    """The element of this name, the same one for all threads of the process. LookupError if there is none."""
    if name not in ELEMENTS:
        raise LookupError(f"There is no network element {name!r}; there are {', '.join(ELEMENTS)}.")
    module, _, maker = ELEMENTS[name].rpartition(".")
    return cast(Element, getattr(import_module(module), maker)())
