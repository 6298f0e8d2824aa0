"""What are the records about a person called, where do they lie, and why are they kept?"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

ITEMS: dict[str, Text] = {
    "contact_address": _("Your e-mail address and numbers for messages"),
    "number_person_link": _("That this number was yours"),
    "billing_usage": _("Calls and data that were billed"),
    "connection_logs": _("When and where the phone was connected"),
    "identity_images": _("Pictures of your papers"),
    "identity_record": _("The record that your identity was checked"),
    "closure_evidence": _("Your request and its certificate"),
    "tax_documents": _("Bills and receipts"),
    "marketing": _("What you agreed to for advertising, and surveys"),
    "signed_form": _("Your signature on the form"),
    "acted_for_by": _("The name of somebody who acted for you"),
    "review_talk": _("Questions of our staff about your request, and your answers"),
    "handover_note": _("Notes of our staff about your request"),
    "help_request": _("What you wrote to ask our staff for help, and what they noted"),
    "audit_log_archive": _("That our staff looked at your data, or took your call"),
    "refund_account": _("The bank account that you told us for money back"),
    "late_wish": _("What you sent while our system was down, and what our staff noted"),
}

PLACES: dict[str, Text] = {
    "restrict": _("Apart and encrypted, each reading is logged"),
    "delete": _("Deleted, within this time"),
    "age_out": _("In the log, each entry until its time is over"),
    "keep": _("Kept without your name"),
}

BASES: dict[str, Text] = {
    "law": _("Law asks for it"),
    "guideline": _("Official guideline"),
    "product": _("Our own rule"),
    "notice": _("Official notice"),
}
