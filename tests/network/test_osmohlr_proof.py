"""What if the HLR answers the probe in a way that proves nothing?

A stand-in speaks on the GSUP port and answers as it is told; reading goes to the real HLR.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import pytest

from tests.support.hlr import Hlr, batch, results, target
from tojimari.network.elements.osmohlr import gsup, ipa
from tojimari.network.elements.osmohlr.element import OsmoHlrElement
from tojimari.platform.work import Outcome

pytestmark = pytest.mark.hlr

Answering = Callable[[gsup.Message], Sequence[gsup.Message]]
HEARD_AT_LEAST = 2  # one question for each domain


class StandIn:
    """Answers on a GSUP port of its own, and keeps what it was asked."""

    def __init__(self, host: str, answering: Answering) -> None:
        self.heard: list[gsup.Message] = []
        self._answering = answering
        self._listener = socket.create_server((host, 0))
        self.port = int(self._listener.getsockname()[1])
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with client:
                self._talk(client)

    def _talk(self, client: socket.socket) -> None:
        client.sendall(ipa.frame(ipa.CCM, bytes([ipa.CCM_PING])) + ipa.frame(ipa.CCM, bytes([ipa.CCM_ID_GET])))
        buffer = b""
        while data := client.recv(65536):
            frames, buffer = ipa.frames_in(buffer + data)
            for protocol, payload in frames:
                if protocol == ipa.OSMO:
                    message = gsup.decode(payload)
                    self.heard.append(message)
                    client.sendall(b"".join(gsup.encode(answer) for answer in self._answering(message)))


@contextmanager
def asked(hlr: Hlr, answering: Answering) -> Iterator[tuple[StandIn, Callable[[], list[Outcome]]]]:
    stand_in = StandIn(hlr.host, answering)
    element = OsmoHlrElement(replace(hlr.settings, gsup_port=stand_in.port, answer_within=0.5))
    try:
        yield stand_in, lambda: element.prove(batch(target(80_000), name="prove", earlier={"remove": {}}))
    finally:
        element.close()
        stand_in.close()


def refusal(cause: int) -> Answering:
    return lambda message: [gsup.Message(gsup.UPDATE_LOCATION_ERROR, message.imsi, cause)]


def acceptance(message: gsup.Message) -> Sequence[gsup.Message]:
    answers = {
        gsup.UPDATE_LOCATION: gsup.INSERT_DATA,
        gsup.INSERT_DATA_RESULT: gsup.UPDATE_LOCATION_RESULT,
        gsup.PURGE_MS: gsup.PURGE_MS_RESULT,
    }
    return [gsup.Message(answers[message.kind], message.imsi)]


def test_the_right_refusal_proves(hlr: Hlr) -> None:
    with asked(hlr, refusal(gsup.IMSI_UNKNOWN)) as (stand_in, prove):
        assert results(prove()) == [("done", "")]
    assert [(m.kind, m.domain) for m in stand_in.heard] == [
        (gsup.UPDATE_LOCATION, gsup.CS),
        (gsup.UPDATE_LOCATION, gsup.PS),
    ]


@pytest.mark.parametrize("cause", [7, 11, 17])
def test_another_refusal_proves_nothing(hlr: Hlr, cause: int) -> None:
    with asked(hlr, refusal(cause)) as (_, prove):
        assert results(prove()) == [("again", "network.unexpected_answer")]


def test_an_acceptance_is_said_and_the_visit_is_purged(hlr: Hlr) -> None:
    with asked(hlr, acceptance) as (stand_in, prove):
        assert results(prove()) == [("stuck", "network.still_accepted")]
    assert [m.kind for m in stand_in.heard].count(gsup.PURGE_MS) == HEARD_AT_LEAST


def test_silence_proves_nothing(hlr: Hlr) -> None:
    with asked(hlr, lambda _message: []) as (_, prove):
        assert results(prove()) == [("again", "network.no_answer")]


def test_an_answer_about_another_line_proves_nothing(hlr: Hlr) -> None:
    other = gsup.Message(gsup.UPDATE_LOCATION_ERROR, "440109999999999", gsup.IMSI_UNKNOWN)
    with asked(hlr, lambda _message: [other]) as (_, prove):
        assert results(prove()) == [("again", "network.out_of_step")]
