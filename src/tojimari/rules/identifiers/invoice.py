"""Is this the number under which a company may issue invoices for Japan's consumption tax?

"T" and thirteen digits (消費税法 57-2; 消費税法基本通達 1-7-2). A company's are its corporate number, whose first digit
checks the other twelve (法人番号の指定等に関する省令 2). Those of sole proprietors follow no published rule, so a first
digit that does not fit is a doubt and no mistake. The register of the National Tax Agency says whether a number is
registered; that is not looked up here.
"""

from __future__ import annotations

from tojimari.rules.identifiers.verdict import Verdict
from tojimari.rules.text import is_digits, plain

DIGITS = 13


def check(text: str) -> Verdict:
    """Check a number in any spelling, also without its T; the value is "T" and thirteen digits.

    Code: `invoice_number.form`.
    """
    found = plain(text).upper()
    digits = found.removeprefix("T")
    if len(digits) != DIGITS or not is_digits(digits):
        return Verdict(False, found, "invoice_number.form")
    return Verdict(True, f"T{digits}")


def is_of_company(number: str) -> bool:
    """Say whether a number, as `check` gives it, can be that of a company; otherwise a person's, or mistyped."""
    return int(number[1]) == check_digit(number[2:])


def check_digit(twelve: str) -> int:
    """Return the digit that stands before twelve others: from the right they count once, twice, once, and so on.

    法人番号の指定等に関する省令 2: nine, less what is left when the sum is divided by nine.
    """
    weighed = sum(int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(twelve)))
    return 9 - weighed % 9
