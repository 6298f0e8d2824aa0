"""What does a message look like on the wire?

The library `aiosmpplib` writes what we send. What the gateway sends is read here, because gateways differ more than the
library bears: status codes of their own (SMPP 3.4 leaves them 0x400 to 0x4FF), receipts whose error is no number or
whose date has seconds, and parameters that no standard knows. None of that may cost a receipt or the connection.

The library's own session is not used for the same reason; besides, it keeps in memory which receipt belongs to which
message, knows no TLS, and cuts texts with characters of two places too late.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from datetime import timedelta

from aiosmpplib import (  # type: ignore[import-untyped]  # the library carries no types marker
    NPI,
    TON,
    BindTransceiver,
    DeliverSmResp,
    EnquireLink,
    EnquireLinkResp,
    GenericNack,
    GSM7BitCodec,
    OptionalParam,
    PhoneNumber,
    SmppCommand,
    SmppCommandStatus,
    SubmitSm,
    Unbind,
    UnbindResp,
)
from aiosmpplib.state import USER_MESSAGE_REFERENCE  # type: ignore[import-untyped]  # the same

from tojimari.messages.segments import Alphabet, segments

__all__ = [
    "NPI",
    "TON",
    "BindTransceiver",
    "DeliverSmResp",
    "EnquireLink",
    "EnquireLinkResp",
    "GenericNack",
    "PhoneNumber",
    "Unbind",
    "UnbindResp",
]

Command = SmppCommand
Status = SmppCommandStatus

HEADER = struct.Struct("!IIII")
LONGEST = 70_000
"""More octets than any message has: the largest parameter has 65,535."""

_UDHI = 0x40
_RECEIPT = 0x04  # esm_class, SMPP 3.4 5.2.12: bits 5 to 2 are 0001
_RECEIPTED_ID, _MESSAGE_STATE, _PAYLOAD, _REFERENCE = 0x001E, 0x0427, 0x0424, 0x0204
_STATES = {
    1: "ENROUTE",
    2: "DELIVRD",
    3: "EXPIRED",
    4: "DELETED",
    5: "UNDELIV",
    6: "ACCEPTD",
    7: "UNKNOWN",
    8: "REJECTD",
}
"""SMPP 3.4 5.2.28."""


class Garbled(ValueError):
    """What came is no SMPP message."""


@dataclass(frozen=True, slots=True)
class Header:
    """The first 16 octets of every message."""

    length: int
    command: int
    status: int
    sequence: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a gateway tells of one SMS that it took."""

    gateway_id: str
    state: str
    """One of the words of SMPP 3.4 appendix B, such as DELIVRD; empty where none was told."""
    error: str
    """The network's own code, as it was written."""
    number: str
    """To whom the SMS was, as digits."""
    reference: int | None
    """Our own mark, where the gateway repeats it."""


def read_header(octets: bytes) -> Header:
    """Read a header. Raises `Garbled` for a length that no message has."""
    header = Header(*HEADER.unpack(octets))
    if not HEADER.size <= header.length <= LONGEST:
        raise Garbled("length")
    return header


def message_id(body: bytes) -> str:
    """Return the name that the gateway gave to an SMS, from the body of its answer; empty where it gave none."""
    return body.partition(b"\0")[0].decode("ascii", "replace")


def submits(
    text: str,
    *,
    to: str,
    source: PhoneNumber,
    reference: int,
    payload: bool = False,
    valid: timedelta | None = None,
) -> list[SubmitSm]:
    """Return what is to be submitted for a text, one for each part. After `valid` the gateway gives up.

    `reference` joins the parts. It is the same for every try of a message, so that a phone which already got some of
    the parts puts the others beside them.
    """
    cut = segments(text)
    facts = {
        "source": source,
        "destination": PhoneNumber(to, TON.INTERNATIONAL, NPI.ISDN),
        "registered_delivery": 1,
        "validity_period": valid,
        "encoding": "ucs2" if cut.alphabet is Alphabet.UCS2 else None,
        "optional_params": [OptionalParam(USER_MESSAGE_REFERENCE, reference & 0xFFFF)],
    }
    if len(cut.parts) == 1:
        return [SubmitSm(short_message=text or " ", **facts)]
    if payload:
        return [SubmitSm(message_payload=text, **facts)]
    return [
        _part(part, cut.alphabet, (reference & 0xFF, len(cut.parts), number), facts)
        for number, part in enumerate(cut.parts, 1)
    ]


def _part(text: str, alphabet: Alphabet, place: tuple[int, int, int], facts: dict[str, object]) -> SubmitSm:
    """One of several, with the header that joins them (3GPP TS 23.040 9.2.3.24.1)."""
    octets = text.encode("utf-16-be") if alphabet is Alphabet.UCS2 else GSM7BitCodec().encode(text)[0]
    part = SubmitSm(short_message=text, esm_class=_UDHI, **facts)
    part.set_encoded_message(bytes((5, 0, 3, *place)) + octets)
    return part


def read_receipt(body: bytes) -> Receipt | None:
    """Read what a gateway delivers. None if it is no receipt: a text that somebody sent, or an intermediate notice.

    The parameters made for it are believed first, then the text. Raises `Garbled`.
    """
    try:
        number, esm_class, text, parameters = _delivered(body)
    except (ValueError, IndexError, struct.error) as error:
        raise Garbled("deliver_sm") from error
    if esm_class & 0x3C != _RECEIPT:
        return None
    said = parameters.get(_PAYLOAD, text).decode("latin-1")
    named = parameters.get(_RECEIPTED_ID, b"").partition(b"\0")[0].decode("latin-1")
    state = _STATES.get(int.from_bytes(parameters.get(_MESSAGE_STATE, b"")), "")
    mark = parameters.get(_REFERENCE)
    return Receipt(
        gateway_id=named or _said("id", said),
        state=state or _said("stat", said).upper()[:7],
        error=_said("err", said)[:20],
        number=number,
        reference=int.from_bytes(mark) if mark is not None else None,
    )


def _said(name: str, text: str) -> str:
    """One value of the text of a receipt, as SMPP 3.4 appendix B has it: `id:12 … stat:DELIVRD err:000 …`."""
    found = re.search(rf"(?:^|\s){name}:([^\s]+)", text.split("text:")[0].split("Text:")[0])
    return found[1] if found else ""


def _delivered(body: bytes) -> tuple[str, int, bytes, dict[int, bytes]]:
    """Who it is from, its class, its text and its parameters (SMPP 3.4 4.6.1)."""
    rest = body[body.index(b"\0") + 1 :]  # service_type
    number, rest = _address(rest)
    _, rest = _address(rest)
    esm_class, rest = rest[0], rest[3:]  # then protocol_id and priority_flag
    for _ in ("schedule_delivery_time", "validity_period"):
        rest = rest[rest.index(b"\0") + 1 :]
    length, rest = rest[4], rest[5:]  # after registered_delivery, replace, data_coding and sm_default_msg_id
    return number, esm_class, rest[:length], _parameters(rest[length:])


def _address(octets: bytes) -> tuple[str, bytes]:
    end = octets.index(b"\0", 2)
    return octets[2:end].decode("latin-1"), octets[end + 1 :]


def _parameters(octets: bytes) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    while len(octets) >= 4:
        tag, length = struct.unpack("!HH", octets[:4])
        found[tag] = octets[4 : 4 + length]
        octets = octets[4 + length :]
    return found
