"""Is this the serial number of a phone (IMEI, 3GPP TS 23.003)? Fifteen digits, the last one by Luhn."""

from __future__ import annotations

from tojimari.rules.identifiers import luhn
from tojimari.rules.identifiers.verdict import Verdict
from tojimari.rules.text import is_digits, plain


def check(value: str) -> Verdict:
    """Check an IMEI. Codes: `imei.empty`, `imei.characters`, `imei.length`, `imei.luhn`."""
    number = plain(value)
    if not is_digits(number):
        return Verdict(False, number, "imei.characters" if number else "imei.empty")
    if len(number) != 15:
        return Verdict(False, number, "imei.length")
    if not luhn.is_valid(number):
        return Verdict(False, number, "imei.luhn")
    return Verdict(True, number)
