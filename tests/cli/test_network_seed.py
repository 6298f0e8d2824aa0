"""Does each line of a test network get into the HLR that its termination will look in, and into no other?"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

import pytest

from tests.cast import MakeLine
from tests.support.hlr import Hlr, hlr, host_for_this_process, running_hlr
from tests.support.setup_elements import WriteElements, write_elements
from tojimari.cli import CommandError, network
from tojimari.lines.models import Carrier, Line
from tojimari.network.models import SimulatedSubscriber
from tojimari.platform.database.scope import every_carrier

__all__ = ["hlr", "write_elements"]

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def west() -> Iterator[Hlr]:
    with running_hlr(offset=9) as running:
        yield running


@pytest.fixture
def line(make_line: MakeLine, tabi: Carrier) -> Any:
    def make(imsi: str, **other: Any) -> Line:
        made = make_line(imsi=imsi, **other)
        made.refresh_from_db()
        return made

    return make


def seeded() -> int:
    return network.run(argparse.Namespace(verb="seed", carrier="tabi"))


def table(name: str, host: str, imsi: str) -> str:
    return f'[{name}]\nkind = "osmohlr"\ngroup = "hlr"\nhost = "{host}"\nimsi = ["{imsi}"]\n'


@pytest.mark.hlr
def test_each_line_is_created_in_the_hlr_of_its_range(
    hlr: Hlr,
    west: Hlr,
    line: Any,
    tabi: Carrier,
    write_elements: WriteElements,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write_elements(table("hlr-east", hlr.host, "44010") + table("hlr-west", west.host, "44020"))
    Carrier.objects.filter(pk=tabi.pk).update(elements={"esim": ["es2plus", "hlr"], "physical_sim": "hlr"})
    with every_carrier():
        east_line = line("440101230000001", kind="esim")
        west_lines = [line("440201230000002"), line("440201230000003")]
        over, nowhere = line("440101230000004", state="terminated"), line("310150123456789")

    assert seeded() == 1, "one line could not be put anywhere"
    told = capsys.readouterr().out
    assert "1 lines of tabi created in hlr-east" in told
    assert "2 lines of tabi created in hlr-west" in told
    assert "1 lines are left to es2plus: it is not filled by this command" in told
    assert "1 lines are left out: no element of their group has a range for their IMSI" in told
    for there, other, lines in ((hlr, west, [east_line]), (west, hlr, west_lines)):
        for one in lines:
            record = there.record(one.target)
            assert record is not None
            assert record.msisdn == one.msisdn
            assert other.record(one.target) is None
    assert all(there.record(one.target) is None for there in (hlr, west) for one in (over, nowhere))

    with every_carrier():
        Line.objects.filter(pk=nowhere.pk).update(state="terminated")
    assert seeded() == 0
    assert "0 lines of tabi created in hlr-west" in capsys.readouterr().out, "nothing is made twice"


def test_an_hlr_that_is_away_is_told_without_a_trace(line: Any, tabi: Carrier, write_elements: WriteElements) -> None:
    write_elements(table("hlr-east", host_for_this_process(offset=4), "44010"))
    Carrier.objects.filter(pk=tabi.pk).update(elements={"physical_sim": "hlr"})
    with every_carrier():
        line("440101230000001")
    with pytest.raises(CommandError, match=r"network\.refused.*nothing is made twice"):
        seeded()


def test_without_a_network_lines_go_into_the_simulated_one(
    line: Any, tabi: Carrier, capsys: pytest.CaptureFixture[str]
) -> None:
    assert seeded() == 0
    assert "tabi has no line that runs and has an IMSI" in capsys.readouterr().out
    with every_carrier():
        made = line("440101230000001")
    assert seeded() == 0
    with every_carrier():
        assert SimulatedSubscriber.objects.get().imsi == made.imsi
