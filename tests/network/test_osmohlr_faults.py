"""Does a step ever say "done" when it is not, whatever the network does, and does it end right after repair?"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial

import pytest

from tests.support.hlr import QUICK, BadNetwork, Hlr, Visited, batch, results, wait_until
from tojimari.network.elements.osmohlr import gsup
from tojimari.platform.work import Outcome, Result, Target

pytestmark = pytest.mark.hlr

FAULTS = ("drop_reply", "reset", "blackhole", "refuse")
CODES = {"network.no_answer", "network.reset", "network.refused", "network.unreachable"}

# verb -> ports that it needs, and how many exchanges it has with each when all goes well
EXCHANGES = {
    "inspect": {"ctrl": 1},
    "bar": {"vty": 5, "ctrl": 2},  # enable, page length, peers, order, peers
    "restore": {"vty": 3, "ctrl": 2},
    "remove": {"ctrl": 4},
    "prove": {"gsup": 2, "ctrl": 2},  # one domain after the other; who-we-are and the question may come as one
}
CASES = [
    pytest.param(verb, port, fault, at, id=f"{verb}-{port}-{fault}-{at}")
    for verb, ports in EXCHANGES.items()
    for port, most in ports.items()
    for fault in FAULTS
    for at in range(1, most + 1)
]
INSPECTED = {"inspect": {"known": True, "nam_cs": True, "nam_ps": True}}


def is_so(hlr: Hlr, verb: str, line: Target, networks: Sequence[Visited]) -> bool:
    """What the HLR and the visited networks themselves say about the deed of this verb."""
    record = hlr.record(line)
    if verb == "bar":
        if record is None or record.mode != "none":
            return False
        for network in networks:
            wait_until(partial(network.told_to_let_go, line.imsi), f"{network.name} to be told")
        return True
    if verb == "restore":
        return record is not None and record.mode == "cs+ps"
    if verb in ("remove", "prove"):
        return record is None
    return True


def made_ready(hlr: Hlr, verb: str) -> Target:
    """A line as it is when this verb's turn comes."""
    line = hlr.new()
    for earlier in {"restore": ["bar"], "remove": ["bar"], "prove": ["bar", "remove"]}.get(verb, []):
        assert results(getattr(hlr.element, earlier)(batch(line))) == [("done", "")]
    return line


@contextmanager
def attached(hlr: Hlr, verb: str, line: Target) -> Iterator[Sequence[Visited]]:
    if verb != "bar":
        yield ()
        return
    with hlr.visited(line) as networks:
        yield networks


def tried(network: BadNetwork, verb: str, line: Target, attempt: int) -> Outcome:
    earlier = INSPECTED | ({"remove": {}} if verb == "prove" else {})
    (outcome,) = getattr(network.element, verb)(batch(line, name=verb, attempt=attempt, earlier=earlier))
    assert isinstance(outcome, Outcome)
    return outcome


@pytest.mark.parametrize(("verb", "port", "fault", "at"), CASES)
def test_never_says_done_when_it_is_not_and_ends_right_after_repair(
    hlr: Hlr, bad_network: BadNetwork, verb: str, port: str, fault: str, at: int
) -> None:
    line = made_ready(hlr, verb)
    with attached(hlr, verb, line) as networks:
        bad_network.port(port).arm(fault, at=at)
        outcome = tried(bad_network, verb, line, attempt=1)
        assert fault == "refuse" or bad_network.port(port).met(at), "the fault was never met"
        assert (outcome.result, outcome.code in CODES) in [(Result.AGAIN, True), (Result.DONE, False)]
        if outcome.result is Result.DONE:
            assert is_so(hlr, verb, line, networks)
        bad_network.port(port).mend()
        for attempt in range(2, 6):  # as the engine does; a slow machine may need more than one
            if outcome.result is Result.DONE:
                break
            outcome = tried(bad_network, verb, line, attempt)
        assert outcome.result is Result.DONE
        assert is_so(hlr, verb, line, networks)
        if verb == "bar":
            assert outcome.evidence["detach"] == "told"


@pytest.mark.parametrize("verb", EXCHANGES)
def test_a_slow_network_is_waited_for(hlr: Hlr, bad_network: BadNetwork, verb: str) -> None:
    line = made_ready(hlr, verb)
    with attached(hlr, verb, line) as networks:
        for port in EXCHANGES[verb]:
            bad_network.port(port).arm("delay", delay=0.02)
        assert tried(bad_network, verb, line, attempt=1).result is Result.DONE
        assert is_so(hlr, verb, line, networks)


def test_a_late_answer_is_not_taken_for_the_next_one(hlr: Hlr, bad_network: BadNetwork) -> None:
    line, other = made_ready(hlr, "bar"), made_ready(hlr, "bar")
    bad_network.ctrl.arm("delay", delay=QUICK * 1.5)  # longer than we wait
    assert tried(bad_network, "inspect", line, attempt=1).code == "network.no_answer"
    bad_network.ctrl.mend()
    outcome = tried(bad_network, "inspect", other, attempt=1)
    assert (outcome.result, outcome.evidence["msisdn"]) == (Result.DONE, "…" + other.msisdn[-4:])


def test_a_bar_whose_answer_was_lost_does_not_count_as_seen(hlr: Hlr, bad_network: BadNetwork) -> None:
    line = made_ready(hlr, "bar")
    with hlr.visited(line) as (vlr, _):
        bad_network.vty.arm("drop_reply", at=4)  # the order itself: carried out, and not heard of
        assert tried(bad_network, "bar", line, attempt=1).code == "network.no_answer"
        record = hlr.record(line)
        assert record is not None
        assert record.mode == "none"
        first = vlr.told_to_let_go(line.imsi)
        bad_network.vty.mend()
        assert tried(bad_network, "bar", line, attempt=2).evidence["detach"] == "told"
        assert vlr.attach(line.imsi).kind == gsup.UPDATE_LOCATION_ERROR  # comes after all that was sent before
        assert vlr.told_to_let_go(line.imsi) > first


def test_an_order_that_alone_was_lost_is_noticed_by_reading_back(hlr: Hlr, bad_network: BadNetwork) -> None:
    line = made_ready(hlr, "bar")
    for verb, port, order in (
        ("bar", bad_network.vty, 3),
        ("restore", bad_network.vty, 3),
        ("remove", bad_network.ctrl, 3),
    ):
        bad_network.element.close()  # so that the exchanges are counted from a new connection
        port.arm("blackhole", at=order, times=1)
        assert tried(bad_network, verb, line, attempt=1).code == "network.no_answer"
        assert not is_so(hlr, verb, line, ())
        port.mend()
        assert tried(bad_network, verb, line, attempt=2).result is Result.DONE
        assert is_so(hlr, verb, line, ())
        if verb == "restore":
            assert tried(bad_network, "bar", line, attempt=1).result is Result.DONE


def test_one_lost_connection_costs_only_the_lines_without_an_answer(hlr: Hlr, bad_network: BadNetwork) -> None:
    lines = [hlr.new(keys=False) for _ in range(200)]
    bad_network.ctrl.arm("reset", at=2)  # more than one window of requests
    outcomes = bad_network.element.inspect(batch(*lines))
    known = [outcome.result is Result.DONE for outcome in outcomes]
    assert sum(known) < len(lines)
    assert {outcome.code for outcome in outcomes if outcome.result is not Result.DONE} <= CODES
    bad_network.ctrl.mend()
    assert results(bad_network.element.inspect(batch(*lines))) == [("done", "")] * 200


def test_a_restarted_hlr_is_found_again_without_a_lost_try(hlr: Hlr) -> None:
    line = made_ready(hlr, "bar")
    assert results(hlr.element.inspect(batch(line))) == [("done", "")]
    assert results(hlr.element.bar(batch(line))) == [("done", "")]
    hlr.server.stop()
    assert results(hlr.element.remove(batch(line))) == [("again", "network.refused")]
    hlr.server.start()
    assert results(hlr.element.remove(batch(line))) == [("done", "")]
    assert results(hlr.element.prove(batch(line, earlier={"remove": {}}))) == [("done", "")]


@pytest.mark.parametrize("verb", ["bar", "remove", "prove"])
def test_an_hlr_killed_in_the_middle_of_a_batch_loses_and_doubles_nothing(
    hlr: Hlr, bad_network: BadNetwork, verb: str
) -> None:
    lines = [hlr.new() for _ in range(100)]
    earlier = INSPECTED | ({"remove": {}} if verb == "prove" else {})
    for before in {"bar": [], "remove": ["bar"], "prove": ["bar", "remove"]}[verb]:
        assert results(getattr(hlr.element, before)(batch(*lines))) == [("done", "")] * 100
    port = {"bar": bad_network.vty, "remove": bad_network.ctrl, "prove": bad_network.gsup}[verb]
    port.arm("ok", at=2 if verb == "prove" else 6, then=hlr.strike)
    first = getattr(bad_network.element, verb)(batch(*lines, earlier=earlier))
    hlr.server.kill9()
    hlr.server.start()
    claimed = [line for line, outcome in zip(lines, first, strict=True) if outcome.result is Result.DONE]
    assert [is_so(hlr, verb, line, ()) for line in claimed] == [True] * len(claimed)
    assert {o.result for o in first} <= {Result.DONE, Result.AGAIN}
    second = getattr(hlr.element, verb)(batch(*lines, attempt=2, earlier=earlier))
    assert results(second) == [("done", "")] * 100
    assert [is_so(hlr, verb, line, ()) for line in lines] == [True] * 100


def test_what_was_removed_stays_removed_after_kill_9(hlr: Hlr) -> None:
    lines = [hlr.new() for _ in range(20)]
    assert results(hlr.element.bar(batch(*lines))) == [("done", "")] * 20
    assert results(hlr.element.remove(batch(*lines))) == [("done", "")] * 20
    hlr.server.kill9()
    hlr.server.start()
    assert [hlr.record(line) for line in lines] == [None] * 20


def test_threads_do_not_hear_each_others_answers(hlr: Hlr) -> None:
    lines = [hlr.new(keys=False) for _ in range(40)]
    heard: dict[int, list[str]] = {}

    def work(number: int) -> None:
        mine = lines[number * 10 : number * 10 + 10]
        for _ in range(5):
            outcomes = hlr.element.inspect(batch(*mine))
            heard.setdefault(number, []).extend(str(outcome.evidence["msisdn"]) for outcome in outcomes)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number in range(4):
        assert heard[number] == [f"…{line.msisdn[-4:]}" for line in lines[number * 10 : number * 10 + 10]] * 5
