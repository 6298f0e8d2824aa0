"""What is said to staff of what an element holds, and of what would be sent to it?"""

from __future__ import annotations

import json
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

Text = str | Promise

FACTS: dict[str, Text] = {
    "known": _("On record"),
    "state": _("How it stands"),
    "nam_cs": _("Calls allowed"),
    "nam_ps": _("Data allowed"),
    "vlr_number": _("Network where the phone is, for calls"),
    "sgsn_number": _("Network where the phone is, for data"),
    "msisdn": _("Number"),
    "roaming": _("Roaming allowed"),
    "visited": _("Network abroad where the phone is"),
    "number_on_record": _("The number is on record"),
    "switch": _("What the switch stands at"),
    "serving": _("Networks that have the phone"),
    "abroad": _("The phone is in a network abroad"),
    "ids": _("Records"),
    "before": _("Every field, as compared"),
    "reattach": _("A visited network that asks for the line"),
    "causes": _("Cause number of the rejection"),
    "profile": _("eSIM profile"),
    "server": _("Profile server"),
    "final_status": _("What becomes of the profile"),
    "notice": _("Notice about the profile"),
    "waits_for": _("Waits for"),
    "attested": _("Attested by a member of staff"),
    "attested_by": _("Attested by"),
    "nothing_to_do": _("Nothing to do here"),
    "read_back": _("Read back after the end"),
    "service": _("The service, as read back"),
}
"""What elements say of a line, by the names of evidence. A name that is not here is shown as it is."""

VALUES: dict[tuple[str, object], Text] = {
    ("reattach", "rejected"): pgettext_lazy("a visited network that asks is", "rejected"),
    ("profile", "unknown"): pgettext_lazy("eSIM profile, nothing was heard of it", "nothing heard"),
    ("profile", "downloaded"): pgettext_lazy("eSIM profile", "downloaded"),
    ("profile", "installed"): pgettext_lazy("eSIM profile", "on a phone"),
    ("profile", "enabled"): pgettext_lazy("eSIM profile", "on a phone and switched on"),
    ("profile", "disabled"): pgettext_lazy("eSIM profile", "on a phone and switched off"),
    ("profile", "deleted"): pgettext_lazy("eSIM profile", "deleted from the phone"),
    ("profile", "cancelled"): pgettext_lazy("eSIM profile", "cancelled: nobody can download it"),
    ("profile", "unclear"): pgettext_lazy("eSIM profile", "not certain"),
    ("final_status", "Unavailable"): _("unusable, once its order is cancelled"),
    ("final_status", "Available"): _("back in stock, once its order is cancelled"),
    ("waits_for", "chip"): pgettext_lazy("what is waited for", "the chip’s own message"),
}
"""Values that are words of ours, by the name of the fact."""

NOTES: dict[str, Text] = {
    "if_serving": _("only if a visited network has the phone"),
    "if_abroad": _("only if a network abroad has the phone"),
    "if_later": _("only if the element needs time for it"),
    "as_before": _("the mode that was found before"),
    "by_hand.bar": _("A member of staff switches it off and attests it."),
    "by_hand.remove": _("A member of staff removes it and attests it."),
    "by_hand.restore": _("A member of staff switches it on again and attests it."),
}
"""What is said beside a command that would be sent, by its code."""


def fact(name: str) -> Text:
    """What a fact is called."""
    return FACTS.get(name, name)


def value(name: str, found: Any) -> str:
    """What a fact says, for a person."""
    if isinstance(found, bool):
        return gettext("Yes") if found else gettext("No")
    if found is None:
        return gettext("not known")
    if isinstance(found, str | int):
        return str(VALUES.get((name, found), found)) or "–"
    return json.dumps(found, ensure_ascii=False) if found else "–"


def note(code: str) -> Text:
    """What is said beside a command; the code itself where it has no words."""
    return NOTES.get(code, code)
