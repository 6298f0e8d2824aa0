"""Do the transcripts of what no network stands behind tell what happens, and has every kind of element one?"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support.hlr import batch
from tests.support.transcripts import assert_as_written
from tojimari.network.elements import ELEMENTS, OWN_SETTINGS
from tojimari.network.elements.by_hand.element import ByHand
from tojimari.network.elements.simulated.element import Simulated
from tojimari.network.models import SimulatedSubscriber
from tojimari.network.seed import seed
from tojimari.platform.work import Evidence, Outcome, Target

FOLDER = Path(__file__).parent / "transcripts"
LINE = Target(1, 1, "physical_sim", "819000000007", "440109900000007", "", "")
KINDS = tuple(dict.fromkeys((*ELEMENTS, *OWN_SETTINGS)))
VERBS = ("inspect", "bar", "remove", "prove")


@pytest.mark.django_db
@pytest.mark.usefixtures("as_worker")
@pytest.mark.parametrize(("scope", "file"), [("line", "life.txt"), ("roaming", "roaming.txt")])
def test_the_simulation_does_what_its_transcript_tells(scope: str, file: str) -> None:
    seed([LINE])
    SimulatedSubscriber.objects.update(vlr_number="VLR-1", sgsn_number="SGSN-1", visited="ABROAD-1")
    told: list[Outcome] = []
    for verb in VERBS:
        told += getattr(Simulated(), verb)(batch(LINE, name=verb, scope=scope))
    assert_as_written(told, FOLDER / "simulated" / file)


def test_a_line_that_a_person_ends_is_as_written() -> None:
    attested: Mapping[str, Evidence] = {"remove": {"attested_by": "鈴木 一郎"}}
    told: list[Outcome] = []
    for verb in VERBS:
        told += getattr(ByHand(), verb)(batch(LINE, name=verb, earlier=attested))
    assert_as_written(told, FOLDER / "by_hand" / "line.txt")


def test_without_an_attestation_nothing_is_proved_as_written() -> None:
    assert_as_written(ByHand().prove(batch(LINE, name="prove")), FOLDER / "by_hand" / "not_attested.txt")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_transcripts_and_says_what_they_were_played_against(kind: str) -> None:
    assert list((FOLDER / kind).glob("*.txt"))
    told = tomllib.loads((FOLDER / kind / "against.toml").read_text("utf-8"))
    assert sorted(told) == ["not_tested", "tested"]
    assert all(told.values())


def test_no_folder_of_transcripts_is_left_of_a_kind_that_is_gone() -> None:
    assert {folder.name for folder in FOLDER.iterdir()} <= set(KINDS)
