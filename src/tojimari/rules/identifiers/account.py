"""Can money be sent to this bank account, as far as anybody can tell without asking the bank?

In Japan an account is named by bank, branch, kind, seven digits and the holder in kana, as transfers there carry them
(全銀協制定フォーマット). Abroad it is an IBAN (ISO 13616) or a number of the country's own, with the bank's BIC
(ISO 9362). Whether the account exists, and whose it is, only its bank knows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from tojimari.rules.identifiers.verdict import Verdict
from tojimari.rules.text import DASHES, INVISIBLE, is_digits, plain

LONGEST = 140
"""Characters of a name or a line: as many as a payment abroad takes (ISO 20022, Max140Text)."""

NUMBER_LONGEST = 34
"""Characters of an account number abroad (ISO 13616; ISO 20022, Max34Text)."""

_ENDING = 3
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_OWN_NUMBER = re.compile(r"[A-Z0-9]{4,34}")
_BIC = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
_KANA = re.compile(r"[ァ-ヴA-Z][ァ-ヴーA-Z0-9 ().,/-]*")
_BARE_DASH = re.compile(rf"(?<=[ァ-ヴー])[{re.escape(DASHES)}]")
_COUNTRY = re.compile(r"[A-Z]{2}")
_TO_KATAKANA = {mark: mark + 0x60 for mark in range(0x3041, 0x3095)}
# NFKC would put a space before a voicing mark that stands alone; one that combines becomes part of its kana.
_VOICING = str.maketrans({"\u309b": "\u3099", "\u309c": "\u309a"})
_UNSEEN = str.maketrans("", "", INVISIBLE)


class Where(StrEnum):
    """In which form an account is told."""

    JAPAN = "japan"
    ABROAD = "abroad"


class Kind(StrEnum):
    """Kinds of account in Japan: 普通, 当座 and 貯蓄."""

    ORDINARY = "ordinary"
    CURRENT = "current"
    SAVINGS = "savings"


@dataclass(frozen=True, slots=True)
class Account:
    """A bank account that has passed every check here. Its text form names nothing, so that no log does."""

    where: Where
    told: Mapping[str, str] = field(repr=False)
    """What was told, by the names of `CHECKS`, normalised."""

    @property
    def ending(self) -> str:
        """So much of the number that its owner knows it again: "…567"."""
        return f"…{self.told['number'][-_ENDING:]}"


def read(where: Where, given: Mapping[str, str]) -> tuple[Account | None, Mapping[str, str]]:
    """Return the account, or None and a reason code for each field that is wrong.

    Codes: `account.bank`, `account.branch`, `account.kind`, `account.number`, `account.holder_kana`,
    `account.country`, `account.bank_abroad`, `account.bic`, `account.iban`, `account.number_abroad`,
    `account.holder_latin`, `account.more`.
    """
    found = {name: check(given.get(name, "")) for name, check in CHECKS[where].items()}
    wrong = {name: verdict.code for name, verdict in found.items() if not verdict.valid}
    if wrong:
        return None, wrong
    return Account(where, {name: verdict.value for name, verdict in found.items()}), {}


def bank(text: str) -> Verdict:
    """A bank in Japan by its name, or by its number of four digits. Code: `account.bank`."""
    return _name_or_number(text, 4, "account.bank")


def branch(text: str) -> Verdict:
    """A branch in Japan by its name, or by its number of three digits. Code: `account.branch`."""
    return _name_or_number(text, 3, "account.branch")


def kind(text: str) -> Verdict:
    """The kind of an account in Japan. Code: `account.kind`."""
    return Verdict(text in list(Kind), text, "" if text in list(Kind) else "account.kind")


def number(text: str) -> Verdict:
    """The number of an account in Japan: seven digits. Code: `account.number`."""
    digits = plain(text)
    return Verdict(True, digits) if len(digits) == 7 and is_digits(digits) else Verdict(False, digits, "account.number")


def holder_kana(text: str) -> Verdict:
    """Whose account it is, in kana of any width or in hiragana; Latin letters where the passbook has them.

    The value is katakana of full width. Code: `account.holder_kana`.
    """
    name = unicodedata.normalize("NFKC", text.translate(_VOICING)).translate(_TO_KATAKANA).upper().replace("・", " ")
    name = _BARE_DASH.sub("ー", " ".join(name.translate(_UNSEEN).split()))
    good = len(name) <= LONGEST and _KANA.fullmatch(name)
    return Verdict(True, name) if good else Verdict(False, name, "account.holder_kana")


def country(text: str) -> Verdict:
    """The country of a bank abroad, as two letters (ISO 3166-1). Code: `account.country`."""
    good = _COUNTRY.fullmatch(text) and text != "JP"
    return Verdict(True, text) if good else Verdict(False, text, "account.country")


def bank_abroad(text: str) -> Verdict:
    """The name of a bank abroad, in any script. Code: `account.bank_abroad`."""
    name = _line(text)
    return Verdict(True, name) if name else Verdict(False, "", "account.bank_abroad")


def bic(text: str) -> Verdict:
    """A BIC, or SWIFT code: eight or eleven letters and digits, with the country in the middle. Code: `account.bic`."""
    code = plain(text).upper()
    return Verdict(True, code) if _BIC.fullmatch(code) else Verdict(False, code, "account.bic")


def number_abroad(text: str) -> Verdict:
    """An IBAN, or the number of an account where there are none.

    What looks like an IBAN must leave 1 when it is divided by 97, first four characters last and letters as numbers
    from 10 on (ISO/IEC 7064 MOD 97-10). Codes: `account.iban`, `account.number_abroad`.
    """
    code = plain(text).upper()
    if _IBAN.fullmatch(code):
        turned = "".join(str(int(mark, 36)) for mark in code[4:] + code[:4])
        return Verdict(True, code) if int(turned) % 97 == 1 else Verdict(False, code, "account.iban")
    good = _OWN_NUMBER.fullmatch(code) and any(mark.isdigit() for mark in code)
    return Verdict(True, code) if good else Verdict(False, code, "account.number_abroad")


def holder_latin(text: str) -> Verdict:
    """Whose account it is, in Latin letters, with accents or without. Code: `account.holder_latin`."""
    name = _line(unicodedata.normalize("NFKC", text))
    latin = all(not mark.isalpha() or unicodedata.name(mark, "").startswith("LATIN") for mark in name)
    good = latin and any(mark.isalpha() for mark in name)
    return Verdict(True, name) if good else Verdict(False, name, "account.holder_latin")


def more(text: str) -> Verdict:
    """What else the bank abroad needs, in one line; it may be empty. Code: `account.more`."""
    line = _line(text)
    return Verdict(True, line) if line or not text.strip() else Verdict(False, "", "account.more")


CHECKS: Mapping[Where, Mapping[str, Callable[[str], Verdict]]] = MappingProxyType(
    {
        Where.JAPAN: {"bank": bank, "branch": branch, "kind": kind, "number": number, "holder": holder_kana},
        Where.ABROAD: {
            "country": country,
            "bank": bank_abroad,
            "bic": bic,
            "number": number_abroad,
            "holder": holder_latin,
            "more": more,
        },
    }
)
"""What an account is named by, in the order in which people are asked."""


def _name_or_number(text: str, digits: int, code: str) -> Verdict:
    typed = plain(text)
    if is_digits(typed):
        return Verdict(True, typed) if len(typed) == digits else Verdict(False, typed, code)
    name = _line(text)
    return Verdict(True, name) if name else Verdict(False, "", code)


def _line(text: str) -> str:
    """One line of text without marks that nobody sees; empty where it is too long or has signs of control."""
    line = " ".join(text.translate(_UNSEEN).split())
    unfit = len(line) > LONGEST or any(unicodedata.category(mark).startswith("C") for mark in line)
    return "" if unfit else line
