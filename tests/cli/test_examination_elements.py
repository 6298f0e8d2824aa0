"""Does the doctor see cases that nobody works for, carriers with a wrong element, and elements that rest?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.cast import MakeLine
from tests.support.setup_elements import WriteElements, write_elements
from tests.terminations.play import Clock, ask, work
from tojimari.cli.examination import Mark
from tojimari.cli.examination_elements import lanes
from tojimari.lines.models import Carrier
from tojimari.platform.database.scope import every_carrier
from tojimari.platform.health import beat
from tojimari.terminations.models import Lane

__all__ = ["write_elements"]

pytestmark = pytest.mark.django_db

OLD = '[old]\nkind = "osmohlr"\nhost = "127.0.0.1"\n'


def test_shows_which_elements_each_carrier_has(tabi: Carrier) -> None:
    found = lanes()
    assert found.mark is Mark.WELL
    assert "tabi: esim=default physical_sim=default roaming=by_hand" in found.found


def test_a_carrier_that_names_no_element_of_ours_is_told_by_name(tabi: Carrier) -> None:
    Carrier.objects.filter(pk=tabi.pk).update(elements={"esim": "hss", "sim": "simulated"})
    found = lanes()
    assert found.mark is Mark.MISSING
    assert "tabi: esim: There is no network element 'hss'" in found.found
    assert "tabi: there is no kind of line or service 'sim'" in found.found


def test_cases_of_an_element_that_was_taken_out_are_counted(
    write_elements: WriteElements, make_line: MakeLine, tabi: Carrier
) -> None:
    write_elements(OLD)
    Carrier.objects.filter(pk=tabi.pk).update(elements={"esim": "old", "physical_sim": "old"})
    clock = Clock()
    with every_carrier():
        for kind in ("esim", "physical_sim"):
            line = make_line(kind=kind)
            line.refresh_from_db()
            ask(line, clock)
        work(clock, forward=False)
        ask(line := make_line(kind="esim"), clock, effective="month-end")
        line.refresh_from_db()
    Carrier.objects.filter(pk=tabi.pk).update(elements={})
    write_elements(OLD.replace("old", "new"))
    found = lanes()
    assert found.mark is Mark.MISSING
    assert "2 cases wait for old, which is not set up" in found.found
    assert "3 cases will come to old" in found.found


def test_an_element_that_no_worker_knows_is_told(write_elements: WriteElements, tabi: Carrier) -> None:
    write_elements(OLD)
    beat("worker", network="simulated", lanes=["simulated", "house"])
    assert "no worker works for old" in lanes().found
    beat("worker", network="simulated", lanes=["old", "simulated", "house"])
    assert lanes().mark is Mark.WELL


def test_an_element_that_rests_is_noted_and_why(write_elements: WriteElements, tabi: Carrier) -> None:
    write_elements(OLD + "breaker = {}\n")
    until = datetime.now(UTC) + timedelta(minutes=1)
    Lane.objects.create(name="old", failures=7, code="network.no_answer", rests_until=until)
    found = lanes()
    assert found.mark is Mark.NOTE
    assert "old rests until" in found.found
    assert "(7 times network.no_answer)" in found.found
