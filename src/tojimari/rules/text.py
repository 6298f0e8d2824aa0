"""How does what a person typed become what we compare? One normalisation for every identifier.

People type numbers with a Japanese keyboard, copy them out of spreadsheets, mails and contact lists, or scan them.
So full-width digits, every kind of space and dash, and the invisible marks that phones put around copied numbers
must make no difference.
"""

from __future__ import annotations

import unicodedata

DASHES = (
    "-"  # hyphen-minus
    "\u02d7\u058a\u05be\u1806"  # modifier minus, Armenian, Hebrew and Mongolian hyphens
    "\u2010\u2011\u2012\u2013\u2014\u2015"  # hyphen to horizontal bar
    "\u2043\u2212"  # hyphen bullet, minus sign
    "\u2500\u2501"  # box drawing lines: what many Japanese keyboards offer for a dash
    "\u2e3a\u2e3b\u301c\u30a0"  # long dashes, wave dash, katakana double hyphen
    "\u30fc"  # katakana long vowel mark: NFKC leaves it, and the hyphen key gives it while kana input is on
    "\ufe58\ufe63\uff0d\uff70"  # small and full-width hyphens, half-width long vowel mark
)
"""Every character that people use for a dash inside a number."""

INVISIBLE = (
    "\u00ad"  # soft hyphen
    "\u200b\u200c\u200d\u2060\ufeff"  # zero-width characters and the byte order mark
    "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # direction marks around copied numbers
)
"""Characters that nobody sees but copying brings along."""

_DROPPED = str.maketrans("", "", DASHES + INVISIBLE)


def plain(value: str) -> str:
    """Return the value as NFKC without spaces, dashes and invisible characters. Letters keep their case."""
    if value.isascii() and value.isalnum():
        return value  # the common case in bulk files: nothing can change
    kept = "".join(unicodedata.normalize("NFKC", value).split()).translate(_DROPPED)
    return unicodedata.normalize("NFKC", kept)  # again: what stood apart may now combine


def is_digits(value: str) -> bool:
    """Say whether the value consists of the ten ASCII digits only. `str.isdigit` alone also accepts other scripts."""
    return value.isascii() and value.isdigit()
