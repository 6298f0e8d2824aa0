"""What does a profile server's answer to "cancel this order" mean for the line?

GSMA SGP.22 v2.5: 5.2.6.4 for the execution status, 5.3.3 for CancelOrder's own codes. HTTP 200 says only that there is
an answer: what counts is `functionExecutionStatus`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Meaning(StrEnum):
    CANCELLED = "cancelled"  # the order is cancelled: nobody can download the profile
    TAKEN = "taken"  # it is no longer to be had: downloaded, or made unavailable before
    UNKNOWN = "unknown"  # the server knows no such profile
    AGAIN = "again"
    STUCK = "stuck"


@dataclass(frozen=True, slots=True)
class Verdict:
    meaning: Meaning
    code: str = ""  # reason code for AGAIN and STUCK


_DONE = frozenset({"Executed-Success", "Executed-WithWarning"})
STATUSES = frozenset({*_DONE, "Failed", "Expired"})

CANCEL_ORDER: dict[tuple[str, str], Verdict] = {
    ("8.1.1", "3.10"): Verdict(Meaning.STUCK, "profile.other_eid"),
    ("8.2.1", "1.2"): Verdict(Meaning.STUCK, "profile.not_allowed"),
    ("8.2.1", "2.2"): Verdict(Meaning.STUCK, "profile.refused"),
    ("8.2.1", "3.3"): Verdict(Meaning.TAKEN),
    ("8.2.1", "3.9"): Verdict(Meaning.UNKNOWN),
    ("8.2.1", "3.10"): Verdict(Meaning.STUCK, "profile.other_eid"),
    ("8.2.6", "3.10"): Verdict(Meaning.STUCK, "profile.other_matching_id"),
    ("8.9", "4.2"): Verdict(Meaning.AGAIN, "profile.discovery_server"),
    ("8.9", "5.1"): Verdict(Meaning.AGAIN, "profile.discovery_server"),
}
"""(subject code, reason code) of a failed CancelOrder -> what follows. What is not here needs a person's look."""


def of(status: str, subject: str, reason: str) -> Verdict:
    """What follows from an execution status and, where it failed, from its two codes."""
    if status in _DONE:
        return Verdict(Meaning.CANCELLED)
    if status == "Expired":
        return Verdict(Meaning.AGAIN, "profile.expired")
    return CANCEL_ORDER.get((subject, reason), Verdict(Meaning.STUCK, "profile.refused"))
