"""What does a carrier's administrator change, and what was it before? The only writes and reads of that history."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from tojimari.lines.models import Carrier, Change
from tojimari.platform.acting import Acting, Refused


def newest(carrier_id: int, setting: str) -> str:
    """Return what the newest change of a setting made of it; empty when nobody has changed it. One query."""
    change = history(carrier_id, setting).first()
    return change.after if change is not None else ""


def newest_of(wanted: Collection[tuple[int, str]]) -> dict[tuple[int, str], str]:
    """Return what the newest changes made of settings, named by carrier id and setting. One query for all of them."""
    if not wanted:
        return {}
    carriers, settings = {carrier for carrier, _ in wanted}, {setting for _, setting in wanted}
    rows = Change.objects.filter(carrier_id__in=carriers, setting__in=settings)
    last = rows.order_by("carrier_id", "setting", "-id").distinct("carrier_id", "setting")
    return {(carrier, setting): after for carrier, setting, after in last.values_list("carrier_id", "setting", "after")}


def history(carrier_id: int, setting: str) -> QuerySet[Change]:
    """Return the changes of a setting, the newest first. One query."""
    return Change.objects.filter(carrier_id=carrier_id, setting=setting).order_by("-id")


def record(
    *, carrier: Carrier, setting: str, before: str, after: str, seen: int, acting: Acting, at: datetime
) -> Change | None:
    """Write a change down; it counts from now on. What is there already is not written again, and None returned.

    `before` is what counted until now, wherever it came from. `seen` is the id of the newest change that the person had
    before them, 0 for none: when somebody else has changed the setting meanwhile, nothing is written. Raises `Refused`
    with `settings.changed`. Belongs to the caller's transaction; whoever comes second waits for it.
    """
    with transaction.atomic():
        Carrier.objects.select_for_update(no_key=True).get(pk=carrier.pk)
        last = history(carrier.pk, setting).first()
        if (last.after if last else before) == after:
            return None
        return append(carrier=carrier, setting=setting, before=before, after=after, seen=seen, acting=acting, at=at)


def append(
    *, carrier: Carrier, setting: str, before: str, after: str, seen: int, acting: Acting, at: datetime
) -> Change:
    """Write a change down whose `before` the caller has read from where it counts. The caller holds the carrier's row.

    Raises `Refused` with `settings.changed`, as `record`.
    """
    last = history(carrier.pk, setting).first()
    if (last.pk if last else 0) != seen:
        raise Refused("settings.changed")
    return Change.objects.create(
        carrier=carrier, setting=setting, at=at, by=str(acting), name=acting.name, before=before, after=after
    )
