"""How many SMS does a text take, and where is it cut?

A text that the GSM 7 bit alphabet can write has 160 places in one SMS, and 153 in each of several; `€`, `[` and a few
others take two. Any other text, so every Japanese and Chinese one, is written in UCS-2 and has 70 places, or 67; an
emoji takes two. Sources: 3GPP TS 23.038 6.2.1 and 6.2.3, 3GPP TS 23.040 9.2.3.24.1 (the header of six octets that
joins the parts).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The default alphabet of 3GPP TS 23.038, each in one place."""

GSM_EXTENDED = frozenset("\f^{}\\[~]|€")
"""Its extension table: an escape and a character, two places that must stay together."""


class Alphabet(StrEnum):
    """How a text is written in an SMS."""

    GSM7 = "gsm7"
    UCS2 = "ucs2"


ALONE = {Alphabet.GSM7: 160, Alphabet.UCS2: 70}
"""Places in an SMS that is one alone."""
JOINED = {Alphabet.GSM7: 153, Alphabet.UCS2: 67}
"""Places in each of several."""


@dataclass(frozen=True, slots=True)
class Segments:
    """A text as it is cut. Put together, the parts are the text."""

    alphabet: Alphabet
    parts: tuple[str, ...]
    places: int
    """How many places the whole text takes."""

    @property
    def most(self) -> int:
        """How many places there are in so many SMS."""
        return ALONE[self.alphabet] if len(self.parts) == 1 else JOINED[self.alphabet] * len(self.parts)


def segments(text: str) -> Segments:
    """Return how a text is cut into SMS. No character is ever cut in two; an empty text is one empty SMS."""
    gsm = all(character in GSM_BASIC or character in GSM_EXTENDED for character in text)
    alphabet = Alphabet.GSM7 if gsm else Alphabet.UCS2
    places = sum(_places(character, alphabet) for character in text)
    if places <= ALONE[alphabet]:
        return Segments(alphabet, (text,), places)
    return Segments(alphabet, tuple(_cut(text, alphabet)), places)


def _places(character: str, alphabet: Alphabet) -> int:
    if alphabet is Alphabet.GSM7:
        return 2 if character in GSM_EXTENDED else 1
    return 2 if ord(character) > 0xFFFF else 1


def _cut(text: str, alphabet: Alphabet) -> Iterator[str]:
    start = taken = 0
    for position, character in enumerate(text):
        needed = _places(character, alphabet)
        if taken + needed > JOINED[alphabet]:
            yield text[start:position]
            start, taken = position, 0
        taken += needed
    yield text[start:]
