"""How do tests of eSIM profiles set up a profile server? A strict one of our own, its settings, and lines on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.cast import fresh_eid, fresh_iccid
from tests.support.faultproxy import FaultProxy
from tests.support.hlr import batch, target
from tests.support.rsp import Pki
from tests.support.smdp import Held, Smdp, State
from tojimari.lines.models import Carrier
from tojimari.network.elements.es2plus.element import Es2Plus
from tojimari.network.elements.es2plus.settings import Provider, providers
from tojimari.platform.config import config
from tojimari.platform.database.scope import every_carrier
from tojimari.platform.work import Batch, Evidence, Outcome, Target

REQUESTER = "1.3.6.1.4.1.99999.1"
SECRET = "s" * 40


@dataclass
class Site:
    """One carrier with one profile server."""

    carrier: Carrier
    smdp: Smdp
    pki: Pki
    file: Path
    element: Es2Plus = field(default_factory=Es2Plus)
    lines: int = 0

    def settings(self, **other: Any) -> Provider:
        """Write the settings anew, with these values changed, and return them as they are read."""
        write_settings(self.file, self.carrier.slug, self.pki, other.pop("port", self.smdp.port), **other)
        forget()
        return providers()["smdp"]

    def line(self, state: State | None = State.RELEASED, *, matching_id: str = "", **other: Any) -> Target:
        """A line of the carrier; its profile stands at the server in this state, or not at all."""
        self.lines += 1
        number = 5_000_000 + self.lines
        facts = {"carrier_id": self.carrier.pk, "iccid": fresh_iccid(number), "eid": fresh_eid(number)} | other
        line = target(number, **facts)
        if state is not None:
            self.smdp.profiles[line.iccid] = Held(state, line.eid, matching_id)
        return line

    def state(self, line: Target) -> State:
        return self.smdp.profiles[line.iccid].state

    def remove(self, *lines: Target, **other: Any) -> list[Outcome]:
        with every_carrier():
            return self.element.remove(self.batch(*lines, **{"name": "remove"} | other))

    def prove(self, *lines: Target, removed: Evidence, **other: Any) -> list[Outcome]:
        with every_carrier():
            return self.element.prove(self.batch(*lines, name="prove", earlier={"remove": removed}, **other))

    @staticmethod
    def batch(*lines: Target, **other: Any) -> Batch:
        return batch(*lines, **other)


def write_settings(file: Path, carrier: str, pki: Pki, port: int, **other: Any) -> None:
    """The settings of one server, as an operator would write them."""
    values = {
        "carrier": carrier,
        "endpoint": f"https://127.0.0.1:{port}",
        "requester": REQUESTER,
        "client_certificate": str(pki.client),
        "client_key": str(pki.client_key),
        "ca": str(pki.ca),
    } | other
    points = values.pop("points", {})
    text = "\n".join(f"{key} = {_toml(value)}" for key, value in values.items())
    more = "\n".join(f'{point} = "{state}"' for point, state in points.items())
    file.write_text(f"[smdp]\n{text}\n\n[smdp.points]\n{more}\n", encoding="utf-8")


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "[" + ", ".join(_toml(one) for one in value) + "]"
    return f'"{value}"'


def forget() -> None:
    """Let settings be read anew."""
    config.cache_clear()
    from tojimari.network.elements.es2plus import settings

    settings._read_once.cache_clear()


@pytest.fixture(scope="session")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return Pki(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def site(tabi: Carrier, pki: Pki, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """Tabi with a profile server that runs."""
    file = tmp_path / "es2plus.toml"
    monkeypatch.setenv("TOJIMARI_ES2PLUS", str(file))
    with Smdp(pki) as smdp:
        here = Site(tabi, smdp, pki, file)
        here.settings()
        yield here
    monkeypatch.undo()
    forget()


@pytest.fixture
def bad_line(site: Site) -> Iterator[FaultProxy]:
    """A network between us and the server that can be made bad. The settings lead through it."""
    with FaultProxy(("127.0.0.1", site.smdp.port), "127.0.0.1") as proxy:
        site.settings(port=proxy.port)
        yield proxy


def bodies(site: Site) -> Sequence[dict[str, Any]]:
    """What the server understood, in order."""
    return [heard.body for heard in site.smdp.heard]
