"""How is a Japanese sentence shown to a person who must read it aloud? With readings over it, and in Latin letters.

A sentence is written with the reading beside each word in kanji, `{解約|かいやく}をお{願|ねが}いします。`, so that
the two can never come apart. Latin letters follow Hepburn, with a line over long vowels.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.functional import Promise

Meaning = str | Promise

_MARK = re.compile(r"\{([^|{}]+)\|([^|{}]+)\}")


@dataclass(frozen=True, slots=True)
class Spoken:
    """One thing to say."""

    marked: str
    """The sentence with readings."""
    romaji: str
    meaning: Meaning

    @property
    def pieces(self) -> tuple[tuple[str, str], ...]:
        """The sentence in pieces, each with its reading; an empty reading: the piece is read as it stands."""
        found: list[tuple[str, str]] = []
        end = 0
        for mark in _MARK.finditer(self.marked):
            if mark.start() > end:
                found.append((self.marked[end : mark.start()], ""))
            found.append((mark[1], mark[2]))
            end = mark.end()
        if end < len(self.marked):
            found.append((self.marked[end:], ""))
        return tuple(found)

    @property
    def ja(self) -> str:
        """The sentence as it is written."""
        return _MARK.sub(r"\1", self.marked)

    @property
    def kana(self) -> str:
        """The sentence as it is read."""
        return _MARK.sub(r"\2", self.marked)


# As people in Japan say a number digit by digit: yon and nana, never shi and shichi, which are misheard.
_DIGITS = {
    "0": ("ゼロ", "zero"),
    "1": ("いち", "ichi"),
    "2": ("に", "ni"),
    "3": ("さん", "san"),
    "4": ("よん", "yon"),
    "5": ("ご", "go"),
    "6": ("ろく", "roku"),
    "7": ("なな", "nana"),
    "8": ("はち", "hachi"),
    "9": ("きゅう", "kyū"),
}


def digits_aloud(digits: str) -> tuple[str, str]:
    """Return how these digits are said, in kana and in Latin letters. Raises `KeyError` for anything but 0 to 9."""
    said = [_DIGITS[digit] for digit in digits]
    return "、".join(kana for kana, _ in said), ", ".join(latin for _, latin in said)
