"""How does something that a person typed become a line, and whose line is it?

Everything here answers "not found" for "not yours": what belongs to another carrier, or to another subscriber, cannot
be told from what does not exist.
"""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from tojimari.lines.emails import normal_email
from tojimari.lines.models import Carrier, ContactKind, ContactPoint, Line, LineState
from tojimari.rules.identifiers import anything
from tojimari.rules.identifiers.anything import Kind
from tojimari.rules.text import plain

NUMBER_IS_GONE = (LineState.TERMINATED, LineState.PORTED_OUT)
"""States in which a number is, or may be, another person's."""


_MOST = 100
"""How many lines of one order or one phone are looked at."""


class NotFound(Http404):
    """There is no such thing, or it is not for the one who asks."""


def line_by_identifier(carrier: Carrier, text: str) -> Line | None:
    """Return the line of `carrier` that a telephone number, an ICCID, an EID or an order number means, in any spelling.

    A telephone number finds its line only while the number is on: afterwards it is nobody's login, and soon another
    person's number. The others still find a line that has ended, so that its papers can be fetched. An EID names a
    phone and not a line, and phones are sold: it means a line that runs before one that has ended. An order number or
    an EID that covers lines of several subscribers finds none. How many look-ups are made (two at most) depends on
    what was typed alone, not on what is found.
    """
    lines = Line.objects.filter(carrier=carrier).select_related("carrier", "subscriber", "plan")
    read = anything.read(text)
    by_order = _of_one_subscriber(lines.exclude(order_key=""), order_key=order_key(text))
    if not read.valid:
        return by_order
    match read.kind:
        case Kind.MSISDN:
            return _line_of_number(lines, read.value.removeprefix("+")) or by_order
        case Kind.ICCID:
            return lines.filter(iccid=read.value).first() or by_order
        case Kind.EID:
            return _of_one_subscriber(lines.exclude(eid=""), eid=read.value) or by_order
        case _:
            return by_order


def line_by_papers(carrier: Carrier, *, order: str, card_end: str, email: str) -> tuple[Line, str] | None:
    """Return the line that an order number, the last digits of its ICCID or EID, and an e-mail address name together.

    For a person whose SIM is dead, lost or far away. All three must belong to one subscriber's order. The address is
    returned as it is on record. Two look-ups, whatever is found.
    """
    key = order_key(order)
    ordered = Line.objects.filter(carrier=carrier, order_key=key).exclude(order_key="").select_related("subscriber")
    found = [
        line for line in ordered.order_by("pk")[:_MOST] if line.iccid.endswith(card_end) or line.eid.endswith(card_end)
    ]
    owner = found[0].subscriber_id if len({line.subscriber_id for line in found}) == 1 else 0
    contacts = ContactPoint.objects.filter(subscriber_id=owner, kind=ContactKind.EMAIL).order_by("pk")
    wanted = (normal_email(email) or "").casefold()
    known = next((contact.value for contact in list(contacts) if contact.value.casefold() == wanted), "")
    return (_best(found), known) if known and card_end else None


def _line_of_number(lines: QuerySet[Line], number: str) -> Line | None:
    return (
        lines.filter(msisdn=number, number_off_at__isnull=True)
        .exclude(msisdn="")
        .exclude(state__in=NUMBER_IS_GONE)
        .first()
    )


def order_key(order_number: str) -> str:
    """Return an order number as `Line.order_key` has it: upper case, no dashes, no spaces."""
    return plain(order_number).upper().replace("\x00", "")


def _of_one_subscriber(lines: QuerySet[Line], **named: str) -> Line | None:
    """Return the line that is meant, if only one person can have meant one; those that run come before the ended."""
    found = list(lines.filter(**named).order_by("pk")[:_MOST])
    running = [line for line in found if line.state not in NUMBER_IS_GONE]
    if "eid" in named and running:
        found = running
    return _best(found) if len({line.subscriber_id for line in found}) == 1 else None


def _best(found: list[Line]) -> Line:
    return next((line for line in found if line.state not in NUMBER_IS_GONE), found[0])


def line_of_subscriber(subscriber_id: int, line_id: int) -> Line:
    """Return a subscriber's own line, whatever its state. Raises `NotFound`."""
    try:
        return Line.objects.select_related("carrier", "subscriber", "plan").get(pk=line_id, subscriber_id=subscriber_id)
    except Line.DoesNotExist:
        raise NotFound from None


def carrier_by_slug(slug: str) -> Carrier:
    """Return a carrier by its short name. Raises `NotFound`."""
    try:
        return Carrier.objects.get(slug=slug)
    except Carrier.DoesNotExist:
        raise NotFound from None
