"""Does a certificate say what is known, no more, and only once?"""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.certified import REFERENCE, Kept, certified
from tests.works import CLAIMED_AT, ELEMENT, QUOTE, REJECTED, a_batch, a_work, target_of
from tojimari.lines.models import Line
from tojimari.platform.database.scope import carrier_scope
from tojimari.platform.work import Result
from tojimari.proofs.certificates import line_facts
from tojimari.proofs.handlers import certificate
from tojimari.proofs.models import Certificate
from tojimari.proofs.queries import bundle, statement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_worker", "keys_home")]

CHAIN = {"head": "00" * 32, "events": 1}


def said(line: Line, **more: Any) -> dict[str, Any]:
    outcome = certificate(a_batch(a_work(line, "certificate", chain=CHAIN, **more)), "house")[0]
    assert outcome.result == Result.DONE
    return statement(Certificate.objects.get(case_id=1).jws)


def test_says_who_asked_for_what_and_when_in_japan_time(sim_line: Line) -> None:
    found = said(sim_line, steps={"prove": REJECTED})
    assert found["reference"] == REFERENCE
    assert found["case"] == {
        "kind": "physical_sim",
        "scope": "line",
        "channel": "portal",
        "requested_by": "subscriber:1",
        "effective": "month-end",
        "requested_at": "2026-11-22T12:00:00+09:00",
        "ends_at": "2026-12-01T00:00:00+09:00",
    }
    assert found["issued_at"] == "2026-12-01T00:01:00+09:00"
    assert found["carrier"]["name_en"] == "Tabi Mobile"
    assert (found["mode"], found["chain"], found["quote"]) == ("managed", CHAIN, QUOTE)
    assert found["steps"]["prove"] == REJECTED


def test_says_that_the_network_rejected_it(sim_line: Line) -> None:
    found = said(sim_line, steps={"prove": REJECTED})
    assert found["terminated"] == {"by": "network_proof", "element": "osmohlr"}
    assert found["simulated"] is False


def test_says_who_attested_it_by_name(sim_line: Line) -> None:
    bar = {"attested_by": "Sato Ken", "attested_at": "2026-11-30T15:00:30+00:00", "note": "Switched off at the desk"}
    steps = {"bar": bar, "prove": {**ELEMENT, "element": "by_hand", "attested": True, "attested_by": "Sato Ken"}}
    found = said(sim_line, steps=steps, scope="roaming", kind="roaming", quote={})
    assert found["terminated"] == {"by": "attested_by_hand", "name": "Sato Ken"}
    assert found["attestations"] == [{"step": "bar", **bar}]


@pytest.mark.parametrize("step", ["inspect", "bar", "prove"])
def test_says_that_any_part_of_it_was_simulated(sim_line: Line, step: str) -> None:
    steps = {"prove": REJECTED, "inspect": ELEMENT, "bar": ELEMENT}
    found = said(sim_line, steps={**steps, step: {**steps[step], "simulated": True}})
    assert (found["terminated"], found["simulated"]) == ({"by": "simulated"}, True)


@pytest.mark.parametrize("proof", [{}, {"channel": "file", "by": "file:1"}, {"attested": True}])
def test_certifies_nothing_that_is_not_established(sim_line: Line, esim_line: Line, proof: dict[str, Any]) -> None:
    unproved = a_work(sim_line, "certificate", steps={"prove": proof} if proof else {}, chain=CHAIN)
    proved = a_work(esim_line, "certificate", case_id=2, reference="TJ-2", steps={"prove": REJECTED}, chain=CHAIN)
    first, second = certificate(a_batch(unproved, proved), "house")
    assert (first.result, first.code) == (Result.STUCK, "proof.not_established")
    assert second.result == Result.DONE
    assert list(Certificate.objects.values_list("case_id", flat=True)) == [2]


def test_shows_identifiers_by_their_last_four_digits_and_lets_the_full_one_be_checked(esim_line: Line) -> None:
    note = f"Called 0{esim_line.msisdn[2:]} ({esim_line.msisdn}), card {esim_line.iccid}"
    found = said(esim_line, steps={"prove": REJECTED, "review": {"note": note, "seen": [esim_line.imsi]}})
    text = json.dumps(found)
    national = "0" + esim_line.msisdn[2:]
    for full in (esim_line.msisdn, national, esim_line.imsi, esim_line.iccid, esim_line.eid):
        assert full not in text
    salt = bytes.fromhex(found["line"]["salt"])
    for name in ("msisdn", "imsi", "iccid", "eid"):
        full = getattr(esim_line, name)
        digest = hashlib.sha256(salt + b":" + full.encode()).hexdigest()
        assert found["line"][name] == {"shown": f"…{full[-4:]}", "sha256": digest}


def test_an_identifier_that_the_line_does_not_have_is_left_out(make_line: Any) -> None:
    facts = line_facts(target_of(make_line(msisdn="", imsi="")))
    assert set(facts) == {"kind", "salt", "iccid"}


def test_two_certificates_of_one_line_share_no_hash(sim_line: Line) -> None:
    one, two = (line_facts(target_of(sim_line)) for _ in range(2))
    assert one["msisdn"]["sha256"] != two["msisdn"]["sha256"]


def test_a_second_run_gives_the_first_certificate(sim_line: Line) -> None:
    work = a_work(sim_line, "certificate", steps={"prove": REJECTED}, chain=CHAIN)
    first = certificate(a_batch(work), "house")[0]
    later = certificate(a_batch(work, at=CLAIMED_AT + timedelta(hours=1)), "house")[0]
    kept = Certificate.objects.get()
    assert (
        first.evidence
        == later.evidence
        == {
            "kid": kept.kid,
            "digest": hashlib.sha256(kept.jws.encode()).hexdigest(),
        }
    )
    assert kept.issued_at == CLAIMED_AT


def test_the_file_holds_exactly_the_history_that_was_signed(kept: Kept) -> None:
    assert [event["number"] for event in kept.file["events"]] == [1, 2]


def test_there_is_no_file_before_there_is_a_certificate() -> None:
    with pytest.raises(Certificate.DoesNotExist):
        bundle(REFERENCE)


def test_a_neighbour_gets_no_file(kept: Kept, tonari_line: Line) -> None:
    with carrier_scope(tonari_line.carrier_id), pytest.raises(Certificate.DoesNotExist):
        bundle(REFERENCE)


def test_certifies_many_cases_with_few_queries(
    keys_home: Path, sim_line: Line, django_assert_max_num_queries: Any
) -> None:
    works = [
        a_work(sim_line, "certificate", case_id=n, reference=f"TJ-{n}", steps={"prove": REJECTED}, chain=CHAIN)
        for n in range(1, 101)
    ]
    certified(sim_line, case_id=1000, reference="TJ-1000")
    with django_assert_max_num_queries(6):
        outcomes = certificate(a_batch(*works), "house")
    assert [outcome.result for outcome in outcomes] == [Result.DONE] * 100
