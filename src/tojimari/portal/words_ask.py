"""What is said to a person who asks about a link, about a kind of line, or about what stays if they do nothing?"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

FINDING_CLASSES = {"official": "good", "looks_like": "bad", "not_listed": "warn", "cannot_tell": "warn"}

KINDS: dict[str, Text] = {
    "physical_sim": _("Physical SIM"),
    "esim": _("eSIM"),
    "roaming": _("Roaming on a line that you already have"),
}
SUITS: dict[str, Text] = {
    "physical_sim": _("A card in the phone. It suits who changes phones, has an older phone, or lives here."),
    "esim": _("Nothing to insert: you load it by a QR code. It suits a visit, and a phone that can use an eSIM."),
    "roaming": _("You keep your line and number, and it works in other countries as well."),
}

REASONS: dict[str, Text] = {
    "no_trip_to_a_shop": _("You can close it from anywhere, also after you have left Japan."),
    "phone_takes_esim": _("Your phone can use it."),
    "phone_without_esim": _("Your phone cannot use an eSIM."),
    "look_first": _("Look first: in the settings of the phone, under mobile network, “Add eSIM” must be there."),
    "card_moves": _("You put the card into the next phone yourself. An eSIM must be loaded anew for each phone."),
    "one_number": _("You are reached under one number in every country."),
    "nothing_to_close": _("It is turned off at once, and no new contract stays behind."),
    "local_number": _("Banks, schools and offices here ask for a Japanese number."),
    "shop_nearby": _("Closing a card needs a visit to a shop. That is easy for who lives here."),
}
