"""What becomes of booked visits when their shop is closed at that time after all?

Each goes back to its person with an offer of another shop or time. The case goes on; neither `requested_at` nor the end
of the contract moves.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.db import transaction

from tojimari.counter import actions as counter
from tojimari.counter.models import Shop, Visit
from tojimari.counter.queries import booked_visit
from tojimari.counter.shop_settings import lost_visits
from tojimari.platform.acting import SYSTEM, Acting
from tojimari.rules.calendar import JST
from tojimari.terminations import letters
from tojimari.terminations.engine.cases import Cases
from tojimari.terminations.models import Termination
from tojimari.terminations.one_by_one import attempted
from tojimari.terminations.visits import papers_of

_MOST = 500
"""How many visits are called off in one go; the next look takes the others."""


def call_off(visits: Iterable[Visit], *, acting: Acting, at: datetime) -> int:
    """Give booked visits back to their people with a new offer; return how many. Twice is the same as once.

    One that fails stays booked; the next look tries it again.
    """
    deeds = ((partial(_call_off, visit, acting, at), visit.reference) for visit in visits)
    return sum(attempted(deed, tick="call_off", about=reference) for deed, reference in deeds)


def call_off_closed(*, at: datetime) -> int:
    """Call off every booked visit at which its shop is closed; return how many. Runs for every carrier.

    Whoever closes a shop calls its visits off at once; this finds those that were booked in that very moment, or left
    when a machine stopped.
    """
    count = 0
    for shop in Shop.objects.order_by("pk"):
        now = {
            "hours": shop.hours,
            "closed_days": shop.closed_days,
            "closed_on_holidays": shop.closed_on_holidays,
            "active": shop.active,
        }
        count += call_off(lost_visits(shop, now, at=at)[:_MOST], acting=SYSTEM, at=at)
    return count


def _call_off(visit: Visit, acting: Acting, at: datetime) -> bool:
    case = Termination.objects.select_related("line", "carrier", "procedure").get(pk=visit.case_id)
    with transaction.atomic(durable=True):
        cases = Cases([case.pk])
        known = booked_visit(case.pk)
        if known is None or known.pk != visit.pk:
            return False  # moved, cancelled or used meanwhile
        counter.cancel(visit=known, at=at)
        starts_at = known.starts_at.astimezone(JST).isoformat()
        cases.note(cases[case.pk], "visit.called_off", actor=acting, at=at, shop=known.shop.code, starts_at=starts_at)
        letters.visit(case, known, "called_off", papers_of(case), at=at)
        cases.save()
    return True
