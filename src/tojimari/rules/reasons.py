"""What does a reason code of the rules mean, in words for a person?

The texts are English message ids, marked for the translation tools. Rules know no language: whoever shows a reason
looks up its id here and translates it.
"""

from __future__ import annotations

from collections.abc import Mapping


def gettext_noop(message: str) -> str:
    """Mark a text for the translation tools, which know this name, and return it unchanged."""
    return message


TEXTS: Mapping[str, str] = {
    "account.bank": gettext_noop("Type the name of the bank, or its number of 4 digits."),
    "account.bank_abroad": gettext_noop("Type the name of the bank, in at most 140 characters."),
    "account.bic": gettext_noop("A SWIFT code (BIC) has 8 or 11 letters and digits. The bank's website names it."),
    "account.branch": gettext_noop("Type the name of the branch, or its number of 3 digits."),
    "account.country": gettext_noop("Choose the country of the bank."),
    "account.holder_kana": gettext_noop("Type the name in kana, as it stands on the bank card or in the passbook."),
    "account.holder_latin": gettext_noop("Type the name in Latin letters, as the bank has it."),
    "account.iban": gettext_noop("This IBAN has a slip: its check digits do not fit. Compare each character."),
    "account.kind": gettext_noop("Choose the kind of account."),
    "account.more": gettext_noop("That is too long, or has signs that cannot be sent. Write at most 140 characters."),
    "account.number": gettext_noop("An account number in Japan has 7 digits. If yours is shorter, put 0 before it."),
    "account.number_abroad": gettext_noop(
        "Type the IBAN, or the account number: 4 to 34 letters and digits, nothing else."
    ),
    "calendar.year_not_known": gettext_noop("The public holidays of that year are not official yet."),
    "charge.no_tier": gettext_noop("The plan has no price for this amount of data."),
    "charge.not_at_early_exit": gettext_noop("This may not be charged when a contract is left in its first days."),
    "cutoff.kind": gettext_noop("This kind of cut-off is not known."),
    "cutoff.number": gettext_noop("The cut-off needs a whole number within its limits."),
    "cutoff.time": gettext_noop("The cut-off's time must look like 17:59."),
    "cutoff.unknown_key": gettext_noop("The cut-off has an entry that is not known."),
    "domain.everybody": gettext_noop(
        "Many people share this name, so strangers would be called yours. Enter the whole name that is yours alone."
    ),
    "domain.form": gettext_noop(
        "This is not the name of a domain. Write it with letters, digits and hyphens, such as example.co.jp."
    ),
    "effective.business_days": gettext_noop("Choose 1 to 60 business days."),
    "effective.cutoff_passed": gettext_noop("The carrier's cut-off for this day has passed. Choose a later day."),
    "effective.not_month_end": gettext_noop(
        "This carrier ends lines at the end of a month only. Choose the last day of a month."
    ),
    "effective.past": gettext_noop("This day is over in Japan. Choose today or a later day."),
    "effective.too_early": gettext_noop("The line cannot end that early. Choose a later day."),
    "effective.too_far": gettext_noop("This day is more than a year ahead. Choose an earlier day."),
    "effective.unreadable": gettext_noop(
        "Write “now”, “month-end”, a day such as 2026-12-31, or business days such as 5bd."
    ),
    "eid.characters": gettext_noop("An EID has digits only."),
    "eid.check_digits": gettext_noop("The check digits of this EID do not fit: at least one digit is wrong."),
    "eid.empty": gettext_noop("Enter the EID: 32 digits, found in the phone's settings."),
    "eid.length": gettext_noop("An EID has 32 digits."),
    "figure.unknown": gettext_noop("No legal figure is on record for that day."),
    "iccid.characters": gettext_noop("An ICCID has digits only."),
    "iccid.empty": gettext_noop("Enter the ICCID: the long number that is printed on the SIM."),
    "iccid.length": gettext_noop("An ICCID has 18 to 20 digits, usually 19."),
    "iccid.luhn": gettext_noop("The check digit of this ICCID does not fit: at least one digit is wrong."),
    "iccid.not_japan": gettext_noop("This ICCID is not from Japan (8981). Travel eSIMs often are not."),
    "iccid.prefix": gettext_noop("An ICCID begins with 89."),
    "imei.characters": gettext_noop("An IMEI has digits only."),
    "imei.empty": gettext_noop("Enter the IMEI: 15 digits, shown when you dial *#06#."),
    "imei.length": gettext_noop("An IMEI has 15 digits."),
    "imei.luhn": gettext_noop("The check digit of this IMEI does not fit: at least one digit is wrong."),
    "imsi.characters": gettext_noop("An IMSI has digits only."),
    "imsi.country": gettext_noop("An IMSI of Japan begins with 440 or 441."),
    "imsi.empty": gettext_noop("Enter the IMSI: 15 digits."),
    "imsi.length": gettext_noop("An IMSI has 15 digits."),
    "invoice_number.form": gettext_noop("Write T and 13 digits, as the National Tax Agency registered it."),
    "mrz.birth_date": gettext_noop("The birth date in the lines is not a day of the calendar."),
    "mrz.birth_digit": gettext_noop("The check digit of the birth date does not fit."),
    "mrz.characters": gettext_noop("The lines may have capital letters, digits and < only."),
    "mrz.composite_digit": gettext_noop("The last check digit does not fit: something in the lines is wrong."),
    "mrz.document_kind": gettext_noop("The lines are not from a passport or a residence or identity card."),
    "mrz.empty": gettext_noop("Enter the lines with < at the foot of the passport page or on the card."),
    "mrz.expiry_date": gettext_noop("The expiry date in the lines is not a day of the calendar."),
    "mrz.expiry_digit": gettext_noop("The check digit of the expiry date does not fit."),
    "mrz.length": gettext_noop(
        "The lines are too short or too long: a passport has 2 of 44, a card 3 of 30 or 2 of 36."
    ),
    "mrz.number": gettext_noop("The lines have no document number."),
    "mrz.number_digit": gettext_noop("The check digit of the document number does not fit."),
    "mrz.optional_digit": gettext_noop("The check digit of the personal number does not fit."),
    "mrz.sex": gettext_noop("The place of the sex has a character that does not belong there."),
    "msisdn.characters": gettext_noop("A telephone number has digits only."),
    "msisdn.country": gettext_noop("This is not a telephone number of Japan (+81)."),
    "msisdn.empty": gettext_noop("Enter the telephone number."),
    "msisdn.leading_zero": gettext_noop("The first 0 is missing. Spreadsheets drop it."),
    "msisdn.length": gettext_noop("The telephone number has too few or too many digits."),
    "msisdn.not_mobile": gettext_noop(
        "This is not a mobile number. Mobile numbers begin with 060, 070, 080, 090 or 020."
    ),
    "msisdn.paging": gettext_noop("Numbers that begin with 0204 belong to pagers."),
    "msisdn.unassigned": gettext_noop("Mobile numbers with 0 in the fourth place are not in use."),
    "quarantine.too_long": gettext_noop("So many days are taken for a slip. Write a smaller number."),
    "quarantine.too_short": gettext_noop("A closed number must rest longer before it is given to somebody else."),
    "retention.unknown": gettext_noop("No rule says how long this record is kept."),
    "typed.email": gettext_noop("An e-mail address does not say which line it is."),
    "typed.empty": gettext_noop("Type a phone number, an ICCID, an EID or an order number."),
    "typed.short": gettext_noop("That is too short for a phone number, an ICCID, an EID or an order number."),
    "typed.unreadable": gettext_noop(
        "This cannot be read as a phone number, an ICCID, an EID or an order number: use digits and Latin letters."
    ),
}


def text(code: str) -> str:
    """Return the message id of a reason code. KeyError for a code of no rule: a reason without words is a fault."""
    return TEXTS[code]
