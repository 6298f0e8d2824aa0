"""What do this room's reason codes say to a person? Facts, such as `columns`, are filled in when shown."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tojimari.lines.cells import Problem
from tojimari.rules import reasons

Text = str | Promise

# Reason code -> (what is the matter, the way on). For files that cannot be used, and for carriers and contacts.
REASONS: dict[str, tuple[Text, Text]] = {
    "settings.bank": (
        _("This is no bank account: it has no number, or is too long."),
        _("Write bank, branch, kind of account, number and holder, in at most %(most)s characters."),
    ),
    "settings.late_interest": (
        _("So much interest cannot be."),
        _("Write a number above 0 and up to %(most)s, with one decimal at most, or nothing."),
    ),
    "settings.days": (
        _("So many days to pay cannot be."),
        _("Write a number from %(least)s to %(most)s, or nothing."),
    ),
    "settings.company_text": (
        _("This is too long, or has signs that cannot be printed."),
        _("Write it in one line of at most %(most)s characters."),
    ),
    "settings.changed": (
        _("A colleague has changed this setting meanwhile. Nothing was saved."),
        _("Look at what counts now, and change that."),
    ),
    "carrier.unknown": (
        _("There is no carrier “%(slug)s”."),
        _("Known are: %(known)s. A new one is added with: tojimari lines carrier SLUG --name-ja … --name-en …"),
    ),
    "columns.missing": (
        _("The file has no column %(columns)s."),
        _("Add the column, or rename the one that holds it, and import again. Nothing was written."),
    ),
    "columns.none": (
        _("The first row of the file names no column that is known."),
        _("Put the names of the columns into the first row; needed are: %(expected)s. Nothing was written."),
    ),
    "columns.twice": (
        _("The file has two columns for %(columns)s."),
        _("Remove or rename one of them. Nothing was written."),
    ),
    "columns.unknown": (
        _("The file has a column that is not known: %(columns)s."),
        _("Remove the column or rename it. Known are: %(known)s. Nothing was written."),
    ),
    "plan.terms": (
        _("The terms of plan %(plan)s cannot be used: %(key)s."),
        _("Look up what this key may be, mend the file, and run it again. Nothing was changed."),
    ),
    "contact.email": (_("This is not an e-mail address."), _("Check it for a slip.")),
    "file.changed": (_("The file %(file)s was changed while it was read."), _("Import it again.")),
    "file.checker_died": (
        _("The process that checks the rows has died, perhaps for lack of memory."),
        _("Import the file again: what is there already is not doubled."),
    ),
    "file.empty": (_("The file %(file)s is empty."), _("Export it again.")),
    "file.encoding": (
        _("The text of %(file)s is neither UTF-8 nor Shift_JIS (CP932)."),
        _("Save it as “CSV UTF-8” and import it again."),
    ),
    "file.missing": (_("The file %(file)s cannot be opened: %(reason)s."), _("Check the path.")),
    "file.password": (_("The workbook %(file)s is locked with a password."), _("Save it without one.")),
    "file.quotes": (
        _("From row %(row)s on the file %(file)s cannot be read: a quotation mark is opened and never closed."),
        _("Mend that row and import the file again: the rows above it are not doubled."),
    ),
    "file.workbook": (_("The workbook %(file)s is damaged or of an unknown kind."), _("Save it as CSV.")),
    "file.workbook_size": (
        _("The workbook %(file)s is larger than %(megabytes)s MB unpacked."),
        _("Save it as “CSV UTF-8”: a file of that kind may be as large as you like."),
    ),
    "import.running": (
        _("Another import for this carrier is running."),
        _("Wait until it has ended, then import the file."),
    ),
    "sample.encoding": (
        _("The encoding %(encoding)s is not known."),
        _("Use utf-8, utf-8-sig or cp932."),
    ),
    "sample.workbook": (
        _("Workbooks cannot be written here: the library openpyxl is not installed."),
        _("Write a .csv file, or install openpyxl."),
    ),
}

# What is wrong in a cell or a row. `%(fact)s` is a row number or a count, never an identifier.
PROBLEMS: dict[str, Text] = {
    "cell.control": _("has a line break or another control character"),
    "cell.empty": _("must not be empty"),
    "cell.long": _("is longer than 200 characters"),
    "cell.rounded": _(
        "was shortened by a spreadsheet (like 8.98E+18), its last digits are lost; format the column as text and export"
        " it again"
    ),
    "contact.email": _("is not an e-mail address"),
    "customer.differs": _("says otherwise of this customer than an earlier row of the file"),
    "count.form": _("is not a whole number"),
    "date.form": _("is not a date like 2026-11-30, 2026/11/30 or 2026年11月30日"),
    "date.none": _("is not a day of the calendar"),
    "date.range": _("is a date before 1979 or after 2100"),
    "eid.needed": _("is needed for an eSIM"),
    "final_month_policy.unknown": _("is not one of full_month, daily_prorata, usage_tier, prepaid_none"),
    "flag.unknown": _("is neither yes nor no"),
    "iccid.other_customer": _("belongs to a line of another customer"),
    "imsi.other_line": _("belongs to another line that runs"),
    "kind.differs": _("is another kind than this ICCID has had so far"),
    "kind.unknown": _("is neither physical_sim nor esim"),
    "language.unknown": _("is not one of ja, en, zh-Hans, zh-Hant"),
    "msisdn.other_line": _("belongs to another line that runs"),
    "msisdn.rests": _("still rests after its last holder; it may be given out from %(fact)s"),
    "option.not_named": _("must name the option that option_fee_yen and option_lives_on speak of"),
    "plan.differs": _("is described otherwise than in an earlier row of the file"),
    "plan.fee_needed": _("is needed, because the carrier does not have this plan yet"),
    "plan.too_many": _("is one of too many plans; perhaps the column holds something else"),
    "plan.unknown": _("is not known; give plan_name and monthly_fee_yen in the first row that uses it"),
    "row.again": _("was changed by somebody else at the same moment; import the file again"),
    "row.cells": _("The row has %(fact)s cells, which is not as many as there are columns."),
    "row.twice": _("is in the file already, in row %(fact)s"),
    "services.unknown": _("names a service other than data, voice, roaming, option"),
    "used.incomplete": _("is missing: data used needs both the month and the MB"),
    "unpaid.incomplete": _("is missing: an unpaid bill needs month, amount and due date"),
    "valid_until.before_contract": _("is before the day of the contract"),
    "what.unknown": _("is not one of roaming, use, correction"),
    "yen.form": _("is not an amount in whole yen"),
    "yen.negative": _("must not be less than nothing"),
    "yen.range": _("is too large"),
}


def reason(code: str, facts: Mapping[str, str | int]) -> str:
    """Return what is the matter and the way on, in the language of now. KeyError for a code of another room."""
    return " ".join(str(text) % facts for text in REASONS[code])


def problem(found: Problem) -> str:
    """Return what is wrong in which column, in the language of now."""
    text = str(PROBLEMS[found.code]) if found.code in PROBLEMS else gettext(reasons.text(found.code))
    if found.fact:
        text %= {"fact": found.fact}
    return f"{found.column}: {text}" if found.column else text
