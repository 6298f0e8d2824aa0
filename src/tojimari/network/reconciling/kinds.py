"""In which ways can books and network differ, and who says so?"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What is the matter with a line, or with what is left of one."""

    CLOSED_ALIVE = "closed_alive"  # closed in the books, still in the element
    NUMBER_ANSWERS = "number_answers"  # the number of a closed line rests, but answers under another IMSI
    KEY_LEFT = "key_left"  # a secret key whose subscriber is gone
    BILLED_AFTER = "billed_after"  # a month is billed that began when the contract had ended
    IDENTITY_DIFFERS = "identity_differs"  # the element has another number for the IMSI, or another IMSI for the number
    ACTIVE_GONE = "active_gone"  # runs in the books, not in the element
    STRANGER = "stranger"  # in the element, in no books: nobody pays for it, or it is a test card


class Source(StrEnum):
    """Who says it."""

    HLR = "hlr"
    SMDP = "smdp"
    BOOKS = "books"
    BILLING = "billing"


REPAIRABLE: Final = frozenset({Kind.CLOSED_ALIVE})
"""What a termination puts right. Everything else is a person's to look at."""
