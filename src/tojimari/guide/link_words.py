"""What is said to a person about an address that they pasted?

English message ids, marked for the translation tools: the page translates them by Django, the command without it.
"""

from __future__ import annotations

from collections.abc import Mapping

from tojimari.rules.links import Finding, Why


def gettext_noop(message: str) -> str:
    """Mark a text for the translation tools, which know this name, and return it unchanged."""
    return message


FINDINGS: Mapping[Finding, str] = {
    Finding.OFFICIAL: gettext_noop("An address of %(name)s"),
    Finding.LOOKS_LIKE: gettext_noop("It looks like %(name)s, but is not on its list"),
    Finding.NOT_LISTED: gettext_noop("Not on our list"),
    Finding.CANNOT_TELL: gettext_noop("We cannot tell"),
}
"""`name`: the carrier, or several with a slash between."""

REASONS: Mapping[Why, str] = {
    Why.HOST: gettext_noop("The part that decides is a name of this carrier, letter for letter."),
    Why.USER_PART: gettext_noop("What stands before the @ does not count. It leads to what stands after it."),
    Why.BACKSLASH: gettext_noop("It has a backslash in it. Programs read that in different ways. Do not open it."),
    Why.HIDDEN: gettext_noop("Invisible marks are hidden in it. An honest address has none."),
    Why.NAME_INSIDE: gettext_noop("The right name is in it, but something was added. What stands at the end decides."),
    Why.WORD: gettext_noop(
        "It uses the name of the carrier, but is not on the list of its addresses. Forged pages do that. Sometimes a"
        " new page of the carrier does, too."
    ),
    Why.LETTERS: gettext_noop("Some letters only look like those of the carrier's name."),
    Why.SIBLING: gettext_noop("Another address with the same ending is on the list. This one is not."),
    Why.GLUED: gettext_noop("Other text sticks to the address. Paste the address alone."),
    Why.SHORT: gettext_noop("A short link hides where it leads. Do not open it; go in from the right address."),
    Why.QR: gettext_noop("A QR code service hides where it leads. Do not open it; go in from the right address."),
    Why.MAIL: gettext_noop(
        "This is an e-mail address. The sender of a mail or SMS can be forged, so it proves nothing."
    ),
    Why.NUMBERS: gettext_noop("It has numbers in place of a name. Anybody can be behind them."),
    Why.SCHEME: gettext_noop("It is not the address of a web page."),
    Why.SCRIPTS: gettext_noop("It mixes letters of several alphabets. That is a way to imitate a name."),
    Why.SHARED: gettext_noop("Anybody can get an address with this ending. It says nothing about who is behind it."),
    Why.ELSEWHERE: gettext_noop(
        "It may still be real, but no carrier on our list is known to use it. Do not type anything about your line"
        " there."
    ),
}

NO_ADDRESS = gettext_noop("There is no address in this text. An address has a dot in it, as example.jp.")
BESIDE = gettext_noop("The right address of %(name)s:")
NO_LIST = gettext_noop("We know no address of %(name)s.")
SOURCE = gettext_noop("Source: %(host)s, %(date)s")
REPORTED = gettext_noop("Reported by others, not by the carrier itself.")
NEVER_SAFE = gettext_noop("The list can be incomplete. No answer means that a link is safe.")
