"""What does a carrier's administrator change, and what was it before? The only writes and reads of that history."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from tojimari.lines.models import Carrier, Change
from tojimari.platform.acting import Acting, Refused
from tojimari.rules.text import plain

HOTLINE = "hotline"

_INTERNATIONAL = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)


def newest(carrier_id: int, setting: str) -> str:
    """Return what the newest change of a setting made of it; empty when nobody has changed it. One query."""
    change = history(carrier_id, setting).first()
    return change.after if change is not None else ""


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
        if (last.pk if last else 0) != seen:
            raise Refused("settings.changed")
        return Change.objects.create(
            carrier=carrier, setting=setting, at=at, by=str(acting), name=acting.name, before=before, after=after
        )


def set_hotline(*, carrier: Carrier, number: str, seen: int, acting: Acting, at: datetime) -> Change | None:
    """Change where people reach a person, in international form; an empty number says that there is no hotline.

    Raises `Refused`: `settings.hotline` for what is no such number, `settings.changed` as `record` does.
    """
    after = plain(number)
    if after and not _INTERNATIONAL.fullmatch(after):
        raise Refused("settings.hotline", field="hotline")
    with transaction.atomic(durable=True):
        before = Carrier.objects.select_for_update(no_key=True).get(pk=carrier.pk).hotline
        if before == after:
            return None
        last = history(carrier.pk, HOTLINE).first()
        if (last.pk if last else 0) != seen:
            raise Refused("settings.changed")
        Carrier.objects.filter(pk=carrier.pk).update(hotline=after)
        return Change.objects.create(
            carrier=carrier, setting=HOTLINE, at=at, by=str(acting), name=acting.name, before=before, after=after
        )
