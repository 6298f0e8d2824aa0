"""Does the counter take what is enough, refuse what is not, and keep nothing that it need not?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from tojimari.counter import words
from tojimari.counter.papers import KINDS, METHODS, check_evidence, fields
from tojimari.platform.acting import Refused
from tojimari.platform.work import Evidence, Target

AT = datetime(2012, 4, 14, 3, 0, tzinfo=UTC)  # the day before the specimen passport expires
TARGET = Target(1, 1, "physical_sim", "819012345678", "440101234567890", "8981100000000000010", "")
# The specimen of ICAO Doc 9303, a fictional person of Utopia.
TD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
IDENTITY = ("passport_or_residence_card",)
PAPERS = ("passport_or_residence_card", "receipt_or_contract")
SEEN = {"passport_or_residence_card": "passport", "receipt_or_contract": "receipt"}


def show(step: str, given: Mapping[str, str], papers: tuple[str, ...] = (), at: datetime = AT) -> Evidence:
    return check_evidence(step, TARGET, given, at, papers)


def refused(step: str, given: Mapping[str, str], papers: tuple[str, ...] = (), at: datetime = AT) -> Refused:
    with pytest.raises(Refused) as caught:
        show(step, given, papers, at)
    assert caught.value.code in words.REASONS
    return caught.value


@pytest.mark.parametrize(
    ("step", "given", "kept"),
    [
        ("visit", {"came": "on", "place": " Shinjuku "}, {"came": True, "place": "Shinjuku"}),
        ("form", {"signed": "yes"}, {"signed": True}),
        ("review", {"approved": "true", "note": "fine"}, {"approved": True, "note": "fine"}),
        ("verify", {"method": "call_check"}, {"method": "call_check"}),
        ("settle", {"unpaid": "paid"}, {"unpaid": "paid"}),
        ("return_sim", {"iccid": TARGET.iccid}, {"condition": "returned", "iccid": "…0010"}),
        ("return_sim", {"iccid": "8981 1000 0000 0000 010F"}, {"condition": "returned", "iccid": "…0010"}),
        ("return_sim", {"condition": "lost", "note": "Lost at sea"}, {"condition": "lost", "note": "Lost at sea"}),
        ("return_sim", {"condition": "damaged", "note": "Broken"}, {"condition": "damaged", "note": "Broken"}),
    ],
)
def test_keeps_that_it_was_done(step: str, given: Mapping[str, str], kept: Evidence) -> None:
    assert show(step, given) == kept
    assert set(given) <= set(fields(step))


@pytest.mark.parametrize(
    ("step", "given", "code", "field"),
    [
        ("visit", {}, "counter.not_there", "came"),
        ("visit", {"came": "no"}, "counter.not_there", "came"),
        ("form", {"signed": ""}, "counter.not_signed", "signed"),
        ("review", {"note": "hm"}, "counter.not_approved", "approved"),
        ("verify", {"method": "a hunch"}, "counter.method_missing", "method"),
        ("settle", {}, "counter.unpaid_missing", "unpaid"),
        ("return_sim", {}, "counter.iccid_wrong", "iccid"),
        ("return_sim", {"iccid": "8981100000000000011"}, "counter.iccid_wrong", "iccid"),
        ("return_sim", {"iccid": "8981201234567890129"}, "counter.other_sim", "iccid"),
        ("return_sim", {"condition": "lost"}, "counter.note_missing", "note"),
        ("return_sim", {"condition": "damaged", "note": "  "}, "counter.note_missing", "note"),
        ("return_sim", {"condition": "eaten"}, "counter.condition_unknown", "condition"),
    ],
)
def test_refuses_what_is_not_enough_and_names_the_field(
    step: str, given: Mapping[str, str], code: str, field: str
) -> None:
    caught = refused(step, given)
    assert (caught.code, caught.facts["field"]) == (code, field)


def test_the_wrong_card_is_told_by_its_last_digits_only() -> None:
    assert refused("return_sim", {"iccid": "8981201234567890129"}).facts["shown"] == "…0129"


def test_papers_seen_by_the_clerk_are_enough() -> None:
    assert show("papers", {**SEEN, "not_expired": "on"}, PAPERS) == {
        "papers": [
            {"paper": "passport_or_residence_card", "kind": "passport", "not_expired": True, "read_by": "clerk"},
            {"paper": "receipt_or_contract", "kind": "receipt"},
        ]
    }


def test_of_scanned_lines_only_the_judgement_is_kept() -> None:
    kept = show("papers", {**SEEN, "mrz": TD3, "note": f"scanned {TD3}"}, PAPERS)
    assert kept["papers"][0] == {
        "paper": "passport_or_residence_card",
        "kind": "passport",
        "not_expired": True,
        "check_digits": True,
        "read_by": "mrz",
    }
    text = json.dumps(kept)
    for told in ("ERIKSSON", "L898902C3", "740812", "ANNA"):
        assert told not in text


def test_every_paper_that_the_procedure_asks_for_must_be_seen() -> None:
    assert (
        refused("papers", {"not_expired": "on", "receipt_or_contract": "receipt"}, PAPERS).facts["field"] == IDENTITY[0]
    )
    assert refused("papers", {"not_expired": "on", IDENTITY[0]: "passport"}, PAPERS).facts["field"] == PAPERS[1]
    assert refused("papers", {**SEEN, IDENTITY[0]: "library_card"}, PAPERS).code == "counter.paper_missing"
    assert show("papers", {}, ()) == {"papers": []}


def test_an_expired_document_is_refused_from_the_day_after_its_last_day() -> None:
    given = {IDENTITY[0]: "passport", "mrz": TD3}
    last_minute = datetime(2012, 4, 15, 14, 59, tzinfo=UTC)
    assert show("papers", given, IDENTITY, last_minute)
    next_day = datetime(2012, 4, 15, 15, 0, tzinfo=UTC)
    assert refused("papers", given, IDENTITY, next_day).code == "counter.document_expired"


def test_lines_that_were_read_wrongly_are_refused_with_the_digit_that_does_not_fit() -> None:
    wrong = TD3.replace("L898902C36", "L898902C37")
    caught = refused("papers", {IDENTITY[0]: "passport", "mrz": wrong}, IDENTITY)
    assert (caught.code, caught.facts["reason"]) == ("counter.mrz_wrong", "mrz.number_digit")


def test_without_lines_somebody_must_have_looked_at_the_date() -> None:
    assert refused("papers", {IDENTITY[0]: "residence_card"}, IDENTITY).code == "counter.expiry_not_checked"


def test_numbers_in_a_note_are_masked() -> None:
    note = show("review", {"approved": "on", "note": "call 09012345678"})["note"]
    assert note == "call …5678"


def test_forms_know_their_fields() -> None:
    assert fields("papers", PAPERS) == (*PAPERS, "mrz", "not_expired", "note")
    assert fields("papers", ("card",)) == ("card", "card_ending", "note")
    assert fields("return_sim") == ("condition", "iccid", "note")


def test_every_choice_has_its_words() -> None:
    assert {kind for kinds in KINDS.values() for kind in kinds} == set(words.SHOWN)
    assert set(METHODS) == set(words.METHODS)
