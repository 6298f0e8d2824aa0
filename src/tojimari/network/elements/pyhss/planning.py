"""What would be sent to a PyHSS for one line? Made from the same words that the steps send.

What only an answer can tell, such as the number of a record, stands in braces until `inspect` has seen it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from tojimari.network.elements.pyhss.client import AUC, IMS, SUBSCRIBER, clr_body, clr_path, deregister_path
from tojimari.network.elements.pyhss.transcript import PORT, entry
from tojimari.network.planning import Order
from tojimari.network.rest import Answer
from tojimari.platform.work import Work

_NODE = {f"serving_mme{what}": f"{{serving_mme{what}}}" for what in ("", "_realm", "_peer")}


def plan(work: Work) -> Sequence[Order]:
    """The requests of one step. Nothing for what a PyHSS is never asked."""
    if work.scope not in ("line", "roaming") or not work.target.imsi:
        return []
    if work.name == "remove" and work.scope != "line":
        return []
    look = _look(work)
    act = {"bar": _bar, "restore": _restore, "remove": _remove}.get(work.name)
    return look if act is None else [*look, *act(work), *look]


def _look(work: Work) -> list[Order]:
    imsi = work.target.imsi
    where = (f"{SUBSCRIBER}/imsi/{imsi}", f"{IMS}/ims_subscriber_imsi/{imsi}", f"{AUC}/{_id(work, AUC)}")
    return [_order("GET", f"/{path}") for path in where]


def _bar(work: Work) -> list[Order]:
    off = {"enabled" if work.scope == "line" else "roaming_enabled": False}
    switch = _order("PATCH", f"/{SUBSCRIBER}/{_id(work, SUBSCRIBER)}", off)
    if work.scope == "line":
        return [switch, _order("GET", deregister_path(work.target.imsi), note="if_serving")]
    return [switch, _order("PUT", clr_path(work.target.imsi), clr_body(_NODE, reattach=True), note="if_abroad")]


def _restore(work: Work) -> list[Order]:
    found = work.earlier.get("inspect", {}).get("switch", True)
    body = {"enabled" if work.scope == "line" else "roaming_enabled": found}
    return [_order("PATCH", f"/{SUBSCRIBER}/{_id(work, SUBSCRIBER)}", body, note="as_before")]


def _remove(work: Work) -> list[Order]:
    return [_order("DELETE", f"/{table}/{_id(work, table)}") for table in (IMS, SUBSCRIBER, AUC)]


def _id(work: Work, table: str) -> str:
    seen = work.earlier.get("inspect", {}).get("ids", {})
    return str(seen.get(table, f"{{{table}_id}}"))


def _order(method: str, path: str, body: Any = None, *, note: str = "") -> Order:
    return Order(PORT, entry(Answer(datetime.now(UTC), method, path, body))["sent"], note)
