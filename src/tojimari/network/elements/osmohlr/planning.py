"""What would be sent to an OsmoHLR for one line? Made from the same words that the steps send."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tojimari.network.elements.osmohlr.barring import SHOW_PEERS, set_mode
from tojimari.network.elements.osmohlr.gsup import CS, PS, asks_for
from tojimari.network.elements.osmohlr.record import mode_of
from tojimari.network.elements.osmohlr.removal import delete, without_keys
from tojimari.network.elements.osmohlr.round import Line, info_by_imsi, info_by_msisdn
from tojimari.network.masking import masked
from tojimari.network.planning import Order
from tojimari.platform.work import Work


def plan(work: Work) -> Sequence[Order]:
    """The commands of one step. Nothing for what an OsmoHLR is never asked: a service, or a line without an IMSI."""
    if work.scope != "line" or not work.target.imsi:
        return []
    return [Order(port, masked(sent), note) for port, sent, note in _STEPS[work.name](Line(work, ""))]


_Told = Sequence[tuple[str, str, str]]


def _look(line: Line) -> _Told:
    return [("ctrl", info_by_imsi(line), "")]


def _look_twice(line: Line) -> _Told:
    return [*_look(line), *([("ctrl", info_by_msisdn(line), "")] if line.msisdn else [])]


def _bar(line: Line) -> _Told:
    peers = ("vty", SHOW_PEERS, "if_serving")
    return [*_look(line), peers, ("vty", set_mode(line, "none"), ""), peers, *_look(line)]


def _restore(line: Line) -> _Told:
    mode = mode_of(line.earlier("inspect"))
    order = ("vty", set_mode(line, mode), "") if mode else ("vty", set_mode(line, "…"), "as_before")
    return [*_look(line), order, *_look(line)]


def _remove(line: Line) -> _Told:
    return [*_look(line), *(("ctrl", sent, "") for sent in (*without_keys(line), delete(line))), *_look(line)]


def _prove(line: Line) -> _Told:
    probes = [("gsup", f"{asks_for(domain)} IMSI {line.imsi}", "") for domain in (CS, PS)]
    return [*_look(line), *probes, *_look_twice(line)]


_STEPS: dict[str, Callable[[Line], _Told]] = {
    "inspect": _look_twice,
    "bar": _bar,
    "restore": _restore,
    "remove": _remove,
    "prove": _prove,
}
