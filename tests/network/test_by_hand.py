"""Is a step by hand left to a person, and is nothing proved without that person's word?"""

from __future__ import annotations

import pytest

from tests.support.hlr import batch, results, target
from tojimari.network.elements.by_hand.element import ByHand
from tojimari.platform.work import Evidence, Result

PERSON = {"attested_by": "staff-7"}


def test_a_service_needs_one_act_and_a_line_needs_two() -> None:
    element, line = ByHand(), target(1, imsi="")
    for scope, remove in (
        ("line", ("by_hand", "network.by_hand.remove")),
        ("roaming", ("done", "")),
    ):
        work = batch(line, scope=scope)
        assert results(element.inspect(work)) == [("done", "")]
        assert results(element.bar(work)) == [("by_hand", "network.by_hand.bar")]
        assert results(element.remove(work)) == [remove]
        assert results(element.restore(work)) == [("by_hand", "network.by_hand.restore")]


@pytest.mark.parametrize(("scope", "act"), [("line", "remove"), ("roaming", "bar")])
def test_only_an_attested_act_proves(scope: str, act: str) -> None:
    element, line = ByHand(), target(1)
    other = {"line": "bar", "roaming": "remove"}[scope]
    unproved: list[dict[str, Evidence]] = [{}, {act: {}}, {act: {"attested_by": ""}}, {other: PERSON}]
    for earlier in unproved:
        outcomes = element.prove(batch(line, scope=scope, earlier=earlier))
        assert results(outcomes) == [("stuck", "network.not_attested")]
    (proved,) = element.prove(batch(line, scope=scope, earlier={act: PERSON}))
    assert proved.result is Result.DONE
    assert (proved.evidence["attested"], proved.evidence["attested_by"]) == (True, "staff-7")
    assert (proved.evidence["element"], proved.evidence["by_hand"], proved.evidence["simulated"]) == (
        "by_hand",
        True,
        False,
    )
