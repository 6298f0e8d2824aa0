"""How do tests of PyHSS set one up? Our strict double, the element that asks it, and lines on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import pytest

from tests.support.faultproxy import FaultProxy
from tests.support.hlr import batch, target
from tests.support.pyhss import HOME_REALM, PyHss
from tojimari.network.elements.pyhss.element import PyHss as Element
from tojimari.network.elements.pyhss.settings import OwnSettings
from tojimari.platform.work import Evidence, Outcome, Target


@dataclass
class HssSite:
    """One PyHSS with one element."""

    hss: PyHss
    scope: str = "roaming"
    port: int = 0
    evidence: dict[str, Evidence] = field(default_factory=dict)

    @property
    def element(self) -> Element:
        endpoint = f"http://127.0.0.1:{self.port or self.hss.port}"
        return Element(OwnSettings(endpoint=endpoint, home_realms=(HOME_REALM,)))

    def line(self, number: int = 1, where: Mapping[str, str] = MappingProxyType({}), **other: Any) -> Target:
        """A line of the cast that the HSS holds; `where` is where its phone is."""
        line = target(number, iccid=other.pop("iccid", ""))
        self.hss.add(line.imsi, line.msisdn, iccid=line.iccid, **{**where, **other})
        return line

    def do(self, verb: str, line: Target, *, attempt: int = 1, **other: Any) -> Outcome:
        """One verb on one line. What is done is evidence for the verbs after it."""
        facts: dict[str, Any] = {
            "name": verb,
            "attempt": attempt,
            "scope": self.scope,
            "earlier": dict(self.evidence),
        } | other
        outcome: Outcome = getattr(self.element, verb)(batch(line, **facts))[0]
        if outcome.result == "done":
            self.evidence[verb] = outcome.evidence
        return outcome

    def walk(self, line: Target, *verbs: str) -> list[Outcome]:
        """Several verbs, each of which must be done."""
        outcomes = [self.do(verb, line) for verb in verbs]
        assert [one.result.value for one in outcomes] == ["done"] * len(verbs), outcomes[-1]
        return outcomes


def said(outcome: Outcome) -> tuple[str, str]:
    return outcome.result.value, outcome.code


@pytest.fixture
def hss() -> Iterator[HssSite]:
    """A PyHSS that runs. At the end it must have heard nothing that it does not know."""
    with PyHss() as running:
        yield HssSite(running)
        assert running.wrong == []


@pytest.fixture
def bad_hss_line(hss: HssSite) -> Iterator[FaultProxy]:
    """A network between us and the HSS that can be made bad."""
    with FaultProxy(("127.0.0.1", hss.hss.port), "127.0.0.1") as proxy:
        hss.port = proxy.port
        yield proxy
