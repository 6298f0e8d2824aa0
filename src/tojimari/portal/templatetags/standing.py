"""What did the network say at a step, in words that a traveller understands?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tojimari.network.elements.es2plus.line import NAME as PROFILE_SERVER
from tojimari.platform.work import verb_of
from tojimari.portal.words import Text
from tojimari.terminations.models import Step, StepState, Termination
from tojimari.terminations.profiles import ProfileStanding, standing_of
from tojimari.terminations.reasons import reason_text
from tojimari.terminations.words import PROFILES

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

READ_BACK: dict[bool, Promise] = {
    True: _("The network was asked again how it stands: this line is closed there."),
    False: _("The network was asked again how it stands: the service is off there."),
}
"""What an element proves that nobody can try to attach at, for a whole line and for a service."""

OF_A_PROFILE: dict[str, Promise] = {
    "cancelled": _("The order of this eSIM is cancelled: nobody can download it any more."),
    "installed": _("This eSIM is on a phone. Only you can delete it there."),
    "unclear": _("This eSIM cannot be downloaded any more. If it is on your phone, only you can delete it there."),
    "deleted": _("This eSIM was deleted from the phone."),
}
"""What a profile server said, by what was found there."""


@dataclass(frozen=True, slots=True)
class OneThing:
    """What is done with a line, at however many elements: nobody outside has to know how many there are."""

    step: Step  # where it stands: the first that is not over, or the last
    verb: str
    parts: Sequence[Step]


@register.filter
def as_one_thing_each(steps: Sequence[Step]) -> list[OneThing]:
    """The steps of a case as a person is told of them, in their order."""
    told = []
    for verb, some in groupby(steps, key=lambda step: verb_of(step.name)):
        parts = list(some)
        going_on = (step for step in parts if step.state not in (StepState.DONE, StepState.SKIPPED))
        told.append(OneThing(next(going_on, parts[-1]), verb, parts))
    return told


@register.filter
def all_said(thing: OneThing, case: Termination) -> list[str]:
    """What the elements said, each sentence once."""
    if all(step.state == StepState.DONE and step.evidence.get("nothing_to_do") for step in thing.parts):
        return [gettext("There was nothing to do here.")]
    said = (str(network_said(step, case)) for step in thing.parts)
    return [one for one in dict.fromkeys(said) if one]


@register.simple_tag
def profile_of(case: Termination, steps: Sequence[Step]) -> ProfileStanding | None:
    """How it stands with the eSIM's profile, where a profile server has a say. One query for an eSIM, else none."""
    return standing_of(case, steps)


@register.filter
def profile_state(stands: str) -> Text:
    """Whether the eSIM's deletion has been confirmed, in words. After "told" and "signed" a moment follows."""
    return PROFILES.get(stands, stands)


@register.filter
def network_said(step: Step, case: Termination) -> Text:
    """What the network answered, or why it was not done yet; empty where no network spoke.

    What a person attested is not the network's word, and is shown with their name instead.
    """
    words = OF_A_LINE if case.scope == "line" else OF_ROAMING
    if step.evidence.get("nothing_to_do"):
        return ""
    if step.evidence.get("element") == PROFILE_SERVER and step.state == StepState.DONE:
        return OF_A_PROFILE.get(str(step.evidence.get("profile")), "")
    verb = verb_of(step.name)
    by_hand = step.evidence.get("by_hand") is True  # a person is asked there, and no network
    if verb not in words or by_hand or step.evidence.get("attested_by"):
        return ""
    if step.state == StepState.DONE:
        if verb == "prove" and step.evidence.get("read_back") is True:
            return READ_BACK[case.scope == "line"]
        if verb == "prove" and step.evidence.get("reattach") != "rejected":
            return ""
        return _UNKNOWN if step.evidence.get("known") is False else words[verb]
    if step.code and step.attempts and step.state in (StepState.OPEN, StepState.STUCK):
        return reason_text(step.code)[0]
    return ""
