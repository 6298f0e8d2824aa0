"""When is a call over, what is noted of how it ended, and how long does its row stay?

Whoever took it ends it. A call that is left open is ended by the clock, so that nobody finds a checked caller's page on
a desk that was left alone.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from tojimari.desk.models import Call, CallOutcome
from tojimari.rules.retention import deletable_at

LEFT_AFTER = timedelta(minutes=30)
LONGEST = timedelta(hours=2)
"""A call in which nothing was done for so long, or that began so long ago, is ended by the clock."""

RULE = "audit_log_archive"


def end(*, call: Call, at: datetime) -> None:
    """End a call. Ending it twice is the same as once."""
    with transaction.atomic():
        now = Call.objects.select_for_update().get(pk=call.pk)
        if now.ended_at is None:
            _end(now, _outcome(now), at)


def end_left(*, at: datetime) -> int:
    """End the calls that nobody ended, for the carriers in scope; return how many. May run twice or late."""
    live = Call.objects.filter(ended_at=None)
    quiet = live.filter(touched_at__lte=at - LEFT_AFTER) | live.filter(began_at__lte=at - LONGEST)
    with transaction.atomic():
        left = list(quiet.select_for_update(skip_locked=True).order_by("pk")[:500])
        for call in left:
            came_of_it = call.cases or call.help_reference
            _end(call, _outcome(call) if came_of_it else CallOutcome.LEFT, at)
    return len(left)


def drop_old(*, at: datetime) -> int:
    """Delete calls whose time is over, for the carriers in scope, and return how many."""
    deleted, _ = Call.objects.filter(keep_until__lte=at).delete()
    return deleted


def _end(call: Call, outcome: CallOutcome, at: datetime) -> None:
    call.ended_at, call.outcome, call.keep_until = at, outcome, deletable_at(RULE, at)
    call.scope = call.effective = call.case_reference = ""
    call.save()


def _outcome(call: Call) -> CallOutcome:
    if call.cases:
        return CallOutcome.CASE
    if call.help_reference:
        return CallOutcome.HELP
    if call.proved_at is not None:
        return CallOutcome.LOOKED
    return CallOutcome.NOT_PROVED if call.subscriber_id else CallOutcome.NOT_FOUND
