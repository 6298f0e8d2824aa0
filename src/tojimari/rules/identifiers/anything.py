"""A person typed one thing to name a line: is it a telephone number, an ICCID, an EID or an order number?

Only the look of what was typed decides, never whether such a line exists: so the same can be answered to everybody.
What looks like one of the first three and is not right gets the reason; everything else that can be read counts as an
order number, because no rule says how a carrier or a shop numbers its orders. Shops abroad use 16 to 20 digits, so
digits alone are no ICCID unless they begin with 89.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from tojimari.rules.identifiers import eid, iccid, msisdn
from tojimari.rules.identifiers.verdict import NO_FACTS, Fact, Verdict
from tojimari.rules.text import is_digits, plain

_LABEL = re.compile(r"(?:iccid|eid|msisdn|tel|no\.?)\s*[:：#]?\s*(?=[0-9+０-９＋])", re.IGNORECASE).match
_LIKE_A_NUMBER = re.compile(r"\+|0[6789]0|020").match
_ORDER = re.compile(r"[A-Z0-9._/#]*", re.IGNORECASE).fullmatch
_SHORTEST_ORDER = 4
_SHORTEST_EID = 26
"""So many digits are an EID with some missing rather than an ICCID with some too many."""


class Kind(StrEnum):
    MSISDN = "msisdn"
    ICCID = "iccid"
    EID = "eid"
    ORDER = "order"


class Reading(NamedTuple):
    """What was typed, as far as it could be read."""

    kind: Kind | None
    """None where it can be no name of a line at all."""
    value: str
    """One spelling for everything that means the same; an order number in capitals, without spaces and dashes."""
    code: str = ""
    """Dotted reason code when it is not right, such as `iccid.luhn`; otherwise empty."""
    facts: Mapping[str, Fact] = NO_FACTS

    @property
    def valid(self) -> bool:
        return not self.code


def read(text: str) -> Reading:
    """Say what a person has typed, with or without a label such as "ICCID:" before it.

    Codes: those of the telephone number, the ICCID and the EID, and `typed.empty`, `typed.short`, `typed.email`,
    `typed.unreadable`. A telephone number whose first 0 is missing is taken with it.
    """
    text = text.strip()
    label = _LABEL(text)
    cleaned = text[label.end() :] if label else text
    number = msisdn.check(cleaned)
    if number.code == "msisdn.leading_zero":
        number = msisdn.check("0" + number.value)
    if number.valid:
        return _of(Kind.MSISDN, number)
    return _of_digits(plain(cleaned), number) or _of_order(plain(text))


def _of(kind: Kind, verdict: Verdict) -> Reading:
    return Reading(kind, verdict.value, verdict.code, verdict.facts)


def _of_digits(typed: str, number: Verdict) -> Reading | None:
    """Return what digits alone must be by their number and beginning, or None."""
    if is_digits(typed) and len(typed) >= _SHORTEST_EID:
        return _of(Kind.EID, eid.check(typed))
    digits = typed[:-1] if typed[-1:] in ("F", "f") else typed
    if is_digits(digits) and digits.startswith("89") and len(digits) >= 15:
        return _of(Kind.ICCID, iccid.check(typed))
    if is_digits(number.value.removeprefix("+")) and _LIKE_A_NUMBER(number.value) and len(number.value) <= 16:
        return _of(Kind.MSISDN, number)
    return None


def _of_order(typed: str) -> Reading:
    if not typed:
        return Reading(None, "", "typed.empty")
    if "@" in typed:
        return Reading(None, typed, "typed.email")
    if not _ORDER(typed):
        return Reading(None, typed, "typed.unreadable")
    if sum(mark.isalnum() for mark in typed) < _SHORTEST_ORDER:
        return Reading(None, typed, "typed.short")
    return Reading(Kind.ORDER, typed.upper())
