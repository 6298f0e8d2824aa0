"""What stands on the paper of a certificate, beside its facts?"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Text = str | Promise

TITLE = _("Certificate of termination")
TITLE_SERVICE = _("Certificate that a service ended")
LANGUAGE = pgettext_lazy("head of a column, on paper", "English (translation)")
"""Each translation names its own language here; the Japanese one says that it is the original."""

VERDICTS: Mapping[str, Text] = {
    "network_proof": _("The line is closed. The network rejected it when it was tried again."),
    "network_proof.read_back": _("The line is closed. The network was read again, and the line is no longer there."),
    "network_proof.service": _("The service is off. The network no longer offers it on this line."),
    "attested_by_hand": _("A named member of staff attests that it was closed by hand."),
    "attested_by_hand.service": _("A named member of staff attests that the service was turned off by hand."),
    "simulated": _("Simulated: no real network took part. This proves nothing about a real line."),
}
MARK = _("SIMULATED")
VIEW = _(
    "The signed file is the proof. This paper is a view of it, and it proves nothing by itself. The file lies inside "
    "this PDF: hand in the PDF on the page below, and the file is checked."
)
SCAN = _("Or scan the code: the page says whether we issued this certificate, and what it says.")
ALT = _("Code that opens the page on which this certificate is checked")

SECTIONS: Mapping[str, Text] = {
    "what": _("What has ended"),
    "when": pgettext_lazy("head of a section, on paper", "When"),
    "how": _("How it is known"),
    "money": pgettext_lazy("head of a section, on paper", "What is asked for"),
    "told": pgettext_lazy("head of a section, on paper", "What the person was told"),
    "number": _("What becomes of the number"),
    "beside": _("What was not touched"),
    "kept": _("Which data are kept where there are any, and until when"),
    "later": pgettext_lazy("head of a section, on paper", "Added after the certificate"),
    "proof": _("The signed file"),
    "check": _("How to check it"),
}

LABELS: Mapping[str, Text] = {
    "reference": _("Reference"),
    "carrier": _("Carrier"),
    "legal_name": pgettext_lazy("on paper", "Company that issued this"),
    "registration": pgettext_lazy("on paper", "Registered as a telecommunications carrier under"),
    "ended": _("What ended"),
    "number": _("Phone number"),
    "card": _("Number of the SIM (ICCID)"),
    "eid": _("Number of the eSIM chip (EID)"),
    "requested_at": _("Requested"),
    "authenticated_at": pgettext_lazy("on paper", "Right to ask confirmed"),
    "effective_at": _("End of the contract"),
    "barred_at": pgettext_lazy("on paper", "Switched off"),
    "executed_at": pgettext_lazy("on paper", "Removed from the network"),
    "proved_at": pgettext_lazy("on paper", "Confirmed at the end"),
    "issued_at": pgettext_lazy("on paper", "Certificate issued"),
    "stopped": pgettext_lazy("on paper", "No use charged"),
    "asked": _("How the person showed that they may"),
    "shown": pgettext_lazy("on paper", "The screen before they confirmed"),
    "element": _("Which part of the network answered"),
    "attested": _("Attested by"),
    "profile": pgettext_lazy("on paper", "What is on the phone (eSIM profile)"),
    "added_at": pgettext_lazy("on paper", "Signed"),
    "total": _("Total, tax included"),
    "fate": pgettext_lazy("on paper", "Number"),
    "untouched": _("Everything else of this person"),
    "digest": _("SHA-256 of the signed text"),
    "key": _("Key that signed it"),
    "history": _("Entries of the history that it signs"),
}

OFF_BETWEEN = _("Data and calls were off after %(day)s, until %(again)s.")
OFF_UNTIL_THE_END = _("Data and calls were off after %(day)s, until the end.")
"""Stretches in which the line was off before its contract ended."""

MOMENTS: Mapping[str, Mapping[str, Text]] = {
    "proved_at": {
        "network_proof": pgettext_lazy("on paper", "Tried again and rejected"),
        "network_proof.read_back": pgettext_lazy("on paper", "Read again, and no longer there"),
        "network_proof.service": pgettext_lazy("on paper", "Read again, and no longer offered"),
        "attested_by_hand": pgettext_lazy("on paper", "Attested by a member of staff"),
        "simulated": pgettext_lazy("on paper", "Tried again in the simulation"),
    },
    "effective_at": {"service": pgettext_lazy("on paper", "End of the service")},
    "barred_at": {"attested": pgettext_lazy("on paper", "Switched off (attested by a member of staff)")},
    "executed_at": {
        "attested": pgettext_lazy("on paper", "Removed (attested by a member of staff)"),
        "service": pgettext_lazy("on paper", "Service taken off the line"),
    },
}
"""What a moment is called where the name in `LABELS` would say more than was done then.

`proved_at` by how the end is known; the others where a person attested the step, and where a service alone ended.
"""

WHAT: Mapping[str, Text] = {
    "physical_sim": _("The whole line, on a physical SIM"),
    "esim": _("The whole line, on an eSIM"),
    "roaming": _("Roaming alone; the line goes on"),
}

METHODS: Mapping[str, Text] = {
    "code.email": _("A code that was sent by e-mail"),
    "code.sms": _("A code that was sent by SMS"),
    "code": _("A code that was sent to them"),
    "passkey": _("A passkey"),
    "call_check": _("Questions on the phone"),
    "papers": _("Papers shown at a counter"),
    "form": _("A signed form"),
    "return_sim": _("The SIM card, given back"),
    "waived": _("The carrier answers for it"),
}
"""By the way in which somebody showed who they are; `by_staff` for any other."""
BY_STAFF = _("Checked by a member of staff")

PROFILES: Mapping[str, Text] = {
    "cancelled": _("Cancelled before anybody downloaded it. Nobody can download it any more."),
    "installed": _(
        "Still on the phone, until its chip confirms that it was deleted. Without the line it has no network."
    ),
    "unclear": _("It may be on a phone: nobody has confirmed where it is. Without the line it has no network."),
    "deleted": _("Deleted from the phone."),
    "deleted.server": _("Deleted from the phone: its server has said so."),
    "deleted.chip": _("Deleted from the phone: the chip itself has signed it."),
    "attested": _("A named member of staff attests what became of it."),
}
"""Where the profile of an eSIM stood when the certificate was issued; of a deletion also who told it."""

LATER: Mapping[str, Text] = {
    "profile.deletion_told": _("The profile server reported that the eSIM was deleted"),
    "profile.deletion_signed": _("The chip itself signed that the eSIM was deleted"),
}
"""What is told after the certificate, by the name of its entry in the history."""

NOT_SHOWN: Mapping[str, Text] = {
    "file": _("Nobody was shown a screen: the carrier asked for it in a file."),
    "api": _("Nobody was shown a screen: another system of the carrier asked for it."),
    "desk": _("Nobody was shown a screen: staff asked for it for them."),
    "portal": _("No words were kept: it was asked for while our system was away."),
}
"""By the channel through which it was asked for."""

TOLD: Mapping[str, Text] = {
    "receipt": pgettext_lazy("a message, on paper", "That the request was taken"),
    "closed": pgettext_lazy("a message, on paper", "That it has ended"),
    "visit": pgettext_lazy("a message, on paper", "About the visit to a shop"),
    "question": pgettext_lazy("a message, on paper", "A question of our staff"),
}
"""By the first word of what a message was about; `TOLD_MORE` for any other."""
TOLD_MORE = pgettext_lazy("a message, on paper", "A message about the case")
BY = {
    "email": pgettext_lazy("a message, on paper", "%(time)s, by e-mail: %(state)s"),
    "sms": pgettext_lazy("a message, on paper", "%(time)s, by SMS: %(state)s"),
}
FAR: Mapping[str, Text] = {
    "queued": pgettext_lazy("how far a message came, on paper", "was waiting to be sent"),
    "sending": pgettext_lazy("how far a message came, on paper", "was waiting to be sent"),
    "sent": pgettext_lazy("how far a message came, on paper", "sent"),
    "failed": pgettext_lazy("how far a message came, on paper", "could not be sent"),
    "refused": pgettext_lazy("how far a message came, on paper", "held back"),
    "accepted": pgettext_lazy("how far a message came, on paper", "on its way"),
    "delivered": pgettext_lazy("how far a message came, on paper", "delivered"),
    "undelivered": pgettext_lazy("how far a message came, on paper", "could not be delivered"),
    "expired": pgettext_lazy("how far a message came, on paper", "could not be delivered in time"),
}
"""By what the other side told, and by the state where it told nothing. As of the moment of the signature."""

FATES: Mapping[str, Text] = {
    "stays": _("It stays with the line."),
    "none": _("The line had no number."),
    "returns": _("It goes back to the carrier from which it came."),
    "rests": _("It rests. It may be given to somebody else from: %(day)s"),
}
UNTOUCHED = _("In our records, compared before and after: the same.")
CHANGED = _("Something else changed meanwhile. The signed file names it.")

JAPAN_TIME = pgettext_lazy("a moment", "%(time)s (Japan time)")
YEN = _("%(amount)s yen")
UNTIL = _("until %(day)s")
BETWEEN = pgettext_lazy("between kinds of data, on paper", "; ")
"""A comma may stand within the name of one kind."""

# Reason code -> (what is the matter, the way on).
REASONS: dict[str, tuple[Text, Text]] = {
    "paper.busy": (
        _("Many PDFs are being made at this moment."),
        _("Try again in a minute. The certificate file can be saved now."),
    ),
    "paper.not_drawn": (
        _("The PDF cannot be made now."),
        _("Save the certificate file instead: it is the proof. Our staff looks into it."),
    ),
}
