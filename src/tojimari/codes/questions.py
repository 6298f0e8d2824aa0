"""How often may a caller answer wrongly before nobody asks about this customer on the phone any more?

Wrong answers are counted for the customer and not for the call: who hangs up and calls again gets no new tries. Answers
themselves never come here.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from tojimari.codes.actions import HOUR, locked_guard, unlock
from tojimari.codes.models import Guard
from tojimari.platform.acting import Acting, Refused

WRONG_IN_CALL = 3
"""How many wrong tries one call has."""

WRONG_PER_HOUR = 6
WRONG_IN_A_ROW = 12
"""After so many in a row only a shift lead lets the customer be asked again."""


def judged(*, carrier_id: int, subscriber_id: int, right: bool, at: datetime) -> None:
    """Count one try, at once and whatever the caller does next; a right one ends the row of wrong ones.

    Raises `Refused` where no answer is taken any more, not even a right one: `call.locked`, `call.slow_down`.
    """
    with transaction.atomic(durable=True):
        guard = locked_guard(carrier_id, _subject(subscriber_id), at)
        _refuse_if_shut(guard, at)
        if right:
            Guard.objects.filter(pk=guard.pk).update(in_a_row=0)
        else:
            Guard.objects.filter(pk=guard.pk).update(in_a_row=F("in_a_row") + 1, in_hour=F("in_hour") + 1)


def shut(*, carrier_id: int, subscriber_id: int, at: datetime) -> Refused | None:
    """Return why this customer cannot be asked now, or None. One query."""
    guard = Guard.objects.filter(carrier_id=carrier_id, subject=_subject(subscriber_id)).first()
    try:
        if guard is not None:
            _refuse_if_shut(guard, at)
    except Refused as refused:
        return refused
    return None


def open_again(*, carrier_id: int, subscriber_id: int, acting: Acting) -> bool:
    """Let a customer be asked again. Return whether anything was locked."""
    return unlock(carrier_id=carrier_id, subject=_subject(subscriber_id), acting=acting)


def _refuse_if_shut(guard: Guard, at: datetime) -> None:
    if guard.in_a_row >= WRONG_IN_A_ROW:
        raise Refused("call.locked")
    if guard.in_hour >= WRONG_PER_HOUR and at - guard.hour_began < HOUR:
        left = guard.hour_began + HOUR - at
        raise Refused("call.slow_down", minutes=max(1, -(-int(left.total_seconds()) // 60)))


def _subject(subscriber_id: int) -> str:
    return f"questions:{subscriber_id}"
