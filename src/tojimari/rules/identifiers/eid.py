"""Is this the serial number of an eSIM chip (EID)?

32 digits of which the last two are check digits by ISO/IEC 7064 MOD 97-10 (GSMA SGP.29): the whole number leaves 1
when divided by 97. It need not begin with `89`: newer issuer numbers (EIN) are variable.
"""

from __future__ import annotations

from tojimari.rules.identifiers.verdict import Verdict
from tojimari.rules.text import is_digits, plain


def check(value: str) -> Verdict:
    """Check an EID. Codes: `eid.empty`, `eid.characters`, `eid.length`, `eid.check_digits`."""
    number = plain(value)
    if not is_digits(number):
        return Verdict(False, number, "eid.characters" if number else "eid.empty")
    if len(number) != 32:
        return Verdict(False, number, "eid.length")
    if int(number) % 97 != 1:
        return Verdict(False, number, "eid.check_digits")
    return Verdict(True, number)


def with_check_digits(body: str) -> str:
    """Return `body` (30 ASCII digits) with its two check digits behind it."""
    return f"{body}{98 - int(body + '00') % 97:02d}"
