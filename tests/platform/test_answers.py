"""Is an answer that comes byte by byte, or without end, given up in time?"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
import requests

from tojimari.platform.answers import bounded, session


@contextmanager
def answering(head: bytes, *pieces: bytes, between: float = 0.0) -> Iterator[requests.Response]:
    """A server that sends a head and then pieces, and the answer as it begins to come."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with suppress(OSError), listening.accept()[0] as line:
                line.recv(4096)
                line.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n" + head + b"\r\n\r\n")
                for piece in pieces:
                    line.sendall(piece)
                    time.sleep(between)

        thread = threading.Thread(target=serve)
        thread.start()
        with requests.get(f"http://127.0.0.1:{listening.getsockname()[1]}/", stream=True, timeout=5) as response:
            yield response
        thread.join()


def test_what_comes_in_time_is_read_whole_in_pieces_or_chunks() -> None:
    with answering(b"Content-Length: 4", b"do", b"ne") as response:
        assert bounded(response, most=4, within=5) == b"done"
    with answering(b"Transfer-Encoding: chunked", b"2\r\ndo\r\n", b"2\r\nne\r\n0\r\n\r\n") as response:
        assert bounded(response, most=4, within=5) == b"done"


@pytest.mark.parametrize("head", [b"Content-Length: 9000", b"Transfer-Encoding: chunked", b"X-None: 1"])
def test_what_comes_byte_by_byte_is_given_up(head: bytes) -> None:
    piece = b"1\r\n.\r\n" if b"chunked" in head else b"."
    with answering(head, *[piece] * 20, between=0.02) as response:
        assert bounded(response, most=9000, within=0.1) is None


@pytest.mark.parametrize("within", [0.2, 30])
def test_a_head_that_comes_byte_by_byte_is_given_up_too(within: float) -> None:
    """A byte each 20 ms is a sign of life each time: the head below would take six seconds."""
    done = threading.Event()
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Long: " + b"." * (300 if within < 1 else 3)

    def serve(listening: socket.socket) -> None:
        with suppress(OSError), listening.accept()[0] as line:
            line.recv(4096)
            for byte in head + b"\r\n\r\nok":
                line.sendall(bytes([byte]))
                done.wait(0.02)

    with socket.create_server(("127.0.0.1", 0)) as listening, session(within=within) as asking:
        thread = threading.Thread(target=serve, args=(listening,))
        thread.start()
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        if within < 1:
            with pytest.raises(requests.ReadTimeout):
                asking.get(address, timeout=5)
        else:
            assert asking.get(address, timeout=5).text == "ok"
        done.set()
        thread.join()


def test_what_is_too_long_is_given_up() -> None:
    with answering(b"Content-Length: 5", b"five!") as response:
        assert bounded(response, most=4, within=5) is None


def test_a_body_that_breaks_off_is_no_answer() -> None:
    with answering(b"Content-Length: 5", b"fiv") as response, pytest.raises(requests.ConnectionError):
        bounded(response, most=5, within=5)
