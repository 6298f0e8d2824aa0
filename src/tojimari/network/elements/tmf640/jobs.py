"""What was a platform asked for, and where does it tell how far it is?

It is written down before anything is sent: a worker may die after the deed, and the next one has to find the monitor.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tojimari.network.errand import Errand
from tojimari.network.models import ActivationJob

UNDO = "undo "
"""Begins a wish that puts back what should not have changed."""


class Jobs:
    """The one job of a service. Each call is one statement."""

    def __init__(self, errand: Errand, lane: str, service: str) -> None:
        self._key: dict[str, Any] = {"carrier_id": errand.work.target.carrier_id, "lane": lane, "service": service}

    def pending(self) -> ActivationJob | None:
        return ActivationJob.objects.filter(**self._key).first()

    def asking(self, wish: str, at: datetime) -> None:
        """Put down what is about to be asked."""
        ActivationJob.objects.update_or_create(**self._key, defaults={"wish": wish, "monitor": "", "asked_at": at})

    def monitored(self, monitor: str) -> None:
        ActivationJob.objects.filter(**self._key).update(monitor=monitor)

    def over(self) -> None:
        ActivationJob.objects.filter(**self._key).delete()
