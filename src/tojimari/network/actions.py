"""How is a notice of a profile kept, and how do we learn under which name its order runs?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from tojimari.network.elements.es2plus.chip import SignedDelete
from tojimari.network.elements.es2plus.notices import Notice
from tojimari.network.elements.es2plus.settings import ProfileState
from tojimari.network.models import ProfileNotice, ProfileOrder
from tojimari.network.queries import CHIP, SERVER


def keep_notice(notice: Notice, *, carrier_id: int, at: datetime) -> tuple[ProfileNotice, bool]:
    """Keep what a server has said; return it, and whether it was new. A second time it is the one that is there."""
    return ProfileNotice.objects.get_or_create(
        carrier_id=carrier_id,
        digest=notice.digest,
        defaults={
            "iccid": notice.iccid,
            "eid": notice.eid,
            "provider": notice.provider,
            "source": SERVER,
            "point": notice.point,
            "state": notice.state or "",
            "status": notice.status,
            "call_id": notice.call_id,
            "said_at": notice.said_at,
            "received_at": at,
        },
    )


def keep_signed(
    found: SignedDelete, data: bytes, *, provider: str, carrier_id: int, at: datetime
) -> tuple[ProfileNotice, bool]:
    """Keep a chip's own notice, verified; return it, and whether it was new. It counts from when it arrived."""
    return ProfileNotice.objects.get_or_create(
        carrier_id=carrier_id,
        digest=found.digest,
        defaults={
            "iccid": found.iccid,
            "eid": found.eid,
            "provider": provider,
            "source": CHIP,
            "state": ProfileState.DELETED,
            "said_at": at,
            "received_at": at,
            "facts": {"number": found.number, "maker": found.maker, "root": found.root},
            "signed": data,
        },
    )


@dataclass(frozen=True, slots=True)
class Named:
    """Under which name the order of a profile runs at its server. A secret until the order is cancelled."""

    iccid: str
    matching_id: str = field(repr=False)


def name_orders(orders: Iterable[Named], *, carrier_id: int) -> int:
    """Keep the matching ids of orders; return how many. Of an order that is named twice the last name counts."""
    names = {one.iccid: one.matching_id for one in orders}
    rows = [ProfileOrder(carrier_id=carrier_id, iccid=iccid, matching_id=name) for iccid, name in names.items()]
    ProfileOrder.objects.bulk_create(
        rows,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["iccid", "carrier_id"],
        update_fields=["matching_id"],
    )
    return len(rows)
