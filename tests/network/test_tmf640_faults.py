"""What if the network to an activation platform is bad? Nothing is lost or doubled, and nothing is said too early."""

from __future__ import annotations

import pytest

from tests.network.site_pyhss import said
from tests.network.site_tmf640 import PlatformSite
from tests.support.faultproxy import FaultProxy
from tests.support.hlr import batch
from tests.support.jsonserver import Heard, Reply
from tojimari.network import rest
from tojimari.network.models import ActivationJob
from tojimari.platform.database.scope import every_carrier

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rest, "ANSWER_WITHIN", 0.5)
    monkeypatch.setattr(rest, "CONNECT_WITHIN", 0.5)


@pytest.mark.parametrize(("mode", "code"), [("drop_reply", "network.no_answer"), ("reset", "network.reset")])
@pytest.mark.parametrize(("scope", "place"), [("roaming", 0), ("line", 0), ("line", 1)])
@pytest.mark.parametrize("later", [False, True])
def test_an_answer_lost_after_any_deed_ends_right(
    platform: PlatformSite, bad_platform_line: FaultProxy, scope: str, place: int, mode: str, code: str, later: bool
) -> None:
    platform.scope, platform.platform.later = scope, later
    line = platform.line()
    seen = -1

    def strike(heard: Heard, _reply: Reply) -> None:
        nonlocal seen
        seen += heard.method == "PATCH"
        if heard.method == "PATCH" and seen == place:
            bad_platform_line.arm(mode, at=0)

    platform.platform.after = strike
    codes = set()
    for verb in ("inspect", "bar", "remove", "prove"):
        for attempt in range(1, 6):
            outcome = platform.do(verb, line, attempt=attempt)
            if not outcome.code:
                break
            codes.add(outcome.code)
            bad_platform_line.mend()
            if outcome.code == "network.in_progress" or attempt > 1:
                platform.platform.work()
        assert said(outcome) == ("done", ""), verb
    assert code in codes
    assert codes <= {code, "network.in_progress", "network.conflict"}
    assert platform.state(line) == ("terminated" if scope == "line" else "active")
    assert platform.roaming(line) == ("on" if scope == "line" else "off")
    with every_carrier():
        assert not ActivationJob.objects.exists()


@pytest.mark.parametrize("mode", ["blackhole", "refuse"])
def test_what_never_arrived_is_done_later(platform: PlatformSite, bad_platform_line: FaultProxy, mode: str) -> None:
    line = platform.line()
    for verb in ("inspect", "bar", "prove"):
        bad_platform_line.arm(mode)
        outcome = platform.do(verb, line)
        assert outcome.code in ("network.no_answer", "network.refused", "network.unreachable")
        bad_platform_line.mend()
        assert said(platform.do(verb, line, attempt=2)) == ("done", "")
    assert platform.roaming(line) == "off"


def test_a_worker_that_died_after_the_deed_is_followed_by_one_that_compares(platform: PlatformSite) -> None:
    line = platform.line()
    platform.walk(line, "inspect")
    platform.platform.services[platform.service(line)]["serviceCharacteristic"][0]["value"] = "off"
    platform.platform.services[platform.service(line)]["category"] = "gone"
    stopped = platform.do("bar", line, attempt=2)
    assert (said(stopped), stopped.evidence["others_changed"]) == (("stuck", "network.others_changed"), ["category"])
    assert platform.roaming(line) == "on"


def test_a_slow_one_is_waited_for(platform: PlatformSite, bad_platform_line: FaultProxy) -> None:
    bad_platform_line.arm("delay", delay=0.02)
    platform.walk(platform.line(), "inspect", "bar", "prove")


def test_one_that_is_away_is_not_asked_for_every_line_of_a_batch(
    platform: PlatformSite, bad_platform_line: FaultProxy
) -> None:
    lines = [platform.line(number) for number in range(1, 6)]
    bad_platform_line.arm("blackhole")
    with every_carrier():
        outcomes = platform.element.inspect(batch(*lines, name="inspect", scope="roaming"))
    assert {said(one) for one in outcomes} == {("again", "network.no_answer")}
    assert bad_platform_line.met(rest.LOST_IN_A_ROW)
    assert bad_platform_line.exchanges == rest.LOST_IN_A_ROW
