"""Does each line end in the HLR that holds its range, and in no other?"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cast import MakeLine
from tests.support.hlr import Hlr, running_hlr
from tests.support.setup_elements import WriteElements, write_elements
from tests.terminations import play
from tests.terminations.play import Clock, ask, assert_closed_exactly_once, work
from tojimari.lines.models import Line
from tojimari.network.seed import seed
from tojimari.proofs.queries import bundle, statement

__all__ = ["write_elements"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_worker"), pytest.mark.hlr]

EAST, WEST = "440101230000001", "440201230000002"


@pytest.fixture(scope="module")
def west() -> Iterator[Hlr]:
    with running_hlr(offset=9) as running:
        yield running


def table(name: str, hlr: Hlr, imsi: str, more: str = "") -> str:
    return f'[{name}]\nkind = "osmohlr"\ngroup = "hlr"\nhost = "{hlr.host}"\nimsi = ["{imsi}"]\n{more}\n'


def test_two_hlrs_by_range_of_imsi(
    hlr: Hlr,
    west: Hlr,
    write_elements: WriteElements,
    make_line: MakeLine,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    limits = "rate_per_second = 100\nconcurrency = 1\nbreaker = { failures = 2 }\n"
    write_elements(table("hlr-east", hlr, "44010", limits) + table("hlr-west", west, "440"))
    monkeypatch.setattr(play, "LANES", ["hlr-east", "hlr-west", *play.LANES])
    lines = {"hlr-east": _line(make_line, EAST), "hlr-west": _line(make_line, WEST)}
    bystanders = {"hlr-east": _line(make_line, "440101230000003"), "hlr-west": _line(make_line, "440201230000004")}
    for name, where in (("hlr-east", hlr), ("hlr-west", west)):
        assert seed([lines[name].target, bystanders[name].target], where.settings) == 2
    # The same subscriber in the other HLR is not this line: it must stay.
    assert seed([lines["hlr-east"].target], west.settings) == 1

    cases = {name: ask(line, clock) for name, line in lines.items()}
    for _ in range(6):
        work(clock)
        clock.move(seconds=1)

    for name, case in cases.items():
        assert_closed_exactly_once(case)
        said = statement(bundle(case.reference)["certificate"])
        assert said["terminated"] == {"by": "network_proof", "element": name}
        assert set(case.steps.filter(lane__startswith="hlr").values_list("lane", flat=True)) == {name}
    assert hlr.record(lines["hlr-east"].target) is None
    assert west.record(lines["hlr-west"].target) is None
    assert west.record(lines["hlr-east"].target) is not None
    for name, where in (("hlr-east", hlr), ("hlr-west", west)):
        assert where.record(bystanders[name].target) is not None


def _line(make_line: MakeLine, imsi: str) -> Line:
    line = make_line(kind="esim", imsi=imsi, email="someone@mail.example")
    line.carrier.elements = {"esim": "hlr"}
    line.carrier.save()
    return line
