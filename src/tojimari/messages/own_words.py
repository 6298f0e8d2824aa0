"""What are our texts called where a carrier may write its own, what is filled in, and what can be wrong with them?"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tojimari.messages.own_texts import Problem

Text = str | Promise

TEXTS: dict[str, Text] = {
    "code": pgettext_lazy("name of a mail", "One-time code by e-mail"),
    "code_by_sms": pgettext_lazy("name of a mail", "One-time code by SMS"),
    "receipt": pgettext_lazy("name of a mail", "Receipt: a line is to be closed"),
    "receipt_roaming": pgettext_lazy("name of a mail", "Receipt: roaming is to be turned off"),
    "end_changed": pgettext_lazy("name of a mail", "Another last day was chosen"),
    "withdrawn": pgettext_lazy("name of a mail", "Taken back: the line stays"),
    "withdrawn_roaming": pgettext_lazy("name of a mail", "Taken back: roaming stays"),
    "rejected": pgettext_lazy("name of a mail", "Not accepted, with the reason"),
    "question": pgettext_lazy("name of a mail", "Question from staff"),
    "visit_booked": pgettext_lazy("name of a mail", "Visit booked"),
    "visit_moved": pgettext_lazy("name of a mail", "Visit moved"),
    "visit_cancelled": pgettext_lazy("name of a mail", "Visit cancelled"),
    "visit_called_off": pgettext_lazy("name of a mail", "Shop closed at the time of the visit"),
    "visit_missed": pgettext_lazy("name of a mail", "Did not come to the visit"),
    "visit_unfinished": pgettext_lazy("name of a mail", "Visit not finished when the shop closed"),
    "waiting_offered": pgettext_lazy("name of a mail", "Waiting list: a time is held for the person"),
    "waiting_over": pgettext_lazy("name of a mail", "Waiting list: the time went to the next person"),
    "waited_in_vain": pgettext_lazy("name of a mail", "Waiting list: no time came free"),
    "closing_form": pgettext_lazy("name of a mail", "The closing form"),
    "visit_soon": pgettext_lazy("name of a mail", "Reminder: the visit is soon"),
    "visit_soon_by_sms": pgettext_lazy("name of a mail", "Reminder: the visit is soon, by SMS"),
    "visit_missing": pgettext_lazy("name of a mail", "Reminder: nobody has come yet"),
    "ends_soon": pgettext_lazy("name of a mail", "Reminder: the last day is near"),
    "data_off": pgettext_lazy("name of a mail", "Data and calls off before the end"),
    "data_on_again": pgettext_lazy("name of a mail", "Data and calls on again"),
    "closed": pgettext_lazy("name of a mail", "Closed: the line"),
    "closed_roaming": pgettext_lazy("name of a mail", "Off: roaming"),
    "billed_beside": pgettext_lazy("name of a mail", "After the end: late use is billed, or the bill corrected"),
    "day_named": pgettext_lazy("name of a mail", "After the end: the day to pay is known"),
    "delete_profile": pgettext_lazy("name of a mail", "The eSIM may be deleted"),
    "late_confirm": pgettext_lazy("name of a mail", "After an outage: please confirm"),
    "late_looked_at": pgettext_lazy("name of a mail", "After an outage: staff looks at it"),
    "late_refused": pgettext_lazy("name of a mail", "After an outage: not taken in, with the reason"),
    "call_code": pgettext_lazy("name of a mail", "One-time code for a call, by e-mail"),
    "call_code_by_sms": pgettext_lazy("name of a mail", "One-time code for a call, by SMS"),
    "call_taken": pgettext_lazy("name of a mail", "After a call: how it goes on, by e-mail"),
    "call_taken_by_sms": pgettext_lazy("name of a mail", "After a call: how it goes on, by SMS"),
    "help_address_code": pgettext_lazy("name of a mail", "Help: code to a new address"),
    "help_saved_code": pgettext_lazy("name of a mail", "Help: saved code"),
    "help_address_added": pgettext_lazy("name of a mail", "Help: an address was added, to the addresses known before"),
    "refund_code": pgettext_lazy("name of a mail", "One-time code to tell an account for money back, by e-mail"),
    "refund_code_by_sms": pgettext_lazy("name of a mail", "One-time code to tell an account for money back, by SMS"),
    "refund_account": pgettext_lazy("name of a mail", "An account for money back was told, by e-mail"),
    "refund_account_by_sms": pgettext_lazy("name of a mail", "An account for money back was told, by SMS"),
    "passkey_added": pgettext_lazy("name of a mail", "Passkey added"),
    "passkey_removed": pgettext_lazy("name of a mail", "Passkey removed"),
}

PROBLEMS: dict[str, Text] = {
    "address": _("%(fact)s is not one of your official domains. Enter it there first, or leave it out."),
    "brace": _("A brace stands alone. Placeholders look like {reference}; no other braces can be used."),
    "control": _("There is a control character."),
    "empty": _("This must not be empty."),
    "long": _("This is too long: at most %(fact)s characters."),
    "missing": _("The placeholder {%(fact)s} is missing: people need to be told that."),
    "no_subject": _("An SMS has no subject."),
    "secret": _("{%(fact)s} must not stand in the subject, only in the text."),
    "unknown": _("The placeholder {%(fact)s} does not exist in this text."),
}


def problem(found: Problem) -> str:
    """Say what is wrong with an own text, in the language of now."""
    return str(PROBLEMS[found.code]) % {"fact": found.fact}
