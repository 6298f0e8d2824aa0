"""What does a page or a step show of a subscriber's lines? Reads only, in few queries whatever the number of lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Sum

from tojimari.lines.models import (
    Bill,
    Carrier,
    ContactKind,
    ContactPoint,
    Line,
    LineState,
    Plan,
    Service,
    ServiceKind,
    ServiceState,
    Subscriber,
)
from tojimari.platform.database.scope import every_carrier


@dataclass(frozen=True, slots=True)
class LineView:
    """A line with what belongs to it."""

    line: Line
    services: Sequence[Service]
    """Every service the line has or had, in a fixed order."""
    unpaid_bills: Sequence[Bill]
    """Oldest month first."""

    @property
    def carrier(self) -> Carrier:
        return self.line.carrier

    @property
    def subscriber(self) -> Subscriber:
        return self.line.subscriber

    @property
    def plan(self) -> Plan:
        return self.line.plan

    @property
    def owed_yen(self) -> int:
        """Sum of the unpaid bills, consumption tax included."""
        return sum(bill.amount_yen for bill in self.unpaid_bills)

    @property
    def running_services(self) -> Sequence[Service]:
        return [service for service in self.services if service.state != ServiceState.TERMINATED]

    def service(self, kind: str) -> Service | None:
        """Return the line's service of this kind, also one that has ended."""
        return next((service for service in self.services if service.kind == kind), None)


def _with_everything(lines: QuerySet[Line]) -> list[LineView]:
    unpaid = Bill.objects.filter(paid_on__isnull=True).order_by("month")
    found = lines.select_related("carrier", "subscriber", "plan").prefetch_related(
        Prefetch("services", queryset=Service.objects.all()), Prefetch("bills", queryset=unpaid)
    )
    place = {kind: number for number, kind in enumerate(ServiceKind.values)}
    return [
        LineView(line, sorted(line.services.all(), key=lambda service: place[service.kind]), list(line.bills.all()))
        for line in found
    ]


def lines_of_subscriber(subscriber_id: int, *, start: int = 0, most: int | None = None) -> list[LineView]:
    """Return the lines of a subscriber, the newest contract last. Three queries.

    All of them, or a page: at most `most`, from the one at `start` (0 is the first) on.
    """
    lines = Line.objects.filter(subscriber_id=subscriber_id).order_by("contract_on", "pk")
    return _with_everything(lines[start : None if most is None else start + most])


def line_views(line_ids: Iterable[int]) -> dict[int, LineView]:
    """Return lines by id, for a batch of steps. Three queries. Ids that are not visible in this scope are missing."""
    views = _with_everything(Line.objects.filter(pk__in=list(line_ids)).order_by("pk"))
    return {view.line.pk: view for view in views}


def line_view(line: Line) -> LineView:
    """Return one line with what belongs to it. Three queries. Raises `Line.DoesNotExist`."""
    views = line_views([line.pk])
    if line.pk not in views:
        raise Line.DoesNotExist
    return views[line.pk]


def unpaid_bills(line_id: int) -> list[Bill]:
    """Return what a line owes, the oldest month first. One query."""
    return list(Bill.objects.filter(line_id=line_id, paid_on__isnull=True).order_by("month"))


def options_beside_plans(line_ids: Iterable[int]) -> dict[int, int]:
    """Return what the options that end with these lines cost a month beside the plan, in yen with tax; by line.

    One query. An option whose price is not known, or which is a contract of its own, is not among them.
    """
    running = Service.objects.filter(line_id__in=list(line_ids), state=ServiceState.ACTIVE, lives_on=False)
    priced = running.filter(monthly_fee_yen__isnull=False).values_list("line_id").annotate(Sum("monthly_fee_yen"))
    return dict(priced)


def email_of(subscriber_id: int) -> str:
    """Return where mail to a subscriber goes, or an empty text. A verified address comes before an imported one."""
    return _contact(subscriber_id, ContactKind.EMAIL)


def emails_of(subscriber_ids: Iterable[int]) -> dict[int, str]:
    """Return where mail goes, chosen as by `email_of`, for those of many subscribers who have any. One query."""
    return _contacts(subscriber_ids, ContactKind.EMAIL)


def sms_numbers_of(subscriber_ids: Iterable[int]) -> dict[int, str]:
    """Return the numbers for SMS, chosen as by `sms_number_of`, for those of many who have any. One query."""
    return _contacts(subscriber_ids, ContactKind.SMS)


def contact_points(subscriber_ids: Iterable[int]) -> QuerySet[ContactPoint]:
    """Return where people can be reached, without numbers that they held and that went off.

    Such a number may have been given out again: whoever holds it now is somebody else, whatever the books still say.
    """
    own = Line.objects.filter(subscriber_id=OuterRef("subscriber_id"), msisdn=OuterRef("value"))
    lost = own.filter(number_off_at__isnull=False)
    held = own.filter(number_off_at__isnull=True).exclude(state__in=(LineState.TERMINATED, LineState.PORTED_OUT))
    return ContactPoint.objects.filter(~Exists(lost) | Exists(held), subscriber_id__in=set(subscriber_ids))


def _contacts(subscriber_ids: Iterable[int], kind: ContactKind) -> dict[int, str]:
    found: dict[int, list[ContactPoint]] = defaultdict(list)
    for point in contact_points(subscriber_ids).filter(kind=kind).order_by("pk"):
        found[point.subscriber_id].append(point)
    return {subscriber_id: _chosen(own) for subscriber_id, own in found.items()}


def sms_number_of(subscriber_id: int) -> str:
    """Return the number for SMS to a subscriber as E.164 digits, or an empty text. It may be one of their own lines:
    whether that number is still on is for the one who sends to check."""
    return _contact(subscriber_id, ContactKind.SMS)


def number_for_code(subscriber_id: int, *, besides: str) -> str:
    """Return the number that a code by SMS goes to, as E.164 digits, or an empty text.

    In this order: a number they gave, another running line of theirs, and only then the number `besides`: that of the
    line they came for. Two queries, whatever is found.
    """
    given = sms_number_of(subscriber_id)
    own = list(
        Line.objects.filter(subscriber_id=subscriber_id, number_off_at__isnull=True)
        .exclude(state__in=(LineState.TERMINATED, LineState.PORTED_OUT))
        .exclude(msisdn="")
        .order_by("pk")
        .values_list("msisdn", flat=True)[:100]
    )
    numbers = [number for number in (given, *own) if number]
    return next((number for number in numbers if number != besides), numbers[0] if numbers else "")


def _contact(subscriber_id: int, kind: ContactKind) -> str:
    """One query, whatever is found: how long it takes must not tell whether there is anybody."""
    return _chosen(list(contact_points([subscriber_id]).filter(kind=kind).order_by("pk")))


def _chosen(found: Sequence[ContactPoint]) -> str:
    """The address that counts among those of one person, oldest first: the newest verified one, else the first."""
    verified = [point for point in found if point.verified_at is not None]
    newest = sorted(verified, key=lambda point: (point.verified_at, point.pk))[-1:]
    return next((point.value for point in (*newest, *found)), "")


def imsis_of_others(imsis: Mapping[int, str]) -> set[int]:
    """Return which of these lines share their IMSI with another line that runs, be it a neighbour's. One query or none.

    `imsis`: IMSI by line. Carriers of one installation may share an HLR, and that has one subscriber for an IMSI.
    """
    wanted = {imsi for imsi in imsis.values() if imsi}
    if not wanted:
        return set()
    holders: dict[str, set[int]] = defaultdict(set)
    with every_carrier():
        held = Line.objects.filter(carrier_id__in=Carrier.objects.values("pk"), imsi__in=wanted).exclude(imsi="")
        for imsi, line_id in held.exclude(state=LineState.TERMINATED).values_list("imsi", "pk"):
            holders[imsi].add(line_id)
    return {line_id for line_id, imsi in imsis.items() if holders[imsi] - {line_id}}
