"""What can be said of an address, and why? Never "safe", and never "fraud": only what can be seen in its letters."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Finding(StrEnum):
    OFFICIAL = "official"  # it is, or stands below, a name on somebody's list
    LOOKS_LIKE = "looks_like"  # on nobody's list, but made like a name that is
    NOT_LISTED = "not_listed"
    CANNOT_TELL = "cannot_tell"


class Why(StrEnum):
    """What decided. One reason each: the first that applies."""

    HOST = "host"  # the host is a listed name, or below one
    USER_PART = "user_part"  # something and @ before the host: what stands first is not where it leads
    BACKSLASH = "backslash"  # programs read it in different ways
    HIDDEN = "hidden"  # marks that nobody sees stand between the letters
    NAME_INSIDE = "name_inside"  # a listed name whole, but the address goes on or begins otherwise
    WORD = "word"  # the word of a listed name with another ending or with words added
    LETTERS = "letters"  # letters that look like those of a listed name
    SIBLING = "sibling"  # below the same registered domain as a listed name, but not below that name
    GLUED = "glued"  # text sticks to the address
    SHORT = "short"  # a service for short links
    QR = "qr"  # a service that leads on from QR codes
    MAIL = "mail"  # an e-mail address: a sender can be forged
    NUMBERS = "numbers"  # an IP address
    SCHEME = "scheme"  # neither http nor https
    SCRIPTS = "scripts"  # letters of several alphabets in one word
    SHARED = "shared"  # a name that anybody gets below a shared one
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one address is. `host` is what it leads to, as a browser would read it; `whom`: owners of the list."""

    host: str
    finding: Finding
    why: Why
    whom: tuple[str, ...] = ()
