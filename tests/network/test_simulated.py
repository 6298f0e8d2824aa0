"""Does the make-believe network behave like a real one, and does it say everywhere that it is none?"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from typing import Any

import pytest

from tests.support.hlr import batch, results, target
from tojimari.network.elements.simulated.element import Simulated
from tojimari.network.models import SimulatedSubscriber
from tojimari.network.seed import seed
from tojimari.platform.database.scope import carrier_scope, every_carrier
from tojimari.platform.work import Evidence, Outcome, Target

pytestmark = pytest.mark.django_db

ELEMENT = Simulated()


def subscriber(number: int, **state: Any) -> Target:
    line = target(number)
    with every_carrier():
        SimulatedSubscriber.objects.create(carrier_id=1, imsi=line.imsi, msisdn=line.msisdn, **state)
    return line


def state_of(line: Target) -> Mapping[str, Any] | None:
    with every_carrier():
        return SimulatedSubscriber.objects.filter(imsi=line.imsi).values().first()


def run(verb: str, *lines: Target, scope: str = "line", **earlier: Evidence) -> list[Outcome]:
    outcomes: list[Outcome] = getattr(ELEMENT, verb)(batch(*lines, name=verb, scope=scope, earlier=earlier))
    return outcomes


def test_a_line_is_closed_and_proved_and_each_step_can_be_repeated() -> None:
    lines = [subscriber(number, vlr_number="V", sgsn_number="S") for number in (1, 2, 3)]
    for verb in ("inspect", "bar", "bar", "remove", "remove"):
        assert results(run(verb, *lines)) == [("done", "")] * 3
    assert [state_of(line) for line in lines] == [None] * 3
    for outcome in run("prove", *lines, remove={}) * 2:
        assert outcome.evidence["causes"] == {"cs": 2, "ps": 2}


def test_all_evidence_says_that_it_is_simulated_and_keeps_no_identifier() -> None:
    line = subscriber(1)
    for verb in ("inspect", "bar", "restore", "remove", "prove"):
        (outcome,) = run(verb, line)
        assert (outcome.evidence["simulated"], outcome.evidence["element"]) == (True, "simulated")
        text = json.dumps(dict(outcome.evidence))
        assert json.loads(text) == outcome.evidence
        assert re.findall(r"\d{7,}", text.replace("\\u2026", "")) == []


def test_bar_says_who_was_told() -> None:
    attached, alone = subscriber(1, vlr_number="V", visited="Taipei"), subscriber(2)
    outcomes = run("bar", attached, alone)
    assert [o.evidence["detach"] for o in outcomes] == ["told", "nobody"]
    assert outcomes[0].evidence["serving"] == {"cs": "V", "visited": "Taipei"}


@pytest.mark.parametrize("cs", [True, False])
@pytest.mark.parametrize("ps", [True, False])
def test_restore_brings_back_what_was_inspected(cs: bool, ps: bool) -> None:
    line = subscriber(1, nam_cs=cs, nam_ps=ps)
    before = state_of(line)
    (inspected,) = run("inspect", line)
    run("bar", line)
    assert results(run("restore", line)) == [("stuck", "network.not_inspected")]
    for _ in range(2):
        assert results(run("restore", line, inspect=inspected.evidence)) == [("done", "")]
        assert state_of(line) == before


def test_restore_of_what_is_gone() -> None:
    gone = target(9)
    assert results(run("restore", gone)) == [("stuck", "network.gone")]
    assert results(run("restore", gone, inspect={"known": False})) == [("done", "")]


def test_roaming_ends_and_the_line_at_home_is_untouched() -> None:
    line = subscriber(1, visited="Taipei", vlr_number="Tokyo")
    (inspected,) = run("inspect", line, scope="roaming")
    assert results(run("prove", line, scope="roaming")) == [("stuck", "network.still_open")]
    (barred,) = run("bar", line, scope="roaming")
    assert barred.evidence["serving"] == {"visited": "Taipei"}
    assert results(run("remove", line, scope="roaming")) == [("done", "")]
    (proved,) = run("prove", line, scope="roaming", remove={})
    assert proved.evidence["causes"] == {"cs": 13, "ps": 13}
    left = state_of(line)
    assert left is not None
    assert (left["nam_cs"], left["nam_ps"], left["vlr_number"], left["roaming"]) == (True, True, "Tokyo", False)
    assert results(run("restore", line, scope="roaming", inspect=inspected.evidence)) == [("done", "")]
    restored = state_of(line)
    assert restored is not None
    assert restored["roaming"] is True


def test_an_open_line_and_a_kept_record_prove_nothing() -> None:
    line = subscriber(1)
    assert results(run("prove", line)) == [("stuck", "network.still_open")]
    run("bar", line)
    assert results(run("prove", line)) == [("done", "")]
    assert results(run("prove", line, remove={})) == [("stuck", "network.still_on_record")]


def test_one_bad_line_harms_no_other() -> None:
    good, taken = subscriber(1), subscriber(2)
    outcomes = run("bar", target(3, imsi=""), good, target(2, msisdn="819099999999"), target(4))
    assert results(outcomes) == [
        ("stuck", "line.no_imsi"),
        ("done", ""),
        ("stuck", "network.other_subscriber"),
        ("done", ""),
    ]
    untouched = state_of(taken)
    assert untouched is not None
    assert untouched["nam_cs"] is True


def test_a_number_that_lives_on_under_another_imsi_is_found() -> None:
    line = subscriber(1)
    old_card = target(9, msisdn=line.msisdn)
    for verb in ("inspect", "prove"):
        assert results(run(verb, old_card)) == [("stuck", "network.number_on_other_imsi")]


def test_the_same_imsi_of_another_carrier_is_another_line() -> None:
    line = subscriber(1)
    neighbour = target(1, carrier_id=2)
    assert results(run("remove", neighbour)) == [("done", "")]
    assert state_of(line) is not None


def test_nothing_begins_after_the_lease_and_other_services_are_not_served() -> None:
    line = subscriber(1)
    late = batch(line, lease_ends=time.monotonic() - 1)
    assert results(ELEMENT.bar(late)) == [("again", "lease.expired")]
    assert results(run("bar", line, scope="voice")) == [("stuck", "element.no_such_service")]
    left = state_of(line)
    assert left is not None
    assert left["nam_cs"] is True


def test_a_carrier_does_not_see_anothers_subscribers() -> None:
    subscriber(1)
    with carrier_scope(2):
        assert SimulatedSubscriber.objects.count() == 0
    with carrier_scope(1):
        assert SimulatedSubscriber.objects.count() == 1


def test_seeding_twice_creates_once() -> None:
    lines = [target(number) for number in range(5)] + [target(6, imsi="")]
    assert (seed(lines), seed([*lines, target(7)])) == (5, 1)
