"""How do lines get into the make-believe network?"""

from __future__ import annotations

from collections.abc import Iterable

from tojimari.network.models import SimulatedSubscriber
from tojimari.platform.database.scope import every_carrier
from tojimari.platform.work import Target


def seed(lines: Iterable[Target]) -> int:
    """Create the lines that it does not have; how many were created. Can be repeated."""
    with every_carrier():
        before = SimulatedSubscriber.objects.count()
        SimulatedSubscriber.objects.bulk_create(
            [SimulatedSubscriber(carrier_id=line.carrier_id, imsi=line.imsi, msisdn=line.msisdn) for line in lines],
            ignore_conflicts=True,
        )
        return SimulatedSubscriber.objects.count() - before
