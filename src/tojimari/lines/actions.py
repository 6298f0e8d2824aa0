"""What can happen to carriers, contacts, lines and services? The only writes, besides the import of files.

The marks on lines and services are made by the engine, inside its own transactions: each takes a set of lines, changes
those that are in the state before, and returns the ids of those it changed. A second call finds nothing to change, so
every one of them can run twice. Rows are locked in the order of their ids: two workers with overlapping sets then wait
for each other instead of locking each other out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import structlog
from django.db import connection, transaction

from tojimari.lines.emails import normal_email
from tojimari.lines.models import (
    Bill,
    Carrier,
    ContactKind,
    ContactPoint,
    LineState,
    ServiceKind,
    ServiceState,
    Subscriber,
)
from tojimari.lines.statements import statement
from tojimari.platform.acting import Acting, Refused
from tojimari.rules.identifiers import msisdn

log = structlog.get_logger(__name__)


def add_carrier(
    *,
    slug: str,
    name_ja: str,
    name_en: str,
    name_zh_hans: str = "",
    name_zh_hant: str = "",
    hosts: Sequence[str] = (),
    elements: Mapping[str, str | Sequence[str]] | None = None,
    hotline: str = "",
    designated: bool = False,
    acting: Acting,
) -> Carrier:
    """Add a carrier, or bring the one with this slug up to date.

    A Chinese name that is missing is the Japanese one: its characters can be read. `elements` names network elements
    by kind of line or service; what is missing there is the installation's default. What it says of itself as a
    company stays as it is: `company.set_company` changes that, with history.
    """
    carrier, added = Carrier.objects.update_or_create(
        slug=slug,
        defaults={
            "name_ja": name_ja,
            "name_en": name_en,
            "name_zh_hans": name_zh_hans or name_ja,
            "name_zh_hant": name_zh_hant or name_ja,
            "hosts": list(hosts),
            "elements": dict(elements or {}),
            "hotline": hotline,
            "designated": designated,
        },
    )
    log.info("carrier.added" if added else "carrier.changed", carrier=slug, acting=str(acting))
    return carrier


@transaction.atomic
def set_contact(
    *, subscriber_id: int, kind: ContactKind, value: str, verified_at: datetime | None = None, acting: Acting
) -> ContactPoint:
    """Make `value` the one place where a subscriber is reached by this kind of contact.

    `verified_at` is when the person proved that they receive what is sent there. Raises `Refused` with
    `contact.email` or the reason code of the number check.
    """
    normal = _normal_contact(kind, value)
    subscriber = Subscriber.objects.select_for_update().get(pk=subscriber_id)
    ContactPoint.objects.filter(subscriber=subscriber, kind=kind).exclude(value=normal).delete()
    point, added = ContactPoint.objects.get_or_create(
        subscriber=subscriber,
        kind=kind,
        value=normal,
        defaults={"carrier_id": subscriber.carrier_id, "verified_at": verified_at},
    )
    if not added and verified_at is not None:
        point.verified_at = verified_at
        point.save(update_fields=["verified_at"])
    log.info("contact.set", subscriber_id=subscriber_id, kind=str(kind), acting=str(acting))
    return point


def add_contact(
    *, subscriber_id: int, kind: ContactKind, value: str, verified_at: datetime, acting: Acting
) -> ContactPoint:
    """Add a place where a subscriber is reached, which they proved to read; those known before stay.

    The newest verified one is where they are written to. Raises `Refused` as `set_contact` does.
    """
    subscriber = Subscriber.objects.select_for_update().get(pk=subscriber_id)
    point, _ = ContactPoint.objects.update_or_create(
        subscriber=subscriber,
        kind=kind,
        value=_normal_contact(kind, value),
        defaults={"carrier_id": subscriber.carrier_id, "verified_at": verified_at},
    )
    log.info("contact.added", subscriber_id=subscriber_id, kind=str(kind), acting=str(acting))
    return point


def pay_bills(line_id: int, yen_by_month: Mapping[str, int], *, on: date) -> list[Bill]:
    """Say of unpaid bills of a line that they were paid on a day of Japan's calendar; return those that were unpaid.

    Months are named as "2026-10". A bill with another amount is left as it is: what was asked for is what is paid.
    """
    unpaid = Bill.objects.select_for_update().filter(line_id=line_id, paid_on=None).order_by("pk")
    paid = [bill for bill in unpaid if yen_by_month.get(f"{bill.month:%Y-%m}") == bill.amount_yen]
    Bill.objects.filter(pk__in=[bill.pk for bill in paid]).update(paid_on=on)
    return paid


def hold_unpaid_bills(line_ids: Iterable[int]) -> None:
    """Let nobody say of bills of these lines that they were paid until the caller's transaction ends. One query.

    In the order in which an import writes them, so that neither locks the other out.
    """
    unpaid = Bill.objects.select_for_update().filter(line_id__in=list(line_ids), paid_on=None)
    list(unpaid.order_by("line_id", "month").values_list("pk"))


def _normal_contact(kind: ContactKind, value: str) -> str:
    if kind == ContactKind.EMAIL:
        address = normal_email(value)
        if address is None:
            raise Refused("contact.email")
        return address
    verdict = msisdn.check(value)
    if not verdict.valid:
        raise Refused(verdict.code)
    return verdict.value.removeprefix("+")


def _changed(name: str, **parameters: Any) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement(f"marks/{name}"), parameters)
        return sorted(row[0] for row in cursor.fetchall())


def mark_pending(line_ids: Iterable[int]) -> list[int]:
    """Say of active lines that they are about to end."""
    return _changed(
        "line_state", lines=list(line_ids), before=LineState.ACTIVE.value, after=LineState.PENDING_TERMINATE.value
    )


def mark_active(line_ids: Iterable[int]) -> list[int]:
    """Say of lines about to end that they stay: the termination was withdrawn or rejected. Their number is on again."""
    return _changed("line_stays", lines=list(line_ids))


def mark_number_off(line_ids: Iterable[int], *, at: datetime) -> list[int]:
    """Keep the moment from which nothing is sent to the number and nobody signs in with it. The first moment stays."""
    return _changed("number_off", lines=list(line_ids), at=at)


@transaction.atomic
def mark_terminated(line_ids: Iterable[int], *, at: datetime, ended_at: datetime | Mapping[int, datetime]) -> list[int]:
    """Say of lines, and of all that ran on them, that they have ended.

    `at` is now: the number is off since then if it was not off before. `ended_at` is the end of the contract, one for
    all lines or by line id. A line that was ported out keeps that state.
    """
    lines = sorted(set(line_ids))
    changed = _changed("line_ended", lines=lines, ends=_ends(lines, ended_at), at=at)
    _changed("services_of_ended_lines", lines=changed)
    return changed


def rest_numbers(free_from: Mapping[tuple[int, str], date]) -> None:
    """Let numbers rest: by carrier and MSISDN, the first day on which each may be given out again (Japan's calendar).

    One statement. A number that rests already keeps the later day.
    """
    if not free_from:
        return
    owners, numbers = zip(*sorted(free_from), strict=True)
    days = [free_from[one] for one in sorted(free_from)]
    with connection.cursor() as cursor:
        cursor.execute(
            statement("marks/number_rests"), {"carriers": list(owners), "numbers": list(numbers), "days": days}
        )


def mark_service_pending(line_ids: Iterable[int], *, kind: ServiceKind) -> list[int]:
    """Say of a service on these lines that it is about to end; the lines stay. Returns the ids of the lines."""
    return _change_service(line_ids, kind, ServiceState.ACTIVE, ServiceState.PENDING_TERMINATE)


def mark_service_active(line_ids: Iterable[int], *, kind: ServiceKind) -> list[int]:
    """Say of a service that was about to end that it stays. Returns the ids of the lines."""
    return _change_service(line_ids, kind, ServiceState.PENDING_TERMINATE, ServiceState.ACTIVE)


def _change_service(line_ids: Iterable[int], kind: ServiceKind, before: ServiceState, after: ServiceState) -> list[int]:
    return _changed("service_state", lines=list(line_ids), kind=kind.value, before=before.value, after=after.value)


def end_service(
    line_ids: Iterable[int], *, kind: ServiceKind, ended_at: datetime | Mapping[int, datetime]
) -> list[int]:
    """Say of a service on these lines that it has ended; the lines stay as they are. Returns the ids of the lines.

    `ended_at` is the end of the service's contract, one for all lines or by line id.
    """
    lines = sorted(set(line_ids))
    return _changed("service_ended", lines=lines, ends=_ends(lines, ended_at), kind=kind.value)


def _ends(lines: Sequence[int], ended_at: datetime | Mapping[int, datetime]) -> list[datetime]:
    return [ended_at[line_id] if isinstance(ended_at, Mapping) else ended_at for line_id in lines]
