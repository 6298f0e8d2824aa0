"""What has a network element said, or not said, in the words of somebody who must decide what to do?"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

_BY_ITSELF = _("It is tried again by itself.")
_LOOK_AND_RETRY = _("Look into the element, put it right, then try again here.")

REASONS: dict[str, tuple[Text, Text]] = {
    "network.by_hand.bar": (
        _("The network has no switch for this that we could use."),
        _("Switch it off by hand and confirm it here."),
    ),
    "network.by_hand.remove": (
        _("The network has no interface through which we could remove the line."),
        _("Remove it by hand and confirm it here."),
    ),
    "network.by_hand.restore": (
        _("The network has no switch for this that we could use."),
        _("Switch it on again by hand and confirm it here."),
    ),
    "network.reset": (_("The connection to the network element broke off."), _BY_ITSELF),
    "network.unreachable": (_("The network element cannot be reached."), _BY_ITSELF),
    "network.out_of_step": (_("The network element's answers did not fit the questions."), _BY_ITSELF),
    "network.unexpected_answer": (_("The network element gave an answer that we do not know."), _BY_ITSELF),
    "network.changed_meanwhile": (_("Somebody else changed the line in the network at the same time."), _BY_ITSELF),
    "network.moved": (_("The phone moved to another network meanwhile."), _BY_ITSELF),
    "network.not_barred": (_("The line is not switched off yet."), _BY_ITSELF),
    "network.not_restored": (_("The line is not switched on again yet."), _BY_ITSELF),
    "network.keys_left": (_("The secret keys are still in the network element."), _BY_ITSELF),
    "network.still_on_record": (_("The line was removed and is on record again."), _LOOK_AND_RETRY),
    "network.still_open": (_("The line is open in the network although it was switched off."), _LOOK_AND_RETRY),
    "network.number_on_other_imsi": (_("The number stands on another card in the network."), _LOOK_AND_RETRY),
    "network.gone": (_("The line has vanished from the network; we did not remove it."), _LOOK_AND_RETRY),
    "network.not_inspected": (_("We have no record of how the line was before."), _LOOK_AND_RETRY),
    "network.creates_on_demand": (
        _("The network element makes a record for every card that asks. Nothing can be proved there."),
        _("Switch that off in the element, then try again here."),
    ),
    "network.no_outcome": (_("The step ended without an answer."), _LOOK_AND_RETRY),
    "network.not_attested": (
        _("Nobody has confirmed by name what was done by hand."),
        _("Confirm it here after you have looked."),
    ),
    "element.no_such_service": (_("The network element does not know this service."), _LOOK_AND_RETRY),
    "proof.not_established": (
        _("Nothing on record shows that the line has ended, so no certificate can be made."),
        _("Look at the steps before, and hand the case to your administrator."),
    ),
}
"""Reason code of a step -> (what is the matter, the way on)."""
