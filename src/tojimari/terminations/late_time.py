"""May a wish that was taken while the database was away still begin a case, and at which instant?

Its instant is the `requested_at` of the case. So it must be the wish of this very subscriber for this very end, and it
begins one case only.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from tojimari.lines.models import Line
from tojimari.platform.acting import Refused
from tojimari.terminations.models import LateState, LateWish, Termination

LATE_WISH_LIVES = timedelta(days=30)
"""For how long such a wish may be confirmed."""


def asked_at(late: LateWish, line: Line, scope: str, at: datetime, *, by_staff: bool = False) -> datetime:
    """Return the instant of a wish that was taken while the database was away, if it may begin this case.

    A wish that waits for staff names no line: they find it, and it is never too old, because it waits for them alone.
    Raises `Refused`: `late.not_this` for another's wish, another line or one that is dealt with, `late.too_old`.
    """
    for_staff = by_staff and late.state == LateState.REVIEW and late.carrier_id == line.carrier_id
    fits = (late.carrier_id, late.subscriber_id, late.line_id) == (line.carrier_id, line.subscriber_id, line.pk)
    if late.scope != scope or late.asked_at > at or not (for_staff or (fits and late.state == LateState.OFFERED)):
        raise Refused("late.not_this")
    if not for_staff and at - late.asked_at > LATE_WISH_LIVES:
        raise Refused("late.too_old")
    return late.asked_at


def use_up(late: LateWish, case: Termination) -> None:
    """Let a wish be the beginning of this case and of no other, whoever asks for another one at the same moment."""
    waiting = LateWish.objects.filter(pk=late.pk, state__in=(LateState.OFFERED, LateState.REVIEW))
    meant = {"line": case.line, "subscriber": case.subscriber, "termination": case}
    if waiting.update(state=LateState.CONFIRMED, email="", typed="", **meant) != 1:
        raise Refused("late.not_this")
