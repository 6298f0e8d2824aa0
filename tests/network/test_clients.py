"""Do the clients notice that what comes back is not the answer to what they asked?"""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.hlr import host_for_this_process
from tojimari.network.elements.osmohlr import gsup, ipa
from tojimari.network.elements.osmohlr.ctrl import Ctrl
from tojimari.network.elements.osmohlr.record import Record
from tojimari.network.elements.osmohlr.vty import Vty
from tojimari.network.elements.osmohlr.wire import Settings, Trouble

Serve = Callable[[socket.socket], None]


@contextmanager
def strange_server(serve: Serve) -> Iterator[Settings]:
    """Somebody who listens where the HLR should, and says what the test wants."""
    host = host_for_this_process(offset=2)
    with socket.create_server((host, 0)) as listener:

        def run() -> None:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            with client:
                serve(client)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        port = listener.getsockname()[1]
        yield Settings(host, port, port, port, connect_within=2.0, answer_within=0.3)
        thread.join(5)


def ctrl_frame(text: str) -> bytes:
    return ipa.frame(ipa.OSMO, b"\0" + text.encode())


def request_id(client: socket.socket) -> str:
    length, _ = struct.unpack(">HB", client.recv(3, socket.MSG_WAITALL))
    return client.recv(length, socket.MSG_WAITALL)[1:].decode().split(" ")[1]


def codes(settings: Settings, client: type[Ctrl | Vty], *requests: str) -> list[str]:
    one = client(settings)
    try:
        return [answer.code for answer in one.ask(requests)]
    finally:
        one.close()


@pytest.mark.parametrize(
    "answer",
    [
        "GET_REPLY 7 subscriber.by-imsi-1.info x",
        "ERROR err Request type unknown",
        "HTTP/1.1 400 Bad Request",
    ],
)
def test_an_answer_to_another_question_is_no_answer(answer: str) -> None:
    def serve(client: socket.socket) -> None:
        request_id(client)
        client.sendall(ctrl_frame(answer))

    with strange_server(serve) as settings:
        assert codes(settings, Ctrl, "GET a") == ["network.out_of_step"]


def test_two_answers_to_one_question_are_too_many() -> None:
    def serve(client: socket.socket) -> None:
        number = request_id(client)
        client.sendall(ctrl_frame(f"GET_REPLY {number} a x") * 2)

    with strange_server(serve) as settings:
        assert set(codes(settings, Ctrl, "GET a", "GET b")) == {"", "network.out_of_step"}


def test_answers_in_another_order_find_their_questions() -> None:
    def serve(client: socket.socket) -> None:
        first, second = request_id(client), request_id(client)
        client.sendall(ctrl_frame("TRAP 0 news 1"))
        client.sendall(ctrl_frame(f"GET_REPLY {second} b 2") + ctrl_frame(f"GET_REPLY {first} a 1"))

    with strange_server(serve) as settings:
        ctrl = Ctrl(settings)
        assert [answer.back for answer in ctrl.ask(["GET a", "GET b"])] == ["GET_REPLY a 1", "GET_REPLY b 2"]
        ctrl.close()


@pytest.mark.parametrize("client", [Ctrl, Vty])
def test_an_answer_cut_in_the_middle_is_no_answer(client: type[Ctrl | Vty]) -> None:
    with strange_server(lambda one: one.sendall(b"\x00\x20\xee\x00GET_RE")) as settings:
        assert codes(settings, client, "GET a")[0] in ("network.reset", "network.no_answer")


@pytest.mark.parametrize("client", [Ctrl, Vty])
def test_silence_ends_within_the_time_limit(client: type[Ctrl | Vty]) -> None:
    over = threading.Event()

    def say_nothing(_client: socket.socket) -> None:
        over.wait(5)

    with strange_server(say_nothing) as settings:
        assert codes(settings, client, "GET a", "GET b") == ["network.no_answer"] * 2
        over.set()


@pytest.mark.parametrize("client", [Ctrl, Vty])
def test_nobody_listening_is_refused(client: type[Ctrl | Vty]) -> None:
    with socket.create_server((host_for_this_process(offset=2), 0)) as listener:
        host, port = listener.getsockname()
    assert codes(Settings(host, port, port, port), client, "GET a") == ["network.refused"]


def console(*says: bytes) -> Serve:
    def serve(client: socket.socket) -> None:
        client.sendall(b"Welcome\r\n\xff\xfb\x01\xff\xfd\x1fHlr> ")
        for word in says:
            client.recv(4096)
            client.sendall(word)

    return serve


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"show other\r\nHlr# ", "network.out_of_step"),
        (b"show x\r\nHlr# show x\r\nHlr# ", "network.out_of_step"),
        (b"show x\r\nhalf an ans", "network.reset"),
    ],
)
def test_a_console_out_of_step_is_left(answer: bytes, code: str) -> None:
    with strange_server(console(b"enable\r\nHlr# ", b"terminal length 0\r\nHlr# ", answer)) as settings:
        assert codes(settings, Vty, "show x") == [code]


def test_a_console_that_will_not_be_enabled_says_so() -> None:
    with strange_server(console(b"enable\r\n% Not allowed\r\nHlr# ")) as settings:
        assert codes(settings, Vty, "show x") == ["network.refused"]


def test_a_console_that_wants_a_password_says_so() -> None:
    with strange_server(lambda one: one.sendall(b"User Access Verification\r\nPassword: ")) as settings:
        assert codes(settings, Vty, "show x") == ["network.refused"]


def test_keys_never_leave_the_client() -> None:
    key = "000102030405060708090a0b0c0d0e0f"

    def serve(client: socket.socket) -> None:
        for name, text in (("info-aud", f"\naud3g.k\t{key}"), ("aud2g", f"COMP128v1,{key}"), ("info-aud", "")):
            client.sendall(ctrl_frame(f"GET_REPLY {request_id(client)} subscriber.by-imsi-1.{name} {text}"))

    with strange_server(serve) as settings:
        ctrl = Ctrl(settings)
        answers = ctrl.ask([f"GET subscriber.by-imsi-1.{name}" for name in ("info-aud", "aud2g", "info-aud")])
        ctrl.close()
    assert [answer.back.partition(" (")[2] for answer in answers] == ["keys, not shown)"] * 2 + ["no keys)"]
    assert key not in repr(answers)


@given(st.lists(st.tuples(st.sampled_from([ipa.OSMO, ipa.CCM]), st.binary(max_size=60))), st.data())
def test_frames_are_found_wherever_the_stream_is_cut(sent: list[tuple[int, bytes]], data: st.DataObject) -> None:
    stream = b"".join(ipa.frame(protocol, payload) for protocol, payload in sent)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=5)))
    found, rest = [], b""
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        frames, rest = ipa.frames_in(rest + stream[start:end])
        found += frames
    assert (found, rest) == (sent, b"")


@given(
    kind=st.integers(1, 0x7F),
    imsi=st.text("0123456789", min_size=6, max_size=15),
    cause=st.integers(0, 255),
    domain=st.sampled_from([0, gsup.PS, gsup.CS]),
)
def test_a_message_is_read_as_it_was_written(kind: int, imsi: str, cause: int, domain: int) -> None:
    message = gsup.Message(kind, imsi, cause, domain)
    (frame,), _ = ipa.frames_in(gsup.encode(message))
    assert gsup.decode(frame[1]) == message


@given(st.binary(max_size=40))
def test_rubbish_is_read_as_a_message_or_refused_but_breaks_nothing(payload: bytes) -> None:
    if payload[:1] == bytes([ipa.EXT_GSUP]) and len(payload) > 1:
        assert gsup.decode(payload).kind == payload[1]
    else:
        with pytest.raises(Trouble):
            gsup.decode(payload)


@given(st.text())
def test_a_record_is_read_whole_or_not_at_all(text: str) -> None:
    assert Record.of(text) is None or "nam_ps" in text


def test_a_record_without_the_deciding_fields_is_no_record() -> None:
    assert Record.of("GET_REPLY subscriber.by-imsi-1.info \nid\t1\nimsi\t001010000000001\nnam_cs\t1") is None
