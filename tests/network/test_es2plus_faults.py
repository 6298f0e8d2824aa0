"""What if the network to the profile server is bad? Nothing is lost, nothing is doubled, nothing is said too early."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.network.profile_server import Site, bodies
from tests.support.faultproxy import FaultProxy
from tests.support.hlr import results
from tests.support.smdp import Heard, Held, Reply, State
from tojimari.network.elements.es2plus import client
from tojimari.network.models import ProfileOrder
from tojimari.platform.database.scope import every_carrier
from tojimari.platform.work import Result, Target

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "ANSWER_WITHIN", 0.4)
    monkeypatch.setattr(client, "CONNECT_WITHIN", 0.4)


def asked_at(line: Target) -> datetime | None:
    with every_carrier():
        return ProfileOrder.objects.values_list("asked_at", flat=True).filter(iccid=line.iccid).first()


def after_the_deed(site: Site, proxy: FaultProxy, mode: str) -> None:
    """The next request is carried out; then the network goes bad, before the answer is on its way."""

    def strike(_heard: Heard) -> Reply | None:
        proxy.arm(mode, at=0)
        return None

    site.smdp.answer = strike


@pytest.mark.parametrize(("mode", "code"), [("drop_reply", "network.no_answer"), ("reset", "network.reset")])
@pytest.mark.parametrize("gone", [False, True])
def test_an_answer_lost_after_the_deed_ends_right(
    site: Site, bad_line: FaultProxy, mode: str, code: str, gone: bool
) -> None:
    line = site.line()
    after_the_deed(site, bad_line, mode)
    assert results(site.remove(line)) == [("again", code)]
    assert (site.state(line), asked_at(line) is not None) == (State.UNAVAILABLE, True)
    site.smdp.answer = lambda _heard: None
    bad_line.mend()
    if gone:
        del site.smdp.profiles[line.iccid]
    (outcome,) = site.remove(line, attempt=2)
    assert (outcome.result, outcome.evidence["profile"]) == (Result.DONE, "cancelled" if gone else "unclear")
    first, second = (body["header"]["functionCallIdentifier"] for body in bodies(site))
    assert first == second


def test_what_never_arrived_is_not_taken_for_asked(site: Site, bad_line: FaultProxy) -> None:
    line = site.line()
    bad_line.arm("refuse")
    assert results(site.remove(line)) == [("again", "network.refused")]
    assert (site.state(line), bodies(site), asked_at(line)) == (State.RELEASED, [], None)
    bad_line.mend()
    del site.smdp.profiles[line.iccid]
    assert results(site.remove(line, attempt=2)) == [("stuck", "profile.unknown")]


def test_what_was_swallowed_is_sent_again(site: Site, bad_line: FaultProxy) -> None:
    line = site.line()
    bad_line.arm("blackhole")
    site.remove(line)
    bad_line.mend()
    assert results(site.remove(line, attempt=2)) == [("done", "")]
    assert site.state(line) is State.UNAVAILABLE


def test_a_slow_server_is_waited_for_and_a_far_too_slow_one_is_not(site: Site, bad_line: FaultProxy) -> None:
    bad_line.arm("delay", delay=0.05)
    assert results(site.remove(site.line())) == [("done", "")]
    bad_line.arm("delay", delay=0.6)
    ((result, code),) = results(site.remove(site.line()))
    assert (result, code in ("network.no_answer", "network.unreachable")) == ("again", True)


def test_a_server_that_is_away_is_not_asked_for_every_line_of_a_batch(site: Site, bad_line: FaultProxy) -> None:
    lines = [site.line() for _ in range(5)]
    bad_line.arm("refuse")
    assert results(site.remove(*lines)) == [("again", "network.refused")] * 5
    bad_line.mend()
    site.smdp.answer = lambda _heard: bad_line.arm("drop_reply", at=0)
    before = datetime.now(UTC)
    assert results(site.remove(*lines)) == [("again", "network.no_answer")] * 5
    assert datetime.now(UTC) - before < timedelta(seconds=30)
    assert [asked_at(line) is not None for line in lines] == [True, True, False, False, False]


def test_of_a_profile_that_went_back_to_stock_long_ago_a_person_decides(site: Site, bad_line: FaultProxy) -> None:
    site.settings(final_status="Available", port=bad_line.port)
    line = site.line()
    after_the_deed(site, bad_line, "drop_reply")
    assert results(site.remove(line)) == [("again", "network.no_answer")]
    site.smdp.answer = lambda _heard: None
    bad_line.mend()
    with every_carrier():
        ProfileOrder.objects.filter(iccid=line.iccid).update(asked_at=datetime.now(UTC) - timedelta(days=20))
    site.smdp.profiles[line.iccid] = Held(State.RELEASED)  # ordered by somebody else since
    assert results(site.remove(line, attempt=9)) == [("by_hand", "profile.in_doubt")]
    assert site.state(line) is State.RELEASED


def test_an_outage_over_a_month_end_delays_and_loses_nothing(site: Site, bad_line: FaultProxy) -> None:
    lines = [site.line() for _ in range(3)]
    bad_line.arm("refuse")
    for attempt in range(1, 6):
        assert {result for result, _ in results(site.remove(*lines, attempt=attempt))} == {"again"}
    bad_line.mend()
    assert results(site.remove(*lines, attempt=6)) == [("done", "")] * 3
    assert [site.state(line) for line in lines] == [State.UNAVAILABLE] * 3
