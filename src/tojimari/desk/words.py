"""How do staff read a role, a step, and what a network element answered?

The words of cases, steps and reasons stand in `terminations.words`, where subscribers are spoken to; here staff are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from tojimari.terminations import review_words as review
from tojimari.terminations.staff_notes import KEY as NOTE

Text = str | Promise

ROLES: dict[str, Text] = {
    "clerk": pgettext_lazy("role of staff", "Clerk"),
    "agent": pgettext_lazy("role of staff", "Agent"),
    "reviewer": pgettext_lazy("role of staff", "Reviewer"),
    "lead": pgettext_lazy("role of staff", "Shift lead"),
    "auditor": pgettext_lazy("role of staff", "Auditor"),
    "admin": pgettext_lazy("role of staff", "Administrator"),
}

RIGHTS: dict[str, Text] = {
    "see": _("See cases and their history"),
    "find": _("Find somebody by their number or card, and see who they are, without a call"),
    "counter": _("Receive visitors: papers, form, returned SIM card, bills"),
    "call": _("Check callers"),
    "review": _("Approve requests, or not accept them"),
    "attest": _("Attest by name what was done by hand"),
    "mend": _("Try again, hold, let go on, take back, hand over"),
    "help": _("Read and answer requests for help"),
    "files": _("Confirm a file of lines that a colleague wants to end"),
    "ghosts": _("See ghost lines, settle them, and ask for or confirm their repair"),
    "audit": _("See who looked at whose data, and who may do what"),
    "money": _("Note money for final bills, pay money back, bill late use"),
    "settings": _("Change settings of the carrier"),
    "staff": _("Give members of staff their places, and take them away"),
}
"""What a right lets a person do, by `access.Right`."""

PAGES: dict[str, Text] = {
    "home": _("What waits"),
    "find": pgettext_lazy("page of the desk", "Search"),
    "case": _("Case"),
    "step": pgettext_lazy("page of the desk", "Step of a case"),
    "counter": _("Counter"),
    "counter_case": pgettext_lazy("page of the desk", "Visitor at the counter"),
    "counter_paper": pgettext_lazy("page of the desk", "Form to print"),
    "counter_waiting": _("Waiting list"),
    "counter_visit": pgettext_lazy("page of the desk", "Time of a visit"),
    "review": pgettext_lazy("page of the desk", "Review"),
    "reviews": _("Reviews"),
    "stuck": _("Not getting on"),
    "money": _("Money after the end"),
    "money_of": pgettext_lazy("page of the desk", "Money of one final bill"),
    "refund_account": pgettext_lazy("page of the desk", "Account for money back"),
    "unreached": _("Could not be reached"),
    "help": pgettext_lazy("page of the desk", "Request for help"),
    "help_open": pgettext_lazy("page of the desk", "Case opened after a request for help"),
    "late": _("While the system was down"),
    "late_one": pgettext_lazy("page of the desk", "Request from while the system was down"),
    "as_customer": _("As the customer sees it"),
    "network": _("What the network says"),
    "certificate": _("Certificate"),
    "paper": pgettext_lazy("page of the desk", "Certificate as PDF"),
    "calls_today": pgettext_lazy("page of the desk", "Calls"),
    "call": pgettext_lazy("page of the desk", "Call"),
    "call_visit": pgettext_lazy("page of the desk", "Visit booked in a call"),
    "call_log": pgettext_lazy("page of the desk", "Calls until now"),
    "audit_file": pgettext_lazy("page of the desk", "File of who looked"),
}
"""Pages that show a customer's data, by the name of their address."""

ACTORS: dict[str, Text] = {
    "subscriber": pgettext_lazy("who must act, seen by staff", "Customer"),
    "staff": pgettext_lazy("who must act, seen by staff", "Staff"),
    "system": pgettext_lazy("who must act, seen by staff", "System"),
    "carrier": pgettext_lazy("who must act, seen by staff", "Carrier"),
}

STEPS: dict[str, Text] = {
    "verify": _("Check the caller"),
    "settle": _("Settle unpaid bills"),
    "visit": _("Receive the customer"),
    "papers": _("Check the papers"),
    "form": _("Have the form signed"),
    "return_sim": _("Take the SIM card back"),
    "review": _("Review the request"),
}
"""Steps as they are called where staff do them; others keep the name that the customer sees."""

HOW_TO: dict[str, Text] = {
    "verify": _("Ask what only the customer knows. Never rely on a code sent to the line that is to be closed."),
    "settle": _("Take what is open, or let it go on the final bill."),
    "visit": _(
        "The customer stands before you. Ask for the reference, or find the case by the number on the SIM card."
    ),
    "papers": _("Look at the papers and note that you have seen them. No copy is kept."),
    "form": _("The customer reads the form in their own language and signs it."),
    "return_sim": _("Scan or type the number on the card. It must be the card of this line."),
    "review": _("Look at the line, its debts and what the case says. Approve it, or do not accept it with a reason."),
}

_FINDINGS: tuple[tuple[str, Any, Text], ...] = (
    ("known", True, _("The network knows the line.")),
    ("known", False, _("The network does not know the line.")),
    ("detach", "told", _("The visited network was told and has taken the phone off.")),
    ("detach", "nobody", _("No network was serving the phone.")),
    ("detach", "not_seen", _("The visited network could not be told; the phone was not seen to go.")),
    ("on_record", False, _("There is no record of the line in the network any more.")),
    ("keys", "none", _("The secret keys are gone.")),
    ("reattach", "rejected", _("A visited network asked for the line and was rejected.")),
    ("read_back", True, _("It was read again in the network, and it is so.")),
    ("others_changed", [], _("Everything else on the line was compared, field by field, and is as it was.")),
    ("nothing_to_do", True, _("There was nothing to do here.")),
    ("simulated", True, _("This was simulated: no real network was asked.")),
)


def findings(evidence: Mapping[str, Any], notes: Mapping[str, str]) -> list[Text]:
    """What the evidence of a step says, in sentences; the evidence itself is shown beside.

    `notes` is what staff noted, by the digest that the evidence has of it.
    """
    said: list[Text] = [text for key, value, text in _FINDINGS if key in evidence and evidence[key] == value]
    said += _by_rule(evidence)
    if evidence.get("attested_by"):
        said.append(gettext("Attested by %(name)s") % {"name": evidence["attested_by"]})
    if evidence.get("note"):
        said.append(str(evidence["note"]))
    if notes.get(str(evidence.get(NOTE))):
        said.append(notes[evidence[NOTE]])
    return said


def _by_rule(evidence: Mapping[str, Any]) -> list[Text]:
    """Why a review was decided as it was: what the rule looked for, what it found, and who approved."""
    if "rule" not in evidence:
        return []
    phrases = "; ".join(review.looked_for(evidence["rule"]))
    said: list[Text] = [gettext("The carrier's rule looked for: %(what)s.") % {"what": phrases}] if phrases else []
    said += [review.found(finding) for finding in evidence.get("findings", ())] or [gettext("It found nothing.")]
    said += review.not_known(evidence.get("not_known"))
    if evidence.get("decided_by") == "rule":
        said.append(gettext("So the system approved it by itself."))
    said += [gettext("Approved by %(name)s") % {"name": one["name"]} for one in evidence.get("approvals", ())]
    return said


GROUPS: dict[str, Text] = {
    "stuck": _("Stuck: needs a look"),
    "by_hand": _("To be done by hand"),
    "visit": _("Visits"),
    "papers": _("Papers to check"),
    "form": _("Forms to sign"),
    "return_sim": _("SIM cards to take back"),
    "review": _("Reviews"),
    "settle": _("Bills to settle"),
    "verify": _("Callers to check"),
}
"""What waits, by sort."""

TROUBLES: dict[str, Text] = {
    "stuck": pgettext_lazy("trouble of a step", "Stuck"),
    "by_hand": pgettext_lazy("trouble of a step", "To be done by hand"),
    "failing": pgettext_lazy("trouble of a step", "Tried again and again"),
    "waiting": pgettext_lazy("trouble of a step", "Waits for staff"),
}
"""What is the matter with a step that does not get on."""

BUTTONS: dict[str, Text] = {
    "verify": _("I have checked the caller"),
    "settle": _("It is settled"),
    "visit": _("The customer is here"),
    "papers": _("I have seen the papers"),
    "form": _("The form is signed"),
    "return_sim": _("The card is back"),
    "review": _("Approve"),
    "by_hand": _("I attest that it is done"),
}
"""What the button of a step says: the deed that it records."""

PAPERS: dict[str, Text] = {
    "passport_or_residence_card": _("Passport or residence card: what was shown?"),
    "receipt_or_contract": _("Receipt or contract: what was shown?"),
    "card": _("Credit card: was it shown?"),
    "authority": _("Signed authority: was it shown?"),
}

CHANNELS: dict[str, Text] = {
    "portal": _("Online, by themselves"),
    "desk": _("Through our staff"),
    "api": _("Through the carrier's own systems"),
    "file": _("By a file of lines"),
    "repair": _("By the repair of ghost lines"),
}
"""Through which face a case was asked for."""

PROMISES: dict[str, tuple[Text, Text]] = {
    "review": (
        _("Reviews by the promised business day"),
        _("Of the requests that staff decided on in this month."),
    ),
    "visit": (
        _("Visits before the last day"),
        _("Of the customers who came to a shop in this month and had chosen a last day."),
    ),
    "day": (
        _("Off on the day of the end"),
        _("Of the lines closed in this month that had a last day: off in the network before the next day was over."),
    ),
}
"""What the overview counts as promised, and of what."""

ORIGINS: dict[str, Text] = {
    "file": _("A file of the installation decides."),
    "desk": _("Written here by your administrator."),
    "shipped": _("The standard one that ships with the installation."),
}
"""Where a procedure comes from; the first one that is there counts."""
