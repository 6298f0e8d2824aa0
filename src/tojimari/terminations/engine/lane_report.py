"""How does the lane of each network element stand, for whoever watches the installation?

A page must not look across carriers, so a worker counts what waits, and says it with its heartbeat. What is told are
names of elements, states and sums: nothing of a line or a person.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from tojimari.lines.models import Carrier
from tojimari.network.elements import in_file
from tojimari.network.routing import every_lane
from tojimari.platform.health import alive
from tojimari.terminations.engine.lanes import Standing, left, standing


class LaneState(StrEnum):
    WORKING = "working"
    RESTING = "resting"  # the element has not answered for a while; it is tried again at `until`
    MAINTENANCE = "maintenance"  # nothing begins before `until`, as the operator wishes
    NOT_SET_UP = "not_set_up"  # `waiting` steps are due at an element that nobody has set up
    NO_WORKER = "no_worker"  # no worker that is alive works for it


def seen() -> dict[str, Any]:
    """What a worker says with its heartbeat: the elements in use, and how many steps wait for those that are not there.

    Three queries, across all carriers.
    """
    used = {lane for elements in Carrier.objects.values_list("elements", flat=True) for lane in every_lane(elements)}
    return {"used": sorted(used), "left": left()}


def report() -> list[dict[str, Any]]:
    """Return each element in use with its state, JSON-ready, by name. Two queries. Raises `BadElements`.

    `until` is in UTC. Without a living worker only the elements of the file are known.
    """
    workers = alive("worker")
    gone = {lane: many for info in workers for lane, many in info.get("left", {}).items()}
    used = {*_all(workers, "used"), *in_file(), *gone}
    served = set(_all(workers, "lanes"))
    stands = {one.lane: one for one in standing(at=datetime.now(UTC))}
    return [{"lane": lane, **_state(stands.get(lane), gone.get(lane), lane in served)} for lane in sorted(used)]


def _all(workers: Iterable[dict[str, Any]], name: str) -> Iterable[str]:
    return (lane for info in workers for lane in info.get(name, ()))


def _state(stands: Standing | None, waiting: int | None, served: bool) -> dict[str, Any]:
    if waiting:
        return {"state": LaneState.NOT_SET_UP, "waiting": waiting}
    if not served:
        return {"state": LaneState.NO_WORKER}
    if stands is not None and stands.maintained_until is not None:
        return {"state": LaneState.MAINTENANCE, "until": stands.maintained_until.astimezone(UTC).isoformat()}
    if stands is not None and stands.rests_until is not None:
        return {
            "state": LaneState.RESTING,
            "until": stands.rests_until.astimezone(UTC).isoformat(),
            "failures": stands.failures,
            "code": stands.code,
        }
    return {"state": LaneState.WORKING}
