"""What are the fields called in which waiting times, papers and the review rule of a procedure are changed?"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tojimari.counter.words import PAPERS
from tojimari.terminations.review_words import LOOKED_FOR

Text = str | Promise

NUMBERS: dict[str, Text] = {
    "earliest_business_days": _("No end before so many business days"),
    "hold_hours": _("Hours between switching off and removing, in which it can be put right"),
    "review_days": _("Business days within which a review is promised"),
    "recent_days": _("Contract or card is new up to so many days"),
    "debt_above_yen": _("Unpaid bills are looked at above so many yen"),
    "several_from": _("Several lines: from so many on"),
    "several_hours": _("Several lines: within so many hours"),
}

LISTS: dict[str, Text] = {
    "papers": _("Papers that must be seen"),
    "look_at": _("The review looks at"),
    "four_eyes": _("Two people must approve"),
}

# Reason code -> (what is the matter, the way on).
REASONS: dict[str, tuple[Text, Text]] = {
    "procedure.number_wrong": (_("This is no whole number."), _("Write digits only, 0 or more.")),
}


def choice(field: str, code: str, limits: Mapping[str, int]) -> str:
    """Return what one choice of a list is called, in the language of now."""
    return str(PAPERS[code]) if field == "papers" else str(LOOKED_FOR[code]) % limits
