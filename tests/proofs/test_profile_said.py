"""Does a certificate of an eSIM say where its profile is, and never that the network proved what only a chip can?"""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.translation import override

from tests.works import REJECTED
from tojimari.proofs.certificates import established
from tojimari.proofs.content import profile
from tojimari.proofs.paper_facts import Names, sections

SERVER = {"element": "es2plus", "simulated": False}
TOLD = {
    "later": [{"entry": 12, "name": "profile.deletion_signed", "at": "2026-12-05T01:00:00.000000Z", "facts": {}}],
    "issued_at": "2026-12-05T10:00:01+09:00",
}


def said(proof: dict[str, Any]) -> dict[str, Any]:
    steps = {"prove@es2plus": {**SERVER, **proof}, "prove": REJECTED}
    return {"terminated": established(steps), **profile(steps)}


def rows(language: str, found: dict[str, Any], addendum: dict[str, Any] | None = None) -> list[str]:
    with override(language):
        shown = sections(found, {}, Names({}, {}), addendum)
    return [f"{label}: {value}" for _title, section in shown for label, value in section]


@pytest.mark.parametrize(
    ("proof", "stands", "words"),
    [
        ({"profile": "cancelled"}, {"stands": "cancelled"}, "Nobody can download it any more"),
        ({"profile": "installed"}, {"stands": "installed"}, "Still on the phone, until its chip confirms"),
        ({"profile": "unclear"}, {"stands": "unclear"}, "nobody has confirmed where it is"),
        (
            {"profile": "deleted", "notice": {"source": "chip"}},
            {"stands": "deleted", "told_by": "chip"},
            "the chip itself has signed it",
        ),
        (
            {"profile": "deleted", "notice": {"source": "server"}},
            {"stands": "deleted", "told_by": "server"},
            "its server has said so",
        ),
    ],
)
def test_where_the_profile_is_stands_apart_from_what_the_network_proved(
    proof: dict[str, Any], stands: dict[str, str], words: str
) -> None:
    found = said(proof)
    assert found["terminated"] == {"by": "network_proof", "element": "osmohlr"}, "a profile server proves no end"
    assert found["profile"] == stands
    assert any(words in row for row in rows("en", found))
    for language in ("ja", "zh-hans", "zh-hant"):
        assert len(rows(language, found)) == len(rows("en", found))


def test_what_a_person_attests_of_a_profile_is_called_so() -> None:
    found = said({"profile": "attested", "attested_by": "Sato Ken"})
    assert found["terminated"] == {"by": "attested_by_hand", "name": "Sato Ken"}
    assert found["profile"] == {"stands": "attested"}


def test_without_a_profile_server_nothing_is_said_of_a_profile() -> None:
    assert profile({"prove": REJECTED}) == {}


def test_the_paper_says_what_was_added_after_the_certificate() -> None:
    written = rows("en", said({"profile": "installed"}), TOLD)
    assert "The chip itself signed that the eSIM was deleted: Sat, Dec 5, 2026 10:00:00 (Japan time)" in written
    assert "Signed: Sat, Dec 5, 2026 10:00:01 (Japan time)" in written
