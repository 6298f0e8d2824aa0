"""Is a look at a line bounded in time, whatever the element does, and does it change nothing?"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tests.support.hlr import Hlr, target
from tests.support.parts import Part
from tojimari.network import looking
from tojimari.network.looking import look
from tojimari.platform.work import Batch, Outcome


@dataclass
class Slow(Part):
    """An element that answers when it is allowed to."""

    answers: threading.Event = field(default_factory=threading.Event)

    def inspect(self, batch: Batch) -> list[Outcome]:
        self.answers.wait(30)
        return super().inspect(batch)


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Part]]:
    found: dict[str, Part] = {}
    monkeypatch.setattr(looking, "element", found.__getitem__)
    yield found
    for part in found.values():
        if isinstance(part, Slow):
            part.answers.set()


def test_one_without_a_verb_of_its_own_is_inspected(parts: dict[str, Part]) -> None:
    parts["quick"] = Part("quick", [])
    (said,) = look(["quick"], target(1))
    assert (said.lane, said.code, dict(said.facts)) == ("quick", "", {"known": True})
    assert parts["quick"].told == ["inspect quick"]


def test_one_that_does_not_answer_in_time_is_away_and_the_others_are_heard(parts: dict[str, Part]) -> None:
    parts |= {"slow": Slow("slow", []), "quick": Part("quick", [])}
    slow, quick = look(["slow", "quick"], target(1), within=0.2)
    assert (slow.code, dict(slow.facts)) == ("network.no_answer", {})
    assert quick.facts["known"] is True


def test_one_that_is_not_there_any_more_is_said(parts: dict[str, Part]) -> None:
    (gone,) = look(["gone"], target(1))
    assert gone.code == "element.not_there"


def test_one_that_fails_spoils_its_own_row_only(parts: dict[str, Part]) -> None:
    parts |= {"bad": Part("bad", [], state="gone"), "quick": Part("quick", [])}
    bad, quick = look(["bad", "quick"], target(1))
    assert bad.code == "step.failed"
    assert quick.code == ""


@pytest.mark.hlr
def test_a_real_hlr_says_what_it_holds_and_holds_it_still(hlr: Hlr, monkeypatch: pytest.MonkeyPatch) -> None:
    line = hlr.new()
    monkeypatch.setattr(looking, "element", lambda _name: hlr.element)
    before = hlr.ctrl(f"GET subscriber.by-imsi-{line.imsi}.info")
    (said,) = look(["osmohlr"], line)
    assert (said.facts["known"], said.facts["nam_ps"], said.code) == (True, True, "")
    assert said.exchange[0]["sent"].startswith("GET subscriber.by-imsi-…")
    assert hlr.ctrl(f"GET subscriber.by-imsi-{line.imsi}.info") == before
