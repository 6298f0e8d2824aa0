"""How do we know that a phone would really be turned away?

By asking what a visited network asks when a phone appears: UpdateLocation (GSUP message 0x04, the Osmocom form of MAP
UpdateLocation, 3GPP TS 29.002). Two probes ask, one as a VLR (calls, domain CS) and one as an SGSN (data, domain PS),
because a refusal does not say which domain it is about. A probe asks only about lines that must be refused, so it never
becomes the network that the HLR has on record; should a line be accepted all the same, it says so and purges its visit.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from tojimari.network.elements.osmohlr import ipa
from tojimari.network.elements.osmohlr.wire import Answer, Link, Pipeline, Settings, Trouble, always

UPDATE_LOCATION = 0x04
UPDATE_LOCATION_ERROR = 0x05
UPDATE_LOCATION_RESULT = 0x06
PURGE_MS = 0x0C
PURGE_MS_ERROR = 0x0D
PURGE_MS_RESULT = 0x0E
INSERT_DATA = 0x10
INSERT_DATA_RESULT = 0x12
DELETE_DATA = 0x14
LOCATION_CANCEL = 0x1C

PS, CS = 1, 2

IMSI_UNKNOWN = 2
"""Cause "IMSI unknown in HLR" (3GPP TS 24.008, 10.5.5.14)."""
BARRED = {CS: 11, PS: 7}
"""What OsmoHLR answers for a line whose access mode is off: "PLMN not allowed" for CS, "GPRS not allowed" for PS."""

_CAUSES = {IMSI_UNKNOWN: "IMSI unknown in HLR", 7: "GPRS services not allowed", 11: "PLMN not allowed"}
_CAUSE = re.compile(r"rejected, cause (\d+)")

ACCEPTED = "accepted"
PURGED = "purged"

_IE_IMSI, _IE_CAUSE, _IE_DOMAIN = 0x01, 0x02, 0x28


@dataclass(frozen=True, slots=True)
class Message:
    kind: int
    imsi: str
    cause: int = 0
    domain: int = 0


def encode(message: Message) -> bytes:
    """The message as a frame."""
    digits = message.imsi + "f" * (len(message.imsi) % 2)
    bcd = bytes(int(digits[i + 1] + digits[i], 16) for i in range(0, len(digits), 2))
    payload = bytes([ipa.EXT_GSUP, message.kind, _IE_IMSI, len(bcd)]) + bcd
    if message.cause:
        payload += bytes([_IE_CAUSE, 1, message.cause])
    if message.domain:
        payload += bytes([_IE_DOMAIN, 1, message.domain])
    return ipa.frame(ipa.OSMO, payload)


def decode(payload: bytes) -> Message:
    """The message in the payload of a frame of extension GSUP. Raises Trouble if it is none."""
    if len(payload) < 2 or payload[0] != ipa.EXT_GSUP:
        raise Trouble("network.out_of_step", "not a GSUP message")
    elements = dict(ipa.elements_in(payload[2:]))
    digits = "".join(f"{byte & 15:x}{byte >> 4:x}" for byte in elements.get(_IE_IMSI, b""))
    return Message(
        kind=payload[1],
        imsi=digits.rstrip("f"),
        cause=int.from_bytes(elements.get(_IE_CAUSE, b""), "big"),
        domain=int.from_bytes(elements.get(_IE_DOMAIN, b""), "big"),
    )


def reply_to_keep_alive(payload: bytes, name: str) -> bytes:
    """What a peer answers to the connection's own talk; nothing if there is nothing to answer."""
    if payload[:1] == bytes([ipa.CCM_ID_GET]):
        return ipa.identity(name)
    if payload[:1] == bytes([ipa.CCM_PING]):
        return ipa.frame(ipa.CCM, bytes([ipa.CCM_PONG]))
    return b""


class Probe(Pipeline):
    """A visited network for one batch. Requests are IMSIs; answers are "rejected, cause N: …" or "accepted".

    Open it for one batch and close it: a probe that stays would be a peer in the operator's list of networks.
    """

    port = "gsup"

    def __init__(self, settings: Settings, domain: int) -> None:
        super().__init__(settings)
        self.domain = domain
        self.name = f"tojimari-{secrets.token_hex(4)}-{'cs' if domain == CS else 'ps'}"
        self._asks = UPDATE_LOCATION
        self._places: dict[str, int] = {}

    def ask(self, requests: Sequence[str], *, go: Callable[[int], bool] = always) -> list[Answer]:
        """Ask for each IMSI once, however often it is named: answers carry nothing but the IMSI to tell them apart."""
        self._places = {imsi: place for place, imsi in enumerate(dict.fromkeys(requests))}
        answers = super().ask(list(self._places), go=go)
        named = [replace(answer, sent=f"{asks_for(self.domain, self._asks)} IMSI {answer.sent}") for answer in answers]
        return [named[self._places[imsi]] for imsi in requests]

    @staticmethod
    def verdict(answer: Answer) -> str | int:
        """The cause of the refusal, "accepted", or the code of why there was no answer."""
        found = _CAUSE.match(answer.back)
        return int(found[1]) if found else answer.code or answer.back

    def leave(self, imsis: Sequence[str]) -> None:
        """Purge the visit of lines that were accepted by mistake, so that no trace of the probe serves them."""
        self._asks = PURGE_MS
        self.ask(imsis)
        self._asks = UPDATE_LOCATION

    def _open(self) -> Link:
        link = Link(self.settings.host, self.settings.gsup_port, self.settings)
        try:
            while not self._introduced(link):
                pass
        except Trouble:
            link.close()
            raise
        return link

    def _introduced(self, link: Link) -> bool:
        """The HLR begins by asking who we are; it takes no request before it knows."""
        self._buffer += link.receive()
        frames, self._buffer = ipa.frames_in(self._buffer)
        talk = [payload for protocol, payload in frames if protocol == ipa.CCM]
        for payload in talk:
            link.send(reply_to_keep_alive(payload, self.name))
        return any(payload[:1] == bytes([ipa.CCM_ID_GET]) for payload in talk)

    def _frame(self, index: int, request: str) -> bytes:
        return encode(Message(self._asks, request, domain=self.domain))

    def _answers_in_buffer(self, requests: Sequence[str], got: int, sent: int) -> list[tuple[int, str]]:
        frames, self._buffer = ipa.frames_in(self._buffer)
        answers = []
        for protocol, payload in frames:
            reply, message = b"", None
            if protocol == ipa.CCM:
                reply = reply_to_keep_alive(payload, self.name)
            else:
                message = decode(payload)
                if message.kind == INSERT_DATA:  # half of an acceptance; the rest comes when we take the data
                    reply = encode(Message(INSERT_DATA_RESULT, message.imsi, domain=self.domain))
            if reply and self._link is not None:
                self._link.send(reply)
            if message is not None and (back := _says(message)):
                place = self._places.get(message.imsi, sent)
                if place >= sent:
                    raise Trouble("network.out_of_step", "an answer about a line that was not asked")
                answers.append((place, back))
        return answers


def asks_for(domain: int, asks: int = UPDATE_LOCATION) -> str:
    """What a probe asks, for a person: "UpdateLocation CS"."""
    return f"{'PurgeMS' if asks == PURGE_MS else 'UpdateLocation'} {'CS' if domain == CS else 'PS'}"


def _says(message: Message) -> str:
    if message.kind == UPDATE_LOCATION_ERROR:
        return f"rejected, cause {message.cause}: {_CAUSES.get(message.cause, 'see 3GPP TS 24.008, 10.5.5.14')}"
    if message.kind == UPDATE_LOCATION_RESULT:
        return ACCEPTED
    if message.kind in (PURGE_MS_ERROR, PURGE_MS_RESULT):
        return PURGED
    return ""
