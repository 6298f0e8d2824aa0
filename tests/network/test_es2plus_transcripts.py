"""Does the talk with a profile server look exactly as the files in `transcripts/es2plus/` tell an operator?

Each file is one situation: which step runs, what is sent (>) and must come back (<), and the outcome. A star stands for
what differs from run to run.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.network.profile_server import Site
from tests.support.smdp import ANSWER_HEADERS, Held, State, answer_of
from tests.support.transcripts import assert_as_written
from tojimari.network.models import ProfileOrder
from tojimari.platform.database.scope import every_carrier
from tojimari.platform.work import Outcome, Target

pytestmark = pytest.mark.django_db

FOLDER = Path(__file__).parent / "transcripts" / "es2plus"


def cancel(site: Site, line: Target) -> Outcome:
    return site.remove(line)[0]


def named(site: Site, line: Target) -> Outcome:
    site.smdp.profiles[line.iccid] = Held(State.RELEASED, line.eid, "QK-7M3")
    with every_carrier():
        ProfileOrder.objects.create(carrier_id=line.carrier_id, iccid=line.iccid, matching_id="QK-7M3")
    return site.remove(line)[0]


def back_to_stock(site: Site, line: Target) -> Outcome:
    site.settings(final_status="Available")
    return site.remove(line)[0]


def downloaded(site: Site, line: Target) -> Outcome:
    site.smdp.profiles[line.iccid].state = State.INSTALLED
    return site.remove(line)[0]


def cancelled_twice(site: Site, line: Target) -> Outcome:
    site.remove(line)
    return site.remove(line, attempt=2)[0]


def gone_since(site: Site, line: Target) -> Outcome:
    site.remove(line)
    del site.smdp.profiles[line.iccid]
    return site.remove(line, attempt=2)[0]


def unknown(site: Site, line: Target) -> Outcome:
    del site.smdp.profiles[line.iccid]
    return site.remove(line)[0]


def discovery_trouble(site: Site, line: Target) -> Outcome:
    site.smdp.answer = lambda _heard: (200, ANSWER_HEADERS, answer_of("Failed", "8.9", "5.1", "SM-DS inaccessible"))
    return site.remove(line)[0]


def proved(site: Site, line: Target) -> Outcome:
    (removed,) = site.remove(line)
    return site.prove(line, removed=removed.evidence)[0]


def proved_installed(site: Site, line: Target) -> Outcome:
    site.smdp.profiles[line.iccid].state = State.INSTALLED
    (removed,) = site.remove(line)
    return site.prove(line, removed=removed.evidence)[0]


SITUATIONS: dict[str, Callable[[Site, Target], Outcome]] = {
    "remove": cancel,
    "remove_named_order": named,
    "remove_back_to_stock": back_to_stock,
    "remove_downloaded": downloaded,
    "remove_twice": cancelled_twice,
    "remove_gone_since": gone_since,
    "remove_unknown": unknown,
    "remove_discovery_trouble": discovery_trouble,
    "prove_cancelled": proved,
    "prove_installed": proved_installed,
}


def test_every_transcript_is_played() -> None:
    assert {file.stem for file in FOLDER.glob("*.txt")} == set(SITUATIONS)


@pytest.mark.parametrize("name", SITUATIONS)
def test_the_exchange_is_as_written(site: Site, name: str) -> None:
    assert_as_written([SITUATIONS[name](site, site.line())], FOLDER / f"{name}.txt")
