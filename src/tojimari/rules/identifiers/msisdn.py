"""Is this the telephone number of a Japanese mobile line (MSISDN), and how is it written in E.164?

The number plan of the Ministry of Internal Affairs and Communications (電気通信番号計画):

- voice 060, 070, 080, 090: eleven digits, the fourth not 0 (060 opened on 2024-12-20; 0600 is fixed-mobile service);
- data and machines 020: eleven digits, the fourth neither 0 nor 4 (0204 is paging);
- data and machines 0200: fourteen digits, which fills the fifteen places of E.164.

Number libraries do not know the last range, so the plan is written out here.
"""

from __future__ import annotations

import re
from types import MappingProxyType

from tojimari.rules.identifiers.verdict import Verdict
from tojimari.rules.text import is_digits, plain

_COMMON = re.compile(r"(?:0|\+?81)([6789]0[1-9][0-9]{7})").fullmatch
_ABROAD = re.compile(r"\+|00|010").match  # 010 is how one dials abroad from Japan
_VOICE = MappingProxyType({"kind": "voice"})
_DATA = MappingProxyType({"kind": "data"})


def check(value: str) -> Verdict:
    """Check a number written as `090…`, `+81…`, `81…`, `0081…`, `010-81…` or `+81 (0)…`. The value becomes `+81…`.

    Codes: `msisdn.empty`, `msisdn.characters`, `msisdn.country`, `msisdn.leading_zero` (a spreadsheet dropped it),
    `msisdn.not_mobile`, `msisdn.unassigned`, `msisdn.paging`, `msisdn.length`. Fact: `kind`, `voice` or `data`.
    """
    common = _COMMON(value)
    if common:
        return Verdict(True, "+81" + common[1], "", _VOICE)
    number = plain(value).translate({ord("("): None, ord(")"): None, ord("."): None, ord("/"): None})
    if not is_digits(number.removeprefix("+")):
        return Verdict(False, number, "msisdn.characters" if number else "msisdn.empty")
    significant = _significant(number)
    if significant is None:
        return Verdict(False, number, "msisdn.country")
    code = _fault(significant) or ("msisdn.leading_zero" if significant == number else "")
    if code:
        return Verdict(False, number, code)
    return Verdict(True, "+81" + significant, "", _DATA if significant.startswith("20") else _VOICE)


def _significant(number: str) -> str | None:
    """Return the national significant number (without the 0), or None for another country.

    A number with neither a 0 nor a country code in front is returned as it is; its length then tells it apart.
    """
    abroad = _ABROAD(number)
    if abroad:
        rest = number[abroad.end() :]
        return rest[2:].removeprefix("0") if rest.startswith("81") else None
    if number.startswith("0"):
        return number[1:]
    if number.startswith("81") and len(number) > 10:
        return number[2:].removeprefix("0")
    return number


def _fault(significant: str) -> str:
    """Return the reason code for a national significant number that is no mobile number, or an empty text."""
    head, fourth, length = significant[:2], significant[2:3], len(significant)  # fourth: counted with the leading 0
    if head not in ("60", "70", "80", "90", "20"):
        return "msisdn.not_mobile"
    if head == "20" and fourth == "4":
        return "msisdn.paging"
    if head != "20" and fourth == "0":
        return "msisdn.unassigned"
    return "" if length == (13 if fourth == "0" else 10) else "msisdn.length"
