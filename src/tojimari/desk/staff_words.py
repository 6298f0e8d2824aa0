"""What is said to staff who cannot sign in by their carrier's provider, and to who gives and takes places?"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tojimari.desk.words import Text
from tojimari.platform.acting import Refused
from tojimari.terminations.reasons import reason_text

SIGN_IN: dict[str, tuple[Text, Text]] = {
    "away": (
        _("Your company's sign-in does not answer at the moment."),
        _("Try again in a few minutes, or sign in with a passkey or your password."),
    ),
    "cancelled": (_("You did not sign in there."), _("You can try again whenever you like.")),
    "failed": (
        _("Your company's sign-in gave an answer that we cannot accept."),
        _("Begin again from the sign-in page. If that does not help, ask your administrator."),
    ),
    "unverified": (
        _("Your company's sign-in does not say that your e-mail address is verified."),
        _("Ask your administrator. Until then you can sign in with a passkey or your password."),
    ),
    "no_place": (
        _("This account opens nothing here."),
        _("Ask your administrator to give you a place. Who works for several carriers signs in with a passkey."),
    ),
    "bound": (
        _("Another account of your company's sign-in belongs to this person already."),
        _("Ask your administrator to reset your sign-in, and then try again."),
    ),
    "only": (
        _("Staff of your company sign in with their company account alone."),
        _("Go to the sign-in page and choose “Sign in with your company account”."),
    ),
    "nobody": (
        _("Staff of your company sign in with their company account alone, and that way in is not set up."),
        _("Ask who runs this system."),
    ),
}
"""Why somebody was not let in, and the way on."""

ONLY_WAYS_ON: dict[str, Text] = {
    "away": _("Try again in a few minutes. If that does not help, ask your administrator."),
    "unverified": _("Ask your administrator."),
    "no_place": _("Ask your administrator to give you a place."),
}
"""Ways on where no other way in is left."""

REASONS: dict[str, tuple[Text, Text]] = {
    "staff.email": (_("This is no e-mail address."), _("Look at it again: it gets the link to sign in.")),
    "staff.here_already": (
        _("This person works here already."),
        _("Look for them in the list, and change their role or shops there."),
    ),
    "staff.unknown_role": (_("There is no such role."), _("Choose one of the list.")),
    "staff.unknown_shop": (_("There is no such shop any more."), _("Load the page again and choose anew.")),
    "staff.yourself": (
        _("Nobody changes their own place."),
        _("Ask another administrator, or who runs the installation."),
    ),
    "staff.no_place": (_("This person does not work here any more."), _("Go back to the list.")),
    "staff.not_yours": (
        _("You are not an administrator any more. Nothing was changed."),
        _("Ask another administrator."),
    ),
    "staff.elsewhere": (
        _("This person works for another carrier, too, so you cannot reset their sign-in."),
        _("Ask who runs the installation."),
    ),
}
"""Why a place was not given, changed or taken, and the way on."""


def refused_texts(refused: Refused) -> tuple[Text, Text]:
    """What is the matter and the way on, for whatever a change of places may refuse."""
    return REASONS.get(refused.code) or reason_text(refused.code, refused.facts)
