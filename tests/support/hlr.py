"""Where do tests get a real HLR, and phones that are attached to it?

`hlr` is one running OsmoHLR for a test module, on a loopback address of its own for each test process. `Visited` is a
visited network (VLR or SGSN) that is connected to it and keeps what it is told. The cast of lines is numbered: line 7
is the same subscriber everywhere.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.support.faultproxy import FaultProxy
from tojimari.network.elements.osmohlr import gsup, ipa
from tojimari.network.elements.osmohlr.ctrl import Ctrl
from tojimari.network.elements.osmohlr.element import OsmoHlrElement
from tojimari.network.elements.osmohlr.record import Record
from tojimari.network.elements.osmohlr.server import OsmoHlr
from tojimari.network.elements.osmohlr.vty import Vty
from tojimari.network.elements.osmohlr.wire import Settings
from tojimari.platform.work import Batch, Evidence, Target, Work

WITHIN = 10.0  # seconds until something that must happen has happened
QUICK = 0.4  # seconds after which tests give up on an answer that will not come


def host_for_this_process(offset: int = 0) -> str:
    """A loopback address that no other test process uses: the ports of OsmoHLR cannot be chosen."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    return f"127.0.{60 + offset}.{10 + int(worker)}"


def target(number: int, **other: Any) -> Target:
    """Line `number` of the cast."""
    facts: dict[str, Any] = {
        "line_id": number,
        "carrier_id": 1,
        "kind": "esim",
        "msisdn": f"8190{number:08d}",
        "imsi": f"44010{number:010d}",
        "iccid": "",
        "eid": "",
    }
    return Target(**(facts | other))


def batch(
    *targets: Target, name: str = "bar", attempt: int = 1, earlier: Mapping[str, Evidence] | None = None, **other: Any
) -> Batch:
    """A batch of one step of these lines, with a lease that is long enough unless `lease_ends` says otherwise."""
    works = [
        Work(
            step_id=place,
            case=f"T-{one.line_id}",
            case_id=place,
            name=name,
            scope=other.get("scope", "line"),
            target=one,
            attempt=attempt,
            earlier=earlier or {},
        )
        for place, one in enumerate(targets, start=1)
    ]
    return Batch(works, datetime.now(UTC), other.get("lease_ends", time.monotonic() + 300))


def wait_until(true: Callable[[], object], what: str) -> None:
    """Wait for something that happens in another process; fail loudly if it does not."""
    until = time.monotonic() + WITHIN
    while not true():
        if time.monotonic() > until:
            raise AssertionError(f"waited in vain for: {what}")
        time.sleep(0.005)


class Visited:
    """A visited network: VLR for calls (domain CS) or SGSN for data (domain PS). Use as a context manager."""

    def __init__(self, host: str, name: str, domain: int, port: int = 4222) -> None:
        self.name, self.domain = name, domain
        self.heard: list[gsup.Message] = []
        self._known = threading.Event()
        self._socket = socket.create_connection((host, port), 5)
        self._socket.settimeout(None)
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        if not self._known.wait(WITHIN):
            raise AssertionError("the HLR does not ask who we are")

    def attach(self, imsi: str) -> gsup.Message:
        """A phone appears: ask the HLR, take the data, and return the final answer."""
        return self._ask(gsup.UPDATE_LOCATION, imsi, (gsup.UPDATE_LOCATION_RESULT, gsup.UPDATE_LOCATION_ERROR))

    def purge(self, imsi: str) -> gsup.Message:
        """A phone has not been seen for days: tell the HLR that it is here no more."""
        return self._ask(gsup.PURGE_MS, imsi, (gsup.PURGE_MS_RESULT, gsup.PURGE_MS_ERROR))

    def _ask(self, kind: int, imsi: str, final: tuple[int, int]) -> gsup.Message:
        before = len(self.heard)
        self._socket.sendall(gsup.encode(gsup.Message(kind, imsi, domain=self.domain)))

        def answers() -> list[gsup.Message]:
            return [m for m in self.heard[before:] if m.imsi == imsi and m.kind in final]

        wait_until(answers, f"an answer to {self.name}")
        return answers()[0]

    def told_to_let_go(self, imsi: str) -> int:
        """How many Delete Subscriber Data have come for this phone."""
        return len([m for m in list(self.heard) if m.kind == gsup.DELETE_DATA and m.imsi == imsi])

    def has_heard(self, messages: int) -> bool:
        return len(self.heard) >= messages

    def close(self) -> None:
        with contextlib.suppress(OSError):  # closed already, or the HLR has died
            self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(WITHIN)
        self._socket.close()

    def __enter__(self) -> Visited:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _listen(self) -> None:
        buffer = b""
        with contextlib.suppress(OSError):  # closed by us, or the HLR has died
            while data := self._socket.recv(65536):
                frames, buffer = ipa.frames_in(buffer + data)
                for protocol, payload in frames:
                    self._hear(protocol, payload)

    def _hear(self, protocol: int, payload: bytes) -> None:
        if protocol == ipa.CCM:
            if reply := gsup.reply_to_keep_alive(payload, self.name):
                self._socket.sendall(reply)
                self._known.set()
            return
        message = gsup.decode(payload)
        self.heard.append(message)
        if message.kind in (gsup.INSERT_DATA, gsup.DELETE_DATA, gsup.LOCATION_CANCEL):
            self._socket.sendall(gsup.encode(gsup.Message(message.kind + 2, message.imsi, domain=self.domain)))


@dataclass
class Hlr:
    """A running HLR with an element for it, and an operator's hand beside them."""

    server: OsmoHlr
    settings: Settings
    element: OsmoHlrElement
    _hands: list[Ctrl | Vty] = field(default_factory=list)
    _next: int = 0
    _made: list[Target] = field(default_factory=list)

    @property
    def host(self) -> str:
        return self.settings.host

    def strike(self) -> None:
        """Kill it in the middle of something, from any thread; `server.kill9()` then notices that it is dead."""
        assert self.server.pid is not None
        os.kill(self.server.pid, signal.SIGKILL)

    def ctrl(self, request: str) -> str:
        """Ask by hand, on a connection of its own."""
        hand = Ctrl(self.settings)
        try:
            return hand.ask_one(request)
        finally:
            hand.close()

    def vty(self, command: str) -> str:
        hand = Vty(self.settings)
        try:
            answer = hand.ask([command])[0]
            assert not answer.code, answer.code
            return answer.back
        finally:
            hand.close()

    def subscriber(self, number: int, *, keys: bool = True) -> Target:
        """Create line `number` of the cast as a provisioning system would."""
        line = target(number)
        name = f"subscriber.by-imsi-{line.imsi}"
        assert self.ctrl(f"SET subscriber.create {line.imsi}").startswith("SET_REPLY")
        assert self.ctrl(f"SET {name}.msisdn {line.msisdn}").endswith("OK")
        if keys:
            milenage = f"milenage,{secrets.token_hex(16)},opc,{secrets.token_hex(16)}"
            assert self.ctrl(f"SET {name}.aud3g {milenage}").endswith("OK")
            assert self.ctrl(f"SET {name}.aud2g comp128v1,{secrets.token_hex(16)}").endswith("OK")
        self._made.append(line)
        return line

    def new(self, *, keys: bool = True) -> Target:
        """A subscriber that no other test knows."""
        self._next += 1
        return self.subscriber(self._next, keys=keys)

    def empty(self) -> None:
        """Delete what earlier tests have left here: for tests that look at everything it holds."""
        for line in self._made:
            if self.record(line) is not None:
                assert self.ctrl(f"SET subscriber.delete {line.imsi}").startswith("SET_REPLY")
        self._made.clear()

    def record(self, line: Target) -> Record | None:
        return Record.of(self.ctrl(f"GET subscriber.by-imsi-{line.imsi}.info"))

    @contextmanager
    def visited(self, *lines: Target, name: str = "1") -> Iterator[tuple[Visited, Visited]]:
        """A VLR and an SGSN that are connected, with the phones of these lines attached to both."""
        with (
            Visited(self.host, f"MSC-{name}", gsup.CS) as vlr,
            Visited(self.host, f"SGSN-{name}", gsup.PS) as sgsn,
        ):
            for line in lines:
                for network in (vlr, sgsn):
                    assert network.attach(line.imsi).kind == gsup.UPDATE_LOCATION_RESULT
            yield vlr, sgsn

    def peers(self) -> str:
        return self.vty("show gsup-connections")


@contextmanager
def running_hlr(offset: int = 0, more: str = "") -> Iterator[Hlr]:
    """A fresh OsmoHLR in a temporary folder; skipped where it is not installed, but never in CI."""
    if shutil.which("osmo-hlr") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("osmo-hlr is not installed: apt-get install osmo-hlr")
        pytest.skip("osmo-hlr is not installed")
    folder = Path(tempfile.mkdtemp(prefix="tojimari-hlr-", dir="/tmp"))
    server = OsmoHlr(folder / "data", host_for_this_process(offset), more=more)
    folder.chmod(0o755)
    try:
        server.start()
        settings = Settings(host=server.settings.host, connect_within=2.0, answer_within=WITHIN)
        element = OsmoHlrElement(settings)
        yield Hlr(server, settings, element)
        element.close()
    finally:
        server.stop()
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def hlr() -> Iterator[Hlr]:
    """One real OsmoHLR for the module's tests."""
    with running_hlr() as running:
        yield running


@dataclass
class BadNetwork:
    """The same HLR, reached through a fault proxy in front of each port."""

    hlr: Hlr
    element: OsmoHlrElement
    ctrl: FaultProxy
    vty: FaultProxy
    gsup: FaultProxy

    def port(self, name: str) -> FaultProxy:
        return {"ctrl": self.ctrl, "vty": self.vty, "gsup": self.gsup}[name]


@pytest.fixture
def bad_network(hlr: Hlr) -> Iterator[BadNetwork]:
    """Fault proxies in front of the HLR, all passing until one is armed. Answers are waited for a moment only."""
    at = hlr.settings
    with (
        FaultProxy((at.host, at.ctrl_port), at.host) as ctrl,
        FaultProxy((at.host, at.vty_port), at.host) as vty,
        FaultProxy((at.host, at.gsup_port), at.host) as gsup_port,
    ):
        settings = Settings(at.host, ctrl.port, vty.port, gsup_port.port, connect_within=QUICK, answer_within=QUICK)
        element = OsmoHlrElement(settings)
        yield BadNetwork(hlr, element, ctrl, vty, gsup_port)
        element.close()


def results(outcomes: Sequence[Any]) -> list[tuple[str, str]]:
    """(result, code) of each outcome: what most tests want to see."""
    return [(outcome.result.value, outcome.code) for outcome in outcomes]
