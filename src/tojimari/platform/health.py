"""Is this installation ready to work, and if not, why?"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import structlog
from django.db import DatabaseError, models
from django.db.models.functions import Now
from django.http import HttpRequest, JsonResponse
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tojimari.platform.config import config
from tojimari.platform.database.tables import unapplied
from tojimari.platform.models import Heartbeat
from tojimari.platform.version import version

Check = Callable[[], tuple[bool, str]]

CHECKS = {
    "database": "tojimari.platform.health.database",
    "worker": "tojimari.platform.health.worker",
    "network": "tojimari.network.health.check",
}
"""What must be well, by name. Each answers whether it is, and what it found in words."""

LANES = "tojimari.terminations.engine.lane_report.report"
"""What tells how the lane of each network element stands."""

ALIVE_WITHIN = timedelta(seconds=60)
"""A process that was not seen for longer counts as gone. Workers beat several times in it."""

log = structlog.get_logger(__name__)


def beat(name: str, **info: Any) -> None:
    """Say that this process is alive. `name` is its kind, for example "worker"; `info` must fit into JSON.

    Processes of one kind have a row each. The time is the database's: the clocks of two machines differ.
    """
    here = {"host": socket.gethostname(), "pid": os.getpid()}
    row = Heartbeat(name=f"{name}@{here['host']}:{here['pid']}", at=Now(), info={**here, **info})
    Heartbeat.objects.bulk_create([row], update_conflicts=True, unique_fields=["name"], update_fields=["at", "info"])
    # Those that were killed could not sign off. A day is long enough for somebody to wonder where they went.
    Heartbeat.objects.filter(at__lt=Now() - timedelta(days=1)).delete()


def forget(name: str) -> None:
    """Say that this process ends now, so that nobody waits for its next beat."""
    Heartbeat.objects.filter(name=f"{name}@{socket.gethostname()}:{os.getpid()}").delete()


def database() -> tuple[bool, str]:
    """The database answers a real query, and its tables are those of this version."""
    missing = unapplied()
    if missing:
        return False, f"{len(missing)} migrations are missing, the first is {missing[0]}; run: tojimari manage migrate"
    return True, "up to date"


def alive(kind: str) -> list[dict[str, Any]]:
    """What each process of a kind that was seen within the last minute said of itself. One query."""
    age = models.ExpressionWrapper(Now() - models.F("at"), output_field=models.DurationField())
    seen = Heartbeat.objects.filter(name__startswith=f"{kind}@").annotate(age=age)
    return list(seen.filter(age__lt=ALIVE_WITHIN).values_list("info", flat=True))


def worker() -> tuple[bool, str]:
    """At least one worker was seen within the last minute, and all of them work on the network of this process."""
    workers = alive("worker")
    others = {info.get("network") for info in workers} - {config().network}
    if others:
        return False, f"a worker runs on another network ({', '.join(map(str, others))}) than this process"
    if workers:
        return True, f"{len(workers)} alive"
    return False, "no worker was seen within the last minute; start one with: tojimari worker"


def ask(path: str) -> tuple[bool, str]:
    """Run one check. A check that cannot be run has failed, and says why."""
    try:
        check: Check = import_string(path)
        return check()
    except DatabaseError as error:
        log.warning("health.database_away", check=path, error=str(error))
        return False, "the database does not answer"
    except Exception as error:
        log.warning("health.check_failed", check=path, exc_info=True)
        return False, f"the check itself failed ({type(error).__name__})"


def lanes() -> list[dict[str, Any]] | None:
    """How the lane of each network element stands; None when that cannot be told."""
    try:
        told: list[dict[str, Any]] = import_string(LANES)()
    except Exception:
        log.warning("health.lanes_unknown", exc_info=True)
        return None
    return told


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when everything is ready, 503 otherwise; the body says what was found. For load balancers and people.

    One of many elements that rests or is maintained is told among the lanes; that the others work is ready enough.
    """
    checks = {name: ask(path) for name, path in CHECKS.items()}
    ready = all(well for well, _ in checks.values())
    body = {
        "status": "ready" if ready else "not ready",
        "network": config().network,
        "version": version(),
        "checks": {name: {"ok": well, "found": found} for name, (well, found) in checks.items()},
        "lanes": lanes(),
    }
    return JsonResponse(body, status=200 if ready else 503)
