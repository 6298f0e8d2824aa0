"""What is said to a person who asks about a link, about a kind of line, or about what stays if they do nothing?"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

FINDINGS: dict[str, Text] = {
    "ours": _("This is one of our addresses"),
    "looks_like": _("It looks like ours, but it is not"),
    "not_ours": _("This is not one of our addresses"),
    "cannot_tell": _("We cannot tell"),
}
FINDING_CLASSES = {"ours": "good", "looks_like": "bad", "not_ours": "warn", "cannot_tell": "warn"}

WHY: dict[str, Text] = {
    "host": _("The part that decides is our own name."),
    "user_part": _("What stands before the @ does not count. It leads to what stands after it."),
    "name_inside": _("Our name is in it, but something was added. What stands at the end decides."),
    "our_word": _("It uses our name, but the address belongs to somebody else."),
    "letters": _("Some letters only look like ours."),
    "glued": _("Other text sticks to the address. Paste the address alone."),
    "short": _("A short link hides where it leads. Do not open it; go in from the address below."),
    "mail": _("This is an e-mail address. The sender of a mail or SMS can be forged, so it proves nothing."),
    "numbers": _("It has numbers in place of a name. We never send such a link."),
    "scheme": _("It is not the address of a web page."),
    "elsewhere": _("It may still be real, but it is not ours. Do not type anything about your line there."),
}

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
