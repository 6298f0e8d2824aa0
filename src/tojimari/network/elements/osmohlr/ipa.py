"""How are messages cut out of the stream on the CTRL and GSUP ports?

By the IPA header: length (2 bytes, big endian), protocol (1 byte), then for protocol 0xEE one byte that says which
extension. Protocol 0xFE is the connection's own talk: "who are you", "are you there".
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

OSMO = 0xEE
CCM = 0xFE
EXT_CTRL = 0x00
EXT_GSUP = 0x05

CCM_PING = 0x00
CCM_PONG = 0x01
CCM_ID_GET = 0x04
CCM_ID_RESPONSE = 0x05

_SERIAL, _UNIT_NAME, _UNIT_ID = 0x00, 0x01, 0x08


def frame(protocol: int, payload: bytes) -> bytes:
    return struct.pack(">HB", len(payload), protocol) + payload


def frames_in(buffer: bytes) -> tuple[list[tuple[int, bytes]], bytes]:
    """The whole frames at the start of the buffer as (protocol, payload), and the bytes that remain."""
    found = []
    start = 0
    while len(buffer) - start >= 3:
        length, protocol = struct.unpack_from(">HB", buffer, start)
        end = start + 3 + length
        if end > len(buffer):
            break
        found.append((protocol, buffer[start + 3 : end]))
        start = end
    return found, buffer[start:]


def identity(name: str) -> bytes:
    """The frame that answers "who are you": a peer is known to the HLR by its serial and unit name."""
    text = name.encode("ascii") + b"\0"
    body = bytes([CCM_ID_RESPONSE])
    for tag, value in ((_SERIAL, text), (_UNIT_NAME, text), (_UNIT_ID, b"0/0/0\0")):
        body += struct.pack(">HB", len(value) + 1, tag) + value
    return frame(CCM, body)


def elements_in(payload: bytes) -> Iterator[tuple[int, bytes]]:
    """The information elements (tag, value) of a GSUP message after its type. A cut one ends the walk."""
    start = 0
    while len(payload) - start >= 2:
        tag, length = payload[start], payload[start + 1]
        yield tag, payload[start + 2 : start + 2 + length]
        start += 2 + length
