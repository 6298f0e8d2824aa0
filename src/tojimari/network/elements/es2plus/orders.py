"""Did we ask to cancel this order before, and under which name does it run?

It is written down before anything is sent: a worker may die after the deed. "Unknown profile" is a success only for
somebody who knows that they asked before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from tojimari.network.models import ProfileOrder
from tojimari.platform.work import Target

Key = tuple[int, str]  # carrier and ICCID


@dataclass(frozen=True, slots=True)
class Order:
    """What we know of an order."""

    matching_id: str = ""
    asked_at: datetime | None = None


def key_of(target: Target) -> Key:
    return target.carrier_id, target.iccid


def known(targets: Sequence[Target]) -> dict[Key, Order]:
    """What we know of the orders of these lines; orders that we know nothing of are missing. One query."""
    return {(one.carrier_id, one.iccid): Order(one.matching_id, one.asked_at) for one in _rows(targets)}


def asking(target: Target, at: datetime) -> None:
    """Put down that cancelling is about to be sent. A time that stands there already stays. Two statements."""
    row = ProfileOrder(carrier_id=target.carrier_id, iccid=target.iccid, asked_at=at)
    ProfileOrder.objects.bulk_create([row], ignore_conflicts=True)
    _rows([target]).filter(asked_at__isnull=True).update(asked_at=at)


def nothing_arrived(targets: Sequence[Target]) -> None:
    """Take it back for lines of which it is certain that nothing reached the server, and that were not asked before."""
    _rows(targets).update(asked_at=None)


def cancelled(targets: Sequence[Target]) -> None:
    """Wipe the names of orders that are over."""
    _rows(targets).exclude(matching_id="").update(matching_id="")


def _rows(targets: Sequence[Target]) -> QuerySet[ProfileOrder]:
    """The orders of these lines. A batch may be of several carriers: an ICCID of one may be another's, too."""
    wanted = Q(pk__in=[])
    for carrier_id in {target.carrier_id for target in targets}:
        iccids = [target.iccid for target in targets if target.carrier_id == carrier_id]
        wanted |= Q(carrier_id=carrier_id, iccid__in=iccids)
    return ProfileOrder.objects.filter(wanted)
