"""What would be sent to an activation platform for one line? Made from the same words that the steps send.

A change carries the other characteristics of the service as they are then: how many that is, only an answer can tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from tojimari.network.elements.tmf640.client import path_of
from tojimari.network.elements.tmf640.settings import PLACES, Switch
from tojimari.network.elements.tmf640.transcript import PORT, entry
from tojimari.network.planning import Order
from tojimari.network.rest import Answer
from tojimari.platform.work import Work


def plan(work: Work, switch: Switch) -> Sequence[Order]:
    """The requests of one step at the platform, as far as it does them at once."""
    found = work.earlier.get("inspect", {}).get("switch")
    wanted = {"bar": switch.off, "restore": found, "remove": switch.ended}.get(work.name)
    if work.name == "remove" and switch.ended is None:
        return []
    orders = [_order(work, switch, "GET", path) for path in _look(work, switch)]
    if work.name not in ("bar", "restore", "remove"):
        return orders
    note = "as_before" if work.name == "restore" else ""
    change = _order(work, switch, "PATCH", _path(work, switch), _body(switch, wanted), note=note)
    return [*orders, change, _order(work, switch, "GET", "/monitor/{id}", note="if_later"), *orders]


def _look(work: Work, switch: Switch) -> list[str]:
    found = [] if switch.find is None else [f"/service?{_filled(work, switch.find)}&limit=2"]
    return [*found, _path(work, switch)]


def _path(work: Work, switch: Switch) -> str:
    return "/service/{id}" if switch.id is None else path_of(_filled(work, switch.id))


def _body(switch: Switch, value: Any) -> dict[str, Any]:
    return (
        {"serviceCharacteristic": [{"name": switch.characteristic, "value": value}]}
        if switch.characteristic
        else {"state": value}
    )


def _filled(work: Work, pattern: str) -> str:
    for place in PLACES:
        pattern = pattern.replace(f"{{{place}}}", getattr(work.target, place))
    return pattern


def _order(work: Work, switch: Switch, method: str, path: str, body: Any = None, *, note: str = "") -> Order:
    sent = entry(switch)(Answer(datetime.now(UTC), method, path, body))["sent"].replace(', "others": 0', ", …")
    return Order(PORT, sent, note)
