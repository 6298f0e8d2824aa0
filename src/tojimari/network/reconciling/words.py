"""What do the kinds of ghost lines, and the reasons of a comparison, say to a person?"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from tojimari.network.reconciling.kinds import Kind, Source
from tojimari.network.reconciling.models import Finding

Text = str | Promise

KINDS: dict[Kind, tuple[Text, Text]] = {
    Kind.CLOSED_ALIVE: (
        _("Closed in the books, alive in the network"),
        _("Ask for its repair. A colleague confirms it; then the line is removed and proved to be gone."),
    ),
    Kind.NUMBER_ANSWERS: (
        _("The number rests, but answers"),
        _("Look whose card has this number in the network, and take it away there or write it into the books."),
    ),
    Kind.KEY_LEFT: (
        _("A secret key without its subscriber"),
        _("Delete the key in the network: the next subscriber on this row would get it. Then say here who did it."),
    ),
    Kind.BILLED_AFTER: (
        _("Billed after the end"),
        _("Take the bill back, and pay back what was paid. Then say here what was done."),
    ),
    Kind.IDENTITY_DIFFERS: (
        _("Number and card do not belong together"),
        _("Compare the card with the contract, and mend the network or the books."),
    ),
    Kind.ACTIVE_GONE: (
        _("Runs in the books, gone in the network"),
        _("This customer has no service. Put the line back, or close it in the books from the day it was gone."),
    ),
    Kind.STRANGER: (
        _("In the network, unknown to the books"),
        _("Nobody pays for it, or it is a test card. Import its line, or remove it there by hand. No repair does it."),
    ),
}
"""Of each kind: what it is, and what to do."""

SOURCES: dict[Source, Text] = {
    Source.HLR: pgettext_lazy("who says it", "HLR"),
    Source.SMDP: pgettext_lazy("who says it", "Profile server (SM-DP+)"),
    Source.BOOKS: pgettext_lazy("who says it", "Bills in the books"),
    Source.BILLING: pgettext_lazy("who says it", "Billing system"),
}

_DOWNLOADABLE = _("This profile can still be downloaded.")

DETAILS: dict[str, Text] = {
    "barred": _("Nothing is allowed to it, but its keys are there."),
    "other_number": _("The network has another number for this card."),
    "other_imsi": _("The network has this number on another card."),
    "allocated": _DOWNLOADABLE,
    "linked": _DOWNLOADABLE,
    "confirmed": _DOWNLOADABLE,
    "released": _DOWNLOADABLE,
}
"""What the detail of a finding says, where it is a code; a month and the names of keys stand for themselves."""


def detail_text(finding: Finding) -> str:
    """Say what the detail of a finding means."""
    if finding.kind == Kind.STRANGER and finding.detail.isdecimal():
        number = int(finding.detail)
        return ngettext("%(number)s that begins so", "%(number)s that begin so", number) % {"number": f"{number:,}"}
    if finding.kind == Kind.STRANGER and finding.source == Source.SMDP:
        return finding.detail
    return str(DETAILS.get(finding.detail, finding.detail))


_NOTHING = _("Nothing was compared or written.")

REASONS: dict[str, tuple[Text, Text]] = {
    "reconcile.from_the_future": (
        _("The time of the export is in the future."),
        _("Give the time at which the export was made, with its zone: 2026-11-22T03:00+09:00."),
    ),
    "reconcile.not_this_network": (
        _("%(gone)s of %(lines)s running lines are missing in it: this is another network, or half an export."),
        _("Check the file. If this HLR serves a part of the lines, say which by the beginnings of their IMSIs."),
    ),
    "reconcile.one_hlr": (_("More than one HLR was named."), _("Compare with one at a time.")),
    "reconcile.no_database": (_("%(file)s is no database of an OsmoHLR that can be read."), _NOTHING),
    "reconcile.element_silent": (_("The network does not answer (%(said)s)."), _("Try again later.")),
    "reconcile.cannot_ask": (
        _("None of this carrier's network elements can be asked line by line (%(names)s)."),
        _("Compare with an export of them."),
    ),
    "reconcile.unreadable": (
        _("The file %(file)s cannot be read."),
        _("Save it as CSV (UTF-8, with commas) or as Parquet."),
    ),
    "reconcile.not_there": (_("There is no file %(file)s."), _("Look at its name and its folder.")),
    "reconcile.columns": (
        _("The file %(file)s lacks the column %(columns)s. It has: %(there)s."),
        _("Tell what it is called there, for example: --column hlr.imsi=IMSI_NO"),
    ),
    "reconcile.columns_twice": (
        _("The file %(file)s has more than one column for %(name)s: %(columns)s."),
        _("Keep one of them, or tell which one is meant, for example: --column hlr.imsi=IMSI"),
    ),
    "reconcile.no_such_name": (
        _("For %(file)s there is no column called %(columns)s to tell."),
        _("There are: %(names)s."),
    ),
    "reconcile.empty": (_("The file %(file)s has no row."), _("Export it again.")),
    "reconcile.mostly_bad": (
        _("%(bad)s of %(rows)s rows of %(file)s cannot be used, the first one is row %(row)s."),
        _("Check the columns, and whether a spreadsheet has changed the numbers. Export it again."),
    ),
    "reconcile.not_by_hand": (
        _("This is put right by a repair, not by hand."),
        _("Ask for the repair of the comparison."),
    ),
    "reconcile.settled": (_("A colleague has settled this already."), _("Load the page again.")),
    "reconcile.note_missing": (_("Say in a few words what was done."), _("Without that nobody can check it later.")),
    "reconcile.row.imsi": (_("The IMSI is not 14 or 15 digits."), _("Mend the row.")),
    "reconcile.row.msisdn": (_("The number is no telephone number."), _("Mend the row.")),
    "reconcile.row.barred": (_("Barred must be yes or no."), _("Mend the row.")),
    "reconcile.row.twice": (_("This stands in the file more than once."), _("Find out which row is right.")),
    "reconcile.row.iccid": (_("The ICCID is not 18 to 20 digits."), _("Mend the row.")),
    "reconcile.row.state": (_("This is no state of a profile."), _("Use the states of SGP.22, such as released.")),
    "reconcile.row.month": (_("The month is not written as 2026-11."), _("Mend the row.")),
    "reconcile.row.nameless": (_("The row names no line."), _("Give ICCID, IMSI or number.")),
}
