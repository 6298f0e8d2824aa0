"""What do the states and reason codes of a case at another carrier say to a person?"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Text = str | Promise

STANDS: dict[str, Text] = {
    "waiting": pgettext_lazy("state of a plan at another carrier", "Waiting"),
    "your_turn": pgettext_lazy("state of a plan at another carrier", "Your turn"),
    "overdue": pgettext_lazy("state of a plan at another carrier", "The deadline has passed"),
    "blocked": pgettext_lazy("state of a plan at another carrier", "Something is in the way"),
    "done": pgettext_lazy("state of a plan at another carrier", "You have done your steps"),
    "abandoned": pgettext_lazy("state of a plan at another carrier", "Put aside"),
}

STEP_STANDS: dict[str, Text] = {
    "waiting": pgettext_lazy("state of a step at another carrier", "Wait"),
    "your_turn": pgettext_lazy("state of a step at another carrier", "To do"),
    "overdue": pgettext_lazy("state of a step at another carrier", "Overdue"),
    "blocked": pgettext_lazy("state of a step at another carrier", "Blocked"),
    "done": pgettext_lazy("state of a step at another carrier", "Done"),
    "abandoned": pgettext_lazy("state of a step at another carrier", "Put aside"),
}

EVIDENCE: dict[str, Text] = {
    "receipt_number": _("Receipt number"),
    "picture": _("Picture"),
    "mail": _("Mail or text"),
    "note": _("Note"),
    "charge": _("Amount charged"),
}

WANTED: dict[str, Text] = {
    "receipt_number": _("the receipt number"),
    "screenshot": _("a screenshot of the last page"),
    "confirmation": _("the carrier's confirmation (mail or letter)"),
    "photo_posted": _("a photo of the envelope and of the post office's receipt"),
    "last_bill": _("the last bill"),
}

ACTS: dict[str, Text] = {
    "ask": _("Ask the carrier to close"),
    "return": _("Card or device back with the carrier"),
    "early_exit": _("Send the letter of the first days"),
    "leave": _("Before you leave Japan"),
}

LINE_KINDS: dict[str, Text] = {
    "physical_sim": _("Physical SIM"),
    "esim": _("eSIM"),
    "roaming": _("Roaming of my carrier at home"),
    "rental_wifi": _("Rented Wi-Fi router"),
}

# Reason code -> (what is the matter, the way on).
REASONS: dict[str, tuple[Text, Text]] = {
    "guided.not_opened": (
        _("No plan opens with this reference and this code."),
        _("Look at both again. If the plan was deleted, it is gone for good, and you can make a new one."),
    ),
    "guided.gone": (_("This plan has been deleted."), _("You can make a new one at any time.")),
    "guided.ended": (_("This plan was put aside."), _("Take it up again first.")),
    "guided.no_such_step": (_("This step is not in your plan."), _("Go back to your plan and choose a step.")),
    "guided.in_the_future": (_("This time has not come yet."), _("Enter when you did it, in Japan time.")),
    "guided.extended_to_the_past": (_("This moment is over."), _("Enter the later day that the carrier gave you.")),
    "guided.extended_too_far": (_("This is more than two years ahead."), _("Look at the year again.")),
    "guided.picture_too_large": (
        _("This file is larger than %(most)s MB."),
        _("Take a screenshot of the picture and send that."),
    ),
    "guided.picture_kind": (
        _("This is not a picture that we can read (JPEG, PNG or WebP), or it is damaged."),
        _("Take a screenshot of it and send that. Text of a mail can be pasted."),
    ),
    "guided.picture_too_many_pixels": (
        _("This picture has more than %(most)s million pixels."),
        _("Take a screenshot of the picture and send that."),
    ),
    "guided.text_too_long": (
        _("This text has more than %(most)s letters."),
        _("Leave out what does not matter, or send a screenshot."),
    ),
    "guided.charge_amount": (_("This is not an amount that can be right."), _("Enter whole yen, such as 2970.")),
    "guided.too_much": (
        _("Your plan has %(most)s pieces of evidence, and more are not possible."),
        _("Remove one first."),
    ),
    "guided.tried_too_often": (_("This was tried too often."), _("Wait %(minutes)s minutes and try again.")),
    "guided.kept_too_often": (
        _("Too many plans were kept from here."),
        _("Wait an hour and try again. Your plan is still on this page."),
    ),
    "guided.no_sender": (
        _("Reminders by mail are not possible here."),
        _("Put the deadlines into your own calendar instead."),
    ),
}
