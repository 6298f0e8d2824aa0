"""Is this the number under which a company may issue invoices for Japan's consumption tax?

"T" and thirteen digits (消費税法 57-2; 消費税法基本通達 1-7-2). A company's are its corporate number, whose first digit
checks the other twelve (法人番号の指定等に関する省令 2). The register of the National Tax Agency says whether it is
registered; that is not looked up here. Numbers of persons follow no published rule and mostly fail this check.
"""

from __future__ import annotations

from tojimari.rules.identifiers.verdict import Verdict
from tojimari.rules.text import is_digits, plain

DIGITS = 13


def check(text: str) -> Verdict:
    """Check a number in any spelling, also without its T; the value is "T" and thirteen digits.

    Codes: `invoice_number.form`, `invoice_number.check_digit`.
    """
    found = plain(text).upper()
    digits = found.removeprefix("T")
    if len(digits) != DIGITS or not is_digits(digits):
        return Verdict(False, found, "invoice_number.form")
    if int(digits[0]) != check_digit(digits[1:]):
        return Verdict(False, f"T{digits}", "invoice_number.check_digit")
    return Verdict(True, f"T{digits}")


def check_digit(twelve: str) -> int:
    """Return the digit that stands before twelve others: from the right they count once, twice, once, and so on.

    法人番号の指定等に関する省令 2: nine, less what is left when the sum is divided by nine.
    """
    weighed = sum(int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(twelve)))
    return 9 - weighed % 9
