"""What do a case's states, steps and reason codes say to a person?

Codes are stable and go into rows, interfaces and history; the words are looked up when they are shown. Every reason has
a text and a way on: nobody is left before a wall.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Text = str | Promise

CASE_STATES: dict[str, Text] = {
    "acknowledged": pgettext_lazy("state of a case", "Requested"),
    "in_progress": pgettext_lazy("state of a case", "Requested, in progress"),
    "held": pgettext_lazy("state of a case", "On hold"),
    "withdrawing": pgettext_lazy("state of a case", "Being taken back"),
    "completed": pgettext_lazy("state of a case", "Closed"),
    "cancelled": pgettext_lazy("state of a case", "Withdrawn: everything is as before"),
    "rejected": pgettext_lazy("state of a case", "Not accepted"),
}

CASE_KINDS: dict[str, Text] = {
    "physical_sim": _("Physical SIM"),
    "esim": _("eSIM"),
    "roaming": _("Roaming service"),
}

ACTORS: dict[str, Text] = {
    "subscriber": pgettext_lazy("who must act", "You"),
    "staff": pgettext_lazy("who must act", "Our staff"),
    "system": pgettext_lazy("who must act", "Our system"),
    "carrier": pgettext_lazy("who must act", "The carrier"),
}

STEPS: dict[str, Text] = {
    "verify": _("Prove that it is you"),
    "settle": _("Look at unpaid bills"),
    "visit": _("Visit a shop"),
    "papers": _("Show your papers"),
    "form": _("Sign the form"),
    "return_sim": _("Hand the SIM card back"),
    "review": _("Review by our staff"),
    "inspect": _("Look at the line in the network"),
    "bar": _("Switch off in the network"),
    "hold": _("Wait, so that it can still be undone"),
    "restore": _("Switch on in the network again"),
    "remove": _("Remove from the network"),
    "prove": _("Prove that the network rejects it"),
    "final_bill": _("Final bill"),
    "tell": _("Confirmation to you"),
    "certificate": _("Certificate"),
}

STEP_STATES: dict[str, Text] = {
    "waiting": pgettext_lazy("state of a step", "Later"),
    "open": pgettext_lazy("state of a step", "Next"),
    "claimed": pgettext_lazy("state of a step", "Under way"),
    "by_hand": pgettext_lazy("state of a step", "Done by hand by our staff"),
    "stuck": pgettext_lazy("state of a step", "Needs a person's look"),
    "paused": pgettext_lazy("state of a step", "On hold"),
    "done": pgettext_lazy("state of a step", "Done"),
    "skipped": pgettext_lazy("state of a step", "Not needed"),
    "cancelled": pgettext_lazy("state of a step", "No longer needed"),
}

EVENTS: dict[str, Text] = {
    "termination.requested": _("Closing was requested"),
    "termination.by_phone": _("Our staff asked for it in a call, for the customer"),
    "termination.withdrawal_requested": _("Taking back was requested"),
    "termination.withdrawn": _("The case was taken back"),
    "termination.rejected": _("The case was not accepted"),
    "termination.held": _("The case was put on hold"),
    "termination.resumed": _("The case goes on"),
    "termination.completed": _("The case is complete"),
    "termination.end_changed": _("The last day was changed"),
    "termination.stop_asked": _("To stop data and calls before the end was requested"),
    "termination.start_asked": _("To switch data and calls on again was requested"),
    "line.off_early": _("Data and calls are off before the end: nothing used after this day is charged"),
    "line.on_again": _("The line is on again until its end"),
    "line.put_back": _("One part of the network could not do it, so the others are put back as they were"),
    "step.done": _("A step is done"),
    "step.attested": _("A step was attested by name"),
    "step.delayed": _("A step will be tried again"),
    "step.stuck": _("A step needs a person's look"),
    "step.by_hand": _("A step waits to be done by hand"),
    "step.retried": _("A step was released to be tried again"),
    "step.left_to_staff": _("The carrier's rule left a step to staff"),
    "step.handed_over": _("A step was handed over to a colleague"),
    "review.first_approval": _("The first of two people approved"),
    "review.asked": _("A question was sent to the subscriber"),
    "review.answered": _("The subscriber answered"),
    "review.not_waiting": _("Staff no longer wait for an answer"),
    "visit.booked": _("A visit to a shop was booked"),
    "visit.moved": _("The visit was moved"),
    "visit.cancelled": _("The visit was cancelled"),
    "visit.walk_in": _("The subscriber came to a shop without a time"),
    "visit.called_off": _("The shop is closed at the time of the visit"),
    "visit.missed": _("Nobody came to the visit"),
    "visit.unfinished": _("The shop closed before the visit was finished"),
    "visit.waiting": _("The subscriber waits for a free time at a shop"),
    "visit.unlisted": _("The subscriber left the waiting list"),
    "visit.offered": _("A time that came free was offered"),
    "visit.offer_over": _("The offer was not taken in time"),
    "visit.waited_in_vain": _("No time came free on the days that suited"),
    "form.mailed": _("The form was sent by e-mail"),
    "form.printed": _("The form was printed"),
    "bills.paid": _("Unpaid bills were paid"),
    "bill.money_came": _("Money came in for the final bill"),
    "bill.supplemented": _("A supplementary bill was made"),
    "bill.settled": _("The final bill is final"),
    "bill.day_named": _("The day to pay is known now"),
    "refund.paid": _("Money was paid back"),
    "refund.account_told": _("The customer told us an account for the money that goes back"),
    "refund.account_read": _("The account for the money that goes back was read, to pay"),
    "refund.account_let_go": _("Another account may be told for the money that goes back"),
    "refund.overdue": _("Money should have been paid back"),
    "profile.deletion_told": _("The profile server reported that the eSIM was deleted"),
    "profile.deletion_signed": _("The chip itself signed that the eSIM was deleted"),
    "line.terminated": _("The line is terminated"),
    "service.terminated": _("The service is terminated"),
}

# How it stands with the profile of an eSIM whose line ends (`profiles.ProfileStands`).
PROFILES: dict[str, Text] = {
    "cancelled": _("Nobody has installed this eSIM, and nobody can any more: its order is cancelled."),
    "waiting": _("The chip has not confirmed yet that the eSIM was deleted."),
    "told": _("The profile server has confirmed that the eSIM was deleted:"),
    "signed": _("The chip itself has confirmed that the eSIM was deleted:"),
}

HOLDS: dict[str, Text] = {
    "hold.dispute": _("A question about the contract or the bill is being looked into."),
    "hold.identity": _("We must look again at who asked."),
    "hold.request": _("The subscriber asked us to wait."),
}

REJECTIONS: dict[str, Text] = {
    "rejected.identity": _("We could not establish that the subscriber asked. Ask again with a code, or at a shop."),
    "rejected.wrong_line": _("This is not the line that was meant. Ask again for the right one."),
    "rejected.authority": _("The authority to act for the subscriber was missing. Ask again with the authority paper."),
    "rejected.duplicate": _("Another case for the same wish goes on. Follow that one."),
}

_AGAIN = _("We try again by ourselves.")
_LOOK = _("Our staff must look before it goes on.")
_HAND = _("Our staff does it and attests it by name.")

# Reason code -> (what is the matter, the way on).
REASONS: dict[str, tuple[Text, Text]] = {
    "procedure.wrong": (
        _("This procedure cannot be used. Nothing was saved."),
        _("Mend what is listed, and check it again."),
    ),
    "procedure.file_wins": (
        _("A file of the installation decides on this procedure. Nothing was saved."),
        _("Ask who runs the installation to change or remove the file."),
    ),
    "case.not_opened": (
        _("This reference and this saved code do not belong together."),
        _("Look at both again, letter by letter. You can also use the link in any mail about the case, or sign in."),
    ),
    "line.unknown": (_("We do not find this line."), _("Check the number, or use the ICCID on the card.")),
    "line.not_named": (
        _("The row names no line."),
        _("Give the ICCID, the phone number or the order number."),
    ),
    "line.identifiers_disagree": (
        _("The identifiers of the row belong to different lines."),
        _("Check them; nothing was asked for."),
    ),
    "line.already_terminated": (_("This line is closed already."), _("Nothing is left to do; no charges go on.")),
    "line.ported_out": (
        _("This number was moved to another carrier."),
        _("The contract ended with the move; nothing is left to do here."),
    ),
    "line.already_ending": (
        _("The whole line is being closed already."),
        _("Everything on it ends with it. Follow that case."),
    ),
    "line.no_imsi": (
        _("The line has no IMSI in our books, so the network cannot be asked."),
        _("Our staff looks it up and goes on; you need not do anything."),
    ),
    "service.not_active": (_("This service is not active on the line."), _("Nothing is left to do.")),
    "service.not_ended_here": (_("This service cannot be ended by itself."), _("Ask our staff.")),
    "effective.not_offered": (_("This end date is not offered."), _("Choose one of the dates shown.")),
    "quote.changed": (
        _("What ending costs has changed since it was shown to you."),
        _("Look at the new amount and confirm again."),
    ),
    "step.not_its_turn": (
        _("This step is not next, or was done already."),
        _("Reload the page to see where it stands."),
    ),
    "step.not_yours": (_("This step is done by somebody else."), _("Wait for them, or ask our staff.")),
    "step.not_stuck": (_("This step is not waiting for a new try."), _("Reload the page to see where it stands.")),
    "step.note_missing": (_("Write down what you did."), _("One sentence is enough; it goes into the certificate.")),
    "step.name_missing": (_("An attestation needs a name."), _("Enter your full name in your account first.")),
    "termination.over": (_("This case is over."), _("See its last entry.")),
    "termination.no_return": (
        _("The line is being removed from the network; it cannot be taken back any more."),
        _("For a new line, ask our staff."),
    ),
    "termination.already_begun": (
        _("The network has been told already."),
        _("Withdraw the case instead; the line is then switched on again."),
    ),
    "termination.held": (_("The case is on hold."), _("Let it go on first.")),
    "termination.withdrawing": (_("The case is being taken back."), _("Wait until that is done.")),
    "termination.not_running": (_("The case is not running."), _("Reload the page to see where it stands.")),
    "termination.not_held": (_("The case is not on hold."), _("Reload the page to see where it stands.")),
    "termination.end_over": (
        _("The contract has ended already, so its last day cannot be changed."),
        _("To keep the line after all, take the request back while the page of the case offers it."),
    ),
    "termination.end_fixed": (
        _("The network is being told already, so the last day cannot be changed."),
        _("You can take the request back while the page of the case offers it."),
    ),
    "termination.not_stoppable": (
        _("Data and calls of this line cannot be stopped before the end."),
        _("They stop with the end of the contract. To use none before, switch mobile data off on your phone."),
    ),
    "termination.not_stopped": (
        _("Data and calls of this line were not stopped."),
        _("Reload the page to see where it stands."),
    ),
    "termination.end_has_come": (
        _("The contract has ended, so the line is not switched on again for the rest of it."),
        _("To keep the line after all, take the request back while the page of the case offers it."),
    ),
    "termination.just_now": (
        _("The network is being told at this very moment."),
        _("Wait a minute and try again."),
    ),
    "termination.unknown_reason": (_("This reason is not on the list."), _("Choose one of the reasons shown.")),
    "waived.by_channel": (_("Not asked for: the carrier itself ordered the closing."), ""),
    "line.identifier_invalid": (
        _("An identifier of the line in our books cannot be right."),
        _("Our staff looks it up and goes on; you need not do anything."),
    ),
    "network.no_answer": (_("The network element gave no answer."), _AGAIN),
    "network.refused": (_("The network element refused the connection."), _AGAIN),
    "network.reset": (_("The connection to the network element broke off."), _AGAIN),
    "network.unreachable": (_("The network element cannot be reached."), _AGAIN),
    "network.out_of_step": (_("The network element answered something else than was asked."), _AGAIN),
    "network.unexpected_answer": (_("The network element gave an answer that we do not know."), _AGAIN),
    "network.no_outcome": (_("It is not certain what the network element has done."), _AGAIN),
    "network.changed_meanwhile": (_("Somebody else changed the line in the network meanwhile."), _AGAIN),
    "network.still_open": (_("The network does not show the line as switched off yet."), _AGAIN),
    "network.still_on_record": (_("The network still has a record of the line."), _AGAIN),
    "network.keys_left": (_("The network still holds a secret key of the line."), _AGAIN),
    "network.not_restored": (_("The network does not show the line as switched on again yet."), _AGAIN),
    "network.visited_network_away": (
        _("The visited network cannot be reached at the moment."),
        _("We try again by ourselves; the end of the contract does not move."),
    ),
    "network.other_subscriber": (
        _("The network holds somebody else's data under this identifier."),
        _LOOK,
    ),
    "network.number_on_other_imsi": (_("In the network the number belongs to another card."), _LOOK),
    "network.moved": (_("The line was moved to another card meanwhile."), _LOOK),
    "network.gone": (_("The line is no longer in the network, so it cannot be switched on again."), _LOOK),
    "network.not_inspected": (_("It was not recorded how the line stood in the network before."), _LOOK),
    "network.not_barred": (_("The line is not switched off in the network, so it is not removed."), _LOOK),
    "network.not_attested": (_("Nobody has attested what was to be done by hand."), _LOOK),
    "network.still_accepted": (_("The network still accepts the line."), _LOOK),
    "network.creates_on_demand": (
        _("The network element creates every line that asks for it, so nothing can be proved."),
        _("The carrier's engineers must switch that off."),
    ),
    "network.busy": (_("The network element is busy."), _AGAIN),
    "network.in_progress": (_("The network element is still working on it."), _AGAIN),
    "network.conflict": (_("The network element is busy with another change to this line."), _AGAIN),
    "network.not_let_in": (_("The network element does not let us in."), _AGAIN),
    "network.not_trusted": (_("The network element and we do not trust each other's certificate."), _AGAIN),
    "network.files_missing": (_("The key or certificate for the network element cannot be read."), _AGAIN),
    "network.visit_goes_on": (_("A network abroad still has the phone."), _AGAIN),
    "network.rejected": (_("The network element refused the change."), _LOOK),
    "network.job_failed": (_("The network element began the change and failed."), _LOOK),
    "network.others_changed": (
        _("Something else on the line changed as well, so the service was switched on again."),
        _LOOK,
    ),
    "network.rolled_back": (_("Somebody brought back what had been deleted in the network."), _LOOK),
    "network.ambiguous": (_("The network element holds more than one record for this line."), _LOOK),
    "network.not_known": (_("The network element does not know this line."), _LOOK),
    "network.keys_unclear": (_("It is not certain whose secret keys are left in the network."), _LOOK),
    "network.by_hand.bar": (_("This is switched off by hand."), _HAND),
    "network.by_hand.remove": (_("This is removed from the network by hand."), _HAND),
    "network.by_hand.restore": (_("This is switched on again by hand."), _HAND),
    "element.no_roaming_switch": (_("This network element cannot switch roaming off by itself."), _HAND),
    "element.no_range": (
        _("No network element is set up for the number range of this line."),
        _("Our staff sees to it: call or write to us."),
    ),
    "element.no_such_service": (_("This network element does not know the service."), _LOOK),
    "element.not_there": (
        _("This installation has no such network element any more, or its settings cannot be used."),
        _("The carrier's engineers must set it up."),
    ),
    "profile.no_server": (
        _("No profile server is set up for this eSIM."),
        _("The carrier's engineers must set it up."),
    ),
    "profile.unknown": (_("The profile server does not know this eSIM."), _LOOK),
    "profile.other_eid": (_("At the profile server this eSIM belongs to another phone."), _LOOK),
    "profile.other_matching_id": (_("At the profile server this eSIM belongs to another order."), _LOOK),
    "profile.not_allowed": (_("The profile server does not let us cancel this eSIM."), _LOOK),
    "profile.refused": (_("The profile server refused to cancel the eSIM."), _LOOK),
    "profile.expired": (_("The profile server took too long and did nothing."), _AGAIN),
    "profile.discovery_server": (_("The profile server cannot reach its directory at the moment."), _AGAIN),
    "profile.not_let_in": (_("The profile server does not let us in."), _AGAIN),
    "profile.not_trusted": (_("The profile server and we do not trust each other's certificate."), _AGAIN),
    "profile.files_missing": (_("The certificate for the profile server cannot be read."), _AGAIN),
    "profile.no_protocol": (_("The profile server does not say which protocol it speaks."), _AGAIN),
    "profile.in_doubt": (
        _("It is not certain whether the eSIM was cancelled, and it may be somebody else's by now."),
        _HAND,
    ),
    "profile.not_cancelled": (_("Nobody has cancelled the eSIM at its profile server."), _LOOK),
    "step.failed": (_("Something went wrong on our side."), _("We try again by ourselves; our staff sees it.")),
    "proof.not_established": (_("Nothing shows yet that the line has ended, so it is not certified."), _LOOK),
    "lease.expired": (_("It took too long and is tried again."), _("You need not do anything.")),
}
