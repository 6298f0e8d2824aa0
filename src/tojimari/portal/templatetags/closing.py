"""What do the pages on which a line is closed say of its plan, its days and its early stop?"""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tojimari.guide.words.offices import offices
from tojimari.lines.models import FinalMonthPolicy, Plan
from tojimari.messages.card_left import card_left
from tojimari.portal.words import Text
from tojimari.rules.calendar import jst_date
from tojimari.terminations.afterwards import afterwards
from tojimari.terminations.models import Actor, Termination
from tojimari.terminations.queries import CaseView, early_stop

register = template.Library()

LAST_MONTH: dict[str, Promise] = {
    FinalMonthPolicy.FULL_MONTH: _("Your plan charges the last month in full, whichever day of it you choose."),
    FinalMonthPolicy.DAILY_PRORATA: _("Your plan charges the last month by the day: an earlier day costs less."),
    FinalMonthPolicy.USAGE_TIER: _("Your plan charges the last month by the data that you used in it."),
    FinalMonthPolicy.PREPAID_NONE: _("Your plan is paid already: ending it adds no fee."),
}
"""Why an end costs what it costs."""


@register.filter
def last_month(plan: Plan) -> Text:
    """How the plan charges the month in which the contract ends."""
    return LAST_MONTH.get(plan.final_month_policy, "")


@register.filter
def waits_for_staff(view: CaseView) -> bool:
    """Whether a step of people comes before the network is told."""
    return view.current is not None and view.current.actor == Actor.STAFF


@register.inclusion_tag("portal/stop_of_case.html", takes_context=True)
def stop_of_case(context: template.Context, case: Termination, *, offered: bool = True) -> dict[str, object]:
    """How it stands with data and calls before the end of the contract, with the way to change it. One query.

    Not `offered`: said only where it was asked for, so that nobody is asked twice in a row.
    """
    stop = early_stop(case, context["now"]) if case.is_open and case.scope == "line" else None
    return {"case": case, "stop": stop if stop is not None and (offered or stop.asked) else None}


def _late_until(case: Termination, now: datetime) -> str | None:
    """Until when use that is heard of late may still be billed; None where none may any more."""
    until = case.quote.get("provisional_until")
    return until if until and jst_date(now).isoformat() <= until else None


@register.inclusion_tag("portal/after_end.html", takes_context=True)
def after_end(context: template.Context, case: Termination, view: CaseView) -> dict[str, object]:
    """What is left of a case that is over; nothing while it is not. Two queries."""
    returned = next((step for step in view.steps if step.name == "return_sim"), None)
    return {
        "case": case,
        "left": afterwards(case, at=context["now"]),
        "card_left": card_left(kind=case.kind, scope=case.scope, returned=returned.evidence if returned else None),
        "ready": view.certificate_ready,
        "late_until": _late_until(case, context["now"]),
        "offices": offices(),
        "carrier": case.carrier,
        "carrier_name": case.carrier.name(get_language() or "ja"),
        "request": context.get("request"),
    }
