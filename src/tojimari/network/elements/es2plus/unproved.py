"""Why does a chip's notice prove nothing? One word for each reason, for the log and for tests."""

from __future__ import annotations

from enum import StrEnum


class Why(StrEnum):
    """The first reason that was found."""

    UNREADABLE = "unreadable"  # no OtherSignedNotification, or bytes around it
    NOT_A_DELETE = "not_a_delete"  # an installation, an enabling, a disabling, or several at once
    NO_ICCID = "no_iccid"
    ROOT_UNKNOWN = "root_unknown"  # the maker's certificate leads to no root of ours
    CHAIN_BROKEN = "chain_broken"  # a certificate was not issued by the one before it, or not for this use
    OUT_OF_DATE = "out_of_date"  # a certificate is not valid yet, or no longer
    EID_FOREIGN = "eid_foreign"  # the maker may not make chips with this EID
    SIGNATURE_WRONG = "signature_wrong"  # somebody else signed, or something was changed
    OTHER_EID = "other_eid"  # genuine, but of another chip than the line's
    OTHER_ICCID = "other_iccid"  # genuine, but of another profile


class Unproved(Exception):
    """A notice that proves nothing."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why
