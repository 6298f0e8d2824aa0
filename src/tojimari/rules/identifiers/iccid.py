"""Is this the serial number of a SIM (ICCID, ITU-T E.118)?

`89`, country code, issuer, account number and a Luhn digit. Nineteen digits are usual, 18 to 20 are seen. Japan is
`8981`; a travel eSIM often comes from elsewhere, so another country is a warning, never a refusal.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tojimari.rules.identifiers import luhn
from tojimari.rules.identifiers.verdict import Fact, Verdict
from tojimari.rules.packaged import table
from tojimari.rules.text import is_digits, plain

_JAPANESE: Mapping[str, Fact] = MappingProxyType({"japan": True})
_FOREIGN: Mapping[str, Fact] = MappingProxyType({"japan": False, "warning": "iccid.not_japan"})
_ISSUERS: Mapping[str, Mapping[str, Fact]] = {
    row["number"]: MappingProxyType({"japan": True, "issuer_number": row["number"], "issuer": row["name"]})
    for row in table("issuers")["issuer"]
}


def check(value: str) -> Verdict:
    """Check an ICCID. Accepts the 20-place form of a 19-digit number that ends in a padding `F`, and drops the `F`.

    Codes: `iccid.empty`, `iccid.characters`, `iccid.length`, `iccid.prefix`, `iccid.luhn`. Facts: `japan`, and where
    the ITU's list names the issuer, `issuer_number` and `issuer` (informative: numbers change hands).
    """
    number = plain(value)
    if len(number) == 20 and number[19] in "Ff":
        number = number[:19]
    if not is_digits(number):
        return Verdict(False, number, "iccid.characters" if number else "iccid.empty")
    if not 18 <= len(number) <= 20:
        return Verdict(False, number, "iccid.length")
    if not number.startswith("89"):
        return Verdict(False, number, "iccid.prefix")
    if not luhn.is_valid(number):
        return Verdict(False, number, "iccid.luhn")
    if not number.startswith("8981"):
        return Verdict(True, number, "", _FOREIGN)
    return Verdict(True, number, "", _ISSUERS.get(number[:6], _JAPANESE))


def with_check_digit(body: str) -> str:
    """Return `body` (17 to 19 ASCII digits) with its Luhn digit behind it."""
    return body + luhn.check_digit(body)
