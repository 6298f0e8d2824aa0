"""Was this machine-readable zone (MRZ) read without a slip, and what does it say?

ICAO Doc 9303: TD3 is the passport (2 lines of 44), TD2 (2 of 36) and TD1 (3 of 30) are cards. Number, dates and
optional data carry check digits, and one more covers them together.

It is never a proof of identity. Check digits find slips of the pen and of the scanner: anybody can compute them; names,
sex and nationality are not covered at all; and letters ten apart in the alphabet give the same digit, so L, B and V
cannot be told from each other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tojimari.rules.identifiers.verdict import Fact, Verdict
from tojimari.rules.text import plain

_VALUES = {char: place for place, char in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")} | {"<": 0}
_LOOKALIKES = str.maketrans({"«": "<<", "‹": "<", "〈": "<", "《": "<<"})  # what text recognition makes of fillers


@dataclass(frozen=True, slots=True)
class Document:
    """What the MRZ says. Texts are as printed, without fillers; a text that is not there is empty."""

    format: str  # TD1 | TD2 | TD3
    code: str  # document code, e.g. P, I, AR; empty when the first line was not given
    issuer: str  # state or organisation, as in ISO 3166-1 or Doc 9303 part 3; empty like `code`
    number: str
    nationality: str
    birth: str  # ISO date; shorter (1974, 1974-08) where the document leaves day or month open, or empty
    sex: str  # M | F | X (X also when unspecified)
    expiry: date | None  # last day of validity; None when the document states none
    surname: str
    given_names: str
    optional: str
    names_cut: bool  # the name fills its field, so its end may be missing


@dataclass(frozen=True, slots=True)
class Reading:
    """The outcome of reading: the lines as understood, the document if they have the right form, what does not fit."""

    value: str
    document: Document | None
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Fields:
    """The zone cut into its fields, in the same shape for all three formats."""

    format: str
    head: str  # document code and issuer, five places; empty when not given
    number: str
    number_digit: str
    nationality: str
    birth: str
    birth_digit: str
    sex: str
    expiry: str
    expiry_digit: str
    optional: str
    optional_digit: str  # TD3 only
    covered: str  # what the composite digit covers
    composite_digit: str
    names: str


def check(value: str, on: date) -> Verdict:
    """Check an MRZ typed or scanned with line breaks or in one piece. The value becomes its lines.

    The lines without names (TD3 and TD2 line 2, TD1 lines 1 and 2) are enough: then the fact `complete` is False.
    An expired document is valid here, with the fact `expired`, judged on the day `on`, which also decides the century
    of two-digit years. Codes, the first one that applies: `mrz.empty`, `mrz.characters`, `mrz.length`,
    `mrz.document_kind`, `mrz.number_digit`, `mrz.birth_digit`, `mrz.expiry_digit`, `mrz.optional_digit`,
    `mrz.composite_digit`, `mrz.number`, `mrz.birth_date`, `mrz.expiry_date`, `mrz.sex`. The fact `faults` lists all.
    """
    reading = read(value, on)
    facts: dict[str, Fact] = dict(_facts(reading.document, on)) if reading.document else {}
    if not reading.faults:
        return Verdict(True, reading.value, "", facts)
    return Verdict(False, reading.value, reading.faults[0], facts | {"faults": reading.faults})


def read(value: str, on: date) -> Reading:
    """Read an MRZ into its fields. `on` decides the century of two-digit years; see `check` for the codes."""
    pieces = [plain(piece).upper() for piece in value.translate(_LOOKALIKES).replace("\\n", "\n").splitlines()]
    lines = [piece for piece in pieces if piece]
    zone = "".join(lines)
    if not re.fullmatch("[A-Z0-9<]+", zone):
        return Reading("\n".join(lines), None, ("mrz.characters" if zone else "mrz.empty",))
    width = {30: 30, 60: 30, 90: 30, 36: 36, 72: 36, 44: 44, 88: 44}.get(len(zone), 0)
    if not width or len(zone) == 30 or (len(lines) > 1 and {len(line) for line in lines} != {width}):
        return Reading("\n".join(lines), None, ("mrz.length",))
    lines = [zone[start : start + width] for start in range(0, len(zone), width)]
    fields = _td1(lines) if width == 30 else _td2_or_td3(lines, width)
    return Reading("\n".join(lines), _document(fields, on), tuple(_faults(fields, on)))


def check_digit(text: str) -> str:
    """Return the ICAO check digit of a field: weights 7, 3, 1 over 0-9, A=10 to Z=35, filler 0, modulo 10."""
    return str(sum(_VALUES[char] * (7, 3, 1)[place % 3] for place, char in enumerate(text)) % 10)


def _td1(lines: list[str]) -> _Fields:
    first, second = lines[:2]
    number, digit, optional = _overflow(first[5:14], first[14], first[15:])
    return _Fields(
        format="TD1",
        head=first[:5],
        number=number,
        number_digit=digit,
        nationality=second[15:18],
        birth=second[:6],
        birth_digit=second[6],
        sex=second[7],
        expiry=second[8:14],
        expiry_digit=second[14],
        optional=f"{optional}<{second[18:29]}",
        optional_digit="",
        covered=first[5:] + second[:7] + second[8:15] + second[18:29],
        composite_digit=second[29],
        names=lines[2] if len(lines) == 3 else "",
    )


def _td2_or_td3(lines: list[str], width: int) -> _Fields:
    line = lines[-1]
    last = width - 1  # place of the composite digit
    number, digit, optional = line[:9], line[9], line[28:last]
    if width == 36:
        number, digit, optional = _overflow(number, digit, optional)
    return _Fields(
        format="TD2" if width == 36 else "TD3",
        head=lines[0][:5] if len(lines) == 2 else "",
        number=number,
        number_digit=digit,
        nationality=line[10:13],
        birth=line[13:19],
        birth_digit=line[19],
        sex=line[20],
        expiry=line[21:27],
        expiry_digit=line[27],
        optional=optional if width == 36 else optional[:-1],
        optional_digit="" if width == 36 else optional[-1],
        covered=line[:10] + line[13:20] + line[21:last],
        composite_digit=line[last],
        names=lines[0][5:] if len(lines) == 2 else "",
    )


def _overflow(number: str, digit: str, optional: str) -> tuple[str, str, str]:
    """Join a document number of more than nine places (Doc 9303 part 5 4.2.2, part 6 4.2.2).

    A filler in the place of its check digit says that the number goes on in the optional data, up to the next filler;
    its last character there is the check digit.
    """
    if digit != "<" or optional.startswith("<"):
        return number, digit, optional
    rest, _, left = optional.partition("<")
    return number + rest[:-1], rest[-1], left


def _faults(fields: _Fields, on: date) -> list[str]:
    first = fields.head[:1]
    optional_open = not fields.optional.strip("<") and fields.optional_digit == "<"  # allowed while there is no data
    found = {
        "mrz.document_kind": first != "" and first not in ("P" if fields.format == "TD3" else "AIC"),
        "mrz.number_digit": fields.number_digit != check_digit(fields.number),
        "mrz.birth_digit": not _fits(fields.birth, fields.birth_digit),
        "mrz.expiry_digit": not _fits(fields.expiry, fields.expiry_digit),
        "mrz.optional_digit": fields.optional_digit not in ("", check_digit(fields.optional)) and not optional_open,
        "mrz.composite_digit": fields.composite_digit != check_digit(fields.covered),
        "mrz.number": not fields.number.strip("<"),
        "mrz.birth_date": _birth(fields.birth, on) is None,
        "mrz.expiry_date": fields.expiry != "<<<<<<" and _expiry(fields.expiry, on) is None,
        "mrz.sex": fields.sex not in "MF<X",
    }
    return [code for code, wrong in found.items() if wrong]


def _fits(field: str, digit: str) -> bool:
    return digit == check_digit(field) or (digit == "<" and not field.strip("<"))


def _document(fields: _Fields, on: date) -> Document:
    surname, _, given = fields.names.rstrip("<").partition("<<")
    return Document(
        format=fields.format,
        code=_words(fields.head[:2]),
        issuer=_words(fields.head[2:]),
        number=fields.number.rstrip("<"),
        nationality=_words(fields.nationality),
        birth=_birth(fields.birth, on) or "",
        sex=fields.sex if fields.sex in "MF" else "X",
        expiry=_expiry(fields.expiry, on),
        surname=_words(surname),
        given_names=_words(given),
        optional=_words(fields.optional),
        names_cut=fields.names != "" and not fields.names.endswith("<"),
    )


def _words(text: str) -> str:
    return " ".join(text.replace("<", " ").split())


def _birth(text: str, on: date) -> str | None:
    """Return the ISO birth date, cut where the document leaves it open, or None when it is no date.

    Two digits hold the year, so the latest one that is not after `on` is meant; people over a hundred come out younger.
    """
    found = re.fullmatch(r"(?:([0-9]{2})([0-9]{2}|<<)([0-9]{2}|<<))|<{6}", text)
    if not found:
        return None
    year_text, month, day = found.groups()
    if year_text is None:
        return ""
    if month == "<<":
        return f"{_year(int(year_text), on.year):04d}" if day == "<<" else None
    known = "01" if day == "<<" else day
    born = _date(_year(int(year_text), on.year), month, known)
    if born and born > on:
        born = _date(born.year - 100, month, known)
    if born is None:
        return None
    return f"{born:%Y-%m}" if day == "<<" else born.isoformat()


def _expiry(text: str, on: date) -> date | None:
    """Return the expiry date: of the centuries, the one within fifty years of `on`."""
    if not re.fullmatch("[0-9]{6}", text):
        return None
    return _date(_year(int(text[:2]), on.year + 49), text[2:4], text[4:])


def _year(two_digits: int, latest: int) -> int:
    """Return the latest year that ends in the two digits and is not after `latest`."""
    return latest - (latest - two_digits) % 100


def _date(year: int, month: str, day: str) -> date | None:
    try:
        return date(year, int(month), int(day))
    except ValueError:
        return None


def _facts(document: Document, on: date) -> Mapping[str, Fact]:
    return {
        "format": document.format,
        "complete": document.code != "" and (document.surname != "" or document.given_names != ""),
        "document_code": document.code,
        "issuer": document.issuer,
        "number": document.number,
        "nationality": document.nationality,
        "birth_date": document.birth,
        "sex": document.sex,
        "expiry_date": document.expiry.isoformat() if document.expiry else "",
        "expired": document.expiry is not None and document.expiry < on,
        "surname": document.surname,
        "given_names": document.given_names,
        "names_cut": document.names_cut,
        "optional": document.optional,
    }
