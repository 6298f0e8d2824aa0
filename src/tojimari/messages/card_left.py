"""What does a person do with a SIM card that stays with them after the end?

Mail and status page say it in the same words. Only the card of a line that is closed is spoken of: until then it is
needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _


def card_left(*, kind: str, scope: str, returned: Mapping[str, Any] | None) -> str:
    """Return what to do with the card of a closed line; empty where none stays with the person.

    `returned` is the evidence of the step `return_sim`: None where the carrier's procedure has no such step, so that it
    does not want the card; without a condition where the step was waived, so that nobody at a counter took it.
    """
    if kind != "physical_sim" or scope != "line" or (returned is not None and "condition" in returned):
        return ""
    over = _("Your SIM card does not work any more. Take it out of your phone.")
    if returned is None:
        what = _(
            "We do not need it back. Cut it through the gold chip and give it to the collection of small electronic "
            "waste, by the rules of the place where you are."
        )
    else:
        what = _(
            "If your contract says that the card comes back, send it by post or hand it in: please ask us where to. "
            "Otherwise cut it through the gold chip and give it to the collection of small electronic waste, by the "
            "rules of the place where you are."
        )
    return f"{over} {what}"
