"""What do the counter's reason codes and choices say to the clerk, and to the visitor?"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Text = str | Promise

SHOWN: dict[str, Text] = {
    "passport": _("Passport"),
    "residence_card": _("Residence card"),
    "receipt": _("Receipt"),
    "contract": pgettext_lazy("paper shown at the counter", "Contract"),
    "card": _("Credit card"),
    "authority": _("Signed authority"),
}

CONDITIONS: dict[str, Text] = {
    "returned": pgettext_lazy("condition of a SIM card", "Handed back"),
    "damaged": pgettext_lazy("condition of a SIM card", "Handed back, cannot be read"),
    "lost": pgettext_lazy("condition of a SIM card", "Lost"),
}

AUTHORITIES: dict[str, Text] = {
    "letter": _("A letter that the customer signed"),
    "guardian": _("A paper that shows guardianship"),
    "family": _("A paper that shows the family"),
    "company": _("A paper of the company"),
}
"""By what somebody may act for the customer."""

VISIT_STATES: dict[str, Text] = {
    "waiting": _("Waits to be called"),
    "called": _("Called"),
    "done": _("All done"),
    "no_show": _("Did not come"),
    "unfinished": _("Not finished"),
}

METHODS: dict[str, Text] = {
    "code_email": _("A code by e-mail"),
    "code_sms": _("A code by SMS"),
    "call_check": _("Questions on the phone"),
    "at_counter": _("Papers at the counter"),
}

UNPAID: dict[str, Text] = {
    "none": _("Nothing is unpaid"),
    "paid": _("Paid just now"),
    "on_final_bill": _("To be put on the final bill"),
}

# What the visitor brings. The clerk's words for what was shown are above.
PAPERS: dict[str, Text] = {
    "passport_or_residence_card": _("Your passport or residence card"),
    "receipt_or_contract": _("The receipt or the contract of the line, on paper or on a screen"),
    "card": _("The credit card that you paid with"),
    "authority": _("If you come for somebody else: their signed authority"),
}

LANGUAGES: dict[str, str] = {
    "ja": "日本語",
    "en": "English",
    "zh-hans": "中文",
    "zh-hant": "中文",
    "ko": "한국어",
    "vi": "Tiếng Việt",
    "es": "Español",
    "pt": "Português",
}
"""Languages spoken at a counter, each in itself: who speaks it can read it."""

# Reason code -> (what is the matter, the way on).
REASONS: dict[str, tuple[Text, Text]] = {
    "counter.not_there": (_("The visit has not taken place yet."), _("Tick it when the person is there.")),
    "counter.paper_missing": (_("A paper has not been seen yet."), _("Choose what was shown for each paper.")),
    "counter.expiry_not_checked": (
        _("Nobody has looked whether the document has expired."),
        _("Look at the date and tick it, or scan the lines with < on it."),
    ),
    "counter.document_expired": (
        _("This document has expired."),
        _("Ask for another one. The request stands; its date does not move."),
    ),
    "counter.mrz_wrong": (
        _("The check digits of these lines do not fit: they were read wrongly."),
        _("Scan them again, or look at the date yourself and tick it."),
    ),
    "counter.not_signed": (_("The form is not signed yet."), _("Tick it when it is signed.")),
    "counter.signature_wrong": (
        _("The signature could not be read."),
        _("Clear it and let the customer sign again, or have the form signed on paper."),
    ),
    "counter.name_differs": (
        _("The names differ. In the document: %(shown)s. On record: %(recorded)s."),
        _("Look at both. Tick it if they are of the same person."),
    ),
    "counter.card_digits": (_("These are not the last four digits."), _("Type the last four digits of the card.")),
    "counter.authority_kind": (
        _("It is not said by what this person acts for the customer."),
        _("Choose the paper that was shown."),
    ),
    "counter.authority_name": (
        _("The name of the person who acts for the customer is missing."),
        _("Write it as it stands in their own document."),
    ),
    "counter.receipt_missing": (
        _("The number of the receipt is missing."),
        _("Give the customer a receipt, and type its number."),
    ),
    "counter.iccid_wrong": (_("This is not a whole ICCID."), _("Scan the card again, or type all its digits.")),
    "counter.other_sim": (
        _("This is the card of another line."),
        _("Ask for the right card, and give this one back. Close no other line by mistake."),
    ),
    "counter.condition_unknown": (_("It is not said what became of the card."), _("Choose one of the entries.")),
    "counter.note_missing": (
        _("A card that is lost or cannot be read needs a note."),
        _("Write one sentence: what happened, and who says so."),
    ),
    "counter.not_approved": (
        _("The review is not approved."),
        _("Tick it to approve, or do not accept the case and give the reason."),
    ),
    "counter.method_missing": (
        _("It is not said how the person proved who they are."),
        _("Choose one of the entries."),
    ),
    "counter.unpaid_missing": (_("It is not said what becomes of unpaid bills."), _("Choose one of the entries.")),
    "visit.taken": (
        _("Somebody else has just taken this time."),
        _("Choose another one; nothing else has changed."),
    ),
    "visit.past": (_("This time is over, or less than an hour away."), _("Choose a later one.")),
    "visit.closed": (_("The shop takes no visits at this time."), _("Choose one of the times that are shown.")),
    "visit.has_one": (_("A visit is booked for this case already."), _("Move it, or cancel it first.")),
    "visit.none": (_("No visit is booked for this case."), _("Choose a shop and a time.")),
    "visit.offer_over": (
        _("This time is no longer held for you."),
        _("Choose another one, or wait for the next; nothing else has changed."),
    ),
    "waiting.days_wrong": (
        _("These days cannot be booked, or the last one lies before the first."),
        _("Choose days of the next two weeks."),
    ),
    "waiting.free_now": (
        _("A time is free on these days: nobody needs to wait."),
        _("Choose one of the times that are shown."),
    ),
    "visit.not_yet": (_("The time of this visit has not come."), _("Wait until then, or cancel the visit.")),
    "bag.none": (_("No bag is open in this shop."), _("The next card that comes back opens one.")),
    "bag.empty": (_("The bag is empty."), _("There is nothing to close.")),
    "bag.differs": (
        _("By our records there are %(cards)s cards, but %(counted)s were counted."),
        _("Count again. If it stays so, write why."),
    ),
    "bag.none_chosen": (_("No bag is chosen."), _("Choose the bags that leave the shop.")),
    "bag.gone": (
        _("One of these bags is not closed, or has left the shop already."),
        _("Load the page again and choose anew."),
    ),
    "bag.receiver_missing": (_("It is not said who takes the bags."), _("Write the company or the person.")),
    "bag.count_missing": (
        _("The number that was counted is missing."),
        _("Count the cards, and type how many there are."),
    ),
    "visit.not_now": (
        _("This case needs no visit now."),
        _("Look at the page of your case: it says what comes next."),
    ),
    "shop.hours_wrong": (
        _("The opening hours cannot be read (%(weekday)s)."),
        _('Write each weekday like this: "mon": [["10:00", "19:00"]].'),
    ),
    "shop.postcode_wrong": (_("This is not a postcode of Japan."), _("Give its seven digits.")),
}
