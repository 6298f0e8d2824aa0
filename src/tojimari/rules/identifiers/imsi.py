"""Is this the subscriber identity of a Japanese line (IMSI, 3GPP TS 23.003)?

Fifteen digits, the first three (MCC) 440 or 441. There is no check digit, so only the form can be judged. Where the
network code ends is not judged either: Japan has two- and three-digit ones.
"""

from __future__ import annotations

from types import MappingProxyType

from tojimari.rules.identifiers.verdict import Verdict
from tojimari.rules.text import is_digits, plain

_FACTS = {mcc: MappingProxyType({"mcc": mcc}) for mcc in ("440", "441")}


def check(value: str) -> Verdict:
    """Check an IMSI. Codes: `imsi.empty`, `imsi.characters`, `imsi.length`, `imsi.country`. Fact: `mcc`."""
    number = plain(value)
    if not is_digits(number):
        return Verdict(False, number, "imsi.characters" if number else "imsi.empty")
    if len(number) != 15:
        return Verdict(False, number, "imsi.length")
    facts = _FACTS.get(number[:3])
    if facts is None:
        return Verdict(False, number, "imsi.country")
    return Verdict(True, number, "", facts)
