"""What if a message about a case does not arrive?

It goes to the next address that the person has given: another e-mail address, then a number for SMS that is not off.
When there is none left, it waits for staff, who see to whom, what and why, and say what they did about it. So a message
that matters ends with the person, or with a named colleague; never in silence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from tojimari.lines.models import ContactKind, ContactPoint, Line, LineState
from tojimari.lines.queries import contact_points
from tojimari.messages import again_texts
from tojimari.messages.actions import Letter, numbers_off, put_many
from tojimari.messages.channels import channel_name
from tojimari.messages.models import NOT_ARRIVED, Message, MessageKind
from tojimari.messages.texts import tag
from tojimari.platform.acting import Acting, Refused
from tojimari.terminations.models import Termination

BATCH = 100
FOR_STAFF = "staff"
"""In `seen_to_by` while nobody has seen to it: no other address is left."""
WAYS = ("letter", "called", "counter", "needless")
"""What staff can have done about it."""

Way = tuple[MessageKind, str]


def find_other_ways(*, at: datetime) -> int:
    """Send what did not arrive by the next way, or leave it to staff; return how many were looked at."""
    with transaction.atomic():
        lost = list(
            Message.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(NOT_ARRIVED, case_id__isnull=False, seen_to_by="")
            .order_by("id")[:BATCH]
        )
        cases = {
            case.pk: case
            for case in Termination.objects.select_related("carrier", "line").filter(
                pk__in={message.case_id for message in lost}
            )
        }
        ways, tried = _ways(cases.values()), _tried(lost)
        letters, sent, left = [], [], []
        for message in lost:
            case = cases.get(message.case_id or 0)
            way = next((way for way in ways[case.pk] if way[1] not in tried[message.pk]), None) if case else None
            if case is None or way is None or not message.body or not message.key:
                left.append(message.pk)
                continue
            letters.append(_letter(message, case, way))
            sent.append(message.pk)
        put_many(letters, at=at)
        Message.objects.filter(pk__in=sent).update(seen_to_at=at, seen_to_by="message")
        Message.objects.filter(pk__in=left).update(seen_to_by=FOR_STAFF)
    return len(lost)


def _letter(message: Message, case: Termination, way: Way) -> Letter:
    kind, to = way
    if kind == MessageKind.EMAIL:
        written = again_texts.by_mail(message)
    else:
        written = again_texts.by_sms(message, case.carrier.name(tag(message.language)))
    return Letter(
        case.carrier_id,
        kind,
        to,
        written,
        case_id=case.pk,
        reference=case.reference,
        key=f"{message.key.split(' instead of ')[0]} instead of {message.pk}",
        instead_of=message.pk,
    )


def _ways(cases: Iterable[Termination]) -> dict[int, list[Way]]:
    """Where each case's subscriber can be reached, the best first: verified addresses, then numbers that are on.

    The number of the line that ends comes last, and only while it is on: the person may have put that card away.
    """
    cases = list(cases)
    people = {case.subscriber_id for case in cases}
    points: dict[int, list[ContactPoint]] = defaultdict(list)
    for point in contact_points(people).order_by("verified_at", "pk"):
        points[point.subscriber_id].append(point)
    lines: dict[int, list[str]] = defaultdict(list)
    running = Line.objects.filter(subscriber_id__in=people, number_off_at__isnull=True).exclude(msisdn="")
    for owner, number in (
        running.exclude(state__in=(LineState.TERMINATED, LineState.PORTED_OUT))
        .order_by("pk")
        .values_list("subscriber_id", "msisdn")
    ):
        lines[owner].append(number)
    found: dict[int, list[Way]] = {}
    for case in cases:
        own = points[case.subscriber_id]
        mails = [(MessageKind.EMAIL, point.value) for point in own if point.kind == ContactKind.EMAIL]
        given = [point.value for point in own if point.kind == ContactKind.SMS]
        numbers = [number for number in (*given, *lines[case.subscriber_id]) if number != case.line.msisdn]
        if case.line.msisdn in (*given, *lines[case.subscriber_id]):
            numbers.append(case.line.msisdn)
        found[case.pk] = [*mails, *((MessageKind.SMS, number) for number in numbers)]
    off = numbers_off(to for ways in found.values() for kind, to in ways if kind == MessageKind.SMS)
    able = {kind: bool(channel_name(kind)) for kind in MessageKind}
    return {case: [way for way in ways if able[way[0]] and way[1] not in off] for case, ways in found.items()}


def _tried(lost: Sequence[Message]) -> dict[int, set[str]]:
    """To which addresses each message went, counting those that it stands for."""
    chains = {
        one.pk: one
        for one in Message.objects.filter(case_id__in={message.case_id for message in lost}).only(
            "to", "instead_of_id", "seen_to_by"
        )
        if one.instead_of_id is not None or one.seen_to_by == "message"
    }
    tried: dict[int, set[str]] = {}
    for message in lost:
        tried[message.pk], before = {message.to}, message.instead_of_id
        while before is not None and before in chains:
            tried[message.pk].add(chains[before].to)
            before = chains[before].instead_of_id
    return tried


def for_staff(carrier_id: int) -> QuerySet[Message]:
    """Return what did not arrive and waits for staff, the oldest first."""
    return Message.objects.filter(NOT_ARRIVED, carrier_id=carrier_id, seen_to_by=FOR_STAFF).order_by("id")


def see_to(*, carrier_id: int, message_id: int, way: str, acting: Acting, at: datetime) -> Message:
    """Write down what a member of staff did where a message did not arrive.

    Raises `Refused`: `message.not_waiting` when nothing waits, `message.which_way` when it is not said what was done.
    """
    if way not in WAYS:
        raise Refused("message.which_way")
    with transaction.atomic():
        message = for_staff(carrier_id).select_for_update(of=("self",)).filter(pk=message_id).first()
        if message is None:
            raise Refused("message.not_waiting")
        message.seen_to_at, message.seen_to_by = at, f"{way} {acting}"
        message.save(update_fields=["seen_to_at", "seen_to_by"])
    return message
