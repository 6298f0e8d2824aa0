"""What do our mails say of a final bill after it was made: something was billed beside it, or its day to pay is known?

The bill itself never changes. So each says what is new, and then how it stands with the whole, with its days.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from tojimari.messages.costs import CHARGES, stands, yen
from tojimari.messages.texts import About, Written, parts, tag, way_in, written


def billed_beside(
    language: str, about: About, *, added: Mapping[str, int], bill: Mapping[str, Any], quote: Mapping[str, Any]
) -> Written:
    """Late use was billed, or the bill was corrected. `added`: the yen by what they are for, as supplements say it."""
    with override(tag(language)):
        rows = "\n".join(
            _("%(charge)s: %(amount)s") % {"charge": CHARGES[code], "amount": yen(amount)}
            for code, amount in added.items()
        )
        now = stands(bill, quote) or _("Nothing is left to pay.")
        # 188 is the consumer hotline of Japan's consumer centres.
        disagree = _("If you do not agree, ask us, or call the consumer hotline 188 in Japan.")
        made_of = parts("billed_beside", about, added=rows, costs=now, if_you_disagree=disagree)
        return written(
            language,
            made_of,
            _("Something was added to your final bill (%(reference)s)") % {"reference": about.reference},
            _("Beside your final bill for %(line)s, this was added. The bill itself stays as it is.") % made_of.facts,
            rows,
            _("We sometimes hear late of use before the end, above all of roaming. Use after it is never charged."),
            now,
            disagree,
            way_in(),
            about.carrier,
        )


def day_named(language: str, about: About, *, bill: Mapping[str, Any], quote: Mapping[str, Any]) -> Written:
    """A bill that could name no day to pay has one now."""
    with override(tag(language)):
        now = stands(bill, quote)
        made_of = parts("day_named", about, costs=now)
        return written(
            language,
            made_of,
            _("Until when to pay your final bill (%(reference)s)") % {"reference": about.reference},
            _(
                "When we billed %(line)s, the holidays of that year were not official yet. So we could not say until "
                "when you pay. Now we can."
            )
            % made_of.facts,
            now,
            _("The yen have not changed."),
            way_in(),
            about.carrier,
        )
