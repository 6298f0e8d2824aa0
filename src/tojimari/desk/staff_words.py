"""What is said to staff who cannot sign in by their carrier's provider, and to who gives and takes places?"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tojimari.desk.words import Text

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
}
"""Why somebody was not let in, and the way on."""
