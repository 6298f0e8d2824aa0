"""What do this room's reason codes say to a person? `%(minutes)s` is filled in from the refusal's facts when shown."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

# Reason code -> (what is the matter, the way on).
REASONS: dict[str, tuple[Text, Text]] = {
    "code.wrong": (_("This is not the code."), _("Look at the newest message and type the digits again.")),
    "code.expired": (_("This code is no longer valid."), _("Ask for a new code.")),
    "code.used_up": (_("This code was tried too often."), _("Ask for a new code.")),
    "code.slow_down": (
        _("There were too many wrong codes."),
        _("Wait %(minutes)s minutes, then ask for a new code. What you typed is not lost."),
    ),
    "code.locked": (
        _("There were so many wrong codes that we have locked this way for your protection."),
        _("Call us or come to a shop: our staff opens it again once they know that it is you."),
    ),
    "code.sent_too_often": (
        _("Too many codes were asked for."),
        _("Use the newest one, or wait %(minutes)s minutes and ask again."),
    ),
    "code.nowhere": (
        _("We know no address to which we could send you a code."),
        _("Please call us: a person will help."),
    ),
    "code.tried_too_often": (
        _("This was tried too often."),
        _("Wait %(minutes)s minutes and try again, or sign in with a code by e-mail."),
    ),
    "passkey.asked_too_often": (
        _("A passkey was asked for too often from here."),
        _("Wait %(minutes)s minutes and try again, or sign in with a code."),
    ),
    "passkey.expired": (_("This took longer than 5 minutes, or was tried twice."), _("Try again.")),
    "passkey.not_accepted": (
        _("This passkey does not open anything here."),
        _("Sign in with a code. It works with every line."),
    ),
    "passkey.copied": (
        _("This passkey may have been copied, so it opens nothing any more."),
        _("Sign in with a code, remove the passkey and add a new one."),
    ),
    "passkey.known_already": (_("This device has a passkey here already."), _("You can use it to sign in.")),
    "passkey.too_many": (_("You have %(most)s passkeys, and more are not possible."), _("Remove one first.")),
    "help.asked_too_often": (
        _("So many requests for help came from here that we take no more for now."),
        _("Wait %(minutes)s minutes and send it again, or call us. What you typed is not lost."),
    ),
    "help.answered_already": (_("A colleague has answered this request already."), _("Look at their note.")),
    "help.not_prepared": (
        _("Nothing is prepared for this person, or it was prepared anew."),
        _("Fill in the page from the top."),
    ),
    "help.code_first": (
        _("The code that was sent to the new address was not given yet."),
        _("Let the person read it out, and type it."),
    ),
    "help.seen_other": (
        _("A colleague has prepared this anew since the page was shown."),
        _("Read it through once more before you open the case."),
    ),
    "help.second_person": (
        _("You prepared this yourself, and two different people must agree."),
        _("Ask a colleague to open this page and to confirm it."),
    ),
    "help.address_known": (
        _("This address is known already."),
        _("The person can sign in with a code sent to it. Ask for another one only if they cannot read it."),
    ),
    "help.note_missing": (_("Write what you did."), _("One sentence is enough.")),
}

HELP_REASONS: dict[str, Text] = {
    "sim_gone": _("The SIM or the phone is lost, broken or dead"),
    "mailbox_gone": _("I cannot read the mailbox any more"),
    "no_numbers": _("I have none of the numbers"),
    "abroad": _("I have already left Japan"),
}
"""What may have happened to somebody who gets no code."""
