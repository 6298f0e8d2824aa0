"""How often may a member of staff search for a line by what names it?

Whoever serves people needs a few searches for each of them. Nobody leafs through the numbers: all ways to search share
one allowance.
"""

from __future__ import annotations

from datetime import datetime

from tojimari.codes.actions import take
from tojimari.desk.access import Staff
from tojimari.lines.access import line_by_identifier
from tojimari.lines.models import Line
from tojimari.platform.acting import Acting, Refused

SEARCHES = 60
"""How often one member of staff may search at once; as many again come back within an hour."""


def take_search(acting: Acting, *, at: datetime) -> None:
    """Use up one search. Raises `Refused` with `call.searched_too_often`; the wait is in `minutes`."""
    try:
        take(f"call search:{acting}", SEARCHES, at, refusal="call.searched_too_often")
    except Refused as refused:
        raise Refused(refused.code, **refused.facts, field="wanted") from None


def line_named(staff: Staff, wanted: str, *, at: datetime) -> Line | None:
    """Return the line that a number, a card or an order names; None where there is none. Raises as `take_search`."""
    take_search(staff.acting, at=at)
    return line_by_identifier(staff.carrier, wanted)
