"""How are the bytes of a chip's notice taken apart, so that exactly what was signed is what is read?

A reader for DER (ITU-T X.690, clause 10) and nothing looser: lengths as short as can be, nothing left over, nothing
nested deeper than it must be. It knows tags and lengths; what they mean is `chip`'s business.
"""

from __future__ import annotations

from dataclasses import dataclass

SEQUENCE = 0x30
INTEGER = 0x02


class NotDer(ValueError):
    """The bytes are not what they should be."""


@dataclass(frozen=True, slots=True)
class Element:
    """One element: its tag as a number (0xBF2F for the bytes BF 2F), its value, and all of its bytes."""

    tag: int
    value: bytes
    whole: bytes

    def parts(self) -> list[Element]:
        """The elements within this one. Raises `NotDer` where bytes are left over."""
        found, rest = [], self.value
        while rest:
            one = _first(rest)
            found.append(one)
            rest = rest[len(one.whole) :]
        return found


def only(data: bytes) -> Element:
    """Return the one element that the bytes are. Raises `NotDer` for anything before, within or after it."""
    found = _first(data)
    if len(found.whole) != len(data):
        raise NotDer("bytes are left over")
    return found


def _first(data: bytes) -> Element:
    tag, after = _tag(data)
    length, start = _length(data, after)
    end = start + length
    if end > len(data):
        raise NotDer("an element is cut off")
    return Element(tag, data[start:end], data[:end])


def _tag(data: bytes) -> tuple[int, int]:
    """The tag and where its length begins. Tags of two bytes at most: this format has no longer ones."""
    if not data:
        raise NotDer("nothing is there")
    if data[0] & 0x1F != 0x1F:
        return data[0], 1
    if len(data) < 2 or data[1] & 0x80 or data[1] < 0x1F:
        raise NotDer("a tag is not as short as can be, or too long")
    return data[0] << 8 | data[1], 2


def _length(data: bytes, at: int) -> tuple[int, int]:
    if at >= len(data):
        raise NotDer("a length is missing")
    first = data[at]
    if first < 0x80:
        return first, at + 1
    size = first & 0x7F
    digits = data[at + 1 : at + 1 + size]
    if not 1 <= size <= 3 or len(digits) < size:
        raise NotDer("a length is endless, too long or cut off")
    length = int.from_bytes(digits, "big")
    if digits[0] == 0 or length < 0x80:
        raise NotDer("a length is not as short as can be")
    return length, at + 1 + size
