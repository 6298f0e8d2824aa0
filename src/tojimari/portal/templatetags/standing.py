"""What did the network say at a step, in words that a traveller understands?"""

from __future__ import annotations

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tojimari.portal.words import Text
from tojimari.terminations.models import Step, StepState, Termination
from tojimari.terminations.reasons import reason_text

register = template.Library()

_UNKNOWN = _("The network does not know this line.")

OF_A_LINE: dict[str, Promise] = {
    "inspect": _("The network has this line on its record."),
    "bar": _("The network has switched the line off."),
    "restore": _("The network has switched the line on again."),
    "remove": _("The network has taken the line off its record."),
    "prove": _("The line asked to come back, and the network rejected it."),
}

OF_ROAMING: dict[str, Promise] = {
    "inspect": _("The network has this line on its record."),
    "bar": _("The network has turned roaming off. The line itself stays."),
    "restore": _("The network has turned roaming on again."),
    "prove": _("Roaming was tried, and the network rejected it."),
}


@register.filter
def network_said(step: Step, case: Termination) -> Text:
    """What the network answered, or why it was not done yet; empty where no network spoke.

    What a person attested is not the network's word, and is shown with their name instead.
    """
    words = OF_A_LINE if case.scope == "line" else OF_ROAMING
    if step.name not in words or step.evidence.get("attested_by"):
        return ""
    if step.state == StepState.DONE:
        if step.name == "prove" and step.evidence.get("reattach") != "rejected":
            return ""
        return _UNKNOWN if step.evidence.get("known") is False else words[step.name]
    if step.code and step.attempts and step.state in (StepState.OPEN, StepState.STUCK):
        return reason_text(step.code)[0]
    return ""
