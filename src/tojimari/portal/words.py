"""How are the things of a line called on the pages?

States, steps and reasons have their words in `terminations.words`; here stand those of lines, services, papers, end
dates and charges.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from babel.dates import format_skeleton
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from tojimari.counter import words as counter
from tojimari.money.words import APART, CHARGES
from tojimari.portal import clocks

Text = str | Promise

LINE_KINDS: dict[str, Text] = {"physical_sim": _("Physical SIM"), "esim": _("eSIM")}

SERVICES: dict[str, Text] = {
    "data": pgettext_lazy("service on a line", "Data"),
    "voice": pgettext_lazy("service on a line", "Calls"),
    "roaming": pgettext_lazy("service on a line", "Roaming"),
    "option": pgettext_lazy("service on a line", "Options"),
}

PAPERS: dict[str, Text] = counter.PAPERS

COUNTER_STEPS = frozenset({"visit", "papers", "form", "return_sim"})
AT_A_SHOP = pgettext_lazy("who must act", "You, at a shop")

ROAMING_CASE_STATES: dict[str, Text] = {"completed": pgettext_lazy("state of a case", "Roaming is off")}
ROAMING_STEPS: dict[str, Text] = {
    "bar": _("Turn roaming off"),
    "restore": _("Turn roaming on again"),
    "remove": _("Take roaming out of the network"),
    "prove": _("Check that roaming is off"),
    "inspect": _("Look at roaming in the network"),
}
"""Where a roaming case needs other words than the end of a whole line."""


def end_name(effective: str) -> str:
    """How an end that may be chosen is called: "now", "month-end", "3bd" or a date."""
    if effective == "now":
        return gettext("At once")
    if effective == "month-end":
        return gettext("At the end of the month")
    if effective.endswith("bd") and effective[:-2].isdigit():
        return gettext("In %(count)s business days") % {"count": effective[:-2]}
    return gettext("On the day of my choice")


def charge_name(charge: Mapping[str, Any]) -> str:
    """What one line of a quote is for; a charge for one month names it."""
    code = str(charge.get("text_code", ""))
    name = str(CHARGES.get(code) or APART.get(code) or charge.get("code", ""))
    if not charge.get("month"):
        return name
    month = format_skeleton("yMMM", date.fromisoformat(f"{charge['month']}-01"), locale=clocks.locale())
    return gettext("%(charge)s, %(month)s") % {"charge": name, "month": month}
