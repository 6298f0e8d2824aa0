"""What if the network to a PyHSS is bad? Nothing is lost, nothing is doubled, nothing is said too early."""

from __future__ import annotations

import pytest

from tests.network.site_pyhss import HssSite, said
from tests.support.faultproxy import FaultProxy
from tests.support.hlr import batch
from tests.support.jsonserver import Heard, Reply
from tests.support.pyhss import ABROAD
from tojimari.network import rest

EFFECTS = {"roaming": ["PATCH", "PUT"], "line": ["PATCH", "GET", "DELETE", "DELETE", "DELETE"]}


@pytest.fixture(autouse=True)
def _little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rest, "ANSWER_WITHIN", 0.5)
    monkeypatch.setattr(rest, "CONNECT_WITHIN", 0.5)


def is_effect(heard: Heard) -> bool:
    return heard.method != "GET" or heard.path.startswith("/oam/deregister")


@pytest.mark.parametrize(("mode", "code"), [("drop_reply", "network.no_answer"), ("reset", "network.reset")])
@pytest.mark.parametrize(("scope", "place"), [(scope, n) for scope, all_ in EFFECTS.items() for n in range(len(all_))])
def test_an_answer_lost_after_any_deed_ends_right(
    hss: HssSite, bad_hss_line: FaultProxy, scope: str, place: int, mode: str, code: str
) -> None:
    hss.scope = scope
    line = hss.line(where=ABROAD)
    seen = -1

    def strike(heard: Heard, _reply: Reply) -> None:
        nonlocal seen
        seen += is_effect(heard)
        if is_effect(heard) and seen == place:
            bad_hss_line.arm(mode, at=0)

    hss.hss.after = strike
    codes = set()
    for verb in ("inspect", "bar", "remove", "prove"):
        for attempt in range(1, 4):
            outcome = hss.do(verb, line, attempt=attempt)
            if not outcome.code:
                break
            codes.add(outcome.code)
            bad_hss_line.mend()
        assert said(outcome) == ("done", "")
    assert codes == {code}
    assert [one["cancellationType"] for one in hss.hss.told] == [2]
    assert hss.evidence["bar"]["detach"] == "told"
    assert len(hss.hss.left(line.imsi)) == (0 if scope == "line" else 3)
    deeds = [heard.line for heard in hss.hss.heard if is_effect(heard)]
    assert len(deeds) == len(set(deeds)) == len(EFFECTS[scope])  # nothing was done twice


@pytest.mark.parametrize("mode", ["blackhole", "refuse"])
def test_what_never_arrived_is_done_later(hss: HssSite, bad_hss_line: FaultProxy, mode: str) -> None:
    line = hss.line(where=ABROAD)
    for verb in ("inspect", "bar", "prove"):
        bad_hss_line.arm(mode)
        outcome = hss.do(verb, line)
        assert said(outcome)[0] == "again"
        assert outcome.code in ("network.no_answer", "network.refused", "network.unreachable")
        bad_hss_line.mend()
        assert said(hss.do(verb, line, attempt=2)) == ("done", "")
    assert hss.hss.subscriber(line.imsi)["roaming_enabled"] is False


def test_a_slow_one_is_waited_for(hss: HssSite, bad_hss_line: FaultProxy) -> None:
    bad_hss_line.arm("delay", delay=0.02)
    hss.walk(hss.line(), "inspect", "bar", "prove")


def test_one_that_is_away_is_not_asked_for_every_line_of_a_batch(hss: HssSite, bad_hss_line: FaultProxy) -> None:
    lines = [hss.line(number) for number in range(1, 6)]
    bad_hss_line.arm("blackhole")
    outcomes = hss.element.inspect(batch(*lines, name="inspect"))
    assert {said(one) for one in outcomes} == {("again", "network.no_answer")}
    assert bad_hss_line.met(rest.LOST_IN_A_ROW)
    assert bad_hss_line.exchanges == rest.LOST_IN_A_ROW


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply(raw=b"<html>"), "network.unexpected_answer"),
        (Reply(raw=b"[" * 100_000), "network.unexpected_answer"),
        (Reply(raw=b'"' + b"x" * rest.MOST_BYTES + b'"'), "network.unexpected_answer"),
        (Reply(302, headers={"Location": "/elsewhere"}), "network.unexpected_answer"),
        (Reply(body={"subscriber_id": "1"}), "network.unexpected_answer"),
        (Reply(body=[]), "network.unexpected_answer"),
        (Reply(404, {"Result": "Not Found"}), "network.unexpected_answer"),
        (Reply(503), "network.busy"),
        (Reply(403), "network.not_let_in"),
    ],
)
def test_an_answer_that_makes_no_sense_is_no_answer(hss: HssSite, reply: Reply, code: str) -> None:
    line = hss.line()
    hss.hss.before = lambda heard: reply
    assert said(hss.do("inspect", line)) == ("again", code)
