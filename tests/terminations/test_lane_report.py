"""Does whoever watches the installation see which element rests, is maintained, or is not there, and nothing else?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.cast import MakeLine
from tests.support.setup_elements import WriteElements, write_elements
from tests.terminations.play import Clock, ask, work
from tojimari.lines.models import Carrier, Line
from tojimari.platform.database.scope import every_carrier
from tojimari.platform.health import beat
from tojimari.terminations.engine.lane_report import seen
from tojimari.terminations.models import Lane

__all__ = ["write_elements"]

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 16, 3, 0, tzinfo=UTC)  # a Monday, noon in Japan
FILE = """
[east]
kind = "osmohlr"
group = "hlr"
host = "127.0.0.1"
imsi = ["44010"]
breaker = {}
[west]
kind = "osmohlr"
group = "hlr"
host = "127.0.0.2"
maintenance = ["Mon 11:00-13:30"]
"""


@pytest.fixture
def noon(tabi: Carrier, tonari: Carrier, write_elements: WriteElements) -> Iterator[None]:
    """Monday noon; both carriers use the HLRs of the file."""
    write_elements(FILE)
    Carrier.objects.update(elements={"esim": "hlr", "physical_sim": "hlr", "roaming": "by_hand"})
    with time_machine.travel(NOON, tick=False):
        yield


def a_worker_beats(*lanes: str) -> None:
    with every_carrier():
        beat("worker", network="simulated", lanes=[*lanes, "by_hand", "house"], **seen())


def lanes(client: Client) -> dict[str, dict[str, Any]]:
    answer = client.get("/healthz")
    body = answer.json()
    assert (answer.status_code, body["status"]) == (200, "ready")
    return {one.pop("lane"): one for one in body["lanes"]}


def test_each_element_in_use_is_listed_with_its_state(noon: None, client: Client) -> None:
    a_worker_beats("east", "west")
    assert lanes(client) == {
        "by_hand": {"state": "working"},
        "east": {"state": "working"},
        "west": {"state": "maintenance", "until": "2026-11-16T04:30:00+00:00"},
    }
    until = NOON + timedelta(minutes=1)
    Lane.objects.create(name="east", failures=7, code="network.reset", rests_until=until)
    assert lanes(client)["east"] == {
        "state": "resting",
        "until": "2026-11-16T03:01:00+00:00",
        "failures": 7,
        "code": "network.reset",
    }


def test_an_element_that_no_worker_knows_is_told(noon: None, client: Client) -> None:
    a_worker_beats("west")
    assert lanes(client)["east"] == {"state": "no_worker"}


def test_what_waits_for_an_element_that_is_gone_is_a_sum_and_tells_nothing_of_anybody(
    noon: None, client: Client, make_line: MakeLine, tabi: Carrier, tonari: Carrier, write_elements: WriteElements
) -> None:
    made: list[Line] = []
    with every_carrier():
        for carrier in (tabi, tonari, tonari):
            line = make_line(kind="esim", carrier=carrier, imsi=f"44010990000001{len(made)}")
            line.refresh_from_db()
            ask(line, clock := Clock(NOON))
            made.append(line)
        work(clock, forward=False)
    write_elements(FILE.replace("[east]", "[new]"))
    a_worker_beats("new", "west")
    found = lanes(client)
    assert found["east"] == {"state": "not_set_up", "waiting": 3}
    assert found["new"] == {"state": "working"}
    said = client.get("/healthz").content.decode()
    assert not any(name and name in said for line in made for name in (line.imsi, line.msisdn, line.iccid))
    assert "tabi" not in said


def test_a_file_that_cannot_be_used_is_not_ready_and_tells_of_no_lanes(
    noon: None, client: Client, write_elements: WriteElements
) -> None:
    a_worker_beats("east", "west")
    write_elements('[east]\nkind = "hss"\n')
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["lanes"]) == (503, None)
    assert not answer.json()["checks"]["network"]["ok"]
