"""What does each step do to a line in a real HLR, alone and again, and what does it refuse?"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator

import pytest

from tests.support.hlr import Hlr, batch, results, running_hlr, target, wait_until
from tojimari.network.elements.osmohlr import gsup
from tojimari.network.elements.osmohlr.record import MODES
from tojimari.platform.work import Evidence, Outcome, Result, Target

pytestmark = pytest.mark.hlr

VERBS = ("inspect", "bar", "restore", "remove", "prove")


def run(hlr: Hlr, verb: str, *lines: Target, attempt: int = 1, **earlier: Evidence) -> list[Outcome]:
    outcomes: list[Outcome] = getattr(hlr.element, verb)(batch(*lines, name=verb, attempt=attempt, earlier=earlier))
    return outcomes


def close(hlr: Hlr, line: Target) -> None:
    for verb in ("bar", "remove"):
        assert results(run(hlr, verb, line)) == [("done", "")]


def test_inspect_records_what_is_there_and_changes_nothing(hlr: Hlr) -> None:
    line = hlr.new()
    with hlr.visited(line):
        before = hlr.record(line)
        (outcome,) = run(hlr, "inspect", line)
        assert hlr.record(line) == before
    evidence = outcome.evidence
    assert outcome.result is Result.DONE
    assert (evidence["known"], evidence["nam_cs"], evidence["nam_ps"]) == (True, True, True)
    assert (evidence["vlr_number"], evidence["sgsn_number"]) == ("MSC-1", "SGSN-1")
    assert evidence["msisdn"] == "…" + line.msisdn[-4:]


def test_a_line_that_nobody_serves_is_barred_with_nobody_to_tell(hlr: Hlr) -> None:
    line = hlr.new()
    for attempt in (1, 2):
        (outcome,) = run(hlr, "bar", line, attempt=attempt)
        assert (outcome.result, outcome.evidence["detach"]) == (Result.DONE, "nobody")
    record = hlr.record(line)
    assert record is not None
    assert record.mode == "none"


def test_a_barred_phone_is_refused_when_it_tries_again(hlr: Hlr) -> None:
    line = hlr.new()
    with hlr.visited(line) as (vlr, sgsn):
        assert results(run(hlr, "bar", line)) == [("done", "")]
        assert [network.attach(line.imsi).cause for network in (vlr, sgsn)] == [11, 7]


def test_a_network_that_has_purged_the_phone_has_nothing_to_let_go(hlr: Hlr) -> None:
    line = hlr.new()
    with hlr.visited(line) as (vlr, sgsn):
        for network in (vlr, sgsn):
            network.purge(line.imsi)
    (outcome,) = run(hlr, "bar", line)
    assert (outcome.result, outcome.evidence["detach"]) == (Result.DONE, "nobody")


@pytest.mark.parametrize("mode", sorted(MODES.values()))
def test_restore_brings_back_exactly_what_was_inspected(hlr: Hlr, mode: str) -> None:
    line = hlr.new()
    assert hlr.vty(f"subscriber imsi {line.imsi} update network-access-mode {mode}") == ""
    before = hlr.record(line)
    (inspected,) = run(hlr, "inspect", line)
    assert results(run(hlr, "bar", line, inspect=inspected.evidence)) == [("done", "")]
    for attempt in (1, 2):
        restored = run(hlr, "restore", line, attempt=attempt, inspect=inspected.evidence)
        assert results(restored) == [("done", "")]
        assert hlr.record(line) == before


def test_a_restored_phone_attaches_again(hlr: Hlr) -> None:
    line = hlr.new()
    with hlr.visited(line) as (vlr, _):
        (inspected,) = run(hlr, "inspect", line)
        run(hlr, "bar", line)
        run(hlr, "restore", line, inspect=inspected.evidence)
        assert vlr.attach(line.imsi).kind == gsup.UPDATE_LOCATION_RESULT


def test_restore_says_when_it_cannot(hlr: Hlr) -> None:
    line, gone = hlr.new(), target(90_001)
    assert results(run(hlr, "restore", line)) == [("stuck", "network.not_inspected")]
    inspected = {"known": True, "nam_cs": True, "nam_ps": True}
    assert results(run(hlr, "restore", gone, inspect=inspected)) == [("stuck", "network.gone")]
    assert results(run(hlr, "restore", gone, inspect={"known": False})) == [("done", "")]


def test_remove_takes_keys_and_record_and_can_be_repeated(hlr: Hlr) -> None:
    line, without_keys = hlr.new(), hlr.new(keys=False)
    run(hlr, "bar", line, without_keys)
    first = run(hlr, "remove", line, without_keys)
    assert [(o.result, o.evidence["keys"], o.evidence["on_record"]) for o in first] == [
        (Result.DONE, "none", False)
    ] * 2
    again = run(hlr, "remove", line, without_keys, attempt=2)
    assert [(o.result, o.evidence["known"], o.evidence["on_record"]) for o in again] == [
        (Result.DONE, False, False)
    ] * 2
    assert hlr.record(line) is None


def test_the_proof_is_a_refusal_in_both_domains_and_an_empty_record(hlr: Hlr) -> None:
    line = hlr.new()
    close(hlr, line)
    for attempt in (1, 2):
        (outcome,) = run(hlr, "prove", line, attempt=attempt, remove={})
        assert (outcome.result, outcome.evidence["reattach"]) == (Result.DONE, "rejected")
        assert outcome.evidence["causes"] == {"cs": 2, "ps": 2}
        assert (outcome.evidence["on_record"], outcome.evidence["number_on_record"]) == (False, False)


def test_a_barred_line_is_proved_with_the_causes_of_a_barred_line(hlr: Hlr) -> None:
    line = hlr.new()
    run(hlr, "bar", line)
    (outcome,) = run(hlr, "prove", line)
    assert (outcome.result, outcome.evidence["causes"]) == (Result.DONE, {"cs": 11, "ps": 7})
    assert outcome.evidence["on_record"] is True


def test_an_open_line_is_not_proved_and_the_probe_does_not_become_its_network(hlr: Hlr) -> None:
    line = hlr.new()
    before = hlr.record(line)
    assert results(run(hlr, "prove", line)) == [("stuck", "network.still_open")]
    assert results(run(hlr, "prove", line, remove={})) == [("stuck", "network.still_on_record")]
    assert hlr.record(line) == before


def test_the_probe_leaves_no_trace(hlr: Hlr) -> None:
    line, barred = hlr.new(), hlr.new()
    close(hlr, line)
    run(hlr, "bar", barred)
    before = hlr.record(barred)
    run(hlr, "prove", line, barred)
    wait_until(lambda: hlr.peers() == "", "the probes to be gone from the list of connections")
    assert hlr.record(line) is None
    assert hlr.record(barred) == before


def test_a_ghost_goes_through_all_steps_and_is_proved(hlr: Hlr) -> None:
    ghost = target(90_002)
    (inspected,) = run(hlr, "inspect", ghost)
    assert (inspected.result, inspected.evidence["known"]) == (Result.DONE, False)
    (barred,) = run(hlr, "bar", ghost, inspect=inspected.evidence)
    assert (barred.result, barred.evidence["detach"]) == (Result.DONE, "nobody")
    (removed,) = run(hlr, "remove", ghost, inspect=inspected.evidence, bar=barred.evidence)
    assert (removed.result, removed.evidence["known"]) == (Result.DONE, False)
    (proved,) = run(hlr, "prove", ghost, inspect=inspected.evidence, remove=removed.evidence)
    assert (proved.result, proved.evidence["causes"]) == (Result.DONE, {"cs": 2, "ps": 2})


def test_a_record_that_somebody_else_took_away_is_no_seen_detach(hlr: Hlr) -> None:
    (outcome,) = run(hlr, "bar", target(90_003), inspect={"known": True, "vlr_number": "MSC-1"})
    assert (outcome.result, outcome.evidence["detach"]) == (Result.DONE, "not_seen")


@pytest.mark.parametrize("verb", VERBS)
def test_an_imsi_with_another_number_is_not_touched(hlr: Hlr, verb: str) -> None:
    line = hlr.new()
    before = hlr.record(line)
    other = target(line.line_id, msisdn="819099999999")
    inspected = {"known": True, "nam_cs": False, "nam_ps": False}
    assert results(run(hlr, verb, other, inspect=inspected)) == [("stuck", "network.other_subscriber")]
    assert hlr.record(line) == before


def test_an_imsi_that_was_given_away_is_not_touched_even_if_the_line_has_no_number(hlr: Hlr) -> None:
    line = hlr.new()
    nameless = target(line.line_id, msisdn="")
    inspected = {"known": True, "nam_cs": True, "nam_ps": True, "msisdn": "…4321"}
    assert results(run(hlr, "remove", nameless, inspect=inspected)) == [("stuck", "network.other_subscriber")]
    assert hlr.record(line) is not None


def test_a_number_that_lives_on_under_another_imsi_is_found(hlr: Hlr) -> None:
    line = hlr.new()
    old_card = target(90_004, msisdn=line.msisdn)
    assert results(run(hlr, "inspect", old_card)) == [("stuck", "network.number_on_other_imsi")]
    assert results(run(hlr, "prove", old_card, remove={})) == [("stuck", "network.number_on_other_imsi")]


@pytest.mark.parametrize("verb", VERBS)
def test_what_cannot_be_asked_is_refused_and_harms_no_other_line(hlr: Hlr, verb: str) -> None:
    good = hlr.new()
    bad = [
        target(1, imsi=""),
        target(2, imsi="44010 1\nexit"),
        target(3, imsi="４４０１０１２３４５"),
        target(4, msisdn="8190x"),
    ]
    inspected = {"known": True, "nam_cs": True, "nam_ps": True, "msisdn": "…" + good.msisdn[-4:]}
    run(hlr, "bar", good)
    outcomes = run(hlr, verb, *bad[:2], good, *bad[2:], inspect=inspected)
    assert results(outcomes) == [
        ("stuck", "line.no_imsi"),
        ("stuck", "line.identifier_invalid"),
        ("done", ""),
        ("stuck", "line.identifier_invalid"),
        ("stuck", "line.identifier_invalid"),
    ]


@pytest.mark.parametrize("verb", VERBS)
def test_a_service_is_not_switched_here(hlr: Hlr, verb: str) -> None:
    line = hlr.new()
    before = hlr.record(line)
    for scope, code in (("roaming", "element.no_roaming_switch"), ("data", "element.no_such_service")):
        outcomes = getattr(hlr.element, verb)(batch(line, scope=scope))
        assert results(outcomes) == [("stuck", code)]
    assert hlr.record(line) == before


@pytest.mark.parametrize("verb", ["bar", "restore", "remove", "prove"])
def test_nothing_begins_after_the_lease(hlr: Hlr, verb: str) -> None:
    line = hlr.new()
    if verb != "bar":
        run(hlr, "bar", line)
    before = hlr.record(line)
    late = batch(
        line, lease_ends=time.monotonic() - 1, earlier={"inspect": {"known": True, "nam_cs": True, "nam_ps": True}}
    )
    (outcome,) = getattr(hlr.element, verb)(late)
    assert (outcome.result, outcome.code) == (Result.AGAIN, "lease.expired")
    assert outcome.after is not None
    assert outcome.after.total_seconds() == 0
    assert hlr.record(line) == before


def test_the_same_line_twice_in_a_batch_is_one_line(hlr: Hlr) -> None:
    line = hlr.new()
    for verb in ("inspect", "bar", "remove"):
        assert results(run(hlr, verb, line, line)) == [("done", "")] * 2
    assert results(run(hlr, "prove", line, line, remove={})) == [("done", "")] * 2


def test_a_batch_of_hundreds_is_closed_line_by_line_right(hlr: Hlr) -> None:
    lines = [hlr.new() for _ in range(150)]
    stranger = target(lines[70].line_id, msisdn="819099999999")
    mixed = [*lines[:70], stranger, *lines[71:]]
    expected = [("done", "")] * 70 + [("stuck", "network.other_subscriber")] + [("done", "")] * 79
    with hlr.visited(*lines[:5], name="many") as (vlr, sgsn):
        for verb in ("inspect", "bar", "remove"):
            assert results(run(hlr, verb, *mixed)) == expected
        told = [network.told_to_let_go(line.imsi) > 0 for network in (vlr, sgsn) for line in lines[:5]]
    assert told == [True] * 10
    assert results(run(hlr, "prove", *mixed, remove={})) == expected
    assert [hlr.record(line) is None for line in lines] == [True] * 70 + [False] + [True] * 79


def test_evidence_names_the_element_and_keeps_no_identifier_and_no_key(hlr: Hlr) -> None:
    line = hlr.new()
    outcomes = [run(hlr, verb, line)[0] for verb in ("inspect", "bar", "remove")]
    outcomes += run(hlr, "prove", line, remove={})
    for outcome in outcomes:
        evidence = outcome.evidence
        assert (evidence["element"], evidence["simulated"]) == ("osmohlr", False)
        assert evidence["address"] == f"{hlr.host} ctrl:4259 vty:4258 gsup:4222"
        assert all({"at", "port", "sent", "back"} <= set(entry) for entry in evidence["exchange"])
        text = json.dumps(dict(evidence), ensure_ascii=False)
        assert json.loads(text) == evidence
        assert re.findall(r"\d{7,}|[0-9a-f]{32}", text) == []


@pytest.fixture
def hlr_that_creates_on_demand() -> Iterator[Hlr]:
    with running_hlr(offset=1, more=" subscriber-create-on-demand no-msisdn cs+ps\n") as running:
        yield running


def test_an_hlr_that_creates_subscribers_on_demand_proves_nothing_and_keeps_nothing(
    hlr_that_creates_on_demand: Hlr,
) -> None:
    hlr, line = hlr_that_creates_on_demand, target(1)
    assert results(run(hlr, "prove", line, remove={})) == [("stuck", "network.creates_on_demand")]
    assert hlr.record(line) is None


@pytest.fixture
def hlr_of_another_name() -> Iterator[Hlr]:
    with running_hlr(offset=1, more="hostname Kita-HLR.2\n") as running:
        yield running


def test_a_console_with_another_host_name_is_understood(hlr_of_another_name: Hlr) -> None:
    line = hlr_of_another_name.new()
    assert results(run(hlr_of_another_name, "bar", line)) == [("done", "")]
