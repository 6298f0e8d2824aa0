"""Does staff see at a glance that a network element rests, is being maintained, or is not there any more?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests.cast import MakeLine
from tests.desk.conftest import AsStaff
from tests.support.setup_elements import WriteElements, write_elements
from tests.terminations.play import Clock, ask, work
from tojimari.lines.models import Carrier
from tojimari.network import elements
from tojimari.platform.database.scope import every_carrier
from tojimari.terminations.engine.lanes import note_left
from tojimari.terminations.models import Lane

__all__ = ["write_elements"]

NOON = datetime(2026, 11, 16, 3, 0, tzinfo=UTC)
FILE = """
[hlr]
kind = "osmohlr"
host = "127.0.0.1"
breaker = {}
[other]
kind = "osmohlr"
group = "others"
host = "127.0.0.2"
breaker = {}
"""


@pytest.fixture
def noon(tabi: Carrier) -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def test_an_element_that_rests_is_shown_to_the_carrier_that_uses_it(
    noon: None, write_elements: WriteElements, as_staff: AsStaff, tabi: Carrier
) -> None:
    write_elements(FILE)
    Carrier.objects.filter(pk=tabi.pk).update(elements={"esim": "hlr", "physical_sim": "hlr"})
    for name in ("hlr", "other"):
        Lane.objects.create(name=name, failures=5, code="network.reset", rests_until=NOON + timedelta(minutes=1))
    page = as_staff("reviewer").get("/desk/stuck/").content.decode()
    assert "The network element hlr does not answer. It is tried again:" in page
    assert "12:01" in page
    assert "other" not in page


def test_an_element_under_maintenance_is_shown(
    noon: None, write_elements: WriteElements, as_staff: AsStaff, tabi: Carrier
) -> None:
    write_elements(FILE.replace("breaker = {}", 'maintenance = ["Mon 11:00-13:30"]', 1))
    page = as_staff("reviewer").get("/desk/stuck/").content.decode()
    assert "The network element hlr is being maintained until:" in page
    assert "13:30" in page


def test_cases_of_an_element_that_is_gone_are_counted_for_their_carrier(
    noon: None, write_elements: WriteElements, as_staff: AsStaff, make_line: MakeLine, tabi: Carrier, tonari: Carrier
) -> None:
    write_elements(FILE)
    Carrier.objects.update(elements={"esim": "hlr", "physical_sim": "hlr"})
    for carrier, many in ((tabi, 2), (tonari, 3)):
        with every_carrier():
            for _ in range(many):
                line = make_line(kind="esim", carrier=carrier)
                line.refresh_from_db()
                ask(line, clock := Clock(NOON))
            work(clock, forward=False)
    write_elements(FILE.replace("[hlr]", "[new]"))
    elements.forget()
    with every_carrier():
        note_left()
    page = as_staff("reviewer").get("/desk/stuck/").content.decode()
    assert "Cases that wait for the network element hlr, which is not set up any more: 2" in page
