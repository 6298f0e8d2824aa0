"""How does something that a person typed become a line, and whose line is it?

Everything here answers "not found" for "not yours": what belongs to another carrier, or to another subscriber, cannot
be told from what does not exist.
"""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from tojimari.lines.models import Carrier, Line, LineState
from tojimari.rules.identifiers import iccid, msisdn
from tojimari.rules.text import plain

NUMBER_IS_GONE = (LineState.TERMINATED, LineState.PORTED_OUT)
"""States in which a number is, or may be, another person's."""


class NotFound(Http404):
    """There is no such thing, or it is not for the one who asks."""


def line_by_identifier(carrier: Carrier, text: str) -> Line | None:
    """Return the line of `carrier` that a telephone number, an ICCID or an order number means, in any spelling.

    A telephone number finds its line only while the number is on: afterwards it is nobody's login, and soon another
    person's number. An ICCID or an order number still finds a line that has ended, so that its papers can be fetched.
    An order number that covers lines of several subscribers finds none. At most three index look-ups.
    """
    lines = Line.objects.filter(carrier=carrier).select_related("carrier", "subscriber", "plan")
    number = msisdn.check(text)
    if number.valid:
        line = _line_of_number(lines, number.value.removeprefix("+"))
        if line is not None:
            return line
    card = iccid.check(text)
    if card.valid:
        line = lines.filter(iccid=card.value).first()
        if line is not None:
            return line
    return _line_of_order(lines, text)


def _line_of_number(lines: QuerySet[Line], number: str) -> Line | None:
    return (
        lines.filter(msisdn=number, number_off_at__isnull=True)
        .exclude(msisdn="")
        .exclude(state__in=NUMBER_IS_GONE)
        .first()
    )


def order_key(order_number: str) -> str:
    """Return an order number as `Line.order_key` has it: upper case, no dashes, no spaces."""
    return plain(order_number).upper()


def _line_of_order(lines: QuerySet[Line], text: str) -> Line | None:
    key = order_key(text)
    if not key or "\x00" in key:
        return None
    found = list(lines.filter(order_key=key).exclude(order_key="").order_by("pk")[:100])
    if len({line.subscriber_id for line in found}) != 1:
        return None
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
