"""Does a case wait because the network is being maintained, and until when?"""

from __future__ import annotations

from datetime import datetime

from django import template

from tojimari.terminations.engine.lanes import maintained_until
from tojimari.terminations.models import Step, StepState

register = template.Library()


@register.simple_tag
def maintained(step: Step, at: datetime) -> datetime | None:
    """When the maintenance is over that a step, due by now, waits for; None where it waits for none. No query."""
    if step.state != StepState.OPEN or step.due_at is None or step.due_at > at:
        return None
    return maintained_until(step.lane, at=at)
