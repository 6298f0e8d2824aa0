"""How do tests of TMF640 set up an activation platform? A strict double, the element that asks it, and lines on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.support.faultproxy import FaultProxy
from tests.support.hlr import batch, target
from tests.support.tmf640 import BASE, Tmf640
from tojimari.network.elements.tmf640.element import Tmf640 as Element
from tojimari.network.elements.tmf640.settings import OwnSettings
from tojimari.platform.database.scope import every_carrier
from tojimari.platform.work import Evidence, Outcome, Target

ROAMING = {"id": "cfs-{imsi}", "characteristic": "roaming", "off": "off", "identity": "msisdn"}
LINE = {"id": "cfs-{imsi}", "ended": "terminated", "identity": "msisdn"}


@dataclass
class PlatformSite:
    """One platform with one element."""

    platform: Tmf640
    scope: str = "roaming"
    port: int = 0
    settings: dict[str, Any] = field(default_factory=dict)
    evidence: dict[str, Evidence] = field(default_factory=dict)

    @property
    def element(self) -> Element:
        endpoint = f"http://127.0.0.1:{self.port or self.platform.port}{BASE}"
        given = {"scopes": {"roaming": ROAMING, "line": LINE}, **self.settings}
        return Element(OwnSettings.model_validate({"endpoint": endpoint, **given}))

    def line(self, number: int = 1) -> Target:
        """A line of the cast, and its service at the platform."""
        line = target(number)
        self.platform.add(self.service(line), roaming="on", msisdn=line.msisdn, plan="trip-20")
        return line

    @staticmethod
    def service(line: Target) -> str:
        return f"cfs-{line.imsi}"

    def roaming(self, line: Target) -> Any:
        return self.platform.value(self.service(line), "roaming")

    def state(self, line: Target) -> Any:
        return self.platform.services[self.service(line)]["state"]

    def do(self, verb: str, line: Target, *, attempt: int = 1, **other: Any) -> Outcome:
        """One verb on one line. What is done is evidence for the verbs after it."""
        facts: dict[str, Any] = {"name": verb, "attempt": attempt, "scope": self.scope, "earlier": dict(self.evidence)}
        with every_carrier():
            outcome: Outcome = getattr(self.element, verb)(batch(line, **{**facts, **other}))[0]
        if outcome.result == "done":
            self.evidence[verb] = outcome.evidence
        return outcome

    def walk(self, line: Target, *verbs: str) -> list[Outcome]:
        """Several verbs, each of which must be done."""
        outcomes = [self.do(verb, line) for verb in verbs]
        assert [one.result.value for one in outcomes] == ["done"] * len(verbs), outcomes[-1]
        return outcomes


@pytest.fixture
def platform() -> Iterator[PlatformSite]:
    """A platform that runs. At the end it must have heard nothing that it does not know."""
    with Tmf640() as running:
        yield PlatformSite(running)
        assert running.wrong == []


@pytest.fixture
def bad_platform_line(platform: PlatformSite) -> Iterator[FaultProxy]:
    """A network between us and the platform that can be made bad."""
    with FaultProxy(("127.0.0.1", platform.platform.port), "127.0.0.1") as proxy:
        platform.port = proxy.port
        yield proxy
