"""Which network elements can end a line?

Each kind is one folder; deleting a folder and its lines here removes the feature. Of most kinds an installation may
have several elements: its file names them (`instances`). Without a file there is one of each kind, named after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from pydantic import BaseModel

from tojimari.network.element import Element
from tojimari.network.elements.instances import Instance, Ranges, read
from tojimari.platform.config import config

ELEMENTS = {
    "osmohlr": "tojimari.network.elements.osmohlr.element.from_config",
    "es2plus": "tojimari.network.elements.es2plus.element.from_config",
    "by_hand": "tojimari.network.elements.by_hand.element.ByHand",
    "simulated": "tojimari.network.elements.simulated.element.Simulated",
}
"""The word in carriers' files, and what makes the element: called once per process, without arguments."""

OWN_SETTINGS = {
    "osmohlr": "tojimari.network.elements.osmohlr.settings.OwnSettings",
    "pyhss": "tojimari.network.elements.pyhss.settings.OwnSettings",
    "tmf640": "tojimari.network.elements.tmf640.settings.OwnSettings",
}
"""Kinds of which there may be several: the class (pydantic) that checks the table of one and makes it.

A kind that is not in `ELEMENTS` as well is there only if the file names one.
"""

PEOPLE = frozenset({"by_hand"})
"""Elements that are people: what they are told happens when somebody gets to it, not at once."""

NO_SWITCH = frozenset({"es2plus"})
"""Elements that hold no line: they cannot switch one off, and do not prove that one has ended."""


@cache
def element(name: str) -> Element:
    """The element of this name, the same one for all threads of the process. LookupError if there is none."""
    named = in_file().get(name)
    if named is not None and named.own is not None:
        return cast(Element, named.own.make(name))
    if name not in ELEMENTS:
        raise LookupError(f"There is no network element {name!r}; there are {', '.join(names())}.")
    return cast(Element, _named(ELEMENTS[name])())


def names() -> tuple[str, ...]:
    """All elements of this installation, which are also the engine's lanes. Raises `BadElements`."""
    return (*ELEMENTS, *(name for name in in_file() if name not in ELEMENTS))


def kinds() -> tuple[str, ...]:
    """All kinds of elements that there can be."""
    return tuple(dict.fromkeys([*ELEMENTS, *OWN_SETTINGS]))


def kind_of(name: str) -> str:
    """The kind of an element: its name, unless the file says otherwise."""
    named = in_file().get(name)
    return name if named is None else named.kind


def in_file() -> Mapping[str, Instance]:
    """The elements that the file of this installation names; none where there is no file. Raises `BadElements`."""
    path = config().elements
    return {} if path is None else _read_once(path)[0]


def ranges() -> Ranges:
    """Which element of the file holds which line. Raises `BadElements`."""
    path = config().elements
    return _NO_RANGES if path is None else _read_once(path)[1]


def check(path: Path) -> dict[str, Instance]:
    """Read a file of elements anew. Raises `BadElements` naming everything that is wrong."""
    own = {kind: cast("type[BaseModel]", _named(path)) for kind, path in OWN_SETTINGS.items()}
    return read(path, {kind: own.get(kind) for kind in kinds()})


_NO_RANGES = Ranges({})


@lru_cache(maxsize=8)
def _read_once(path: Path) -> tuple[dict[str, Instance], Ranges]:
    found = check(path)
    return found, Ranges(found)


def forget() -> None:
    """Let the file be read, and elements be made, anew."""
    _read_once.cache_clear()
    element.cache_clear()


def _named(path: str) -> Any:
    module, _, name = path.rpartition(".")
    return getattr(import_module(module), name)
